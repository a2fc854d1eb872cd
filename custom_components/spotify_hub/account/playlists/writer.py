"""Changing what one playlist holds, request by request, knowing what has arrived."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import batched

from ...api.client import SpotifyHubClient
from ...api.errors import (
    AccessTokenMissingError,
    BadRequestError,
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidAnswerError,
    ServerFaultError,
    SpotifyApiError,
    TokenUnavailableError,
)
from ...api.models import Playlist
from ...api.playlists import LARGEST_CHANGE
from ...api.request import Lane, in_lane
from ..patience import patiently
from . import pages

# More changes than these leave room for commands of the player.
_FEW = 5


class StaleError(Exception):
    """The playlist is no longer as it was read, and nothing was changed yet."""

    def __init__(self, playlist: Playlist) -> None:
        """Keep which."""
        super().__init__(playlist.name)
        self.playlist = playlist


class UnsureError(Exception):
    """Nobody knows whether the latest change, which ended in `error`, has arrived."""

    def __init__(self, error: SpotifyApiError) -> None:
        """Keep what went wrong."""
        super().__init__(str(error))
        self.error = error


class PlaylistWriter:
    """Changes one playlist, beginning with a state that was read.

    `snapshot` and `total` follow the changes; `touched`: Spotify may have been
    changed by them. `added` counts items that surely were added; surely gone are
    `removed`, and all that was there before if it was `replaced`.
    """

    def __init__(
        self, client: SpotifyHubClient, playlist: Playlist, total: int
    ) -> None:
        """Change a playlist that holds `total` entries."""
        self._api = client.playlists
        self._playlist = playlist
        self._id = playlist.id
        self._sent = 0
        self.snapshot = playlist.snapshot_id
        self.total = total
        self.touched = False
        self.added = 0
        self.removed: list[str] = []
        self.replaced = False

    async def check(self) -> None:
        """Raise StaleError if somebody has changed the playlist since it was read."""
        now = await patiently(partial(self._api.playlist, self._id))
        if now.snapshot_id != self.snapshot:
            raise StaleError(self._playlist)

    async def count(self) -> int:
        """Return how many entries the playlist holds, as Spotify counts."""
        page = await patiently(partial(self._api.items(self._id).page, 0, 1))
        self.total = page.total
        return page.total

    async def add(self, uris: Sequence[str], position: int | None = None) -> None:
        """Add any number of items in their order, at the end or from a position.

        Raises:
            UnsureError: whether the last hundred arrived could not be learnt.
        """
        for part in batched(uris, LARGEST_CHANGE, strict=False):
            at = self.total if position is None else position
            send = partial(
                self._api.add, self._id, part, None if position is None else at
            )
            self.snapshot = await self._once(
                send, partial(self._has_arrived, part, at, len(part))
            )
            self.total += len(part)
            self.added += len(part)
            if position is not None:
                position += len(part)

    async def remove(self, uris: Sequence[str]) -> None:
        """Remove every occurrence of any number of URIs; `total` is not told."""
        for part in batched(uris, LARGEST_CHANGE, strict=False):
            send = partial(self._api.remove, self._id, part, self.snapshot)
            self.snapshot = await self._versioned(partial(self._send, send))
            self.removed += part

    async def replace(self, uris: Sequence[str]) -> None:
        """Put any number of items in the place of all."""
        first = uris[:LARGEST_CHANGE]
        self.snapshot = await self._send(partial(self._api.replace, self._id, first))
        self.total, self.replaced = len(first), True
        await self.add(uris[LARGEST_CHANGE:])

    async def reorder(
        self, start: int, before: int, uris: Sequence[str | None], target: int
    ) -> None:
        """Move a range, which holds `uris`, to before a position; it then is at `target`.

        Raises:
            UnsureError: whether it was moved could not be learnt.
        """
        send = partial(
            self._api.reorder, self._id, start, before, len(uris), self.snapshot
        )
        arrived = partial(self._has_arrived, uris, target, 0)
        self.snapshot = await self._versioned(partial(self._once, send, arrived))

    async def _versioned(self, send: Callable[[], Awaitable[str]]) -> str:
        """Send a change that names the version that was read."""
        try:
            return await send()
        except BadRequestError as err:
            if not self.touched and "snapshot" in str(err).casefold():
                raise StaleError(self._playlist) from err
            raise

    async def _once(
        self,
        send: Callable[[], Awaitable[str]],
        arrived: Callable[[SpotifyApiError], Awaitable[str | None]],
    ) -> str:
        """Send what must not be done twice; looks whether it was where that is unclear.

        What seems not to have arrived may still be under way.
        """
        try:
            return await self._send(send)
        except SpotifyApiError as err:
            if not may_have_arrived(err):
                raise
            if (snapshot := await arrived(err)) is None:
                raise UnsureError(err) from err
            return snapshot

    async def _send(self, send: Callable[[], Awaitable[str]]) -> str:
        self._sent += 1
        with in_lane(Lane.BROWSE if self._sent > _FEW else None):
            try:
                snapshot = await patiently(send)
            except SpotifyApiError as err:
                self.touched = self.touched or may_have_arrived(err)
                raise
        self.touched = True
        return snapshot

    async def _has_arrived(
        self,
        uris: Sequence[str | None],
        position: int,
        more: int,
        error: SpotifyApiError,
    ) -> str | None:
        """Return the new version if these items now stand there; None if nothing changed.

        `more` is by how many entries the playlist must have grown since `error`.
        """
        try:
            now = await patiently(partial(self._api.playlist, self._id))
            if now.snapshot_id == self.snapshot:
                return None
            entries, total = await pages.read(
                self._api.items(self._id), len(uris), position
            )
        except SpotifyApiError:
            raise UnsureError(error) from error
        there = [entry.item.uri if entry.item else None for entry in entries]
        if total != self.total + more or there != list(uris):
            raise UnsureError(error) from error
        return now.snapshot_id


def may_have_arrived(error: SpotifyApiError) -> bool:
    """Tell whether Spotify may have done what ended in this error."""
    if isinstance(error, ConnectionFailedError):
        return error.arrived
    if isinstance(error, AccessTokenMissingError | TokenUnavailableError):
        return False
    return isinstance(
        error, DeadlineExceededError | InvalidAnswerError | ServerFaultError
    )
