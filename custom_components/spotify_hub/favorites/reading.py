"""Reading a list whole, though it changes meanwhile, by as few requests as there can be."""

from collections.abc import Callable, Sequence
from itertools import chain

from ..api import fields
from ..api.errors import InvalidAnswerError
from ..api.models import Json, Page
from ..api.paging import LARGEST_PAGE
from .entries import (
    Key,
    Kind,
    entry_of,
    key_of,
    keys_of,
    playlist_again,
    playlist_of,
    read,
)
from .progress import Progress, Walk
from .snapshot import Saved
from .source import Source
from .status import ListChangesError
from .threads import InThread, in_full

# How often a list may change while it is read, and how often that costs a new start.
MOST_CHANGES = 50
MOST_STARTS = 3
# More that is new than this is read with all the rest, which is kept page by page.
MOST_IN_FRONT = 5 * LARGEST_PAGE

type Heard = Callable[[Kind, int, int], None]


class ListReader:
    """Reads one list of an account; newest entries stand first."""

    def __init__(
        self,
        source: Source,
        kind: Kind,
        progress: Progress,
        in_thread: InThread,
        heard: Heard,
    ) -> None:
        """Keep each page in `progress`; call `heard` with how many of how many there are."""
        self._source = source
        self._kind = kind
        self._progress = progress
        self._in_thread = in_thread
        self._heard = heard

    async def renewed(self, known: Saved) -> Saved | None:
        """Return a known list with what is new in front; None if it fits no more.

        One request, and one more for each 50 that are new, as long as those are few.
        """
        found = await self._front(known.lines, known.total)
        if found is None:
            return None
        self._heard(self._kind, found.total, found.total)
        return Saved((*found.lines, *known.lines), found.total)

    async def whole(self) -> Saved:
        """Return the list, read from the beginning or from where a run was ended.

        Raises:
            ListChangesError: it changes all the time.
            SpotifyApiError, OSError: what was read before is kept.
        """
        starts = 0
        for _ in range(MOST_CHANGES):
            if await self._read_on():
                walk = self._walk
                return Saved(tuple(walk.lines), walk.total or 0)
            walk = self._walk
            found = await self._front(walk.lines, walk.total or 0)
            if found is not None:
                offset = walk.offset + len(found.lines)
                await in_full(
                    self._in_thread,
                    self._progress.front,
                    self._kind,
                    found.lines,
                    offset,
                    found.total,
                )
                continue
            if (starts := starts + 1) == MOST_STARTS:
                break
            await in_full(self._in_thread, self._progress.again, self._kind)
        raise ListChangesError(f"The list of {self._kind} changes all the time")

    @property
    def _walk(self) -> Walk:
        return self._progress.walks.get(self._kind, Walk())

    async def _read_on(self) -> bool:
        """Read to the end; False as soon as the list turns out to have changed."""
        while not (walk := self._walk).is_over:
            page = await self._page(walk.offset)
            if walk.total not in {None, page.total}:
                return False
            if self._overlaps(page) and not await self._stands(walk):
                return False
            await in_full(
                self._in_thread,
                self._progress.page,
                self._kind,
                [entry_of(raw, self._kind) for raw in page.items],
                walk.offset + LARGEST_PAGE,
                page.total,
            )
            self._heard(self._kind, len(self._walk.lines), page.total)
        # A single page is of one moment; many are if the first is still the same.
        return walk.offset <= LARGEST_PAGE or await self._stands(walk)

    async def _stands(self, walk: Walk) -> bool:
        found = await self._front(walk.lines, walk.total or 0)
        return found is not None and not found.lines

    async def _front(self, known: Sequence[bytes], total: int) -> Saved | None:
        """Return what has come in front of what is known, and how many there are now.

        None: something else has changed.
        """
        page = await self._page(0)
        news, raws = page.total - total, list(page.items)
        if news > MOST_IN_FRONT:
            return None
        offset = LARGEST_PAGE
        while len(raws) <= news and offset < page.total:
            more = await self._page(offset)
            if more.total != page.total:
                return None
            raws += more.items
            offset += LARGEST_PAGE
        front = [key_of(raw, self._kind) for raw in raws]
        if not is_in_front(front, keys_of(known[: len(front)], self._kind), news):
            return None
        lines = [entry_of(raw, self._kind) for raw in raws[:news]]
        return Saved(lines, page.total)

    def _overlaps(self, page: Page[Json]) -> bool:
        """Tell whether a page has what the one before had: it has moved backwards."""
        before = set(keys_of(self._walk.lines[-LARGEST_PAGE:], self._kind))
        return any(key_of(raw, self._kind) in before for raw in page.items)

    async def _page(self, offset: int) -> Page[Json]:
        """Return a page; one that lacks entries is asked for once more.

        Raises:
            InvalidAnswerError: it is empty before the end of the list.
        """
        page = await self._source.page(self._kind, offset)
        if len(page.items) < min(LARGEST_PAGE, page.total - offset):
            page = await self._source.page(self._kind, offset)
        if not page.items and offset < page.total:
            raise InvalidAnswerError("A page of a list is empty")
        return page


def is_in_front(front: Sequence[Key], known: Sequence[Key], news: int) -> bool:
    """Tell whether a list is what was known of it with so many new entries in front.

    `front` is its beginning, and reaches into what was known.
    """
    if news < 0:
        return False
    rest = front[news:]
    # Whoever knew something must find some of it.
    return list(rest) == list(known[: len(rest)]) and bool(rest) is bool(known)


class PlaylistsReader:
    """Reads an account's playlists with their items, those that have changed."""

    def __init__(
        self, source: Source, progress: Progress, in_thread: InThread, heard: Heard
    ) -> None:
        """See `ListReader`."""
        self._source = source
        self._progress = progress
        self._in_thread = in_thread
        self._heard = heard

    async def read(self, known: Saved | None) -> Saved:
        """Return all playlists; of those that have not changed what is known of them."""
        before = {
            _id(read(line)["playlist"]): line for line in (known.lines if known else ())
        }
        before |= self._progress.playlists
        lists, lines = await self._listed(), list[bytes]()
        for about in lists:
            if (line := _unchanged(before.get(_id(about)), about)) is None:
                items = await self._source.items(_id(about))
                line = playlist_of(about, items)
                keep = self._progress.playlist
                await in_full(self._in_thread, keep, _id(about), line)
            lines.append(line)
            self._heard(Kind.PLAYLISTS, len(lines), len(lists))
        return Saved(lines, len(lines))

    async def _listed(self) -> list[Json]:
        pages = [await self._source.page(Kind.PLAYLISTS, 0)]
        while (offset := len(pages) * LARGEST_PAGE) < pages[0].total:
            pages.append(await self._source.page(Kind.PLAYLISTS, offset))
        # One that is moved or added meanwhile is seen twice.
        return list(
            {_id(one): one for one in chain(*(page.items for page in pages))}.values()
        )


def _id(playlist: Json) -> str:
    return fields.text(playlist, "id") or ""


def _unchanged(line: bytes | None, about: Json) -> bytes | None:
    """Return what is known of a playlist, by the name it has now; None if it changed."""
    if line is None:
        return None
    known = read(line)
    version = fields.text(about, "snapshot_id")
    if version is None or version != fields.text(known["playlist"], "snapshot_id"):
        return None
    return playlist_again(about, known)
