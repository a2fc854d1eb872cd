"""Which plays stand behind sightings: one pure function of a set, whatever its order.

All sightings handed in are of one account and of one work (items that count as one).
Own watching knows the start and sees pauses; a row of the export is one stretch of
listening with an exact end; its account data know only the minute; the recent list
gives one moment, which may be either end. Each source is laid along the plays that
better ones saw, in order, so that as much as can be fits: what fits is the same play,
what is left over is one of its own. So repeats stay apart, and pauses don't part.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

LIVE, RECENT, EXTENDED, DIGEST = 1, 2, 4, 8
START, END, EITHER = 0, 1, 2
START_ESTIMATED, LISTENED_ESTIMATED = 1, 2

# No listening is taken to last longer, whatever a source says.
LONGEST = 12 * HOUR
# How far two sources may be apart on the same moment: as long as polls are.
SLACK = 2 * MINUTE
# How long a pause may be that only the recent list's stamp hints at.
PAUSE = 30 * MINUTE
# How much two watchings of plays that follow each other may overlap by mistake.
JITTER = 10 * SECOND
SAME_START = 2 * SECOND
# The recent list leaves out what was played for less than half a minute.
TOO_SHORT_TO_LIST = 20 * SECOND
HEARD_AFTER = 30 * SECOND
# A sighting's stamp is at most so far from a span that it touches.
REACH = LONGEST + PAUSE + SLACK + MINUTE

# The numbers of these of Spotify's reasons are the same in every archive.
REASONS = {"trackdone": 1, "fwdbtn": 2, "backbtn": 3}
FINISHED = REASONS["trackdone"]
LEFT_EARLY = frozenset({REASONS["fwdbtn"], REASONS["backbtn"]})
# Whose word on item, speaker and context is taken first.
_EXACT = LIVE | EXTENDED
_TRUST = {LIVE: 0, EXTENDED: 1, RECENT: 2, DIGEST: 3}


class Seen(NamedTuple):
    """A sighting as it is stored, by numbers; the first five and `late` are its key.

    `at` is its stamp, except where an offline stamp shows that it came late, by
    `late` milliseconds. `lasted` is from `at` to when it stopped, pauses included.
    """

    account: int
    at: int
    item: int
    source: int
    position: int
    late: int = 0
    means: int = END
    listened: int | None = None
    lasted: int | None = None
    length: int | None = None
    skipped: int | None = None
    reason_start: int | None = None
    reason_end: int | None = None
    shuffle: int | None = None
    offline: int | None = None
    offline_since: int | None = None
    speaker: int | None = None
    context: int | None = None


class Played(NamedTuple):
    """A play as it is stored; the first four are its key."""

    account: int
    started: int
    item: int
    ordinal: int
    listened: int
    paused: int
    skipped: int | None
    heard: int
    sources: int
    estimated: int
    speaker: int | None
    context: int | None


type Group = list[Seen]
type Fit = Callable[[Seen, Group], int | None]


def derive(sightings: Iterable[Seen]) -> list[Played]:
    """Return the plays behind sightings of one account and work."""
    rows = list(sightings)
    if all(seen.source == EXTENDED for seen in rows):
        # The export tells of each listening once; most of an import is settled by that.
        return numbered(map(alone, rows))
    return numbered(play(group) for group in grouped(rows))


def grouped(sightings: Iterable[Seen]) -> list[Group]:
    """Return the sightings, those of one play together."""
    return [group for stretch in stretches(sightings) for group in _groups(stretch)]


def numbered(plays: Iterable[Played]) -> list[Played]:
    """Return plays, those with equal start and item told apart."""
    found = list(plays)
    if len({one[:3] for one in found}) == len(found):
        return found
    taken: Counter[tuple[int, int, int]] = Counter()
    for index, one in enumerate(sorted(found, key=_by_content)):
        key = one[:3]
        found[index] = one._replace(ordinal=taken[key])
        taken[key] += 1
    return found


def stretches(sightings: Iterable[Seen]) -> Iterator[list[Seen]]:
    """Go through sightings, those that may have to do with each other together."""
    stretch: list[Seen] = []
    reach = 0
    placed = [(span(seen), seen) for seen in sightings]
    placed.sort(key=lambda one: one[0])
    for (low, high), seen in placed:
        if stretch and low > reach:
            yield stretch
            stretch = []
        reach = max(reach, high) if stretch else high
        stretch.append(seen)
    if stretch:
        yield stretch


def span(seen: Seen) -> tuple[int, int]:
    """Return the time within which another sighting may be of the same play."""
    begin, end = moments(seen)
    if seen.source == RECENT:
        return begin, end
    early = SLACK if seen.source == LIVE else PAUSE
    return begin - early, end + SLACK + (MINUTE if seen.source == DIGEST else 0)


def moments(seen: Seen) -> tuple[int, int]:
    """Return when what was sighted began and ended, by its own word.

    A stamp that may be either is taken for the end, which it mostly is.
    """
    extent = seen.lasted or seen.listened or seen.length or 0
    extent = min(extent, LONGEST)
    if seen.means == START:
        return seen.at, seen.at + extent
    return seen.at - extent, seen.at


def skipped_of(seen: Seen) -> bool | None:
    """Return whether a listening was skipped, as far as its source tells."""
    if seen.skipped or seen.reason_end in LEFT_EARLY:
        return True
    if seen.reason_end is not None or seen.skipped is not None:
        return False
    return None


def play(group: Sequence[Seen]) -> Played:
    """Return what the sightings of one play know together."""
    if len(group) == 1:
        return alone(group[0])
    group = sorted(group, key=_by_trust)
    best = group[0]
    start, end = bounds(group)
    listened = _listened(group)
    length = max(
        (seen.length or 0 for seen in group if seen.source == RECENT), default=0
    )
    total = length if listened is None else listened
    sources = 0
    speaker = context = skipped = None
    listed = finished = False
    for seen in group:
        sources |= seen.source
        speaker = speaker or seen.speaker
        context = context or seen.context
        listed |= seen.source == RECENT
        finished |= seen.reason_end == FINISHED
    for seen in _by_end(group):
        skipped = skipped_of(seen) if skipped is None else skipped
    exact = sources & _EXACT
    return Played(
        best.account,
        start,
        best.item,
        0,
        total,
        max(0, end - start - total),
        None if skipped is None else int(skipped),
        int(listed or listened is None or listened >= HEARD_AFTER or finished),
        sources,
        (0 if exact else START_ESTIMATED)
        | (LISTENED_ESTIMATED if listened is None else 0),
        speaker,
        context,
    )


def alone(seen: Seen) -> Played:
    """Return the play that one sighting tells of, as most are: the same as `play`, faster."""
    listened, source, end = seen.listened, seen.source, seen.reason_end
    heard = listened is None or listened >= HEARD_AFTER or end == FINISHED
    if source == EXTENDED and listened is not None and seen.means == END:
        start, paused = seen.at - listened, 0
    else:
        start, ended = moments(seen)
        paused = max(0, ended - start - (listened or seen.length or 0))
    if seen.skipped or end in LEFT_EARLY:
        skipped: int | None = 1
    else:
        skipped = None if end is None and seen.skipped is None else 0
    return Played(
        seen.account,
        start,
        seen.item,
        0,
        (seen.length or 0) if listened is None else listened,
        paused,
        skipped,
        1 if heard or source == RECENT else 0,
        source,
        (0 if source & _EXACT else START_ESTIMATED)
        | (LISTENED_ESTIMATED if listened is None else 0),
        seen.speaker,
        seen.context,
    )


def bounds(group: Sequence[Seen]) -> tuple[int, int]:
    """Return when a play began and ended."""
    if len(group) == 1:
        return moments(group[0])
    live = _of(group, LIVE)
    exact = _of(group, EXTENDED) or _of(group, DIGEST)
    known = live or exact or list(group)
    start = min(moments(seen)[0] for seen in known)
    end = max(moments(seen)[1] for seen in exact or known)
    if not live:
        # A listed stamp from before the listening is its start, with a pause after.
        start = min(start, *(seen.at for seen in group if seen.source == RECENT), start)
    return start, max(start, end)


def _listened(group: Sequence[Seen]) -> int | None:
    """Return how long was listened: the export adds up, our own watching overlaps."""
    if len(group) == 1:
        return group[0].listened
    for source in (EXTENDED, DIGEST):
        told = [seen.listened for seen in group if seen.source == source]
        if known := [one for one in told if one is not None]:
            return sum(known)
    return max(
        (seen.listened for seen in group if seen.listened is not None), default=None
    )


def _groups(stretch: list[Seen]) -> list[Group]:
    """Lay one source after another along what better ones saw."""
    if len(stretch) == 1:
        return [stretch]
    groups = _watched(_of(stretch, LIVE))
    groups = _laid(_of(stretch, EXTENDED), groups, _fits_extended)
    groups = _laid(_of(stretch, DIGEST), groups, _fits_digest)
    return _laid(_of(stretch, RECENT), groups, _fits_recent)


def _watched(lives: Iterable[Seen]) -> list[Group]:
    """Join watchings of one play that a restart parted: two can't go on at once."""
    groups: list[Group] = []
    reach = 0
    for seen in sorted(lives):
        begin, end = moments(seen)
        if groups and (
            begin - groups[-1][0].at <= SAME_START
            or reach - begin > JITTER
            or (reach - begin) * 2 > end - begin
        ):
            groups[-1].append(seen)
            reach = max(reach, end)
        else:
            groups.append([seen])
            reach = end
    return groups


