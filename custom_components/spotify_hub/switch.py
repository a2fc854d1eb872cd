"""The switches of an account: background work, and whether what plays is liked."""

from asyncio import Lock
from collections import deque
from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN, SwitchEntity
from homeassistant.const import (
    ATTR_DOMAIN,
    ATTR_ENTITY_ID,
    ATTR_SERVICE_DATA,
    ENTITY_MATCH_ALL,
    EVENT_CALL_SERVICE,
    EntityCategory,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import SpotifyHubConfigEntry, async_pause_background
from .account.changes import Caller
from .account.library import savable
from .account.monitor import ApiHealth
from .api.errors import SpotifyApiError
from .api.scopes import Feature
from .coordinator import PlaybackCoordinator
from .entity import CommandEntity, MonitoredEntity
from .failures import translated

# Each switch keeps its own commands in order.
PARALLEL_UPDATES = 0

# Calls of all switches that may be under way at once.
_CALLS = 50


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SpotifyHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the account's switches."""
    async_add_entities([BackgroundWork(entry)])
    if Feature.LIBRARY in entry.runtime_data.features:
        async_add_entities([Liked(entry)])


class BackgroundWork(MonitoredEntity, SwitchEntity):
    """Whether the account's background work runs."""

    _attr_entity_category = EntityCategory.CONFIG
    _attr_translation_key = "background_work"

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Belong to the account."""
        super().__init__(entry, "background_work")
        self._entry_id = entry.entry_id

    @property
    @override
    def available(self) -> bool:
        """Return whether there is work to switch; an outage does not matter to the switch."""
        return self.account.monitor.health is not ApiHealth.SIGN_IN

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the work runs."""
        return not self.account.household.is_background_paused(self._entry_id)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the work go on."""
        await self.async_caller()
        self._switch(paused=False)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Hold the work until it is switched on again."""
        await self.async_caller()
        self._switch(paused=True)

    def _switch(self, *, paused: bool) -> None:
        async_pause_background(self.account, self._entry_id, paused=paused)
        self.async_write_ha_state()


class Liked(CommandEntity[PlaybackCoordinator], SwitchEntity):
    """Whether what plays is liked.

    As a configuration entity it is out of reach of areas, floors and devices; what
    names all switches reaches it, and is ignored: it says nothing about a song.
    """

    _attr_entity_category = EntityCategory.CONFIG
    _attr_translation_key = "liked"

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Follow what the account plays."""
        super().__init__(entry, entry.runtime_data.playback, "liked")
        self._expected: tuple[str, bool] | None = None
        self._in_order = Lock()
        self._naming_all: deque[str] = deque(maxlen=_CALLS)

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of marks, and of calls that name all switches."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.account.likes.async_add_listener(self.async_write_ha_state)
        )
        self.async_on_remove(
            self.hass.bus.async_listen(
                EVENT_CALL_SERVICE,
                self._async_hear_call,
                event_filter=_is_of_switches,
            )
        )

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is liked; None if nothing plays that could be."""
        uri = self.account.likes.subject
        if uri is None:
            return None
        if self._expected is not None and self._expected[0] == uri:
            return self._expected[1]
        return self.account.likes.is_liked(uri)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Like what plays."""
        await self._mark(liked=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Like what plays no more."""
        await self._mark(liked=False)

    @override
    async def async_toggle(self, **kwargs: Any) -> None:
        """Like what plays, or no more, whichever it is not by now.

        What is shown may have been changed on a phone since it was learned.
        """
        await self._mark(liked=None)

    async def _mark(self, *, liked: bool | None) -> None:
        """Set the mark of what plays; None turns it round."""
        if self._context is not None and self._context.id in self._naming_all:
            return
        caller = await self.async_caller()
        uri = savable(self.account.items.playing())
        try:
            await self._change(caller, uri, liked=liked)
        except SpotifyApiError as err:
            raise translated(err) from err

    async def _change(self, caller: Caller, uri: str, *, liked: bool | None) -> None:
        if liked is None:
            async with self._in_order:
                expected = self._expected
                if expected is None or expected[0] != uri:
                    expected = (uri, await self.account.likes.async_ask(uri))
                liked = not expected[1]
        library = self.account.library
        # It may well change while an earlier command is under way.
        mine = self._expected = (uri, liked)
        self.async_write_ha_state()
        try:
            async with self._in_order:
                await (library.save if liked else library.remove)(caller, (uri,))
        finally:
            if self._expected is mine:
                self._expected = None
            self.async_write_ha_state()

    @callback
    def _async_hear_call(self, event: Event) -> None:
        """Hear of a call just before it is made; its context tells it from others."""
        call, named = event.context.id, _named(event.data[ATTR_SERVICE_DATA])
        if named == [ENTITY_MATCH_ALL]:
            self._naming_all.append(call)
        elif self.entity_id in named and call in self._naming_all:
            # A script that goes on to name this very switch means it.
            self._naming_all = deque(
                (one for one in self._naming_all if one != call), maxlen=_CALLS
            )


@callback
def _is_of_switches(data: Mapping[str, Any]) -> bool:
    return bool(data[ATTR_DOMAIN] == SWITCH_DOMAIN)


def _named(data: Mapping[str, Any]) -> list[str]:
    """Return the entities that a call names, which may be in one text."""
    named = data.get(ATTR_ENTITY_ID) or []
    texts = named.split(",") if isinstance(named, str) else named
    return [str(text).strip().lower() for text in texts]
