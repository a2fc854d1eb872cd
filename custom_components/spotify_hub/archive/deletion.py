"""Deleting history on request: plays, and the sightings behind them."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, select, union

from . import schema
from .catalogue import Catalogue
from .derived import write
from .ingest import PIECE_MS
from .merge import (
    REACH,
    RECENT,
    SLACK,
    Group,
    Played,
    Seen,
    bounds,
    derive,
    grouped,
    play,
)
from .tables import next_number, remove


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted, or would be: so many plays, from the first's to the last's start."""

    plays: int = 0
    sightings: int = 0
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """Which plays: of an account, started from `since` until before `until`, of an item.

    None means all. An item is meant with whatever counts as the same.
    """

    account: str | None = None
    since: int | None = None
    until: int | None = None
    item: str | None = None


def delete_history(
    connection: Connection, catalogue: Catalogue, which: Which
) -> Deleted:
    """Delete plays; of a whole account nothing is left."""
    works = _works(connection, which)
    done = Deleted()
    for number in _accounts(connection, which):
        deleted = _delete(connection, number, which, works)
        done = _joined(done, deleted)
        if deleted.sightings:
            _begin_imports_anew(connection, number)
        if which.since is None and which.until is None and which.item is None:
            _forget_account(connection, number)
    _forget_orphans(connection)
    catalogue.forget()
    return done


def _accounts(connection: Connection, which: Which) -> list[int]:
    query = select(schema.accounts.c.id)
    if which.account is not None:
        query = query.where(schema.accounts.c.key == which.account)
    return list(connection.execute(query).scalars())


def _works(connection: Connection, which: Which) -> set[int] | None:
    if which.item is None:
        return None
    query = select(schema.items.c.work).where(schema.items.c.uri == which.item)
    return set(connection.execute(query).scalars())


def _delete(
    connection: Connection, account: int, which: Which, works: set[int] | None
) -> Deleted:
    """Go through an account's time in pieces, as what is derived reaches not far."""
    table = schema.plays.c
    scope = and_(
        table.account == account,
        *([] if which.since is None else [table.started >= which.since]),
        *([] if which.until is None else [table.started < which.until]),
    )
    first, last = connection.execute(
        select(func.min(table.started), func.max(table.started)).where(scope)
    ).one()
    if first is None or works == set():
        return Deleted()
    done = Deleted()
    stamps: list[int] = []
    since = first
    while since <= last:
        until = min(since + PIECE_MS, last + 1)
        piece, listed = _delete_piece(connection, account, since, until, works)
        done = _joined(done, piece)
        stamps += listed
        since = until
    if stamps:
        _remember(connection, account, which, min(stamps), max(stamps))
    return done


def _delete_piece(
    connection: Connection,
    account: int,
    since: int,
    until: int,
    works: set[int] | None,
) -> tuple[Deleted, list[int]]:
    table = schema.sightings
    query = (
        select(table, schema.items.c.work)
        .join(schema.items, schema.items.c.id == table.c.item)
        .where(
            table.c.account == account,
            # Twice: those around the plays, and what those may belong to.
            table.c.at.between(since - 2 * REACH, until + 2 * REACH),
        )
    )
    if works is not None:
        query = query.where(schema.items.c.work.in_(works))
    by_work: defaultdict[int, list[Seen]] = defaultdict(list)
    for row in connection.execute(query):
        by_work[row[-1]].append(Seen._make(row[:-1]))
    leaving: list[Group] = []
    starts: list[int] = []
    before: set[Played] = set()
    after: set[Played] = set()
    for rows in by_work.values():
        groups = grouped(rows)
        going = [one for one in groups if since <= play(one).started < until]
        if not going:
            continue
        starts += [play(one).started for one in going]
        left = {id(group) for group in going}
        leaving += going
        before.update(derive(rows))
        after.update(
            derive([seen for one in groups if id(one) not in left for seen in one])
        )
    write(connection, account, before - after, after - before)
    gone = [seen for group in leaving for seen in group]
    remove(connection, schema.sightings, 6, gone)
    listed = [stamp for group in leaving for stamp in _listed(group)]
    first, last = min(starts, default=None), max(starts, default=None)
    return Deleted(len(starts), len(gone), first, last), listed


def _listed(group: Group) -> list[int]:
    """Return the stamps by which Spotify lists a play, or between which it may yet do so."""
    stamps = [seen.at for seen in group if seen.source == RECENT]
    start, end = bounds(group)
    return stamps or [start, end + SLACK]


def _remember(
    connection: Connection, account: int, which: Which, since: int, until: int
) -> None:
    """Remember between which stamps listed plays went, for Spotify lists them again."""
    item = None
    if which.item is not None:
        query = select(schema.items.c.id).where(schema.items.c.uri == which.item)
        item = connection.execute(query).scalar_one()
    connection.execute(
        schema.deletions.insert(),
        {
            "id": next_number(connection, schema.deletions),
            "account": account,
            "item": item,
            "since": since,
            "until": until,
        },
    )


def _begin_imports_anew(connection: Connection, account: int) -> None:
    """Let imports that did not end begin at the beginning, of which something is gone."""
    table = schema.imports
    connection.execute(
        table.update()
        .where(table.c.account == account, table.c.ended.is_(None))
        .values(token=None, done=0, added=0, known=0)
    )


def _forget_account(connection: Connection, account: int) -> None:
    """Forget all else about an account; what was deleted still must not come back."""
    for table in (schema.covers, schema.imports, schema.changes, schema.likes):
        connection.execute(delete(table).where(table.c.account == account))


def _forget_orphans(connection: Connection) -> None:
    """Forget what nothing that is left names."""
    used = union(
        select(schema.sightings.c.item),
        select(schema.plays.c.item),
        select(schema.likes.c.item),
        select(schema.deletions.c.item).where(schema.deletions.c.item.is_not(None)),
    )
    items, credited = schema.items, schema.credited
    connection.execute(delete(credited).where(credited.c.item.not_in(used)))
    connection.execute(delete(items).where(items.c.id.not_in(used)))
    for table, named in (
        (schema.artists, select(credited.c.artist)),
        (schema.albums, select(items.c.album).where(items.c.album.is_not(None))),
        (schema.speakers, _named_in("speaker")),
        (schema.contexts, _named_in("context")),
    ):
        connection.execute(delete(table).where(table.c.id.not_in(named)))


def _named_in(column: str) -> Select[tuple[Any]]:
    found = schema.sightings.c[column]
    return select(found).where(found.is_not(None))


def _joined(one: Deleted, other: Deleted) -> Deleted:
    firsts = [first for first in (one.first, other.first) if first is not None]
    lasts = [last for last in (one.last, other.last) if last is not None]
    return replace(
        one,
        plays=one.plays + other.plays,
        sightings=one.sightings + other.sightings,
        first=min(firsts, default=None),
        last=max(lasts, default=None),
    )
