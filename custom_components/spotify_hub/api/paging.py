"""Spotify's lists, page by page or as one stream of items.

Sources: https://developer.spotify.com/documentation/web-api/concepts/api-calls
(offset paging); the references of /me/following and /me/player/recently-played
(cursors).
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from .models import Page

# What every list of Spotify allows, but search and an artist's albums.
LARGEST_PAGE = 50


class Pages[T]:
    """A list that is fetched by offset, one page at a time.

    Iterating yields every item of every page, in order. A page that cannot be
    had raises out of the iteration; what came before has been yielded.
    """

    def __init__(
        self,
        fetch: Callable[[int, int], Awaitable[Page[T]]],
        largest: int = LARGEST_PAGE,
    ) -> None:
        """Fetch pages by `fetch(offset, limit)`, of `largest` items at most."""
        self._fetch = fetch
        self._largest = largest

    async def page(self, offset: int = 0, limit: int | None = None) -> Page[T]:
        """Return the window that begins at `offset`.

        A window wider than Spotify's largest page takes several requests.
        """
        wanted = self._largest if limit is None else limit
        end = offset + wanted
        page = await self._fetch(offset, min(wanted, self._largest))
        items, start = page.items, offset
        while start + self._largest < end and _goes_on(page, start):
            start += self._largest
            page = await self._fetch(start, min(end - start, self._largest))
            items += page.items
        return Page(items, page.total, offset, wanted, _goes_on(page, start))

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield all items."""
        offset = 0
        while True:
            page = await self._fetch(offset, self._largest)
            for item in page.items:
                yield item
            if not _goes_on(page, offset):
                return
            offset += self._largest


def _goes_on[T](page: Page[T], offset: int) -> bool:
    """Tell whether more follows; past the end of a list its `next` leads nowhere."""
    # An empty page before the end is one of nulls, with more behind it.
    return page.has_next and (bool(page.items) or offset < page.total)


@dataclass(frozen=True, slots=True)
class CursorPage[T]:
    """One page of a list that goes on from a cursor; `total` where Spotify counts."""

    items: tuple[T, ...]
    after: str | None
    before: str | None
    total: int | None


class CursorPages[T]:
    """A list that is fetched by cursor, forward only."""

    def __init__(self, fetch: Callable[[str | None], Awaitable[CursorPage[T]]]) -> None:
        """Fetch the page that begins after a cursor; None is the start."""
        self._fetch = fetch

    async def first(self) -> CursorPage[T]:
        """Return the first page."""
        return await self._fetch(None)

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield all items."""
        cursor: str | None = None
        seen = {cursor}
        while True:
            page = await self._fetch(cursor)
            for item in page.items:
                yield item
            # No cursor, or one that leads in a circle.
            if not page.items or page.after in seen:
                return
            cursor = page.after
            seen.add(cursor)
