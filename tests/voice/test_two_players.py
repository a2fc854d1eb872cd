"""A box that is there twice in a room: as ours, and as another integration's player."""

import asyncio
from typing import override

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.media_player import (
    DOMAIN as MEDIA_PLAYER,
    BrowseMedia,
    MediaClass,
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.components.media_player.const import DATA_COMPONENT
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
from tests.conftest import AccountEntry
from tests.emulator.phone import Phone
from tests.test_issues import open_issues
from tests.test_repairs import Repairer

from .conftest import ACTION_DONE, ERROR, House, Said

BOX = "media_player.kitchen_box"
TRACKS = ("So What", "Freddie Freeloader", "Blue in Green")


class Box(MediaPlayerEntity):
    """The kitchen's box as its maker's integration shows it; it skips by itself."""

    _attr_name = "Kitchen box"
    _attr_unique_id = "box"
    _attr_should_poll = False
    _attr_state = MediaPlayerState.PLAYING
    _attr_supported_features = (
        MediaPlayerEntityFeature.SEARCH_MEDIA
        | MediaPlayerEntityFeature.PLAY_MEDIA
        | MediaPlayerEntityFeature.NEXT_TRACK
    )

    def __init__(self, phone: Phone) -> None:
        """Skip what the user of this phone plays."""
        self._phone = phone
        self.skips = 0

    @override
    async def async_media_next_track(self) -> None:
        """Skip, without Spotify's Web API."""
        self.skips += 1
        self._phone.next()

    @override
    async def async_search_media(self, query: SearchMediaQuery) -> SearchMedia:
        """Find something of its own."""
        hit = BrowseMedia(
            media_class=MediaClass.MUSIC,
            media_content_id="box:1",
            media_content_type="music",
            title=query.search_query,
            can_play=True,
            can_expand=False,
        )
        return SearchMedia(result=[hit])

    @override
    async def async_play_media(
        self, media_type: str, media_id: str, **kwargs: object
    ) -> None:
        """Play it."""
        self._attr_media_content_id = media_id
        self.async_write_ha_state()


@pytest.fixture(autouse=True)
def _together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a moment pass in which everybody who was asked hears it."""

    async def pause(_seconds: float) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    monkeypatch.setattr(steering, "pause", pause)


@pytest.fixture
async def box(hass: HomeAssistant, house: House, ben: AccountEntry) -> Box:
    """Put the box in the kitchen, and link it; Ben plays there."""
    box = Box(house.emulator.phone("ben"))
    await hass.data[DATA_COMPONENT].async_add_entities([box])
    er.async_get(hass).async_update_entity(BOX, area_id=house.area("Kitchen"))
    (kitchen,) = find(house.household.speakers.book, "Kitchen")
    house.household.speakers.async_configure(kitchen.id, SpeakerSettings(linked=BOX))
    house.settle(default=ben.entry_id)
    await house.play(ben, "ben", "Kitchen")
    return box


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
    box: Box,
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
    assert (box.media_content_id == "box:1") is (choice == "keep_linked")


@pytest.mark.parametrize("box_first", [False, True])
async def test_a_skip_that_reaches_both_players_skips_once(
    hass: HomeAssistant,
    house: House,
    box: Box,
    ben: AccountEntry,
    box_first: bool,
) -> None:
    """Whichever of them Home Assistant asks first."""
    if box_first:
        # Players are asked in the order in which their states came up.
        hass.states.async_remove(house.player("Kitchen"))
        await house.look(ben)
        house.household.speakers.async_tell()
    first = next(
        state.entity_id
        for state in hass.states.async_all(MEDIA_PLAYER)
        if state.entity_id in {BOX, house.player("Kitchen")}
    )
    assert (first == BOX) is box_first
    house.emulator.forget_requests()
    assert await house.say("next") == Said(ACTION_DONE, "Playing next")
    assert box.skips == 1
    assert heard(house) == 1
    assert not [one for one in house.emulator.requests if one.path.endswith("/next")]


async def test_our_own_player_alone_skips_once(
    hass: HomeAssistant, house: House, box: Box
) -> None:
    """By Spotify, when the other one is not exposed."""
    async_expose_entity(hass, ASSISTANT, BOX, should_expose=False)
    await hass.async_block_till_done()
    assert (await house.say("next")).kind is ACTION_DONE
    assert box.skips == 0
    assert heard(house) == 1


async def test_two_skips_in_a_row_skip_two(house: House, box: Box) -> None:
    """What reaches both is one skip each time it is said."""
    await house.say("next")
    await house.say("next")
    assert box.skips == heard(house) == 2
