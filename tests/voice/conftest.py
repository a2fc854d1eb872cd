"""A house that understands sentences: rooms, a satellite, two accounts."""

from dataclasses import dataclass
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    intent,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.spotify_hub.household import Household
from custom_components.spotify_hub.links import Links
from custom_components.spotify_hub.speaker_book import find
from custom_components.spotify_hub.speaker_devices import (
    async_device_of,
    async_player_of,
)
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import find as found

SATELLITE = "assist_satellite"
ACTION_DONE = intent.IntentResponseType.ACTION_DONE
ERROR = intent.IntentResponseType.ERROR


@dataclass(frozen=True, slots=True)
class Said:
    """What the agent answered: whether it did it, and in which words."""

    kind: intent.IntentResponseType
    words: str


@dataclass(frozen=True, slots=True)
class On:
    """What one user's account does: where, and what plays there."""

    speaker: str | None
    playing: bool
    item: str | None
    context: str | None


class House:
    """Rooms with speakers, people who speak, and what is heard."""

    def __init__(
        self,
        hass: HomeAssistant,
        emulator: Emulator,
        anna: AccountEntry,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        """Stand in the house that Anna's account is linked in."""
        self.hass = hass
        self.emulator = emulator
        self._freezer = freezer
        self.household: Household = anna.runtime_data.household

    async def say(
        self,
        text: str,
        room: str | None = "Kitchen",
        *,
        user: str | None = None,
        language: str = "en",
    ) -> Said:
        """Say something to the satellite of a room; type it on a phone without one."""
        satellite_id = device_id = None
        if room is not None:
            satellite_id = er.async_get(self.hass).async_get_entity_id(
                SATELLITE, "test", room
            )
            device_id = self.satellite(room)
        # Whoever begins later is the one that is heard.
        self._freezer.tick(1)
        result = await conversation.async_converse(
            self.hass,
            text,
            None,
            Context(user_id=user),
            language,
            device_id=device_id,
            satellite_id=satellite_id,
        )
        await self.hass.async_block_till_done()
        response = result.response
        assert response.response_type is not None
        return Said(response.response_type, response.speech["plain"]["speech"])

    def satellite(self, room: str) -> str:
        """Return the device id of the satellite in a room."""
        registry = er.async_get(self.hass)
        entity = registry.async_get(
            registry.async_get_entity_id(SATELLITE, "test", room) or ""
        )
        assert entity is not None
        assert entity.device_id is not None
        return entity.device_id

    def wait(self, seconds: float) -> None:
        """Let time pass in which nothing happens."""
        self._freezer.tick(seconds)
        self.emulator.clock.advance(seconds)

    def now(self) -> float:
        """Return what time it is, in UTC seconds."""
        return dt_util.utcnow().timestamp()

    def on(self, user: str) -> On:
        """Return what a user's account does at Spotify."""
        player = self.emulator.phone(user).player
        return On(
            player.active.name if player.active else None,
            player.is_playing,
            player.current_uri,
            player.context_uri,
        )

    async def play(
        self, entry: AccountEntry, user: str, speaker: str, album: str = "Kind of Blue"
    ) -> None:
        """Let a user begin an album with Spotify's own app, and look."""
        self._freezer.tick(1)
        self.emulator.phone(user).play(self.uri("album", album), speaker)
        await self.look(entry)

    async def look(self, *entries: AccountEntry) -> None:
        """Poll what accounts play."""
        for entry in entries:
            await entry.runtime_data.playback.async_refresh()
        await self.hass.async_block_till_done()

    def uri(self, kind: str, name: str) -> str:
        """Return the URI of something in the catalogue."""
        return str(found(self.emulator.world, kind, name)["uri"])

    def volume(self, user: str, speaker: str) -> int | None:
        """Return the volume of a speaker as a user's account knows it."""
        devices = self.emulator.world.users[user].player.devices
        return next(one.volume_percent for one in devices if one.name == speaker)

    def player(self, speaker: str) -> str:
        """Return the entity id of a speaker's player."""
        (known,) = find(self.household.speakers.book, speaker)
        entity_id = async_player_of(self.hass, known.id)
        assert entity_id is not None
        return entity_id

    def put(self, speaker: str, room: str) -> None:
        """Put a speaker in a room."""
        (known,) = find(self.household.speakers.book, speaker)
        device = async_device_of(self.hass, known)
        assert device is not None
        dr.async_get(self.hass).async_update_device(device.id, area_id=self.area(room))

    def area(self, room: str) -> str:
        """Return the id of a room."""
        area = ar.async_get(self.hass).async_get_area_by_name(room)
        assert area is not None
        return area.id

    async def person(self, name: str) -> str:
        """Let somebody live here who is no administrator, and return their id."""
        group = await self.hass.auth.async_get_group(GROUP_ID_USER)
        assert group is not None
        return MockUser(name=name, groups=[group]).add_to_hass(self.hass).id

    def settle(self, **links: Any) -> None:
        """Settle who and what belongs to which account."""
        self.household.async_set_links(Links(**links))


@pytest.fixture
async def rooms(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Build a kitchen and a living room with a satellite each, and the agent."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    entry = MockConfigEntry(domain="test")
    entry.add_to_hass(hass)
    for room in ("Kitchen", "Living room"):
        area = ar.async_get(hass).async_create(room)
        devices = dr.async_get(hass)
        device = devices.async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={("test", room)}
        )
        devices.async_update_device(device.id, area_id=area.id)
        er.async_get(hass).async_get_or_create(
            SATELLITE, "test", room, config_entry=entry, device_id=device.id
        )


@pytest.fixture
async def ben(rooms: None, anna: AccountEntry, link: Link) -> AccountEntry:
    """Link Ben, who sees the kitchen too."""
    return await link("ben")


@pytest.fixture
async def house(
    hass: HomeAssistant,
    rooms: None,
    anna: AccountEntry,
    emulator: Emulator,
    freezer: FrozenDateTimeFactory,
) -> House:
    """A house in which Anna's television stands in the living room."""
    house = House(hass, emulator, anna, freezer)
    house.put("Living Room TV", "Living room")
    return house
