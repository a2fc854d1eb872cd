"""What is one's own, by name: looked through before the catalogue is asked."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
import time
from typing import Protocol

from homeassistant.core import callback

from ..api.client import SpotifyHubClient
from ..api.errors import SpotifyApiError
from ..api.scopes import Feature
from ..api.uri import UriType
from ..const import LOGGER
from .hits import Hit, hit_of
from .liked_songs import LikedSongs
from .phrases import Kinds
from .pins import PinOperations
from .query import Query

# Seconds for which the names of the account's playlists are remembered.
REMEMBERED = 600.0


class OwnListener(Protocol):
    """Hears that the account's playlists were read, or are `outdated`."""

    def __call__(self, *, outdated: bool) -> None:
        """Hear it."""


@dataclass(frozen=True, slots=True)
class OwnSource:
    """Where things of one's own come from that a query may mean.

    `kinds` are all there may be, if limited. `known` is what there was when it was last
    read, for who would not ask Spotify; None if it never was.
    """

    read: Callable[[Query], Awaitable[Sequence[Hit]]]
    kinds: Kinds = frozenset()
    known: Callable[[], Sequence[Hit] | None] = lambda: None

    async def hits(self, query: Query, *, needed: bool) -> Sequence[Hit]:
        """Return what there is; what can't be read is an error only if `needed`."""
        try:
            return await self.read(query)
        except SpotifyApiError:
            if needed:
                raise
            return ()


class OwnThings:
    """The things that an account calls its own."""

    def __init__(
        self,
        client: SpotifyHubClient,
        features: Collection[Feature],
        user_id: str,
        pins: PinOperations,
        liked: LikedSongs,
    ) -> None:
        """Look for the account of `user_id`, as far as `features` were granted."""
        self._client = client
        self._user_id = user_id
        self._pins = pins
        self._playlists: Sequence[Hit] | None = None
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()
        self._changes = 0
        self._failing = False
        self._listeners: list[OwnListener] = []
        self.has_playlists = Feature.PLAYLISTS in features
        playlists = OwnSource(
            lambda _query: self._own_playlists(),
            frozenset({UriType.PLAYLIST}),
            lambda: self._playlists,
        )
        self._sources = (
            OwnSource(self._pinned),
            OwnSource(liked.hits, frozenset({UriType.TRACK})),
            *((playlists,) if self.has_playlists else ()),
        )

    def sources(self, kinds: Kinds = frozenset()) -> Sequence[OwnSource]:
        """Return where to look for things of these kinds, the nearest first."""
        return [
            source
            for source in self._sources
            if not (kinds and source.kinds and kinds.isdisjoint(source.kinds))
        ]

    @callback
    def forget_playlists(self) -> None:
        """Read the account's playlists anew when they are next looked through."""
        self._asked_at = None
        self._changes += 1
        self._async_tell(outdated=True)

    @property
    def known_playlists(self) -> Sequence[Hit]:
        """Return the account's playlists as they were last read, its own first."""
        return self._playlists or ()

    async def read_playlists(self) -> Sequence[Hit]:
        """Return the account's playlists, read anew if that was long ago.

        Raises:
            SpotifyApiError: one of its subclasses.
        """
        return await self._own_playlists()

    @callback
    def async_add_listener(self, listener: OwnListener) -> None:
        """Tell `listener` of playlists, as long as the account is there."""
        self._listeners.append(listener)

    @callback
    def _async_tell(self, *, outdated: bool) -> None:
        for listener in self._listeners:
            listener(outdated=outdated)

    async def _pinned(self, _query: Query) -> Sequence[Hit]:
        return tuple(map(hit_of, self._pins.all))

    async def _own_playlists(self) -> Sequence[Hit]:
        """Return the account's playlists, those that it made itself first."""
        async with self._asking:
            now = time.monotonic()
            lately = self._asked_at is not None and now - self._asked_at < REMEMBERED
            if lately and self._playlists is not None:
                return self._playlists
            changes = self._changes
            try:
                playlists = [one async for one in self._client.playlists.mine()]
            except SpotifyApiError as err:
                if not self._failing:
                    LOGGER.debug("Own playlists can't be looked through now: %s", err)
                self._failing = True
                raise
            self._failing = False
            playlists.sort(key=lambda playlist: playlist.owner_id != self._user_id)
            self._playlists = tuple(hit_of(one, own=True) for one in playlists)
            # What changed while it was read may not be in it.
            self._asked_at = now if changes == self._changes else None
            self._async_tell(outdated=False)
            return self._playlists