def _laid(rows: list[Seen], groups: list[Group], fits: Fit) -> list[Group]:
    """Give each row the group that it fits, or that it happened during, or its own."""
    rows = sorted(rows)
    if not rows or not groups:
        return groups + [[row] for row in rows]
    placed = sorted((bounds(group), group) for group in groups)
    groups = [group for _, group in placed]
    pairs = aligned(rows, groups, [start for (start, _), _ in placed], fits)
    alone: list[Group] = []
    for index, row in enumerate(rows):
        begin, end = moments(row)
        middle, margin = (
            (row.at, SLACK) if row.source == RECENT else ((begin + end) // 2, 0)
        )
        during = next(
            (
                group
                for (start, stop), group in placed
                if start + margin < middle < stop - margin
            ),
            None,
        )
        if index in pairs:
            groups[pairs[index]].append(row)
        elif during is not None:
            during.append(row)
        else:
            alone.append([row])
    return groups + alone


def aligned(
    rows: Sequence[Seen], groups: Sequence[Group], starts: Sequence[int], fits: Fit
) -> dict[int, int]:
    """Return which group each row fits, in order: as many as can be, then as near.

    `starts` are the groups' starts, in order.
    """
    # best[k] is what can be had with the first k groups, for the rows so far: how many
    # fit (negative), how far apart they are, and the pairs as a chain. Beyond its
    # end all are as its last.
    best: list[tuple[int, int, tuple[Any, ...] | None]] = [(0, 0, None)]
    for index, row in enumerate(rows):
        low = bisect_left(starts, row.at - 2 * REACH)
        high = bisect_right(starts, row.at + REACH)
        found: list[tuple[int, tuple[int, int, tuple[Any, ...] | None]]] = []
        for place in range(low, high):
            distance = fits(row, groups[place])
            if distance is not None:
                count, cost, chain = best[min(place, len(best) - 1)]
                found.append(
                    (place + 1, (count - 1, cost + distance, (index, place, chain)))
                )
        for first, value in found:
            best.extend([best[-1]] * (first + 1 - len(best)))
            for place in range(first, len(best)):
                if value[:2] >= best[place][:2]:
                    break
                best[place] = value
    pairs: dict[int, int] = {}
    chain = best[-1][2]
    while chain is not None:
        index, place, chain = chain
        pairs[index] = place
    return pairs


def _fits_extended(row: Seen, group: Group) -> int | None:
    """Compare a row of the export with what was watched; its length tells skips apart."""
    start, end = bounds(group)
    begin, stop = moments(row)
    apart = min(abs(begin - start), abs(stop - end))
    if apart > SLACK and not start <= (begin + stop) // 2 <= end:
        return None
    return apart + abs((stop - begin) - _extent(group)) // 2


def _fits_digest(row: Seen, group: Group) -> int | None:
    """Compare account data: the minute in which it ended, and how long it was."""
    extended = _of(group, EXTENDED)
    if not extended:
        _, end = bounds(group)
        return _fits_extended(row._replace(at=_within_minute(row, end)), group)
    apart, other = min(
        (
            abs(seen.at - _within_minute(row, seen.at))
            + abs((seen.listened or 0) - (row.listened or 0)),
            seen,
        )
        for seen in extended
    )
    if abs(other.at - _within_minute(row, other.at)) > SAME_START:
        return None
    return apart


def _fits_recent(row: Seen, group: Group) -> int | None:
    """Compare a listed stamp with both ends of a play."""
    listened = _listened(group)
    if listened is not None and listened < TOO_SHORT_TO_LIST:
        return None
    start, end = bounds(group)
    to_start = abs(row.at - start) if row.means != END else LONGEST
    to_end = abs(row.at - end) if row.means != START else LONGEST
    apart = min(to_start, to_end)
    if apart <= SLACK:
        return apart
    watched = any(seen.source == LIVE for seen in group)
    paused = not watched and row.means != END and start - PAUSE <= row.at <= end
    return apart if paused else None


def _within_minute(row: Seen, moment: int) -> int:
    """Return the moment of a row's minute that is nearest to another."""
    return min(max(moment, row.at), row.at + MINUTE)


def _extent(group: Group) -> int:
    listened = _listened(group)
    start, end = bounds(group)
    return end - start if listened is None else listened


def _of(group: Iterable[Seen], source: int) -> list[Seen]:
    return [seen for seen in group if seen.source == source]


def _by_end(group: Sequence[Seen]) -> Sequence[Seen]:
    """Return sightings, the one first that says best how the listening ended."""
    if len(group) == 1:
        return group
    return sorted(
        group, key=lambda seen: (seen.source == LIVE, -moments(seen)[1], _content(seen))
    )


def _by_trust(seen: Seen) -> tuple[Any, ...]:
    return _TRUST[seen.source], *_content(seen)


def _content(seen: Seen) -> tuple[int, ...]:
    return seen.at, seen.item, seen.source, seen.position, seen.late


def _by_content(one: Played) -> tuple[int, ...]:
    return tuple(-1 if value is None else value for value in one)
