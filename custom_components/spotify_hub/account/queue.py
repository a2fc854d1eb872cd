"""Appending to Spotify's queue, whose one verb is: append one item."""

import asyncio
from collections.abc import Iterable

from ..api.client import SpotifyHubClient
from ..api.errors import SpotifyApiError
from ..api.models import Playable
from ..api.uri import SpotifyUri, UriType
from ..coordinator import PlaybackCoordinator
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
        playback: PlaybackCoordinator,
        player: PlayerOperations,
    ) -> None:
        """Append through `player`, so that commands keep their order."""
        self._client = client
        self._playback = playback
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
        if self._still_waiting():
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

    def _still_waiting(self) -> list[str]:
        """Return what was appended and has not come to play yet."""
        playing = self._playback.data.item_uri
        if playing in self._waiting:
            del self._waiting[: self._waiting.index(playing) + 1]
        return self._waiting

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
                case UriType.COLLECTION:
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
