"""What an account has saved, follows, and plays most or lately: read, sorted, filtered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from ..api.client import SpotifyHubClient
from ..api.library import TimeRange
from ..api.models import Play, Saved
from ..api.paging import LARGEST_PAGE, Pages
from .hits import Hit, hit_of
from .names import words
from .patience import patiently

# All that Spotify answers reliably of top lists, and all it has of recent plays.
LONGEST = 50


class Shelf(StrEnum):
    """A list of the library."""

    TRACKS = "tracks"
    ALBUMS = "albums"
    SHOWS = "shows"
    EPISODES = "episodes"
    AUDIOBOOKS = "audiobooks"
    PLAYLISTS = "playlists"
    ARTISTS = "artists"


class Order(StrEnum):
    """By what a list is sorted; ADDED is Spotify's own order, newest first."""

    ADDED = "added"
    NAME = "name"
    ARTIST = "artist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a list is wanted, and how it is sorted.

    `reverse` turns the order around. `text` is looked for in names and makers,
    whatever case and accents. No `limit` means everything from `offset` on.
    """

    order: Order = Order.ADDED
    reverse: bool = False
    text: str = ""
    offset: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the library; since when it is there, where Spotify tells."""

    hit: Hit
    added_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a list; `total` counts all that is, or all that has the text."""

    entries: tuple[Entry, ...]
    total: int


class LibraryLists:
    """Reads the lists of one account; every method raises SpotifyApiError."""

    def __init__(self, client: SpotifyHubClient) -> None:
        """Read by `client`."""
        self._client = client

    async def read(self, shelf: Shelf, wanted: Wanted) -> Shown:
        """Return a part of a list, by as few requests as there can be.

        Spotify sorts and searches nothing: whatever is not a part of its own
        order takes the whole list, 50 entries a request.
        """
        if wanted.order is not Order.ADDED or wanted.text.strip():
            entries = arranged(await self._all(shelf), wanted)
            return Shown(_part(entries, wanted), len(entries))
        if shelf is Shelf.ARTISTS:
            return await self._artists(wanted)
        return await _window(self._pages(shelf), wanted)

    async def top_tracks(self, span: TimeRange, limit: int) -> tuple[Hit, ...]:
        """Return the tracks played most, at most 50, best first."""
        page = await self._client.library.top_tracks(span).page(0, limit)
        return tuple(map(hit_of, page.items))

    async def top_artists(self, span: TimeRange, limit: int) -> tuple[Hit, ...]:
        """Return the artists played most, at most 50, best first."""
        page = await self._client.library.top_artists(span).page(0, limit)
        return tuple(map(hit_of, page.items))

    async def recent(self, limit: int) -> tuple[Play, ...]:
        """Return the latest plays of tracks, at most 50, newest first."""
        return await self._client.player.recently_played(limit)

    async def _all(self, shelf: Shelf) -> tuple[Entry, ...]:
        if shelf is Shelf.ARTISTS:
            return (await self._artists(Wanted())).entries
        return (await _window(self._pages(shelf), Wanted())).entries

    async def _artists(self, wanted: Wanted) -> Shown:
        """Return followed artists, whose list can only be read from its beginning."""
        whole = wanted.reverse or wanted.limit is None
        end = None if whole else wanted.offset + (wanted.limit or 0)
        found: list[Any] = []
        cursor: str | None = None
        seen = {cursor}
        while True:
            ask = partial(self._client.library.followed_artists_page, cursor)
            page = await patiently(ask)
            found += page.items
            enough = end is not None and len(found) >= end
            # No cursor, or one that leads in a circle.
            if enough or not page.items or page.after in seen:
                break
            cursor = page.after
            seen.add(cursor)
        entries = _entries(found)
        if wanted.reverse:
            entries = entries[::-1]
        total = len(entries) if page.total is None else page.total
        return Shown(_part(entries, wanted), total)

    def _pages(self, shelf: Shelf) -> Pages[Any]:
        library = self._client.library
        match shelf:
            case Shelf.ALBUMS:
                return library.saved_albums()
            case Shelf.SHOWS:
                return library.saved_shows()
            case Shelf.EPISODES:
                return library.saved_episodes()
            case Shelf.AUDIOBOOKS:
                return library.saved_audiobooks()
            case Shelf.PLAYLISTS:
                return self._client.playlists.mine()
        return library.saved_tracks()


def arranged(entries: Sequence[Entry], wanted: Wanted) -> tuple[Entry, ...]:
    """Return the entries that have the text, in the order that is wanted."""
    asked = words(wanted.text) if wanted.text.strip() else ()
    found = [
        entry for entry in entries if all(word in _spoken(entry.hit) for word in asked)
    ]
    match wanted.order:
        case Order.NAME:
            found.sort(key=lambda entry: words(entry.hit.name))
        case Order.ARTIST:
            found.sort(key=lambda entry: (_by(entry.hit), words(entry.hit.name)))
    return tuple(found[::-1] if wanted.reverse else found)


async def _window(pages: Pages[Any], wanted: Wanted) -> Shown:
    """Return a part of a list in Spotify's own order, or counted from its end."""
    if not wanted.reverse:
        return await _read(pages, wanted.offset, wanted.limit)
    if wanted.limit is None:
        whole = await _read(pages, 0, None)
        return Shown(_part(whole.entries[::-1], wanted), whole.total)
    total = (await patiently(partial(pages.page, 0, 1))).total
    end = max(0, total - wanted.offset)
    begin = max(0, end - wanted.limit)
    if begin == end:
        return Shown((), total)
    part = await _read(pages, begin, end - begin)
    return Shown(part.entries[::-1], total)


async def _read(pages: Pages[Any], offset: int, limit: int | None) -> Shown:
    found: list[Any] = []
    while True:
        size = LARGEST_PAGE if limit is None else min(LARGEST_PAGE, limit)
        page = await patiently(partial(pages.page, offset, size))
        found += page.items
        offset += size
        if limit is not None:
            limit -= size
        if limit == 0 or not page.has_next:
            return Shown(_entries(found), page.total)


def _entries(found: Iterable[Any]) -> tuple[Entry, ...]:
    """Return each thing once: what is saved meanwhile pushes others to the next page."""
    entries: dict[str, Entry] = {}
    for one in found:
        added_at = one.added_at if isinstance(one, Saved) else None
        hit = hit_of(one.item if isinstance(one, Saved) else one)
        entries.setdefault(hit.uri, Entry(hit, added_at))
    return tuple(entries.values())


def _part(entries: tuple[Entry, ...], wanted: Wanted) -> tuple[Entry, ...]:
    end = None if wanted.limit is None else wanted.offset + wanted.limit
    return entries[wanted.offset : end]


def _spoken(hit: Hit) -> str:
    return " ".join((*words(hit.name), *words(hit.subtitle)))


def _by(hit: Hit) -> tuple[str, ...]:
    return words(hit.subtitle)
