"""Where the lists come from: Spotify, asked when nothing else needs room."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from ..api.book import believable_wait
from ..api.client import SpotifyHubClient
from ..api.errors import ForbiddenError, HeldBackError, NotFoundError, RateLimitedError
from ..api.models import Json, Page
from ..api.paging import LARGEST_PAGE
from ..api.request import Lane, in_lane
from .entries import Kind

# Seconds until it is looked again whether there is room.
LOOK_AGAIN = 900.0


class Source(Protocol):
    """Gives the lists of an account page by page; every method raises SpotifyApiError."""

    async def page(
        self, kind: Kind, offset: int, market: str | None = None
    ) -> Page[Json]:
        """Return at most 50 entries as Spotify has them, from a position."""

    async def items(self, playlist_id: str) -> list[Json] | None:
        """Return what a playlist holds; None where Spotify does not show it."""


class SpotifySource:
    """Asks Spotify, and waits for room.

    In lane BACKGROUND it also waits however long Spotify wants to be left alone.
    """

    def __init__(
        self,
        client: SpotifyHubClient,
        lane: Lane = Lane.BACKGROUND,
        has_room: Callable[[], bool] = lambda: True,
    ) -> None:
        """Ask by `client`, as long as `has_room` says that enough is left for others."""
        self._client = client
        self._has_room = has_room
        self._lane = lane
        self._waits_for = RateLimitedError if lane is Lane.BACKGROUND else HeldBackError

    async def page(
        self, kind: Kind, offset: int, market: str | None = None
    ) -> Page[Json]:
        """See `Source`."""
        if kind is Kind.PLAYLISTS:
            return await self._asked(partial(self._client.playlists.raw_mine, offset))
        ask = partial(self._client.library.raw_saved, kind.value, offset, market)
        return await self._asked(ask)

    async def items(self, playlist_id: str) -> list[Json] | None:
        """See `Source`."""
        found: list[Json] = []
        offset = 0
        while True:
            ask = partial(self._client.playlists.raw_items, playlist_id, offset)
            try:
                page = await self._asked(ask)
            except ForbiddenError, NotFoundError:
                return None
            found += page.items
            offset += LARGEST_PAGE
            if offset >= page.total or not page.items:
                return found

    async def _asked[T](self, ask: Callable[[], Awaitable[T]]) -> T:
        while not self._has_room():
            await pause(LOOK_AGAIN)
        while True:
            try:
                with in_lane(self._lane):
                    return await ask()
            except self._waits_for as err:
                await pause(believable_wait(err))


async def pause(seconds: float) -> None:
    """Wait until Spotify may be asked again."""
    await asyncio.sleep(seconds)
