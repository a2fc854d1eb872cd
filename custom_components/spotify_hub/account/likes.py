"""Whether what plays is among Liked Songs: known from the last copy, or asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

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
from ..favorites.entries import Kind
from .liked_list import (
    CERTAIN,
    Ask,
    LikedList,
    LikedSong,
    holds,
    is_fresh,
    is_song,
    to_ask,
)
from .liked_songs import LikedSongs

# Items whose marks are remembered.
_MOST = 500
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
        songs: LikedSongs,
    ) -> None:
        """Ask by `client` about what `playback` shows and `songs` do not tell."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._playback = playback
        self.songs = songs
        self._marks: dict[str, _Mark] = {}
        self._listeners: list[Callable[[], None]] = []
        self._followed: str | None = None
        self._asking: asyncio.Task[None] | None = None
        self._failures = 0
        self._limited = False
        self._cancel_retry: CALLBACK_TYPE | None = None
        entry.async_on_unload(self._async_forget_failure)
        songs.async_add_listener(self._async_tell)

    @property
    def subject(self) -> str | None:
        """Return the URI of what plays or is paused, if it can be liked."""
        playback = self._playback.data.playback
        return _likeable(playback.item) if playback else None

    def is_liked(self, uri: str) -> bool | None:
        """Return whether an item is liked, for all that is known; None if nothing is."""
        if (known := self.songs.known) is not None and is_song(uri):
            return uri in known.songs
        mark = self._marks.get(uri)
        return mark.liked if mark else None

    def is_surely_liked(self, uri: str) -> bool | None:
        """Return whether an item is liked; None if all that is known is an old copy."""
        known, now = self.songs.known, dt_util.utcnow()
        is_sure = uri in self._marks or (known is not None and is_fresh(known, now))
        return self.is_liked(uri) if is_sure else None

    async def async_ask(self, uri: str) -> bool:
        """Return whether an item is liked now, for who is about to change just that.

        Raises:
            SpotifyApiError: it was not learned just now, and can't be.
        """
        mark = self._marks.get(uri)
        if mark is None or not holds(mark.at, CERTAIN, dt_util.utcnow()):
            with in_lane(Lane.COMMAND):
                self.async_learn(await self._client.library.contains((uri,)))
        return bool(self.is_liked(uri))

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
        self.songs.async_change(marks, self._names())
        if changed:
            self._async_tell()

    @callback
    def _async_tell(self) -> None:
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

    def _names(self) -> Mapping[str, LikedSong]:
        """Return how what plays is called, by which it is found once it is liked."""
        playback = self._playback.data.playback
        match playback.item if playback else None:
            case Track() as track:
                makers = tuple(artist.name for artist in track.artists)
                album = track.album.name if track.album else None
                song = LikedSong(track.name, makers, album, track.duration_ms)
                return {track.uri: song}
        return {}

    def _to_ask(self) -> Ask:
        """Return what has to be asked about what plays."""
        if self._followed is None:
            return Ask.NOTHING
        mark, now = self._marks.get(self._followed), dt_util.utcnow()
        return to_ask(self._followed, mark.at if mark else None, self.songs.known, now)

    @callback
    def _async_ask_if_needed(self) -> None:
        # One at a time: of items skipped meanwhile nobody wants to know any more.
        busy = self._asking is not None and not self._asking.done()
        if self._to_ask() is Ask.NOTHING or busy or self._cancel_retry is not None:
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
        while (ask := self._to_ask()) is not Ask.NOTHING and (uri := self._followed):
            try:
                if ask is Ask.LIST and (known := self.songs.known) is not None:
                    await self._async_look(known)
                else:
                    await self._async_ask_about(uri)
            except SpotifyApiError as err:
                LOGGER.debug("Whether %s is liked can't be had: %s", uri, err)
                if uri == self._followed:
                    self._async_rest_after(err)
                    return
                continue

    async def _async_look(self, known: LikedList) -> None:
        ask = self._client.library.raw_saved
        page = await self._async_asked(ask(Kind.TRACKS.value, 0))
        self.songs.async_look(known, page.items, page.total)

    async def _async_ask_about(self, uri: str) -> None:
        before = self._marks.get(uri)
        found = await self._async_asked(self._client.library.contains((uri,)))
        # A change of our own that was made meanwhile is newer than the answer.
        if self._marks.get(uri) is before:
            self.async_learn(found)

    async def _async_asked[T](self, answer: Awaitable[T]) -> T:
        """Ask Spotify, but wait for room no longer than the answer is worth it."""
        try:
            async with asyncio.timeout(_PATIENCE):
                with in_lane(Lane.BACKGROUND):
                    return await answer
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
