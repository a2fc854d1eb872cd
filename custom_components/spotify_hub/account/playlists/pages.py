"""Lists of any length, read where the ledger may have no room for a moment."""

from functools import partial

from ...api.models import Page
from ...api.paging import LARGEST_PAGE, Pages
from ..patience import patiently


async def read[T](
    pages: Pages[T], most: int | None = None, offset: int = 0
) -> tuple[list[T], int]:
    """Return a list from a position on, and how many entries the whole one has."""
    found: list[T] = []
    while True:
        left = LARGEST_PAGE if most is None else most - len(found)
        size = min(left, LARGEST_PAGE)
        page: Page[T] = await patiently(partial(pages.page, offset, size))
        found += page.items
        offset += size
        if not page.has_next or (most is not None and len(found) >= most):
            return found, page.total
