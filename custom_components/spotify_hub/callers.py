"""Which account does a call mean, and may this caller use it?"""

from collections.abc import Iterable

from homeassistant.auth.models import User
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers.script import script_stack_cv
from homeassistant.helpers.service import async_get_config_entry

from .account import SpotifyHubConfigEntry
from .const import DOMAIN
from .failures import invalid
from .household import (
    Household,
    async_get_book,
    async_get_household,
    async_get_links,
)
from .speaker_book import Speaker
from .speaker_devices import async_area_of, async_find


async def async_account_for(
    hass: HomeAssistant,
    context: Context,
    *,
    entry_id: str | None = None,
    areas: Iterable[str | None] = (),
) -> SpotifyHubConfigEntry:
    """Return the account that a call means.

    The first that applies: the one named by `entry_id`; the one linked to the
    user of `context`; the one set for the first of `areas` that has one (the
    speaker's before the satellite's); the default; the only one.

    Raises:
        ServiceValidationError: there is none, or which one can't be told.
        Unauthorized: it is somebody else's.
    """
    entry = (
        async_get_config_entry(hass, DOMAIN, entry_id)
        if entry_id
        else _meant(hass, context, areas)
    )
    await async_check_permission(hass, context, entry)
    return entry


async def async_check_permission(
    hass: HomeAssistant, context: Context | None, entry: ConfigEntry
) -> None:
    """See to it that who calls may act for an account.

    Raises:
        Unauthorized: a person who is no administrator may use accounts of their
            own and shared ones; any, while nobody is linked to one.
    """
    user = await _async_person(hass, context)
    if user is None or user.is_admin:
        return
    if not async_get_links(hass).may_use(user.id, entry.entry_id):
        raise Unauthorized(
            context=context, user_id=user.id, config_entry_id=entry.entry_id
        )


async def async_check_ownership(
    hass: HomeAssistant, context: Context | None, entry: ConfigEntry
) -> None:
    """See to it that who calls may take away for good what is an account's.

    Raises:
        Unauthorized: a person who is no administrator may do so only with the
            account that is linked to them.
    """
    user = await _async_person(hass, context)
    if user is None or user.is_admin:
        return
    if async_get_links(hass).users.get(user.id) != entry.entry_id:
        raise Unauthorized(
            context=context, user_id=user.id, config_entry_id=entry.entry_id
        )


@callback
def async_household(hass: HomeAssistant) -> Household:
    """Return the household.

    Raises:
        ServiceValidationError: no account is loaded, so there is none.
    """
    if not hass.config_entries.async_loaded_entries(DOMAIN):
        raise invalid("no_account")
    return async_get_household(hass)


@callback
def async_account_heard(
    hass: HomeAssistant, context: Context, entry: SpotifyHubConfigEntry
) -> SpotifyHubConfigEntry:
    """Return the account whose music somebody in the room means: what is heard.

    That is what the account of the call, `entry`, plays. If it plays nothing, it is
    the only other account that plays, provided that it is shared or everybody's:
    being an administrator is no permission to take somebody's music away. Automations
    and scripts hear nothing; they get another's only if it is shared.
    """
    if entry.runtime_data.playback.data.is_playing:
        return entry
    heard: list[SpotifyHubConfigEntry] = [
        other
        for other in hass.config_entries.async_loaded_entries(DOMAIN)
        if other.runtime_data.playback.data.is_playing
    ]
    if len(heard) != 1:
        return entry
    (other,) = heard
    links = entry.runtime_data.household.links
    may = (
        other.entry_id in links.shared
        if script_stack_cv.get() is not None
        else links.may_use(context.user_id or "", other.entry_id)
    )
    return other if may else entry


async def async_account_on(
    hass: HomeAssistant,
    context: Context,
    entry: SpotifyHubConfigEntry,
    speaker: Speaker,
) -> SpotifyHubConfigEntry:
    """Return the account that plays on a speaker; `entry` if none does.

    Raises:
        Unauthorized: it is somebody else's.
    """
    speakers = entry.runtime_data.household.speakers
    state, holder = speakers.playback_on(speaker.id), speakers.playing_on(speaker.id)
    if state is None or holder is None or not state.is_playing:
        return entry
    other = async_get_config_entry(hass, DOMAIN, holder)
    await async_check_permission(hass, context, other)
    return other


@callback
def async_areas_of(hass: HomeAssistant, speaker: str | None) -> Iterable[str | None]:
    """Return the ids of the areas that a speaker's name, or what else names it, tells.

    First the area that is called so, then those in which the speakers stand that are.
    """
    if not speaker:
        return []
    areas = ar.async_get(hass)
    named = (
        areas.async_get_area(speaker),
        areas.async_get_area_by_name(speaker),
        *areas.async_get_areas_by_alias(speaker),
    )
    meant = async_find(hass, async_get_book(hass), speaker)
    return [
        *(area.id for area in named if area is not None),
        *(async_area_of(hass, one) for one in meant),
    ]


def reading_context(context: Context | None) -> Context | None:
    """Return on whose behalf a tree is read: Home Assistant's websocket hands over none.

    An entity's own context may then be that of an earlier call.
    """
    connection = current_connection.get()
    if connection is None or script_stack_cv.get() is not None:
        return context
    return Context(user_id=connection.user.id)


async def _async_person(hass: HomeAssistant, context: Context | None) -> User | None:
    """Return who called; None for automations and scripts, whoever started them."""
    if context is None or context.user_id is None or script_stack_cv.get() is not None:
        return None
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context)
    return user


def _meant(
    hass: HomeAssistant, context: Context, areas: Iterable[str | None]
) -> SpotifyHubConfigEntry:
    entries: dict[str | None, SpotifyHubConfigEntry] = {
        entry.entry_id: entry
        for entry in hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        )
    }
    links = async_get_links(hass)
    candidates = (
        links.users.get(context.user_id or ""),
        *(links.areas.get(area or "") for area in areas),
        links.default,
        next(iter(entries)) if len(entries) == 1 else None,
    )
    for candidate in candidates:
        if candidate and candidate in entries:
            # Raises what is wrong with it when it is not loaded: another would be
            # somebody else's.
            return async_get_config_entry(hass, DOMAIN, candidate)
    raise invalid(
        "choose_account" if entries else "no_account",
        known=", ".join(
            entry.title
            for entry in entries.values()
            if entry.state is ConfigEntryState.LOADED
        )
        or "-",
    )
