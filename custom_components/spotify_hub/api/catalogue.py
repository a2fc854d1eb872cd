"""Spotify's catalogue: albums, artists, tracks, shows, audiobooks and search.

Source: https://developer.spotify.com/documentation/web-api/reference. Every
method raises a subclass of SpotifyApiError; lists raise while they are iterated.
Ids are Spotify's 22-character ids. None of these needs a scope, except that
shows and episodes need user-read-playback-position.
"""

from collections.abc import Collection
from enum import StrEnum

from . import parse
from .endpoints import Endpoints
from .models import Album, Artist, Audiobook, Episode, SearchResults, Show, Track
from .paging import Pages

# Search and an artist's albums allow fewer items a page than any other list.
LARGEST_SEARCH_PAGE = 10
LARGEST_ALBUMS_PAGE = 10


class SearchType(StrEnum):
    """What a search can look for."""

    ALBUM = "album"
    ARTIST = "artist"
    AUDIOBOOK = "audiobook"
    EPISODE = "episode"
    PLAYLIST = "playlist"
    SHOW = "show"
    TRACK = "track"


class CatalogueEndpoints(Endpoints):
    """What everybody can find on Spotify."""

    async def album(self, album_id: str) -> Album:
        """Return an album. GET /albums/{id}."""
        return await self._one(f"/v1/albums/{album_id}", parse.album, "album")

    def album_tracks(self, album_id: str) -> Pages[Track]:
        """List an album's tracks, which come without their album. GET /albums/{id}/tracks."""
        return self._pages(f"/v1/albums/{album_id}/tracks", parse.track)

    async def artist(self, artist_id: str) -> Artist:
        """Return an artist. GET /artists/{id}."""
        return await self._one(f"/v1/artists/{artist_id}", parse.artist, "artist")

    def artist_albums(self, artist_id: str) -> Pages[Album]:
        """List an artist's albums and singles. GET /artists/{id}/albums, 10 a page."""
        # Upstream asks for 48, which new apps are refused.
        return self._pages(
            f"/v1/artists/{artist_id}/albums",
            parse.album,
            query={"include_groups": "album,single,compilation"},
            largest=LARGEST_ALBUMS_PAGE,
        )

    async def track(self, track_id: str) -> Track:
        """Return a track. GET /tracks/{id}."""
        return await self._one(f"/v1/tracks/{track_id}", parse.track, "track")

    async def show(self, show_id: str) -> Show:
        """Return a show. GET /shows/{id}."""
        return await self._one(f"/v1/shows/{show_id}", parse.show, "show")

    def show_episodes(self, show_id: str) -> Pages[Episode]:
        """List a show's episodes, newest first. GET /shows/{id}/episodes."""
        return self._pages(f"/v1/shows/{show_id}/episodes", parse.episode)

    async def episode(self, episode_id: str) -> Episode:
        """Return an episode. GET /episodes/{id}."""
        return await self._one(f"/v1/episodes/{episode_id}", parse.episode, "episode")

    async def audiobook(self, audiobook_id: str) -> Audiobook:
        """Return an audiobook; only in some markets. GET /audiobooks/{id}."""
        path = f"/v1/audiobooks/{audiobook_id}"
        return await self._one(path, parse.audiobook, "audiobook")

    def audiobook_chapters(self, audiobook_id: str) -> Pages[Episode]:
        """List an audiobook's chapters in order. GET /audiobooks/{id}/chapters."""
        return self._pages(f"/v1/audiobooks/{audiobook_id}/chapters", parse.episode)

    async def search(
        self,
        query: str,
        types: Collection[SearchType],
        *,
        limit: int = LARGEST_SEARCH_PAGE,
        offset: int = 0,
    ) -> SearchResults:
        """Search the catalogue: at most 10 of each type, from `offset` (up to 1000).

        GET /search.
        """
        # Upstream lets a larger limit through, and reads the refusal as "nothing found".
        return parse.search_results(
            await self._get(
                "/v1/search",
                {
                    "q": query,
                    "type": ",".join(sorted(types)),
                    "limit": str(min(limit, LARGEST_SEARCH_PAGE)),
                    "offset": str(offset),
                },
            )
        )
