"""Appending to Spotify's queue, whose one verb is: append one item."""

import asyncio
from collections.abc import Iterable

from ..api.client import SpotifyHubClient
from ..api.errors import SpotifyApiError
from ..api.models import Playable
from ..api.uri import SpotifyUri, UriType
from ..failures import invalid, translated
from .player import PlayerOperations

# Items of an album or playlist that are appended.
LONGEST = 50
# Seconds between two appends: Spotify counts requests over half a minute.
PACE = 1.0


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
        uris = await self._items_of(uri)
        if not uris:
            raise invalid("nothing_to_queue", uri=str(uri))
        if len(uris) == 1:
            await self._append(uris[0])
        else:
            await self._player.commands.run_interruptibly(self._append_all(uris))
        return uris

    async def append_next(self, uri: SpotifyUri) -> tuple[str, ...]:
        """Append, on condition that nothing is known to wait: only then it is next."""
        if await self._still_waits():
            raise invalid("queue_not_empty")
        return await self.append(uri)

    async def _append_all(self, uris: tuple[str, ...]) -> None:
        for number, uri in enumerate(uris):
            if number:
                await asyncio.sleep(PACE)
            await self._append(uri)

    async def _append(self, uri: str) -> None:
        await self._player.append(uri)
        self._waiting.append(uri)

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

    async def _items_of(self, uri: SpotifyUri) -> tuple[str, ...]:
        try:
            match uri.type:
                case UriType.TRACK | UriType.EPISODE:
                    return (str(uri),)
                case UriType.CHAPTER:
                    return (f"spotify:episode:{uri.id}",)
                case UriType.ALBUM:
                    tracks = await self._client.catalogue.album_tracks(uri.id).page(
                        0, LONGEST
                    )
                    return _playable(tracks.items)
                case UriType.PLAYLIST:
                    entries = await self._client.playlists.items(uri.id).page(
                        0, LONGEST
                    )
                    return _playable(entry.item for entry in entries.items)
                case UriType.COLLECTION if uri.id in {"", self._user_id}:
                    saved = await self._client.library.saved_tracks().page(0, LONGEST)
                    return _playable(entry.item for entry in saved.items)
        except SpotifyApiError as err:
            raise translated(err) from err
        raise invalid("not_queueable", uri=str(uri))


def _playable(items: Iterable[Playable | None]) -> tuple[str, ...]:
    """Return the URIs of what Spotify can queue: no local files, nothing withdrawn."""
    return tuple(
        item.uri
        for item in items
        if item is not None and item.id is not None and item.is_playable is not False
    )
