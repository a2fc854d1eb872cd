"""Whom and what somebody means who says something: account, room, speaker, music.

It is the same whether sentences or a language model have understood it.
"""

from contextlib import suppress
from dataclasses import dataclass

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.helpers.service import async_get_config_entry

from .account import SpotifyHubConfigEntry
from .callers import (
    async_account_for,
    async_account_heard,
    async_areas_of,
    async_check_permission,
)
from .const import DOMAIN
from .failures import invalid
from .household import Household, async_get_book
from .speaker_book import Speaker
from .speaker_devices import area_of_entity, async_area_of, async_player_of


@dataclass(frozen=True, slots=True)
class Speech:
    """By whom something is said, and in which room: the id of an area."""

    context: Context
    room: str | None = None


@callback
def async_room(
    hass: HomeAssistant, device_id: str | None, satellite_id: str | None = None
) -> str | None:
    """Return the id of the area in which a device, or a satellite, hears something."""
    if satellite_id and (area := area_of_entity(hass, satellite_id)):
        return area
    device = dr.async_get(hass).async_get(device_id or "")
    return dr.async_get_effective_area_id(hass, device) if device else None


async def async_own_account(
    hass: HomeAssistant,
    said: Speech,
    *,
    named: str | None = None,
    speaker: str | None = None,
) -> SpotifyHubConfigEntry:
    """Return the account that shall do something; `named` is its title or entry id.

    Raises:
        ServiceValidationError: there is none, or which one can't be told.
        Unauthorized: it is somebody else's.
    """
    return await async_account_for(
        hass,
        said.context,
        entry_id=_entry_named(hass, named) if named else None,
        areas=(*async_areas_of(hass, speaker), said.room),
    )


async def async_heard_account(
    hass: HomeAssistant,
    said: Speech,
    *,
    named: str | None = None,
    speaker: str | None = None,
    steers: bool = True,
) -> SpotifyHubConfigEntry:
    """Return the account whose music is meant: what is heard where it was said.

    That is what plays, or is paused, on a speaker of the room, whoever's it is;
    elsewhere it is what the account plays that would be asked to. Who is in a room
    may know what is heard there, but `steers` only what is theirs to.

    Raises:
        ServiceValidationError: there is none, or which one can't be told.
        Unauthorized: it is somebody else's.
    """
    if not named and (entry := await _heard_in_room(hass, said, speaker)) is not None:
        if steers:
            await async_check_permission(hass, said.context, entry)
        return entry
    entry = await async_own_account(hass, said, named=named, speaker=speaker)
    if named or speaker:
        return entry
    account = entry.runtime_data
    if not account.playback.data.is_playing:
        # It may have begun since the last poll; if nobody can say, what was known holds.
        with suppress(HomeAssistantError):
            await account.player.look()
    return async_account_heard(hass, said.context, entry)


async def async_listener_account(
    hass: HomeAssistant,
    said: Speech,
    heard: SpotifyHubConfigEntry,
    *,
    named: str | None = None,
) -> SpotifyHubConfigEntry:
    """Return whose library and playlists are meant: those of whoever is known to speak.

    Of somebody unknown it is assumed that what they hear is their own.

    Raises:
        ServiceValidationError: see `async_own_account`.
        Unauthorized: they are somebody else's.
    """
    links = heard.runtime_data.household.links
    if named or (said.context.user_id or "") in links.users:
        return await async_own_account(hass, said, named=named)
    await async_check_permission(hass, said.context, heard)
    return heard


@callback
def async_speaker_for(
    hass: HomeAssistant,
    said: Speech,
    entry: SpotifyHubConfigEntry,
    named: str | None,
) -> str | None:
    """Return where something shall play: on the speaker named, else in the room.

    None is where the account plays, or would by itself.

    Raises:
        ServiceValidationError: there is no speaker in the room, nor another that the
            account plays on or was set to.
    """
    room = said.room
    if named or room is None:
        return named
    account = entry.runtime_data
    there = async_speakers_in(hass, account.household, room)
    if len(there) == 1 and (player := async_player_of(hass, there[0].id)):
        return player
    if there:
        return _name_of(hass, room)
    if account.playback.data.is_playing or account.own_speakers.default is not None:
        return None
    raise invalid("no_speaker_in_room", room=_name_of(hass, room))


@callback
def async_speakers_in(
    hass: HomeAssistant, household: Household, area_id: str
) -> list[Speaker]:
    """Return the speakers that stand in an area, and are shown."""
    speakers = household.speakers
    return [
        speaker
        for speaker in speakers.book.speakers.values()
        if speakers.is_shown(speaker) and async_area_of(hass, speaker) == area_id
    ]


@callback
def async_speakers_meant(
    hass: HomeAssistant, household: Household, said: Speech, named: str | None
) -> dict[str, Speaker]:
    """Return, by id, the speaker or those of the room named, else of the room."""
    areas = async_areas_of(hass, named) if named else (said.room,)
    meant = {
        speaker.id: speaker
        for area in areas
        if area is not None
        for speaker in async_speakers_in(hass, household, area)
    }
    called = _called(hass, named) if named else ()
    return meant | {one.id: one for one in called}


async def _heard_in_room(
    hass: HomeAssistant, said: Speech, named: str | None
) -> SpotifyHubConfigEntry | None:
    """Return the account that plays on the speaker named, or else in the room."""
    loaded: list[SpotifyHubConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    if not loaded:
        return None
    household = loaded[0].runtime_data.household
    meant = async_speakers_meant(hass, household, said, named)
    for look in (False, True):
        for speaker_id in meant:
            if look:
                await household.speakers.async_look(speaker_id)
        holder = _holder(household, meant)
        if holder is not None:
            return async_get_config_entry(hass, DOMAIN, holder)
    return None


def _called(hass: HomeAssistant, name: str) -> list[Speaker]:
    wanted = name.casefold()
    book = async_get_book(hass)
    return [one for one in book.speakers.values() if one.name.casefold() == wanted]


def _holder(household: Household, speakers: dict[str, Speaker]) -> str | None:
    """Return the account that plays on one of the speakers, or else is paused there."""
    paused: str | None = None
    for speaker_id in speakers:
        state = household.speakers.playback_on(speaker_id)
        if state is None:
            continue
        holder = household.speakers.playing_on(speaker_id)
        if state.is_playing:
            return holder
        paused = paused or holder
    return paused


def _name_of(hass: HomeAssistant, area_id: str) -> str:
    area = ar.async_get(hass).async_get_area(area_id)
    return area.name if area else area_id


@callback
def _entry_named(hass: HomeAssistant, name: str) -> str:
    """Return the id of the entry that has this title, or id."""
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    wanted = name.strip().casefold()
    for entry in entries:
        if wanted in {entry.title.casefold(), entry.entry_id.casefold()}:
            return entry.entry_id
    known = ", ".join(entry.title for entry in entries)
    raise invalid("unknown_account", account=name, known=known or "-")
