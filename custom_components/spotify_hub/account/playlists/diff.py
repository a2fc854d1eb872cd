"""What has to be put where, so that a playlist holds what it should."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

# URIs in the order of a playlist; None is an entry that Spotify has nothing for.
type Uris = Sequence[str | None]
type _Token = tuple[str | None, int]
type _Link = tuple[int, int, _Link] | None


@dataclass(frozen=True, slots=True)
class Insert:
    """Items to be put in, from a position; one insert counts on those before it."""

    position: int
    uris: tuple[str, ...]


def is_restorable(uri: str | None) -> bool:
    """Tell whether Spotify takes it into a playlist: no local file, no empty entry."""
    return uri is not None and uri.startswith(("spotify:track:", "spotify:episode:"))


def plan_restore(before: Uris, current: Uris) -> tuple[Insert, ...]:
    """Return what puts back everything that is missing, as near as can be to its place.

    Nothing of `current` goes or changes its order. What can't be restored is left out.
    """
    kept = _aligned(_told_apart(before), _told_apart(current))
    missing = Counter(uri for uri in before if uri and is_restorable(uri))
    missing.subtract(Counter(uri for uri in current if uri))
    inserts: list[Insert] = []
    at = passed = 0
    for index, uri in enumerate(before):
        if index in kept:
            at += kept[index] + 1 - passed
            passed = kept[index] + 1
        elif uri and missing[uri] > 0:
            missing[uri] -= 1
            if inserts and (last := inserts[-1]).position + len(last.uris) == at:
                inserts[-1] = Insert(last.position, (*last.uris, uri))
            else:
                inserts.append(Insert(at, (uri,)))
            at += 1
    return tuple(inserts)


def with_inserts(current: Uris, inserts: Iterable[Insert]) -> tuple[str | None, ...]:
    """Return the list that inserts make, one after the other."""
    result = list(current)
    for insert in inserts:
        result[insert.position : insert.position] = insert.uris
    return tuple(result)


def is_within(some: Uris, all_of_them: Uris) -> bool:
    """Tell whether some stand among others in their order."""
    left = iter(all_of_them)
    return all(uri in left for uri in some)


def count_missing(before: Uris, current: Uris) -> int:
    """Return how many entries of `before` are no longer there."""
    return (Counter(before) - Counter(current)).total()


def gone(before: Uris, now: Uris) -> tuple[str, ...]:
    """Return what stood in a list more often than it does now."""
    less = Counter(before) - Counter(now)
    return tuple(uri for uri in less.elements() if uri)


def doubled(uris: Uris) -> tuple[str, ...]:
    """Return what stands there more than once, and can be put back."""
    counts = Counter(uris)
    return tuple(
        uri for uri, count in counts.items() if uri and count > 1 and is_restorable(uri)
    )


def without(uris: Uris, gone: Collection[str]) -> tuple[str | None, ...]:
    """Return what is left when Spotify removes these, wherever they stand."""
    return tuple(uri for uri in uris if uri not in gone)


def once(uris: Uris, several: Collection[str]) -> tuple[str | None, ...]:
    """Return the list with each of `several` at its first place only."""
    seen: set[str | None] = set()
    left: list[str | None] = []
    for uri in uris:
        if uri not in seen:
            left.append(uri)
        if uri in several:
            seen.add(uri)
    return tuple(left)


def moved_to(start: int, length: int, before: int) -> int:
    """Return where a range begins once it was moved to before a position."""
    return before if before <= start else max(start, before - length)


def _told_apart(uris: Uris) -> list[_Token]:
    """Number what can't be restored: a thousand equal entries would fit a million ways."""
    numbers: Counter[str | None] = Counter()
    told: list[_Token] = []
    for uri in uris:
        if is_restorable(uri):
            told.append((uri, 0))
        else:
            numbers[uri] += 1
            told.append((uri, numbers[uri]))
    return told


def _aligned(before: Sequence[_Token], current: Sequence[_Token]) -> dict[int, int]:
    """Return a longest common subsequence: places in `before` and in `current`.

    By Hunt and Szymanski: fast where few items stand there several times.
    """
    shorter = min(len(before), len(current))
    head = tail = 0
    while head < shorter and before[head] == current[head]:
        head += 1
    while tail < shorter - head and before[-1 - tail] == current[-1 - tail]:
        tail += 1
    places: defaultdict[_Token, list[int]] = defaultdict(list)
    for index in range(len(current) - tail - 1, head - 1, -1):
        places[current[index]].append(index)
    ends: list[int] = []
    chains: list[_Link] = []
    for index in range(head, len(before) - tail):
        for place in places.get(before[index], ()):
            length = bisect_left(ends, place)
            link: _Link = (index, place, chains[length - 1] if length else None)
            ends[length : length + 1] = [place]
            chains[length : length + 1] = [link]
    pairs = {index: index for index in range(head)}
    pairs |= {len(before) - back: len(current) - back for back in range(1, tail + 1)}
    link = chains[-1] if chains else None
    while link is not None:
        index, place, link = link
        pairs[index] = place
    return pairs
