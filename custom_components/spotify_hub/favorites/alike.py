"""Whether two copies hold the same, and what one has that the other lacks."""

from collections.abc import Sequence

from .diff import surplus
from .entries import Kind, Song, flags_by_uri, keys_of, song_of
from .snapshot import Saved, Snapshot


def differ(one: Snapshot, other: Snapshot) -> bool:
    """Tell whether a copy is worth writing: what only its makers changed is not."""
    if one.lists.keys() != other.lists.keys() or one.market != other.market:
        return True
    return any(_changed(kind, one.lists[kind], other.lists[kind]) for kind in one.lists)


def _changed(kind: Kind, one: Saved, other: Saved) -> bool:
    if one.total != other.total or len(one.lines) != len(other.lines):
        return True
    if list(one.lines) == list(other.lines):
        return False
    if kind is Kind.PLAYLISTS:
        return True
    if kind is Kind.TRACKS and flags_by_uri(one.lines) != flags_by_uri(other.lines):
        return True
    return keys_of(one.lines, kind) != keys_of(other.lines, kind)


def loses(one: Snapshot, other: Snapshot) -> bool:
    """Tell whether a copy has something that the other lacks."""
    return any(
        kind not in other.lists
        or not set(keys_of(saved.lines, kind))
        <= set(keys_of(other.lists[kind].lines, kind))
        for kind, saved in one.lists.items()
    ) or (Kind.PLAYLISTS in one.lists and differ(one, other))


def only_in(lines: Sequence[bytes], others: Sequence[bytes]) -> tuple[Song, ...]:
    """Return the songs that others lack; the others are never all in memory."""
    here, there = (
        [uri for _, uri in keys_of(some, Kind.TRACKS)] for some in (lines, others)
    )
    return tuple(song_of(lines[place]) for place in surplus(here, there))
