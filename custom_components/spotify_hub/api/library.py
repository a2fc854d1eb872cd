"""Spotify's library endpoints, and what else belongs to one account.

Source: https://developer.spotify.com/documentation/web-api/reference, Library,
Users and Tracks, Albums, Shows, Episodes, Audiobooks ("saved"). Every method
raises a subclass of SpotifyApiError; lists raise while they are iterated.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import batched

from . import fields, parse
from .endpoints import Endpoints
from .errors import InvalidAnswerError
from .models import (
    Album,
    Artist,
    Audiobook,
    Episode,
    Json,
    Page,
    Saved,
    Show,
    Track,
    User,
)
from .paging import LARGEST_PAGE, CursorPage, CursorPages, Pages

# URIs in one library request.
LARGEST_CHANGE = 40


class TimeRange(StrEnum):
    """How far back the top lists look: about 4 weeks, 6 months, a year."""

    SHORT = "short_term"
    MEDIUM = "medium_term"
    LONG = "long_term"


class LibraryEndpoints(Endpoints):
    """What an account has saved, follows and plays most."""

    async def me(self) -> User:
        """Return the account's profile. GET /me, no scope."""
        return await self._one("/v1/me", parse.user, "profile")

    def saved_tracks(self) -> Pages[Saved[Track]]:
        """List Liked Songs, newest first. GET /me/tracks, scope user-library-read."""
        return self._pages("/v1/me/tracks", parse.saved("track", parse.track))

    def saved_albums(self) -> Pages[Saved[Album]]:
        """List saved albums, newest first. GET /me/albums, scope user-library-read."""
        return self._pages("/v1/me/albums", parse.saved("album", parse.album))

    def saved_shows(self) -> Pages[Saved[Show]]:
        """List followed shows. GET /me/shows, scope user-library-read."""
        return self._pages("/v1/me/shows", parse.saved("show", parse.show))

    def saved_episodes(self) -> Pages[Saved[Episode]]:
        """List saved episodes. GET /me/episodes, scope user-library-read."""
        return self._pages("/v1/me/episodes", parse.saved("episode", parse.episode))

    def saved_audiobooks(self) -> Pages[Saved[Audiobook]]:
        """List saved audiobooks, which come wrapped or bare. GET /me/audiobooks, scope user-library-read."""
        return self._pages(
            "/v1/me/audiobooks", parse.saved("audiobook", parse.audiobook)
        )

    async def raw_saved(
        self, kind: str, offset: int, market: str | None = None
    ) -> Page[Json]:
        """Return at most 50 saved things of a kind ("tracks", …) just as they come.

        A market adds which tracks play there, and may replace tracks by other
        versions of themselves. GET /me/{kind}, scope user-library-read.
        """
        query = {"limit": str(LARGEST_PAGE), "offset": str(offset)}
        if market is not None:
            query["market"] = market
        return parse.page(await self._get(f"/v1/me/{kind}", query), parse.whole)

    def followed_artists(self) -> CursorPages[Artist]:
        """List followed artists. GET /me/following, scope user-follow-read."""
        return CursorPages(self.followed_artists_page)

    async def followed_artists_page(self, after: str | None) -> CursorPage[Artist]:
        """Return the followed artists after one, by its id, 50 at most; see the list."""
        query = {"type": "artist", "limit": str(LARGEST_PAGE)}
        if after:
            query["after"] = after
        data = fields.mapping(await self._get("/v1/me/following", query), "artists")
        page = parse.page(data, parse.artist)
        cursors = fields.mapping(data, "cursors")
        return CursorPage(
            page.items,
            after=fields.text(cursors, "after"),
            before=None,
            total=fields.integer(data, "total"),
        )

    def top_tracks(self, time_range: TimeRange = TimeRange.MEDIUM) -> Pages[Track]:
        """List the tracks played most; past 50 unreliable. GET /me/top/tracks, scope user-top-read."""
        return self._pages(
            "/v1/me/top/tracks", parse.track, query={"time_range": time_range}
        )

    def top_artists(self, time_range: TimeRange = TimeRange.MEDIUM) -> Pages[Artist]:
        """List the artists played most; past 50 unreliable. GET /me/top/artists, scope user-top-read."""
        return self._pages(
            "/v1/me/top/artists", parse.artist, query={"time_range": time_range}
        )

    async def contains(self, uris: Sequence[str]) -> dict[str, bool]:
        """Tell for any number of URIs whether they are in the library.

        GET /me/library/contains, 40 URIs a request; scopes user-library-read,
        user-follow-read for artists and users, playlist-read-private for playlists.
        """
        found: dict[str, bool] = {}
        for some in batched(dict.fromkeys(uris), LARGEST_CHANGE, strict=False):
            body = await self._send(
                "GET", "/v1/me/library/contains", query={"uris": ",".join(some)}
            )
            marks = parse.json_value(body)
            if not (
                isinstance(marks, list) and list(map(type, marks)) == [bool] * len(some)
            ):
                raise InvalidAnswerError("Spotify's answer is not a mark for each URI")
            found |= zip(some, marks, strict=True)
        return found

    async def save(self, uris: Sequence[str]) -> None:
        """Save to the library, or follow: at most 40 URIs, of any kinds.

        PUT /me/library, scopes user-library-modify, user-follow-modify for artists
        and users, playlist-modify-public for playlists.
        """
        await self._upstream.save_to_library(list(uris))

    async def remove(self, uris: Sequence[str]) -> None:
        """Remove from the library, or follow no more: at most 40 URIs, of any kinds.

        DELETE /me/library, scopes as for saving.
        """
        await self._upstream.remove_from_library(list(uris))
