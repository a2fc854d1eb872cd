"""What has to be put where: laws that hold for every playlist."""

from collections import Counter
from collections.abc import Sequence
from time import perf_counter

from hypothesis import given, strategies as st

from custom_components.spotify_hub.account.playlists.diff import (
    count_missing,
    doubled,
    is_restorable,
    moved_to,
    once,
    plan_restore,
    without,
)

TRACKS = st.sampled_from([f"spotify:track:{letter}" for letter in "abcdef"])
FIXED = st.sampled_from([None, "spotify:local:x"])
PLAYLISTS = st.lists(TRACKS, max_size=30)
MIXED = st.lists(st.one_of(TRACKS, FIXED), max_size=30)


def restored(
    before: Sequence[str | None], current: Sequence[str | None]
) -> list[str | None]:
    """Return what Spotify makes of the plan, insert by insert."""
    result = list(current)
    for insert in plan_restore(before, current):
        assert insert.uris
        assert insert.position <= len(result)
        result[insert.position : insert.position] = insert.uris
    return result


@given(PLAYLISTS, st.data())
def test_what_was_taken_out_comes_back_in_place(
    before: list[str | None], data: st.DataObject
) -> None:
    """If nothing else happened since, the playlist is as it was."""
    chosen = data.draw(
        st.lists(st.booleans(), min_size=len(before), max_size=len(before))
    )
    current = [uri for uri, kept in zip(before, chosen, strict=True) if kept]
    assert restored(before, current) == before


@given(MIXED, MIXED)
def test_nothing_is_lost(before: list[str | None], current: list[str | None]) -> None:
    """All that was there is there again as often, and what came since stays in order."""
    result = restored(before, current)
    wanted = Counter(uri for uri in before if is_restorable(uri))
    assert Counter(result) >= wanted
    assert Counter(result) == Counter(current) | (Counter(current) | wanted)
    left = iter(result)
    assert all(uri in left for uri in current)


@given(MIXED)
def test_nothing_is_put_back_that_is_there(before: list[str | None]) -> None:
    """An unchanged playlist needs nothing, in whatever order it is."""
    assert plan_restore(before, before) == ()
    assert plan_restore(before, before[::-1]) == ()


@given(MIXED, MIXED)
def test_a_second_undo_does_nothing(
    before: list[str | None], current: list[str | None]
) -> None:
    """What is restored stays so."""
    assert plan_restore(before, restored(before, current)) == ()


@given(PLAYLISTS)
def test_additions_may_stand_anywhere(before: list[str | None]) -> None:
    """They change no order among the rest."""
    current: list[str | None] = [
        "spotify:track:new",
        *before[1::2],
        "spotify:track:new",
    ]
    result = restored(before, current)
    assert [uri for uri in result if uri != "spotify:track:new"] == before


@given(MIXED)
def test_deduplicating(uris: list[str | None]) -> None:
    """Each stands there once, at its first place; the fixed ones are untouched."""
    several = doubled(uris)
    target = once(uris, several)
    assert restored(target, without(uris, several)) == list(target)
    counts = Counter(target)
    assert all(counts[uri] == 1 for uri in set(target) if is_restorable(uri))
    fixed = [uri for uri in uris if not is_restorable(uri)]
    assert [uri for uri in target if not is_restorable(uri)] == fixed
    assert count_missing(uris, target) == len(uris) - len(target)
    assert list(dict.fromkeys(target)) == list(dict.fromkeys(uris))


@given(st.data())
def test_where_a_moved_range_begins(data: st.DataObject) -> None:
    """It keeps its order, and stands before what stood at the position."""
    total = data.draw(st.integers(1, 12))
    start = data.draw(st.integers(0, total - 1))
    length = data.draw(st.integers(1, total - start))
    before = data.draw(st.integers(0, total))
    target = moved_to(start, length, before)
    items = list(range(total))
    moved = items[start : start + length]
    rest = items[:start] + items[start + length :]
    result = rest[:target] + moved + rest[target:]
    assert result[target : target + length] == moved
    if before < total and before not in moved:
        assert result[target + length] == before


def test_a_long_playlist() -> None:
    """Ten thousand items with a few twins take no time worth naming."""
    before = [f"spotify:track:{number % 9_900}" for number in range(10_000)]
    current = before[5_000:] + before[:2_500]
    assert Counter(restored(before, current)) == Counter(before)


def test_many_entries_without_content() -> None:
    """Thousands of equal ones take no time worth naming, and are left where they are."""
    uris = [f"spotify:track:{number}" for number in range(3_000)]
    before = [one for uri in uris for one in (None, uri)]
    current = [*([None] * 1_000), *uris[::2], *([None] * 2_000)]
    start = perf_counter()
    result = restored(before, current)
    assert perf_counter() - start < 1
    assert Counter(result) == Counter(before)
    assert restored(before, [None] * 3_000) == before
