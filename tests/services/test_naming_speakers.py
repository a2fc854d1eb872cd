"""Speakers are named in actions as people name them, and as Home Assistant does."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest

from custom_components.spotify_hub.links import Links
from custom_components.spotify_hub.speaker_book import SpeakerSettings, find
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.phone import Phone

from .conftest import Call, Uri

KITCHEN = "media_player.kitchen"
TV = "media_player.living_room_tv"


def device_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the device of an entity."""
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    return entity.device_id or ""


def put(hass: HomeAssistant, entity_id: str, area: str) -> str:
    """Put a speaker into an area."""
    areas = ar.async_get(hass)
    found = areas.async_get_area_by_name(area) or areas.async_create(
        area, aliases={f"my {area}"}
    )
    dr.async_get(hass).async_update_device(device_of(hass, entity_id), area_id=found.id)
    return found.id


def speaker_id(entry: AccountEntry, name: str) -> str:
    """Return the id of the only speaker of this name."""
    (speaker,) = find(entry.runtime_data.household.speakers.book, name)
    return speaker.id


@pytest.mark.parametrize(
    "named_by", ["name", "entity", "device", "area", "alias", "id"]
)
async def test_a_speaker_is_named_in_many_ways(
    hass: HomeAssistant,
    anna: AccountEntry,
    phone: Phone,
    call: Call,
    uri: Uri,
    named_by: str,
) -> None:
    """By its name, its player, its device, or the room that it stands in."""
    area = put(hass, KITCHEN, "Scullery")
    names = {
        "name": "kitchen",
        "entity": KITCHEN,
        "device": device_of(hass, KITCHEN),
        "area": "scullery",
        "alias": "my Scullery",
        "id": area,
    }
    answer = await call("play", uri=uri("track", "So What"), speaker=names[named_by])
    assert answer["speaker"] == "Kitchen"
    assert answer["confirmed"] is True
    assert phone.player.active is not None
    assert phone.player.active.name == "Kitchen"


async def test_a_speaker_is_named_by_the_player_that_it_is_linked_to(
    anna: AccountEntry, call: Call, uri: Uri
) -> None:
    """It is the same box."""
    anna.runtime_data.household.speakers.async_configure(
        speaker_id(anna, "Kitchen"), SpeakerSettings(linked="media_player.cast")
    )
    answer = await call(
        "play", uri=uri("track", "So What"), speaker="media_player.cast"
    )
    assert answer["speaker"] == "Kitchen"


async def test_of_several_in_a_room_the_likeliest_is_meant(
    hass: HomeAssistant,
    anna: AccountEntry,
    phone: Phone,
    call: Call,
    uri: Uri,
) -> None:
    """The active one, or the one used last; otherwise they are listed."""
    for entity_id in (KITCHEN, TV):
        put(hass, entity_id, "Downstairs")
    with pytest.raises(ServiceValidationError) as raised:
        await call("play", uri=uri("track", "So What"), speaker="Downstairs")
    assert raised.value.translation_key == "choose_speaker_of"
    assert raised.value.translation_placeholders == {
        "speaker": "Downstairs",
        "known": "Kitchen, Living Room TV",
    }
    phone.play(uri("track", "Get Lucky"), "Living Room TV")
    await anna.runtime_data.playback.async_refresh()
    answer = await call("play", uri=uri("track", "So What"), speaker="Downstairs")
    assert answer["speaker"] == "Living Room TV"


async def test_the_room_of_a_speaker_tells_the_account(
    hass: HomeAssistant,
    anna: AccountEntry,
    link: Link,
    emulator: Emulator,
    call: Call,
    uri: Uri,
) -> None:
    """However the speaker is named."""
    ben = await link("ben")
    area = put(hass, KITCHEN, "Scullery")
    anna.runtime_data.household.async_set_links(
        Links(areas={area: ben.entry_id}, default=anna.entry_id)
    )
    await call("play", uri=uri("track", "So What"), speaker=KITCHEN)
    active = emulator.phone("ben").player.active
    assert active is not None
    assert active.name == "Kitchen"


async def test_where_a_speaker_is_gone_its_fallback_plays(
    anna: AccountEntry, phone: Phone, call: Call, uri: Uri
) -> None:
    """As somebody set it; what a call names comes first."""
    speakers = anna.runtime_data.household.speakers
    speakers.async_configure(
        speaker_id(anna, "Kitchen"),
        SpeakerSettings(fallback=speaker_id(anna, "Living Room TV")),
    )
    phone.vanish("Kitchen")
    await anna.runtime_data.speakers.async_refresh()
    answer = await call("play", uri=uri("track", "So What"), speaker="Kitchen")
    assert (answer["speaker"], answer["confirmed"]) == ("Living Room TV", True)
    answer = await call(
        "play",
        uri=uri("track", "So What"),
        speaker="Kitchen",
        fallback_speaker="Anna's Phone",
    )
    assert answer["speaker"] == "Anna's Phone"
