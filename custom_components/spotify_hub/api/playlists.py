"""Spotify's playlist endpoints.

Source: https://developer.spotify.com/documentation/web-api/reference, Playlists.
Every method raises a subclass of SpotifyApiError; lists raise while they are
iterated.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from . import fields, parse
from .endpoints import Endpoints
from .models import Json, Page, Playlist, PlaylistEntry
from .paging import LARGEST_PAGE, Pages
from .request import Request, lane_of

# Items in one change of a playlist.
LARGEST_CHANGE = 100
# Bytes of a cover, in the base64 form in which it is sent.
LARGEST_COVER = 256 * 1024


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
        # A playlist may have thousands of items, of which only the count is wanted.
        wanted = (
            "id,uri,name,description,owner,images,public,collaborative,snapshot_id,"
            "items.total,tracks.total"
        )
        return await self._one(
            f"/v1/playlists/{playlist_id}",
            parse.playlist,
            "playlist",
            {"fields": wanted},
        )

    def items(self, playlist_id: str) -> Pages[PlaylistEntry]:
        """List a playlist's entries; ForbiddenError unless owned or collaborative.

        Each one that Spotify counts is there, so that positions hold.
        GET /playlists/{id}/items, scope playlist-read-private.
        """

        async def fetch(offset: int, limit: int) -> Page[PlaylistEntry]:
            query = {
                "additional_types": "track,episode",
                "limit": str(limit),
                "offset": str(offset),
            }
            data = await self._get(f"/v1/playlists/{playlist_id}/items", query)
            entries = data.get("items")
            if isinstance(entries, list):
                whole = [one if isinstance(one, dict) else {} for one in entries]
                data = {**data, "items": whole}
            return parse.page(data, parse.playlist_entry)

        return Pages(fetch)

    async def raw_mine(self, offset: int) -> Page[Json]:
        """Return at most 50 of the account's playlists just as they come; see `mine`."""
        query = {"limit": str(LARGEST_PAGE), "offset": str(offset)}
        return parse.page(await self._get("/v1/me/playlists", query), parse.whole)

    async def raw_items(self, playlist_id: str, offset: int) -> Page[Json]:
        """Return at most 50 of a playlist's entries just as they come; see `items`."""
        query = {
            "additional_types": "track,episode",
            "limit": str(LARGEST_PAGE),
            "offset": str(offset),
        }
        path = f"/v1/playlists/{playlist_id}/items"
        return parse.page(await self._get(path, query), parse.whole)

    async def playable(
        self, playlist_id: str, offset: int, limit: int
    ) -> tuple[bool | None, ...]:
        """Return for at most 50 entries whether they play in the account's country.

        None is for what Spotify does not tell it of. Raises like `items`.
        GET /playlists/{id}/items with a market, scope playlist-read-private.
        """
        # With a market, items may be replaced by other versions of themselves, under
        # other URIs; so nothing else is read of them.
        query = {
            "additional_types": "track,episode",
            "fields": "items(item(is_playable),track(is_playable))",
            "limit": str(limit),
            "market": "from_token",
            "offset": str(offset),
        }
        data = await self._get(f"/v1/playlists/{playlist_id}/items", query)
        entries = data.get("items")
        return tuple(map(_plays, entries if isinstance(entries, list) else ()))

    async def create(
        self,
        name: str,
        *,
        description: str | None = None,
        public: bool = False,
        collaborative: bool = False,
    ) -> Playlist:
        """Make an empty playlist; a collaborative one can't be public.

        POST /me/playlists, scopes playlist-modify-public or -private.
        """
        # Upstream drops an empty description, and reads only the old form.
        body: dict[str, Any] = {
            "name": name,
            "public": public,
            "collaborative": collaborative,
        }
        if description is not None:
            body["description"] = description
        made = await self._send("POST", "/v1/me/playlists", body=body)
        return parse.required(parse.playlist(parse.json_object(made)), "playlist")

    async def change_details(
        self,
        playlist_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        public: bool | None = None,
        collaborative: bool | None = None,
    ) -> None:
        """Change what is given; an empty description clears it.

        PUT /playlists/{id}, scopes playlist-modify-public or -private.
        """
        # Upstream can't send an empty description.
        given = {
            "name": name,
            "description": description,
            "public": public,
            "collaborative": collaborative,
        }
        body = {key: value for key, value in given.items() if value is not None}
        await self._send("PUT", f"/v1/playlists/{playlist_id}", body=body)

    async def add(
        self, playlist_id: str, uris: Sequence[str], position: int | None = None
    ) -> str:
        """Add at most 100 items, at the end or from a position; returns the snapshot.

        POST /playlists/{id}/items, scopes playlist-modify-public or -private.
        """
        body: dict[str, Any] = {"uris": list(uris)}
        if position is not None:
            body["position"] = position
        return await self._change("POST", playlist_id, body)

    async def remove(
        self, playlist_id: str, uris: Sequence[str], snapshot_id: str | None = None
    ) -> str:
        """Remove every occurrence of at most 100 URIs; returns the snapshot.

        DELETE /playlists/{id}/items, scopes playlist-modify-public or -private.
        """
        # Upstream sends the key `tracks`, which Spotify no longer reads.
        body: dict[str, Any] = {"items": [{"uri": uri} for uri in uris]}
        if snapshot_id is not None:
            body["snapshot_id"] = snapshot_id
        return await self._change("DELETE", playlist_id, body)

    async def replace(self, playlist_id: str, uris: Sequence[str]) -> str:
        """Put at most 100 items in the place of all; none clears. Returns the snapshot.

        PUT /playlists/{id}/items, scopes playlist-modify-public or -private.
        """
        return await self._change("PUT", playlist_id, {"uris": list(uris)})

    async def reorder(
        self,
        playlist_id: str,
        range_start: int,
        insert_before: int,
        range_length: int = 1,
        snapshot_id: str | None = None,
    ) -> str:
        """Move a range of items to before a position; returns the snapshot.

        PUT /playlists/{id}/items, scopes playlist-modify-public or -private.
        """
        # Upstream sends `uris` along, which means: replace everything.
        body: dict[str, Any] = {
            "range_start": range_start,
            "insert_before": insert_before,
            "range_length": range_length,
        }
        if snapshot_id is not None:
            body["snapshot_id"] = snapshot_id
        return await self._change("PUT", playlist_id, body, once=True)

    async def set_cover(self, playlist_id: str, jpeg: bytes) -> None:
        """Set the cover, a JPEG of at most 192 kB (256 KB in base64).

        PUT /playlists/{id}/images, scope ugc-image-upload and those for changes.
        """
        path = f"/v1/playlists/{playlist_id}/images"
        await self._transport.send(
            Request(
                method="PUT",
                path=path,
                raw_body=b64encode(jpeg).decode(),
                content_type="image/jpeg",
                lane=lane_of("PUT", path),
            )
        )

    async def _change(
        self, method: str, playlist_id: str, body: dict[str, Any], *, once: bool = False
    ) -> str:
        """Send a change of a playlist's items; returns the snapshot it made."""
        path = f"/v1/playlists/{playlist_id}/items"
        answer = parse.json_object(await self._send(method, path, body=body, once=once))
        return parse.required(fields.text(answer, "snapshot_id"), "snapshot")


def _plays(entry: Any) -> bool | None:
    entry = entry if isinstance(entry, dict) else {}
    content = fields.mapping(entry, "item") or fields.mapping(entry, "track")
    return fields.flag(content, "is_playable")
