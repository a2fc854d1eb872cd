"""Spotify's playlist endpoints.

Source: https://developer.spotify.com/documentation/web-api/reference, Playlists.
Every method raises a subclass of SpotifyApiError; lists raise while they are
iterated.
"""

from . import parse
from .endpoints import Endpoints
from .models import Playlist, PlaylistEntry
from .paging import Pages


class PlaylistEndpoints(Endpoints):
    """An account's own and followed playlists."""

    def mine(self) -> Pages[Playlist]:
        """List the account's playlists in its own order.

        GET /me/playlists, scope playlist-read-private (and -collaborative).
        """
        return self._pages("/v1/me/playlists", parse.playlist)

    async def playlist(self, playlist_id: str) -> Playlist:
        """Return a playlist without its items; NotFoundError for Spotify's own ones.

        GET /playlists/{id}, scope playlist-read-private for private ones.
        """
        # A playlist may have thousands of items, which are not wanted here.
        wanted = "id,uri,name,description,owner,images,public,collaborative,snapshot_id"
        return await self._one(
            f"/v1/playlists/{playlist_id}",
            parse.playlist,
            "playlist",
            {"fields": wanted},
        )

    def items(self, playlist_id: str) -> Pages[PlaylistEntry]:
        """List a playlist's entries; ForbiddenError unless owned or collaborative.

        GET /playlists/{id}/items, scope playlist-read-private.
        """
        return self._pages(
            f"/v1/playlists/{playlist_id}/items",
            parse.playlist_entry,
            query={"additional_types": "track,episode"},
        )
