"""Watches what an account listens to, and hands it to the household's archive."""

from collections.abc import Callable
from functools import partial
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, callback

from ..api.models import Device
from ..archive.records import (
    Context,
    Item,
    Means,
    Sighting,
    Source,
    Speaker,
)
from ..const import LOGGER
from ..coordinator import PlaybackCoordinator
from ..household import Household
from ..household_archive import name_of
from .listening import Heard, Listening, Watched, dump, load, put_aside, watch
from .sightings import milliseconds
from .told import ContextName, nameless

type HeardListener = Callable[[Heard], None]


class Listener:
    """Follows what one account plays, never what is only expected of it."""

    def __init__(
        self,
        playback: PlaybackCoordinator,
        household: Household,
        context_name: ContextName = nameless,
    ) -> None:
        """Watch `playback`, going on where watching ended before."""
        self._playback = playback
        self._entry = playback.config_entry
        self._household = household
        self._context_name = context_name
        self._listeners: list[HeardListener] = []
        self._watched = Watched()
        self._stop_listening: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Watch until the account is unloaded, or Home Assistant stops."""
        self._watched = self._taken_up()
        self._stop_listening = self._playback.hass.bus.async_listen_once(
            EVENT_HOMEASSISTANT_STOP, self._async_stopping
        )
        self._entry.async_on_unload(self._async_put_aside)
        self._entry.async_on_unload(
            self._playback.async_add_look_listener(self.async_follow)
        )
        self.async_follow()

    @callback
    def async_follow(self) -> None:
        """Hear what Spotify says now."""
        if (look := self._playback.seen) is None:
            return
        self._watched, found = watch(self._watched, look, self._speaker_of)
        self._async_keep(found)

    @callback
    def async_add_listener(self, listener: HeardListener) -> CALLBACK_TYPE:
        """Call `listener` with every listening that is over."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    def told(self, heard: Heard) -> dict[str, Any]:
        """Return what automations are told of a listening; lengths are in seconds."""
        one = heard.listening
        context = self._context(one)
        length = one.item.duration_ms
        return {
            "title": one.item.name,
            "artist": ", ".join(artist.name for artist in one.item.artists) or None,
            "album": one.item.album.name if one.item.album else None,
            "uri": one.item.uri,
            "media_type": one.item.kind.value,
            "duration": length / 1000 if length else None,
            "started": one.started.isoformat() if one.started else None,
            "listened": round(one.heard_ms / 1000, 1),
            "skipped": heard.skipped,
            "speaker": one.speaker.name if one.speaker else None,
            "context": context.name if context else None,
            "context_uri": context.uri if context else None,
        }

    @callback
    def _async_keep(self, found: list[Heard]) -> None:
        for heard in found:
            if heard.listening.heard_ms > heard.listening.kept_ms:
                self._household.history.inbox.async_add_live(self._sighting(heard))
            if heard.is_over:
                for listener in tuple(self._listeners):
                    listener(heard)

    @callback
    def _async_stopping(self, _event: Event) -> None:
        self._stop_listening = None
        self._async_put_aside()

    @callback
    def _async_put_aside(self) -> None:
        """Hand over what was heard so far; what goes on is taken up later."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        self._watched, found = put_aside(self._watched, [])
        self._async_keep(found)
        if (unfinished := dump(self._watched)) is not None:
            self._household.history.memory.async_put_aside(
                self._entry.entry_id, unfinished
            )

    def _taken_up(self) -> Watched:
        data = self._household.history.memory.async_take_up(self._entry.entry_id)
        if data is None:
            return Watched()
        try:
            return load(data)
        except (LookupError, TypeError, ValueError) as err:
            LOGGER.debug("What was listened to before can't be read: %r", err)
            return Watched()

    def _speaker_of(self, device: Device) -> Speaker | None:
        """Return a device by the household's own id of it."""
        speakers = self._household.speakers
        speaker = speakers.of_device(self._entry.entry_id, device)
        return Speaker(speaker.id, device.name) if speaker else None

    def _sighting(self, heard: Heard) -> Sighting:
        """Return what was seen; what was kept of it before is told apart by its position."""
        one = heard.listening
        # Both are known once anything was heard.
        started, until = one.started or one.at, one.until or one.at
        return Sighting(
            name_of(self._entry),
            one.item,
            Source.LIVE,
            milliseconds(started),
            Means.START,
            one.kept,
            listened_ms=one.heard_ms,
            ended=milliseconds(until),
            skipped=heard.skipped,
            reason_end=heard.reason,
            shuffle=one.shuffle,
            speaker=one.speaker,
            context=self._context(one),
        )

    def _context(self, one: Listening) -> Context | None:
        """Return what something was played from, with its name as far as it is known."""
        if (context := one.context) is None:
            return None
        name = self._context_name(context.uri) or _names_in(one.item).get(context.uri)
        return Context(context.uri, name)


def _names_in(item: Item) -> dict[str, str]:
    """Return the names that an item knows, by URI."""
    names = {artist.uri: artist.name for artist in item.artists if artist.uri}
    album = item.album
    return {**names, album.uri: album.name} if album and album.uri else names
