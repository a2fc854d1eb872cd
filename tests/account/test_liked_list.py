"""What is known of Liked Songs, and when that is asked for anew."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.spotify_hub.account.liked_list import (
    FRESH,
    LIST_FRESH,
    Ask,
    LikedList,
    LikedSong,
    changed,
    looked,
    to_ask,
)

NOW = datetime(2026, 11, 27, 20, tzinfo=UTC)
SONG = "spotify:track:a"
A_LITTLE = timedelta(seconds=1)

type Front = list[tuple[str, LikedSong]]


def uri(number: int) -> str:
    """Return the URI of a song."""
    return f"spotify:track:{number:022d}"


def listed(*numbers: int, others: int = 0) -> LikedList:
    """Return a list of songs; `others` are counted by Spotify alone."""
    songs = {uri(number): LikedSong(f"Song {number}") for number in numbers}
    return LikedList(songs, len(songs) + others, NOW)


def front(*numbers: int) -> Front:
    """Return how the list begins at Spotify."""
    return [(uri(number), LikedSong(f"Song {number}")) for number in numbers]


@pytest.mark.parametrize(
    ("item", "marked", "copied", "total", "ask"),
    [
        (SONG, None, None, None, Ask.ITEM),
        (SONG, FRESH, None, None, Ask.ITEM),
        (SONG, FRESH - A_LITTLE, None, None, Ask.NOTHING),
        (SONG, None, LIST_FRESH - A_LITTLE, 5, Ask.NOTHING),
        (SONG, None, LIST_FRESH - A_LITTLE, None, Ask.NOTHING),
        (SONG, None, LIST_FRESH, 5, Ask.LIST),
        (SONG, FRESH, timedelta(days=2), 5, Ask.LIST),
        (SONG, FRESH - A_LITTLE, timedelta(days=2), 5, Ask.NOTHING),
        (SONG, None, LIST_FRESH, None, Ask.ITEM),
        # Clocks are set back.
        (SONG, None, -timedelta(days=2), 5, Ask.LIST),
        (SONG, -timedelta(days=2), None, None, Ask.ITEM),
        ("spotify:episode:a", None, timedelta(0), 5, Ask.ITEM),
        ("spotify:episode:a", FRESH - A_LITTLE, timedelta(0), 5, Ask.NOTHING),
    ],
)
def test_what_is_asked(
    item: str,
    marked: timedelta | None,
    copied: timedelta | None,
    total: int | None,
    ask: Ask,
) -> None:
    """Nothing that is known; the whole list at once rather than one item."""
    known = None if copied is None else LikedList({}, total, NOW - copied)
    at = None if marked is None else NOW - marked
    assert to_ask(item, at, known, NOW) is ask


def test_what_is_new_stands_in_front() -> None:
    """It is taken along, and the list is as fresh as the look."""
    later = NOW + timedelta(hours=1)
    seen = looked(listed(1, 2, others=1), front(4, 3, 1, 2), 5, later)
    assert list(seen.songs) == [uri(4), uri(3), uri(1), uri(2)]
    assert (seen.total, seen.at) == (5, later)
    assert looked(seen, front(4, 3, 1, 2), 5, NOW).songs == seen.songs


@pytest.mark.parametrize(
    ("begins", "total"),
    [
        pytest.param((1, 2), 2, id="one is gone"),
        pytest.param((4, 1, 2), 3, id="one came and one is gone"),
        pytest.param((1, 4, 2), 4, id="one came that is not in front"),
        pytest.param((1, 2, 3), 4, id="one came that is not seen"),
        pytest.param((4, 5, 6), 6, id="only what is new is seen"),
    ],
)
def test_what_does_not_fit_is_not_believed(begins: tuple[int, ...], total: int) -> None:
    """The list stays as it was known, and is compared no more."""
    known = listed(1, 2, 3)
    seen = looked(known, front(*begins), total, NOW + timedelta(hours=1))
    assert (seen.songs, seen.total, seen.at) == (known.songs, None, NOW)


def test_an_empty_list_may_fill() -> None:
    """Nothing that was known has to be found again."""
    seen = looked(listed(), front(1), 1, NOW)
    assert list(seen.songs) == [uri(1)]


def test_changes_are_counted_once() -> None:
    """What is liked already, or not, changes no number; episodes are no songs."""
    marks = {uri(1): True, uri(2): False, uri(7): False, uri(9): True}
    marks["spotify:episode:a"] = True
    known = changed(listed(1, 2, 3, others=1), marks, {uri(9): LikedSong("Nine")})
    assert list(known.songs) == [uri(9), uri(1), uri(3)]
    assert known.songs[uri(9)].name == "Nine"
    assert known.total == 4


@given(
    st.lists(st.integers(0, 9), unique=True, max_size=8),
    st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=6),
    st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=6),
    st.integers(1, 12),
    st.integers(0, 2),
)
def test_a_list_that_is_believed_is_right(
    begin: list[int],
    here: list[tuple[bool, int]],
    elsewhere: list[tuple[bool, int]],
    page: int,
    others: int,
) -> None:
    """Whatever was changed here, and less than a page's worth on phones."""
    assume(len(elsewhere) < page)
    known, spotifys = listed(*begin, others=others), list(begin)
    for liked, number in here:
        known = changed(known, {uri(number): liked}, {})
        _change(spotifys, number, liked=liked)
    for liked, number in elsewhere:
        _change(spotifys, number, liked=liked)
    before: Mapping[str, LikedSong] = known.songs
    seen = looked(known, front(*spotifys[:page]), len(spotifys) + others, NOW)
    if seen.total is None:
        assert seen.songs == before
    else:
        assert set(seen.songs) == set(map(uri, spotifys))


def _change(spotifys: list[int], number: int, *, liked: bool) -> None:
    if number in spotifys:
        spotifys.remove(number)
    if liked:
        spotifys.insert(0, number)
