"""Sightings into the archive: stored once, and the plays around them derived anew.

The plays are always what `merge.derive` makes of the stored sightings. So only the
difference between what it made before and what it makes now is written.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from sqlalchemy import Connection, Select, select

from . import schema
from .catalogue import Catalogue
from .covers import cover
from .derived import write
from .encoding import Numbers
from .merge import (
    REACH,
    RECENT,
    Played,
    Seen,
    alone,
    derive,
    span,
    stretches,
)
from .news import News, news_of
from .records import Gap, Sighting
from .tables import add, some
from .works import Union

KEY = tuple(list(schema.sightings.c)[:6])
# So many sightings, or so long a time, is looked at at once.
PIECE_ROWS = 10_000
PIECE_MS = 60 * 86_400_000
FEW_WORKS = 50
_AT = itemgetter(1)
_KEY = itemgetter(slice(len(KEY)))


@dataclass(slots=True)
class Recorded:
    """What became of sightings, and of plays because of them.

    `refused` are listed plays that were deleted on request, and stay so. `since` and
    `until` are the first and the last start of the plays that came or went. `united`
    tells of plays, whosever and whenever, that did so because works are one now.
    """

    added: int = 0
    known: int = 0
    refused: int = 0
    plays_added: int = 0
    plays_gone: int = 0
    gap: Gap | None = None
    since: int | None = None
    until: int | None = None
    united: list[News] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Sightings by numbers, the work of each of their items, and plays that changed by it."""

    seen: list[Seen]
    works: dict[int, int]
    united: list[News]


def record(
    connection: Connection, catalogue: Catalogue, sightings: Sequence[Sighting]
) -> Recorded:
    """Store sightings and derive the plays around them."""
    encoded = encode(connection, catalogue, sightings)
    done = Recorded(united=encoded.united)
    by_account: defaultdict[int, list[Seen]] = defaultdict(list)
    for seen in encoded.seen:
        if seen.source == RECENT and catalogue.is_deleted(
            connection, seen.account, encoded.works[seen.item], seen.at
        ):
            done.refused += 1
        else:
            by_account[seen.account].append(seen)
    for account, rows in by_account.items():
        record_seen(connection, account, rows, encoded.works, done)
    done.known = len(sightings) - done.added - done.refused
    return done


def record_seen(
    connection: Connection,
    account: int,
    rows: Iterable[Seen],
    works: dict[int, int],
    done: Recorded,
) -> None:
    """Store an account's sightings by numbers; `works` has the work of each item."""
    gone: list[Played] = []
    added: list[Played] = []
    # By nothing else: what one of equal rows does not tell can't be compared.
    for piece in pieces(sorted(rows, key=_KEY)):
        fewer, more, sightings = _record_piece(connection, account, piece, works)
        gone += fewer
        added += more
        done.added += sightings
    if gone:
        # What one piece made the next may have taken back.
        before, after = Counter(gone), Counter(added)
        gone, added = [*(before - after).elements()], [*(after - before).elements()]
    write(connection, account, gone, added)
    done.plays_added += len(added)
    done.plays_gone += len(gone)
    if starts := [one.started for one in (*added, *gone)]:
        low, high = min(starts), max(starts)
        done.since = low if done.since is None else min(low, done.since)
        done.until = high if done.until is None else max(high, done.until)


def record_recent(
    connection: Connection, catalogue: Catalogue, account: str, rows: Sequence[Sighting]
) -> Recorded:
    """Store what the recent list says; it tells of a gap where it overlaps nothing known."""
    done = record(connection, catalogue, rows)
    if rows:
        stamps = [row.stamp for row in rows]
        number = catalogue.number(connection, schema.accounts, account)
        done.gap = cover(connection, number, account, min(stamps), max(stamps))
    return done


def encode(
    connection: Connection, catalogue: Catalogue, sightings: Sequence[Sighting]
) -> Encoded:
    """Give what sightings name its numbers, storing what is new of it."""
    items = [one.item for one in sightings]
    known, unions = catalogue.resolve(connection, items)
    united = unite(connection, unions)
    numbers = Numbers(connection, catalogue)
    return Encoded(
        [
            numbers.seen(one, item.id)
            for one, item in zip(sightings, known, strict=True)
        ],
        {item.id: item.work for item in known},
        united,
    )


