"""What an account's lists, albums, artists, playlists and shows hold, read in parts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..api.client import SpotifyHubClient
from ..api.errors import NotFoundError
from ..api.models import Page, Playlist, PlaylistEntry, Saved, Track
from ..api.paging import CursorPages, Pages
from ..api.uri import SpotifyUri, UriType
from .hits import Hit, Item, hit_of, is_playable
from .pins import is_hidden

# Entries of a list that are read at once.
FOLDER = 50
HIDDEN_PLAYLIST_TITLE = "Playlist made by Spotify"


class Section(StrEnum):
    """A list of the account's that Spotify has no URI for."""

    PLAYLISTS = "playlists"
    ALBUMS = "albums"
    ARTISTS = "artists"
    PODCASTS = "podcasts"
    EPISODES = "episodes"
    AUDIOBOOKS = "audiobooks"
    RECENT = "recent"
    TOP_TRACKS = "top_tracks"
    TOP_ARTISTS = "top_artists"


@dataclass(frozen=True, slots=True)
class Part:
    """What can be shown of a part of a list; `total` counts the whole list.

    Entries without content, local files and withdrawn items can't be shown.
    """

    hits: tuple[Hit, ...]
    total: int


class Listing:
    """A list of things, of which a part can be had."""

    def __init__(
        self, pages: Pages[Any] | CursorPages[Any], kind: UriType | None = None
    ) -> None:
        """Read from `pages`; `kind` tells chapters from episodes."""
        self._pages = pages
        self._kind = kind

    async def opening(self) -> Part:
        """Return a short list whole; of a long one only what comes with its length."""
        if isinstance(self._pages, CursorPages):
            first = await self._pages.first()
            total = len(first.items) if first.total is None else first.total
            return self._part(first.items, total)
        page = await self._pages.page()
        items = page.items
        if page.has_next and page.total <= FOLDER:
            rest = await self._pages.page(page.limit, FOLDER - page.limit)
            items += rest.items
        return self._part(items, page.total)

    async def part(self, offset: int) -> Part:
        """Return the part that begins at an offset."""
        if isinstance(self._pages, CursorPages):
            everything = tuple([item async for item in self._pages])
            part = everything[offset : offset + FOLDER]
            return self._part(part, len(everything))
        page = await self._pages.page(offset, FOLDER)
        return self._part(page.items, page.total)

    async def hits(self, most: int) -> tuple[Hit, ...]:
        """Return all that can be shown of the first entries."""
        items: list[Any] = []
        async for item in self._pages:
            items.append(item)
            if len(items) >= most:
                break
        return self._part(tuple(items), len(items)).hits

    def _part(self, entries: tuple[Any, ...], total: int) -> Part:
        items = (_content(entry) for entry in entries)
        return Part(
            tuple(
                hit_of(item, self._kind)
                for item in items
                if item is not None and is_playable(item)
            ),
            total,
        )


class ListingOperations:
    """Reads the lists of one account; every method raises SpotifyApiError."""

    def __init__(self, client: SpotifyHubClient, user_id: str) -> None:
        """Read for the account of `user_id`."""
        self._client = client
        self._user_id = user_id

    def listing_of(self, subject: Section | SpotifyUri) -> Listing | None:
        """Return what is in a section or a thing; None if nothing can be."""
        client = self._client
        if isinstance(subject, Section):
            return Listing(_in_section(client, subject))
        if subject.type is UriType.COLLECTION:
            mine = subject.id in {"", self._user_id}
            return Listing(client.library.saved_tracks()) if mine else None
        if subject.type is UriType.AUDIOBOOK:
            chapters = client.catalogue.audiobook_chapters(subject.id)
            return Listing(chapters, UriType.CHAPTER)
        pages = _in_thing(client, subject)
        return None if pages is None else Listing(pages)

    async def thing(self, uri: SpotifyUri) -> Hit:
        """Return an album, artist, audiobook, playlist or show."""
        catalogue = self._client.catalogue
        match uri.type:
            case UriType.ALBUM:
                return hit_of(await catalogue.album(uri.id))
            case UriType.ARTIST:
                return hit_of(await catalogue.artist(uri.id))
            case UriType.AUDIOBOOK:
                return hit_of(await catalogue.audiobook(uri.id))
            case UriType.PLAYLIST:
                return await self._playlist(uri)
        return hit_of(await catalogue.show(uri.id))

    async def _playlist(self, uri: SpotifyUri) -> Hit:
        """Return a playlist; of one that Spotify hides only that it is one."""
        try:
            return hit_of(await self._client.playlists.playlist(uri.id))
        except NotFoundError:
            if not is_hidden(uri, self._user_id):
                raise
            return hit_of(Playlist(str(uri), uri.id, HIDDEN_PLAYLIST_TITLE))


def _in_section(
    client: SpotifyHubClient, section: Section
) -> Pages[Any] | CursorPages[Any]:
    library = client.library
    match section:
        case Section.PLAYLISTS:
            return client.playlists.mine()
        case Section.ALBUMS:
            return library.saved_albums()
        case Section.ARTISTS:
            return library.followed_artists()
        case Section.PODCASTS:
            return library.saved_shows()
        case Section.EPISODES:
            return library.saved_episodes()
        case Section.AUDIOBOOKS:
            return library.saved_audiobooks()
        case Section.RECENT:
            return _recent_tracks(client)
        case Section.TOP_TRACKS:
            return library.top_tracks()
        case Section.TOP_ARTISTS:
            return library.top_artists()


def _in_thing(client: SpotifyHubClient, uri: SpotifyUri) -> Pages[Any] | None:
    match uri.type:
        case UriType.ALBUM:
            return client.catalogue.album_tracks(uri.id)
        case UriType.ARTIST:
            return client.catalogue.artist_albums(uri.id)
        case UriType.PLAYLIST:
            return client.playlists.items(uri.id)
        case UriType.SHOW:
            return client.catalogue.show_episodes(uri.id)
    return None


def _recent_tracks(client: SpotifyHubClient) -> Pages[Track]:
    """List the latest plays, each track once."""

    async def fetch(_offset: int, _limit: int) -> Page[Track]:
        plays = await client.player.recently_played()
        tracks = tuple({play.track.uri: play.track for play in plays}.values())
        return Page(tracks, len(tracks), 0, len(tracks), has_next=False)

    return Pages(fetch)


def _content(entry: Item | PlaylistEntry | Saved[Item]) -> Item | None:
    return entry.item if isinstance(entry, PlaylistEntry | Saved) else entry
