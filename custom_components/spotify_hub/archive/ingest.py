"""Sightings into the archive: stored once, and the plays around them derived anew.

The plays are always what `merge.derive` makes of the stored sightings. So only the
difference between what it made before and what it makes now is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from sqlalchemy import Connection, Select, delete, select

from . import schema
from .catalogue import Catalogue
from .covers import between, united
from .encoding import Numbers, key_of
from .merge import (
    REACH,
    RECENT,
    Played,
    Seen,
    alone,
    derive,
    grouped,
    span,
    stretches,
)
from .names import item_key, uri_of
from .news import News, news_of
from .records import Gap, Item, Sighting
from .tables import add, remove, some
from .works import Union

KEY = tuple(list(schema.sightings.c)[:6])
# So many sightings, or so long a time, is looked at at once.
PIECE_ROWS = 10_000
PIECE_MS = 60 * 86_400_000
FEW_WORKS = 50


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
    for piece in _pieces(sorted(rows)):
        _record_piece(connection, account, piece, works, done)


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


def cover(
    connection: Connection, number: int, account: str, since: int, until: int
) -> Gap | None:
    """Keep that all plays of a stretch are known; return the gap before it, if it is new."""
    table = schema.covers
    before = [
        (row.since, row.until)
        for row in connection.execute(
            select(table).where(table.c.account == number).order_by(table.c.since)
        )
    ]
    after = united([*before, (since, until)])
    if after == before:
        return None
    connection.execute(delete(table).where(table.c.account == number))
    connection.execute(
        table.insert(),
        [{"account": number, "since": low, "until": high} for low, high in after],
    )
    new = [gap for gap in between(after) if gap not in between(before)]
    return next((Gap(account, *gap) for gap in new if gap[1] == since), None)


def gaps(connection: Connection, account: str | None = None) -> list[Gap]:
    """Return the stretches in which plays may be missing, in order."""
    covers: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    query = (
        select(schema.accounts.c.key, schema.covers.c.since, schema.covers.c.until)
        .join(schema.accounts, schema.accounts.c.id == schema.covers.c.account)
        .order_by(schema.accounts.c.key, schema.covers.c.since)
    )
    if account is not None:
        query = query.where(schema.accounts.c.key == account)
    for key, since, until in connection.execute(query):
        covers[key].append((since, until))
    return [Gap(key, *gap) for key, known in covers.items() for gap in between(known)]


def held(connection: Connection, account: str, sightings: Sequence[Sighting]) -> int:
    """Return of how many sightings an account's plays are kept already, whoever saw them."""
    table = schema.accounts.c
    number = connection.execute(select(table.id).where(table.key == account)).scalar()
    if number is None:
        return 0
    items = _works_of(connection, [one.item for one in sightings])
    asked = [
        (Seen(*key_of(one, number, place), listened=one.listened_ms), work)
        for place, (one, work) in enumerate(zip(sightings, items, strict=True))
        if work is not None
    ]
    works = {place.item: work for place, work in asked if work is not None}
    found = 0
    for piece in _pieces(sorted(seen for seen, _ in asked)):
        found += _held(connection, number, piece, works)
    return found


def _held(
    connection: Connection, account: int, piece: list[Seen], works: dict[int, int]
) -> int:
    new: defaultdict[int, list[Seen]] = defaultdict(list)
    for seen in piece:
        new[works[seen.item]].append(seen)
    low, high = piece[0].at - REACH, piece[-1].at + REACH
    found = 0
    for work, old in _stored(connection, account, low, high, set(new)).items():
        kept = {seen[:2] + seen[3:6] for seen in old}
        fresh = [seen for seen in new[work] if seen[:2] + seen[3:6] not in kept]
        found += len(new[work]) - len(fresh)
        before = set(old)
        for group in grouped([*old, *fresh]):
            if not before.isdisjoint(group):
                found += sum(seen not in before for seen in group)
    return found


def _works_of(connection: Connection, items: Sequence[Item]) -> list[int | None]:
    """Return the works of items, by URI or by name; None of those that none is known of."""
    columns = schema.items.c
    works: dict[str | int | None, int] = {}
    for column, keys in (
        (columns.name_key, {item_key(item) for item in items}),
        (columns.uri, {uri_of(item) for item in items}),
    ):
        for asked in some(list(keys)):
            query = select(column, columns.work).where(column.in_(asked))
            works.update({row[0]: row[1] for row in connection.execute(query)})
    return [works.get(uri_of(item)) or works.get(item_key(item)) for item in items]


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
    before = {one for rows in parts.values() for one in derive(rows)}
    after = {one for rows in whole.values() for one in derive(rows)}
    write(connection, before - after, after - before)
    return before ^ after


def write(
    connection: Connection, gone: Iterable[Played], added: Iterable[Played]
) -> None:
    """Take plays away and add others; the roll-ups follow by their triggers."""
    remove(connection, schema.plays, 4, gone)
    # By item, for its index and roll-up are in that order.
    add(connection, schema.plays, sorted(added, key=itemgetter(2)))


def _record_piece(
    connection: Connection,
    account: int,
    piece: list[Seen],
    works: dict[int, int],
    done: Recorded,
) -> None:
    low, high = piece[0].at - REACH, piece[-1].at + REACH
    touched = {works[item] for item in {seen.item for seen in piece}}
    stored = _stored(connection, account, low, high, touched)
    keys = {seen[:6] for rows in stored.values() for seen in rows}
    fresh: defaultdict[int, list[Seen]] = defaultdict(list)
    sightings: list[Seen] = []
    last: tuple[object, ...] = ()
    for seen in piece:
        # They are in order, so the same told twice stands side by side.
        if (key := seen[:6]) != last and key not in keys:
            fresh[works[seen.item]].append(seen)
            sightings.append(seen)
        last = key
    if not fresh:
        return
    # Most are the first of their work for days: nothing around them was derived before.
    added: list[Played] = []
    gone: list[Played] = []
    for work, rows in fresh.items():
        if (old := stored.get(work)) is None:
            added += [alone(rows[0])] if len(rows) == 1 else derive(rows)
            continue
        old = _whole(connection, account, work, rows, old, (low, high))
        before, after = set(derive(old)), set(derive(old + rows))
        added += after - before
        gone += before - after
    add(connection, schema.sightings, sightings)
    write(connection, gone, added)
    done.added += len(sightings)
    done.plays_added += len(added)
    done.plays_gone += len(gone)
    if starts := [one.started for one in (*added, *gone)]:
        low, high = min(starts), max(starts)
        done.since = low if done.since is None else min(low, done.since)
        done.until = high if done.until is None else max(high, done.until)


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
        old = _stored(connection, account, low, high, {work}).get(work, [])


def _stored(
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


def _pieces(rows: list[Seen]) -> Iterator[list[Seen]]:
    """Part sightings in order, so that what is stored around each is not much."""
    piece: list[Seen] = []
    for seen in rows:
        if piece and (len(piece) >= PIECE_ROWS or seen.at - piece[0].at > PIECE_MS):
            yield piece
            piece = []
        piece.append(seen)
    if piece:
        yield piece
