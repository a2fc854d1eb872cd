"""When the list of recent plays is fetched, and what is kept of it."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.api.scopes import Feature
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator
from tests.emulator.data import find

pytestmark = pytest.mark.usefixtures("freezer")

RECENT = "/me/player/recently-played$"


def fetched(emulator: Emulator) -> int:
    """Return how often the list was fetched."""
    return len(emulator.calls("GET", RECENT))


@pytest.fixture
def kind_of_blue(emulator: Emulator) -> str:
    """An album with long tracks."""
    uri: str = find(emulator.world, "album", "Kind of Blue")["uri"]
    return uri


async def test_what_was_played_before_is_fetched_a_little_after_the_start(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """The latest 50, newest first."""
    assert fetched(emulator) == 0
    await later(100)
    assert fetched(emulator) == 1
    assert emulator.calls("GET", RECENT)[0].query == {"limit": "50"}
    plays = anna.runtime_data.recent.plays
    assert len(plays) == 50
    assert plays[0].played_at > plays[-1].played_at


async def test_nothing_is_fetched_while_nobody_listens(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """A silent night costs nothing."""
    await later(100)
    for _ in range(20):
        await later(1800)
    assert fetched(emulator) == 1


async def test_waking_up_fetches_and_so_does_every_hour_of_listening(
    emulator: Emulator, anna: AccountEntry, later: Later, kind_of_blue: str
) -> None:
    """Track changes fetch too, at most every ten minutes."""
    await later(100)
    await later(3600)
    emulator.forget_requests()
    phone = emulator.phone("anna")
    phone.repeat("context")
    phone.play(kind_of_blue, "Kitchen")
    await later(121)
    await later(1)
    assert fetched(emulator) == 1
    phone.next()
    await later(31)
    phone.next()
    await later(31)
    assert fetched(emulator) == 1
    for _ in range(120):
        await later(30)
    assert 2 <= fetched(emulator) <= 7


async def test_accounts_do_not_ask_at_the_same_moment(
    emulator: Emulator, link: Link, later: Later
) -> None:
    """Each has a part of the minute, and of the hour, of its own."""
    for user in ("anna", "ben", "carla"):
        await link(user)
    for _ in range(100):
        await later(1)
    moments = [round(call.at) for call in emulator.calls("GET", RECENT)]
    assert len(moments) == 3
    assert len(set(moments)) > 1


async def test_without_the_history_feature_nothing_is_asked(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """Spotify would refuse; and it was not granted."""
    await link(features=(Feature.CONTROL,))
    await later(200)
    assert fetched(emulator) == 0
