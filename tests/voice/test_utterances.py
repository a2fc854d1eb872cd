"""What people say to the kitchen, and what plays then."""

from itertools import batched

from freezegun.api import FrozenDateTimeFactory
import pytest

from tests.conftest import AccountEntry
from tests.emulator import Emulator
from tests.emulator.records.mixed import add_mixed
from tests.utterances import GOAL, Utterance, pins, utterances

from .conftest import House

# Seconds between two sentences.
PAUSE = 60
# Sentences that one home hears.
MANY = 64


def test_the_table_is_long_and_says_each_thing_once() -> None:
    """Two hundred sentences at least."""
    texts = [one.text for one in utterances()]
    assert len(texts) >= 200
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    "table",
    [*batched(utterances(), MANY, strict=False)],
    ids=lambda table: table[0].text,
)
async def test_what_is_meant_plays(
    emulator: Emulator,
    house: House,
    anna: AccountEntry,
    freezer: FrozenDateTimeFactory,
    table: tuple[Utterance, ...],
) -> None:
    """Nearly always, whatever else is called so; each by one question at most."""
    add_mixed(emulator.world, emulator.url)
    house.household.async_set_pins(pins(anna.entry_id))
    anna.runtime_data.search.forget_playlists()
    wrong = []
    for one in table:
        emulator.forget_requests()
        await house.say(one.text, language=one.language)
        heard = house.on("anna")
        if (heard.context or heard.item) != one.uri(emulator.world):
            wrong.append(one.text)
        assert len(emulator.calls("GET", "/search$")) <= 1
        freezer.tick(PAUSE)
    assert 1 - len(wrong) / len(table) >= GOAL, wrong
