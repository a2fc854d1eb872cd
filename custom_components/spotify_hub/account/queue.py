"""Appending to Spotify's queue, whose one verb is: append one item."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from homeassistant.exceptions import HomeAssistantError

from ..api.client import SpotifyHubClient
from ..api.errors import HeldBackError, SpotifyApiError
from ..api.models import Playable, Queue
from ..api.uri import SpotifyUri, UriType
from ..const import DOMAIN
from ..failures import invalid, translated
from .patience import patiently
from .player import PlayerOperations

# Items of an album or playlist that are appended.
LONGEST = 50
# Items that are appended in one go: it takes a second each.
MOST = 100
# Seconds between two appends: Spotify counts requests over half a minute.
PACE = 1.0


# What can be appended, as such or for the items it holds.
QUEUEABLE = frozenset(
    {
        UriType.ALBUM,
        UriType.CHAPTER,
        UriType.COLLECTION,
        UriType.EPISODE,
        UriType.PLAYLIST,
        UriType.TRACK,
    }
)


@dataclass(frozen=True, slots=True)
class Queued:
    """What is appended; `skipped` can't be, holds nothing that can, or is too much."""

    uris: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


class QueueOperations:
    """What waits in Spotify's queue, as far as it was put there from here."""

    def __init__(
        self,
        client: SpotifyHubClient,
        player: PlayerOperations,
        user_id: str,
    ) -> None:
        """Append through `player`, so that commands keep their order."""
        self._client = client
        self._user_id = user_id
        self._player = player
        self._waiting: list[str] = []

    async def append(self, uri: SpotifyUri) -> tuple[str, ...]:
        """Append an item, or up to 50 of an album, playlist or Liked Songs, one a second.

        Returns the URIs that were appended. Something else being started, or a
        pause, ends a long list with an error.
        """
        uris = (await self._items_of(uri)).uris
        if not uris:
            raise invalid("nothing_to_queue", uri=str(uri))
        await self._append_all(uris, [])
        return uris

    async def append_several(self, uris: Iterable[SpotifyUri]) -> Queued:
        """Append items, and what albums and playlists hold, up to 100 in all.

        An error that comes midway tells how many were appended.
        """
        held, unread = await self._read_several(tuple(uris))
        wanted = [item for items in held.values() for item in items.uris]
        if not wanted:
            raise invalid("nothing_to_queue", uri=", ".join(held))
        done: list[str] = []
        try:
            await self._append_all(tuple(wanted[:MOST]), done)
        except HomeAssistantError as err:
            if not done:
                raise
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="queued_partly",
                translation_placeholders={
                    "done": str(len(done)),
                    "total": str(len(wanted)),
                    "reason": str(err),
                },
            ) from err
        empty = [uri for uri, items in held.items() if items == Queued()]
        gone = [item for items in held.values() for item in items.skipped]
        return Queued(tuple(done), (*empty, *gone, *wanted[MOST:], *unread))

    async def append_next(self, uri: SpotifyUri) -> tuple[str, ...]:
        """Append, on condition that nothing is known to wait: only then it is next."""
        if await self._still_waits():
            raise invalid("queue_not_empty")
        return await self.append(uri)

    async def look(self) -> Queue:
        """Ask Spotify what plays and what comes next; raises SpotifyApiError."""
        return await self._client.player.queue()

    async def _read_several(
        self, uris: Sequence[SpotifyUri]
    ) -> tuple[dict[str, Queued], tuple[str, ...]]:
        """Return what can be appended of items, and those that are too many to read."""
        held: dict[str, Queued] = {}
        found = 0
        for number, uri in enumerate(uris):
            if found >= MOST:
                return held, tuple(map(str, uris[number:]))
            items = await self._items_of(uri, patient=len(uris) > 1)
            held[str(uri)] = items
            found += len(items.uris)
        return held, ()

    async def _append_all(self, uris: tuple[str, ...], done: list[str]) -> None:
        """Append items in their order; `done` grows by each that is."""
        if len(uris) == 1:
            await self._append(uris[0], done)
        else:
            await self._player.commands.run_interruptibly(self._paced(uris, done))

    async def _paced(self, uris: tuple[str, ...], done: list[str]) -> None:
        for number, uri in enumerate(uris):
            if number:
                await asyncio.sleep(PACE)
            # What was read just before may have used up the room.
            await patiently(partial(self._append_unheld, uri, done))

    async def _append_unheld(self, uri: str, done: list[str]) -> None:
        """Append, and raise HeldBackError itself where the ledger has no room."""
        try:
            await self._append(uri, done)
        except HomeAssistantError as err:
            if isinstance(err.__cause__, HeldBackError):
                raise err.__cause__ from err
            raise

    async def _append(self, uri: str, done: list[str]) -> None:
        await self._player.append(uri)
        self._waiting.append(uri)
        done.append(uri)

    async def _still_waits(self) -> bool:
        """Tell whether something that was appended has not come to play yet."""
        if not self._waiting:
            return False
        try:
            queue = await self._client.player.queue()
        except SpotifyApiError as err:
            raise translated(err) from err
        # Spotify lists about 20: while one of ours is among them, the rest waits too.
        if not any(item.uri in self._waiting for item in queue.upcoming):
            self._waiting.clear()
        return bool(self._waiting)

    async def _items_of(self, uri: SpotifyUri, *, patient: bool = False) -> Queued:
        ask = partial(self._read, uri)
        try:
            return await (patiently(ask) if patient else ask())
        except SpotifyApiError as err:
            raise translated(err) from err

    async def _read(self, uri: SpotifyUri) -> Queued:
        match uri.type:
            case UriType.TRACK | UriType.EPISODE:
                return Queued((str(uri),))
            case UriType.CHAPTER:
                return Queued((f"spotify:episode:{uri.id}",))
            case UriType.ALBUM:
                tracks = self._client.catalogue.album_tracks(uri.id)
                return _queueable((await tracks.page(0, LONGEST)).items)
            case UriType.PLAYLIST:
                entries = await self._client.playlists.items(uri.id).page(0, LONGEST)
                return _queueable(entry.item for entry in entries.items)
            case UriType.COLLECTION if uri.id in {"", self._user_id}:
                saved = await self._client.library.saved_tracks().page(0, LONGEST)
                return _queueable(entry.item for entry in saved.items)
        raise invalid("not_queueable", uri=str(uri))


def _queueable(items: Iterable[Playable | None]) -> Queued:
    """Tell what Spotify can queue: no local files, nothing withdrawn."""
    there = [item for item in items if item is not None]
    fit = [item for item in there if item.id and item.is_playable is not False]
    return Queued(
        tuple(item.uri for item in fit),
        tuple(item.uri for item in there if item not in fit),
    )
