"""A box that is there twice in a room: as ours, and as another integration's player."""

import asyncio
from typing import Any, override

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.media_player import (
    DOMAIN as MEDIA_PLAYER,
    MediaPlayerState,
)
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.spotify_hub.account import steering
from custom_components.spotify_hub.doubled_players import (
    ASSISTANT,
    ISSUE as TWO_PLAYERS,
)
from custom_components.spotify_hub.speaker_book import SpeakerSettings, find
from tests.boxes import Box, async_add_boxes
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.test_issues import open_issues
from tests.test_repairs import Repairer

from .conftest import ACTION_DONE, ERROR, House, Said

BOX = "media_player.kitchen_box"
TRACKS = ("So What", "Freddie Freeloader", "Blue in Green")


class Radio(Box):
    """A box that has music of its own."""

    @override
    async def async_play_media(
        self, media_type: str, media_id: str, **kwargs: Any
    ) -> None:
        """Play it."""
        self.asked.append(f"play {media_id}")


@pytest.fixture(autouse=True)
def _together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a moment pass in which everybody who was asked hears it."""

    async def pause(_seconds: float) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    monkeypatch.setattr(steering, "pause", pause)


@pytest.fixture
async def box(hass: HomeAssistant, rooms: None, emulator: Emulator) -> Radio:
    """The box that Ben's music comes from, as its own integration shows it."""
    box = Radio("Kitchen box", emulator.phone("ben"))
    await async_add_boxes(hass, box)
    box.show(state=MediaPlayerState.PLAYING)
    return box


@pytest.fixture
async def anna(box: Radio, link: Link) -> AccountEntry:
    """Link Anna, when the box is there."""
    return await link()


@pytest.fixture(autouse=True)
async def _in_the_kitchen(
    hass: HomeAssistant, house: House, box: Radio, ben: AccountEntry
) -> None:
    """Put the box in the kitchen, and link it; Ben plays there."""
    er.async_get(hass).async_update_entity(BOX, area_id=house.area("Kitchen"))
    (kitchen,) = find(house.household.speakers.book, "Kitchen")
    house.household.speakers.async_configure(kitchen.id, SpeakerSettings(linked=BOX))
    house.settle(default=ben.entry_id)
    await house.play(ben, "ben", "Kitchen")


@pytest.fixture
async def repairer(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, house: House
) -> Repairer:
    """Somebody at the list of repairs."""
    assert await async_setup_component(hass, REPAIRS, {})
    return Repairer(hass, await hass_client())


def heard(house: House) -> int:
    """Return how many tracks Ben is from the first."""
    uris = [house.uri("track", name) for name in TRACKS]
    return uris.index(house.on("ben").item or "")


@pytest.mark.parametrize("choice", ["keep_own", "keep_linked"])
async def test_one_of_two_players_is_chosen_by_the_repair(
    hass: HomeAssistant,
    house: House,
    box: Radio,
    repairer: Repairer,
    choice: str,
) -> None:
    """Until then a sentence finds two players, and plays on neither."""
    before = house.on("ben")
    answer = await house.say("play discovery")
    assert answer == Said(ERROR, "Sorry, more than one device matched your request")
    assert house.on("ben") == before
    assert open_issues(hass) == {TWO_PLAYERS}

    (kitchen,) = find(house.household.speakers.book, "Kitchen")
    flow = await repairer.open(f"{TWO_PLAYERS}_{kitchen.id}")
    assert flow["type"] == "menu"
    assert flow["menu_options"] == ["keep_own", "keep_linked"]
    own = house.player("Kitchen")
    assert flow["description_placeholders"] == {"own": own, "linked": BOX}
    result = await repairer.submit(flow, next_step_id=choice)
    assert result["type"] == "create_entry"
    await hass.async_block_till_done()
    assert not open_issues(hass)

    assert (await house.say("play discovery")).kind is ACTION_DONE
    plays_on_ours = house.on("ben").context == house.uri("album", "Discovery")
    assert plays_on_ours is (choice == "keep_own")
    assert (box.asked == ["play muzak"]) is (choice == "keep_linked")


@pytest.mark.parametrize("box_first", [False, True])
async def test_a_skip_that_reaches_both_players_skips_once(
    hass: HomeAssistant,
    house: House,
    box: Radio,
    box_first: bool,
) -> None:
    """Whichever of them Home Assistant asks first."""
    if not box_first:
        # Players are asked in the order in which their states came up.
        hass.states.async_remove(BOX)
        box.show()
    first = next(
        state.entity_id
        for state in hass.states.async_all(MEDIA_PLAYER)
        if state.entity_id in {BOX, house.player("Kitchen")}
    )
    assert (first == BOX) is box_first
    house.emulator.forget_requests()
    assert await house.say("next") == Said(ACTION_DONE, "Playing next")
    assert box.asked == ["next"]
    assert heard(house) == 1
    assert not [one for one in house.emulator.requests if one.path.endswith("/next")]


async def test_our_own_player_alone_skips_once(
    hass: HomeAssistant, house: House, box: Radio
) -> None:
    """By Spotify, when the other one is not exposed."""
    async_expose_entity(hass, ASSISTANT, BOX, should_expose=False)
    await hass.async_block_till_done()
    assert (await house.say("next")).kind is ACTION_DONE
    assert not box.asked
    assert heard(house) == 1


async def test_two_skips_in_a_row_skip_two(house: House, box: Radio) -> None:
    """What reaches both is one skip each time it is said."""
    await house.say("next")
    await house.say("next")
    assert box.asked == ["next", "next"]
    assert heard(house) == 2
