"""Lists by offset and by cursor, also where Spotify's paging misleads."""

from collections.abc import Awaitable, Callable

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import NotFoundError
from custom_components.spotify_hub.api.models import Page
from custom_components.spotify_hub.api.paging import CursorPage, CursorPages, Pages
from tests.emulator import Emulator, Fault

ENOUGH = 1000

type Fetch = Callable[[int, int], Awaitable[Page[int]]]


class Numbers:
    """A list of numbers, of which some come as null; it keeps the windows asked for."""

    def __init__(self, count: int, nulls: frozenset[int] = frozenset()) -> None:
        """Hold the numbers from 0."""
        self.all = range(count)
        self.nulls = nulls
        self.windows: list[tuple[int, int]] = []

    @property
    def shown(self) -> list[int]:
        """Return what is not null."""
        return [number for number in self.all if number not in self.nulls]

    async def fetch(self, offset: int, limit: int) -> Page[int]:
        """Return a window."""
        self.windows.append((offset, limit))
        assert len(self.windows) < ENOUGH, "This never ends"
        window = self.all[offset : offset + limit]
        return Page(
            tuple(number for number in window if number not in self.nulls),
            total=len(self.all),
            offset=offset,
            limit=limit,
            has_next=offset + limit < len(self.all),
        )


async def _all[T](pages: Pages[T] | CursorPages[T]) -> list[T]:
    return [item async for item in pages]