def unite(connection: Connection, unions: Iterable[Union]) -> list[News]:
    """Derive anew the plays of works that turned out to be one, and tell which changed."""
    changed: set[Played] = set()
    for union in unions:
        changed |= _united(connection, union)
    return news_of(connection, changed)


def _united(connection: Connection, union: Union) -> set[Played]:
    parts: defaultdict[tuple[int, int], list[Seen]] = defaultdict(list)
    whole: defaultdict[int, list[Seen]] = defaultdict(list)
    for members in some(sorted(union.former)):
        query = select(schema.sightings).where(schema.sightings.c.item.in_(members))
        for row in connection.execute(query):
            seen = Seen._make(row)
            parts[seen.account, union.former[seen.item]].append(seen)
            whole[seen.account].append(seen)
    changed: set[Played] = set()
    for account, rows in whole.items():
        before = {
            one
            for (whose, _), part in parts.items()
            if whose == account
            for one in derive(part)
        }
        after = set(derive(rows))
        write(connection, account, before - after, after - before)
        changed |= before ^ after
    return changed


def _record_piece(
    connection: Connection, account: int, piece: list[Seen], works: dict[int, int]
) -> tuple[Iterable[Played], Iterable[Played], int]:
    """Store sightings; return the plays that go and come for it, and how many are new."""
    low, high = piece[0].at - REACH, piece[-1].at + REACH
    of_piece = [works[seen.item] for seen in piece]
    around = stored(connection, account, low, high, set(of_piece))
    keys = {seen[:6] for rows in around.values() for seen in rows}
    often = Counter(of_piece)
    fresh: defaultdict[int, list[Seen]] = defaultdict(list)
    sightings: list[Seen] = []
    added: list[Played] = []
    gone: list[Played] = []
    last: tuple[object, ...] = ()
    for seen, work in zip(piece, of_piece, strict=True):
        if often[work] == 1 and work not in around:
            # As most are: nothing of their work lies around them.
            sightings.append(seen)
            added.append(alone(seen))
        # They are in order, so the same told twice stands side by side.
        elif (key := seen[:6]) != last and key not in keys:
            sightings.append(seen)
            fresh[work].append(seen)
            last = key
    for work, rows in fresh.items():
        if (old := around.get(work)) is None:
            added += derive(rows)
            continue
        old = _whole(connection, account, work, rows, old, (low, high))
        before, after = set(derive(old)), set(derive(old + rows))
        added += after - before
        gone += before - after
    add(connection, schema.sightings, sightings)
    return gone, added, len(sightings)


def _whole(
    connection: Connection,
    account: int,
    work: int,
    rows: list[Seen],
    old: list[Seen],
    loaded: tuple[int, int],
) -> list[Seen]:
    """Return the stored sightings of a work in reach of new ones, and in reach of those."""
    new = set(rows)
    while True:
        low, high = loaded
        for stretch in stretches(old + rows):
            if not new.isdisjoint(stretch):
                low = min(low, *(span(seen)[0] for seen in stretch))
                high = max(high, *(span(seen)[1] for seen in stretch))
        if (low, high) == loaded:
            return old
        loaded = low, high
        old = stored(connection, account, low, high, {work}).get(work, [])


def stored(
    connection: Connection, account: int, low: int, high: int, works: set[int]
) -> dict[int, list[Seen]]:
    """Return the sightings that a span may touch, by work."""
    table = schema.sightings
    query: Select[tuple[object, ...]] = (
        select(table, schema.items.c.work)
        .join(schema.items, schema.items.c.id == table.c.item)
        .where(
            table.c.account == account, table.c.at.between(low - REACH, high + REACH)
        )
    )
    if len(works) <= FEW_WORKS:
        query = query.where(schema.items.c.work.in_(works))
    found: dict[int, list[Seen]] = {}
    for row in connection.execute(query):
        if row[-1] in works:
            found.setdefault(row[-1], []).append(Seen._make(row[:-1]))
    return found


def pieces(rows: list[Seen]) -> Iterator[list[Seen]]:
    """Part sightings in order, so that what is stored around each is not much."""
    start = 0
    while start < len(rows):
        end = min(start + PIECE_ROWS, len(rows))
        end = bisect_right(rows, rows[start].at + PIECE_MS, start, end, key=_AT)
        yield rows[start:end]
        start = end
