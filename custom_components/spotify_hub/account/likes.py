"""Whether what plays is among Liked Songs: asked once per item, and remembered."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api.client import SpotifyHubClient
from ..api.errors import (
    HeldBackError,
    RateLimitedError,
    SignInError,
    SpotifyApiError,
)
from ..api.models import Episode, PlayingItem, Track
from ..api.request import Lane, in_lane
from ..const import LOGGER
from ..coordinator import PlaybackCoordinator
from ..failures import seconds_to_wait

# Items whose marks are remembered.
_MOST = 500
# An item that plays anew after so long is asked about anew: it may have been liked,
# or not any more, on a phone.
FRESH = timedelta(hours=1)
# Until a check that failed is tried again; doubled with each further failure.
_FIRST_REST = 60
_LONGEST_REST = 3600
# How long a check waits for room in the ledger: longer than its window is full.
_PATIENCE = 40


@dataclass(frozen=True, slots=True)
class _Mark:
    liked: bool
    at: datetime
    ours: bool


class Likes:
    """The marks of one account's items."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: SpotifyHubClient,
        playback: PlaybackCoordinator,
    ) -> None:
        """Ask by `client` about what `playback` shows."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._playback = playback
        self._marks: dict[str, _Mark] = {}
        self._listeners: list[Callable[[], None]] = []
        self._followed: str | None = None
        self._asking: asyncio.Task[None] | None = None
        self._failures = 0
        self._limited = False
        self._cancel_retry: CALLBACK_TYPE | None = None
        entry.async_on_unload(self._async_forget_failure)

    @property
    def subject(self) -> str | None:
        """Return the URI of what plays or is paused, if it can be liked."""
        playback = self._playback.data.playback
        return _likeable(playback.item) if playback else None

    def is_liked(self, uri: str) -> bool | None:
        """Return whether an item is liked; None while that is not known."""
        mark = self._marks.get(uri)
        return mark.liked if mark else None

    def is_ours(self, uri: str) -> bool:
        """Return whether an item's mark was made here, rather than learned."""
        mark = self._marks.get(uri)
        return mark is not None and mark.ours

    @callback
    def async_note(self, marks: Mapping[str, bool]) -> None:
        """Hear of changes made here: by URI, whether the items are liked now."""
        self._async_keep(marks, ours=True)

    @callback
    def async_learn(self, marks: Mapping[str, bool]) -> None:
        """Hear how things stand, whoever made them so."""
        self._async_keep(marks, ours=False)

    @callback
    def _async_keep(self, marks: Mapping[str, bool], *, ours: bool) -> None:
        now = dt_util.utcnow()
        changed = any(self.is_liked(uri) is not liked for uri, liked in marks.items())
        for uri, liked in marks.items():
            self._marks.pop(uri, None)
            self._marks[uri] = _Mark(liked, now, ours)
        if len(self._marks) > _MOST:
            shown = self._followed or ""
            if mark := self._marks.pop(shown, None):
                # However many others there are, what plays is not forgotten.
                self._marks[shown] = mark
            self._marks = dict(list(self._marks.items())[-_MOST:])
        if changed:
            for listener in list(self._listeners):
                listener()

    @callback
    def async_follow(self) -> None:
        """Hear that playback may have changed: ask about an item that is new."""
        if self._hindrance() is not None or (uri := self.subject) == self._followed:
            return
        self._followed = uri
        if not self._limited:
            self._async_forget_failure()
        self._async_ask_if_needed()

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` whenever a mark changed."""
        self._listeners.append(listener)

        @callback
        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    def _unknown(self) -> str | None:
        """Return what plays, if it has to be asked about."""
        mark = self._marks.get(self._followed or "")
        fresh = mark is not None and dt_util.utcnow() - mark.at < FRESH
        return None if fresh else self._followed

    @callback
    def _async_ask_if_needed(self) -> None:
        # One at a time: of items skipped meanwhile nobody wants to know any more.
        busy = self._asking is not None and not self._asking.done()
        if self._unknown() is None or busy or self._cancel_retry is not None:
            return
        if (hindrance := self._hindrance()) is not None:
            self._async_rest_after(hindrance)
        else:
            self._asking = self._entry.async_create_background_task(
                self._hass, self._async_ask(), "mark of what plays"
            )

    def _hindrance(self) -> RateLimitedError | None:
        """Return why polls are held back: a check would wait for as long, or longer."""
        trouble = self._playback.trouble
        error = trouble.error if trouble else None
        return error if isinstance(error, RateLimitedError) else None

    async def _async_ask(self) -> None:
        """Ask about what plays until it is known, or can't be."""
        while (uri := self._unknown()) is not None:
            before = self._marks.get(uri)
            try:
                found = await self._async_contains(uri)
            except SpotifyApiError as err:
                LOGGER.debug("Whether %s is liked can't be had: %s", uri, err)
                if uri == self._followed:
                    self._async_rest_after(err)
                    return
                continue
            # A change of our own that was made meanwhile is newer than the answer.
            if self._marks.get(uri) is before:
                self.async_learn(found)

    async def _async_contains(self, uri: str) -> Mapping[str, bool]:
        """Ask Spotify, but wait for room no longer than the answer is worth it."""
        try:
            async with asyncio.timeout(_PATIENCE):
                with in_lane(Lane.BACKGROUND):
                    return await self._client.library.contains((uri,))
        except TimeoutError as err:
            raise HeldBackError("No room for the mark of what plays", None) from err

    @callback
    def _async_rest_after(self, error: SpotifyApiError) -> None:
        """Try again later, unless another item comes first."""
        if isinstance(error, SignInError):
            return
        rest = min(_FIRST_REST << min(self._failures, 10), _LONGEST_REST)
        self._failures += 1
        self._limited = isinstance(error, RateLimitedError)

        @callback
        def retry(_now: datetime) -> None:
            self._cancel_retry, self._limited = None, False
            self._async_ask_if_needed()

        self._cancel_retry = async_call_later(
            self._hass,
            max(rest, seconds_to_wait(error) or 0),
            HassJob(retry, cancel_on_shutdown=True),
        )

    @callback
    def _async_forget_failure(self) -> None:
        self._failures, self._limited = 0, False
        if self._cancel_retry is not None:
            self._cancel_retry()
            self._cancel_retry = None


def _likeable(item: PlayingItem | None) -> str | None:
    """Return an item's URI; None for local files, chapters and adverts."""
    match item:
        case Track(id=identifier, is_local=False) if identifier:
            return item.uri
        case Episode(is_chapter=False):
            return item.uri
    return None