@pytest.mark.parametrize(
    ("count", "requests"),
    [(0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (149, 3), (230, 5)],
)
async def test_r13_every_item_of_every_page_comes_in_order(
    count: int, requests: int
) -> None:
    """Upstream stops after the first 48."""
    numbers = Numbers(count)
    assert await _all(Pages(numbers.fetch)) == list(range(count))
    assert numbers.windows == [(50 * page, 50) for page in range(requests)]


async def test_a_list_of_smaller_pages_is_asked_for_in_those() -> None:
    """Search and an artist's albums have ten a page."""
    numbers = Numbers(25)
    assert await _all(Pages(numbers.fetch, largest=10)) == list(range(25))
    assert numbers.windows == [(0, 10), (10, 10), (20, 10)]


@pytest.mark.parametrize(
    ("offset", "limit", "windows", "has_next"),
    [
        (0, None, [(0, 50)], True),
        (100, None, [(100, 50)], False),
        (0, 10, [(0, 10)], True),
        (7, 50, [(7, 50)], True),
        (0, 51, [(0, 50), (50, 1)], True),
        (20, 100, [(20, 50), (70, 50)], False),
        (0, 120, [(0, 50), (50, 50), (100, 20)], False),
        (0, 1000, [(0, 50), (50, 50), (100, 50)], False),
        (110, 1000, [(110, 50)], False),
        (500, 50, [(500, 50)], False),
    ],
)
async def test_a_window_takes_as_many_requests_as_it_must(
    offset: int, limit: int | None, windows: list[tuple[int, int]], *, has_next: bool
) -> None:
    """Also one wider than Spotify's largest page; none is asked for past the end."""
    numbers = Numbers(120)
    page = await Pages(numbers.fetch).page(offset, limit)
    wanted = 50 if limit is None else limit
    assert page.items == tuple(numbers.all[offset : offset + wanted])
    assert (page.total, page.offset, page.limit) == (120, offset, wanted)
    assert page.has_next is has_next
    assert numbers.windows == windows


@given(
    count=st.integers(0, 130),
    nulls=st.frozensets(st.integers(0, 130)),
    offset=st.integers(0, 150),
    limit=st.integers(1, 150),
    largest=st.integers(1, 50),
)
async def test_windows_and_the_whole_list_agree(
    count: int, nulls: frozenset[int], offset: int, limit: int, largest: int
) -> None:
    """Whatever stands where, however it is cut."""
    numbers = Numbers(count, nulls)
    pages = Pages(numbers.fetch, largest)
    assert await _all(pages) == numbers.shown
    page = await pages.page(offset, limit)
    window = numbers.all[offset : offset + limit]
    assert page.items == tuple(number for number in window if number not in nulls)


async def test_nulls_are_skipped_and_count_as_part_of_their_window() -> None:
    """Spotify's own playlists come as null: nobody is told that more are to come."""
    numbers = Numbers(5, frozenset({1, 3}))
    page = await Pages(numbers.fetch).page()
    assert page.items == (0, 2, 4)
    assert page.total == 5


async def test_a_page_of_nothing_but_nulls_is_not_the_end() -> None:
    """A person may follow fifty playlists of Spotify's making in a row."""
    numbers = Numbers(150, frozenset(range(100)))
    assert await _all(Pages(numbers.fetch)) == list(range(100, 150))


@pytest.mark.parametrize("total", [0, 50, 120])
async def test_an_endless_next_on_empty_pages_ends(total: int) -> None:
    """A `next` past the end of the list leads nowhere."""
    fetched: list[int] = []

    async def fetch(offset: int, limit: int) -> Page[int]:
        fetched.append(offset)
        assert len(fetched) < ENOUGH, "This never ends"
        items = tuple(range(offset, min(offset + limit, total)))
        return Page(items, total, offset, limit, has_next=True)

    assert await _all(Pages(fetch)) == list(range(total))
    assert len(fetched) <= total / 50 + 2


async def test_a_window_ends_with_its_list_although_there_is_a_next() -> None:
    """However wide it is."""
    fetched: list[int] = []

    async def fetch(offset: int, limit: int) -> Page[int]:
        fetched.append(offset)
        items = tuple(range(offset, min(offset + limit, 60)))
        return Page(items, 60, offset, limit, has_next=True)

    page = await Pages(fetch).page(0, 100_000)
    assert page.items == tuple(range(60))
    assert not page.has_next
    assert len(fetched) <= 3


async def test_a_list_that_grows_while_it_is_read_is_read_to_its_end() -> None:
    """Someone likes a song meanwhile."""
    numbers = Numbers(50)
    pages = Pages(numbers.fetch)
    found: list[int] = []
    numbers.all = range(60)
    async for number in pages:
        found.append(number)
        numbers.all = range(75)
    assert found == list(range(75))


async def test_what_came_before_a_failed_page_has_come(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """The error is raised out of the iteration."""
    emulator.faults.add(Fault("/v1/me/tracks", times=1, status=None))
    emulator.faults.add(Fault("/v1/me/tracks", times=1, status=500, body="No"))
    emulator.faults.add(Fault("/v1/me/tracks", times=1, status=404, body="No"))
    tracks = aiter(anna.library.saved_tracks())
    for _ in range(50):
        await anext(tracks)
    with pytest.raises(NotFoundError):
        await anext(tracks)


async def test_an_iteration_can_be_left_and_begun_anew(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """Whoever wants the first ten pays for one page."""
    tracks = anna.library.saved_tracks()
    first = [await anext(aiter(tracks)) for _ in range(2)]
    assert first[0] == first[1]
    assert len(emulator.requests) == 2


class Chain:
    """A list by cursor: each cursor leads to a page."""

    def __init__(self, **pages: tuple[tuple[int, ...], str | None]) -> None:
        """Begin with the page called `start`."""
        self.pages = pages
        self.asked: list[str | None] = []

    async def fetch(self, after: str | None) -> CursorPage[int]:
        """Return the page after a cursor."""
        self.asked.append(after)
        assert len(self.asked) < ENOUGH, "This never ends"
        items, following = self.pages[after or "start"]
        return CursorPage(items, following, None, None)


@pytest.mark.parametrize(
    ("chain", "items", "requests"),
    [
        (Chain(start=((), None)), [], 1),
        (Chain(start=((1, 2), None)), [1, 2], 1),
        (Chain(start=((1, 2), "a"), a=((3,), None)), [1, 2, 3], 2),
        (Chain(start=((1,), "a"), a=((2,), "b"), b=((), None)), [1, 2], 3),
        (Chain(start=((1,), "a"), a=((2,), "a")), [1, 2], 2),
        (Chain(start=((1,), "a"), a=((2,), "b"), b=((3,), "a")), [1, 2, 3], 3),
        (Chain(start=((1,), "a"), a=((), "b"), b=((), "c"), c=((), "d")), [1], 2),
    ],
    ids=["empty", "one", "two", "empty end", "same again", "circle", "endless"],
)
async def test_r12_cursors_are_followed_to_their_end_and_never_in_circles(
    chain: Chain, items: list[int], requests: int
) -> None:
    """Upstream drops them."""
    assert await _all(CursorPages(chain.fetch)) == items
    assert len(chain.asked) == requests


async def test_the_first_page_by_cursor_tells_where_the_next_begins() -> None:
    """For whoever wants no more than that."""
    chain = Chain(start=((1, 2), "a"))
    page = await CursorPages(chain.fetch).first()
    assert page.items == (1, 2)
    assert page.after == "a"
