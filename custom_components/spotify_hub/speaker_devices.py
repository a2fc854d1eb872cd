"""Speakers as devices in Home Assistant's registries: found, placed, handed on."""

from collections.abc import Iterable, Sequence

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.device_registry import (
    ChildDeviceEntry,
    DeviceEntry,
    DeviceInfo,
)

from .const import DOMAIN
from .speaker_book import Book, Speaker, find, folded


def unique_id(speaker_id: str) -> str:
    """Return what a speaker's device and player are known by, whoever owns it."""
    return f"speaker_{speaker_id}"


@callback
def async_device_info(
    hass: HomeAssistant, speaker: Speaker, owner: str, linked: str | None
) -> DeviceInfo:
    """Describe the device of a speaker, and where it probably stands."""
    return DeviceInfo(
        identifiers={(DOMAIN, unique_id(speaker.id))},
        name=speaker.name,
        manufacturer="Spotify Connect",
        model=speaker.type,
        suggested_area=_likely_area(hass, speaker, linked),
        via_device_id=dr.async_get_device_id_by_identifier(
            hass, (DOMAIN, owner), config_entry_id=owner
        ),
    )


@callback
def async_device_of(hass: HomeAssistant, speaker: Speaker) -> DeviceEntry | None:
    """Return the device of a speaker, if it has one."""
    if speaker.owner is None:
        return None
    return dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, unique_id(speaker.id)), speaker.owner
    )


@callback
def async_player_of(hass: HomeAssistant, speaker_id: str) -> str | None:
    """Return the entity id of a speaker's own player, if it has one."""
    return er.async_get(hass).async_get_entity_id(
        "media_player", DOMAIN, unique_id(speaker_id)
    )


@callback
def async_area_of(hass: HomeAssistant, speaker: Speaker) -> str | None:
    """Return the id of the area that a speaker stands in."""
    entity_id = async_player_of(hass, speaker.id)
    if entity_id and (area := area_of_entity(hass, entity_id)):
        return area
    device = async_device_of(hass, speaker)
    return device.area_id if device else None


@callback
def area_of_entity(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the id of an entity's area: its own, or its device's."""
    entity = er.async_get(hass).async_get(entity_id)
    if entity is None:
        return None
    if entity.area_id or not entity.device_id:
        return entity.area_id
    device = dr.async_get(hass).async_get(entity.device_id)
    return device.area_id if device else None


@callback
def async_find(hass: HomeAssistant, book: Book, text: str) -> tuple[Speaker, ...]:
    """Return the speakers that a text names.

    It may be the entity id or device id of a speaker's player, or of the player it
    is linked to; a speaker's name; the id, name or alias of an area.
    """
    for speakers in (
        _by_registry_id(hass, book, text.strip()),
        find(book, text),
        _in_area(hass, book, text.strip()),
    ):
        if speakers:
            return tuple(speakers)
    return ()


@callback
def async_hand_on(hass: HomeAssistant, speaker: Speaker, heir: str) -> None:
    """Move a speaker's device and player to another account's entry, as they are.

    They keep their ids, area, and whatever people set for them.
    """
    if (device := async_device_of(hass, speaker)) is None:
        return
    entities, devices = er.async_get(hass), dr.async_get(hass)
    for entity in er.async_entries_for_device(
        entities, device.id, include_disabled_entities=True
    ):
        # First, or the registry would take it for the former owner's, and remove it.
        with_entry = entity.disabled_by is er.RegistryEntryDisabler.CONFIG_ENTRY
        entities.async_update_entity(
            entity.entity_id,
            config_entry_id=heir,
            disabled_by=None if with_entry else entity.disabled_by,
        )
    via = devices.async_get_device_by_identifier((DOMAIN, heir), heir)
    with_entry = device.disabled_by is dr.DeviceEntryDisabler.CONFIG_ENTRY
    devices.async_update_device(
        device.id,
        disabled_by=None if with_entry else device.disabled_by,
        new_config_entry_id=heir,
        via_device_id=via.id if via else None,
    )


@callback
def async_place(hass: HomeAssistant, speaker: Speaker, linked: str) -> None:
    """Let a speaker that stands nowhere stand where its linked player does."""
    device, area = async_device_of(hass, speaker), area_of_entity(hass, linked)
    if device is not None and device.area_id is None and area is not None:
        dr.async_get(hass).async_update_device(device.id, area_id=area)


@callback
def async_remove_device(hass: HomeAssistant, speaker_id: str, owner: str) -> None:
    """Remove the device of a speaker that is not shown any more."""
    devices = dr.async_get(hass)
    device = devices.async_get_device_by_identifier(
        (DOMAIN, unique_id(speaker_id)), owner
    )
    if device is not None:
        devices.async_remove_device(device.id)


@callback
def async_remove_other_devices(
    hass: HomeAssistant, owner: str, shown: Iterable[str]
) -> None:
    """Remove the devices of an account's speakers that are not shown any more."""
    kept = {(DOMAIN, owner), *((DOMAIN, unique_id(speaker)) for speaker in shown)}
    devices = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(devices, owner):
        if kept.isdisjoint(device.identifiers):
            devices.async_remove_device(device.id)


@callback
def speaker_of_device(
    book: Book, device: DeviceEntry | ChildDeviceEntry
) -> Speaker | None:
    """Return the speaker that a device in the registry is."""
    return next(
        (
            speaker
            for speaker in book.speakers.values()
            if (DOMAIN, unique_id(speaker.id)) in device.identifiers
        ),
        None,
    )


def _by_registry_id(hass: HomeAssistant, book: Book, text: str) -> Sequence[Speaker]:
    entity = er.async_get(hass).async_get(text)
    device = dr.async_get(hass).async_get((entity and entity.device_id) or text)
    if device is not None and (speaker := speaker_of_device(book, device)):
        return (speaker,)
    return [
        speaker
        for speaker in book.speakers.values()
        if book.settings_of(speaker.id).linked == text
    ]


def _in_area(hass: HomeAssistant, book: Book, text: str) -> Sequence[Speaker]:
    areas = ar.async_get(hass)
    area = (
        areas.async_get_area(text)
        or areas.async_get_area_by_name(text)
        or next(iter(areas.async_get_areas_by_alias(text)), None)
    )
    if area is None:
        return ()
    return [
        speaker
        for speaker in book.speakers.values()
        if async_area_of(hass, speaker) == area.id
    ]


def _likely_area(
    hass: HomeAssistant, speaker: Speaker, linked: str | None
) -> str | None:
    """Return the name of the area that is called like the speaker, or its linked player's."""
    areas = ar.async_get(hass)
    for area in areas.async_list_areas():
        names = (area.name, *(str(alias) for alias in area.aliases))
        if folded(speaker.name) in map(folded, names):
            return area.name
    if linked and (area_id := area_of_entity(hass, linked)):
        found = areas.async_get_area(area_id)
        return found.name if found else None
    return None
