"""How somebody listens: where, from what, in which sessions, what for the first time."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Select, func, select

from .. import schema
from ..plays import Asked, conditions
from ..records import Context, Item, Speaker
from .scope import Amount, Scope, accounts_of, by_item, measured, within
from .tops import Top, works

# A session ends when nothing played for so long.
SESSION_GAP_MS = 1_800_000
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """Listening without a long silence, from `started` to `ended` (UTC ms)."""

    account: str
    started: int
    ended: int
    starts: int
    listened_ms: int


@dataclass(frozen=True, slots=True)
class Sessions:
    """All sessions of a time together, and the longest of them."""

    count: int
    listened_ms: int
    longest: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class FirstAndLast:
    """When an item was played for the first and for the last time (UTC ms), and how much."""

    first: int
    last: int
    amount: Amount


@dataclass(frozen=True, slots=True)
class Discovery:
    """An item that was played for the first time, and when (UTC ms)."""

    item: Item
    first: int


@dataclass(frozen=True, slots=True)
class Shared:
    """An item that two accounts play, and how much each."""

    item: Item
    one: Amount
    other: Amount


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two accounts have in common.

    `likeness` is the part, 0 to 1, of the smaller one's plays that the other shares:
    for each work the lesser part that it is of either's plays, added up.
    """

    one_works: int
    other_works: int
    shared_works: int
    likeness: float
    shared: tuple[Shared, ...]


def by_speaker(connection: Connection, scope: Scope) -> list[Top[Speaker | None]]:
    """Return how much was listened on each speaker, the most first; None: nobody saw where."""
    table = schema.speakers
    rows = _by(connection, scope, "speaker")
    query = select(table).where(table.c.id.in_(rows))
    named = {row.id: Speaker(row.key, row.name) for row in connection.execute(query)}
    return _most([Top(named.get(key), amount) for key, amount in rows.items()])


def by_context(
    connection: Connection, scope: Scope, limit: int = 50
) -> list[Top[Context | None]]:
    """Return how much was listened from each playlist, album …; None: nobody saw from what."""
    table = schema.contexts
    found = sorted(
        _by(connection, scope, "context").items(), key=lambda one: -one[1].listened_ms
    )[:limit]
    query = select(table).where(table.c.id.in_([key for key, _ in found]))
    named = {row.id: Context(row.key, row.name) for row in connection.execute(query)}
    return _most([Top(named.get(key or 0), amount) for key, amount in found])


def sessions(connection: Connection, scope: Scope, limit: int = 10) -> Sessions:
    """Return how often was listened in one go, and the longest times."""
    count = listened = 0
    longest: list[Session] = []
    for session in _sessions(connection, scope):
        count += 1
        listened += session.listened_ms
        if len(longest) < limit or session.listened_ms > longest[-1].listened_ms:
            longest.append(session)
            longest.sort(key=lambda one: (-one.listened_ms, one.started))
            del longest[limit:]
    return Sessions(count, listened, tuple(longest))


def first_and_last(
    connection: Connection, scope: Scope, uri: str
) -> FirstAndLast | None:
    """Return when an item was played first and last, under any of its URIs."""
    table = schema.plays.c
    row = connection.execute(
        select(func.min(table.started), func.max(table.started), *measured()).where(
            table.account.in_(accounts_of(connection, scope)),
            *conditions(Asked(None, scope.since, scope.until, item=uri)),
        )
    ).one()
    if row[0] is None:
        return None
    return FirstAndLast(row[0], row[1], Amount(*(int(value) for value in row[2:])))


def discovered(connection: Connection, scope: Scope) -> int:
    """Return how many items were played for the first time."""
    query = select(func.count()).select_from(_firsts(connection, scope).subquery())
    return connection.execute(query).scalar_one()


def discoveries(
    connection: Connection, scope: Scope, limit: int = 50
) -> list[Discovery]:
    """Return items that were played for the first time, the latest first."""
    firsts = _firsts(connection, scope).subquery()
    query = select(firsts).order_by(firsts.c.first.desc(), firsts.c.work).limit(limit)
    rows = connection.execute(query).all()
    items = works(connection, [row.work for row in rows])
    return [Discovery(items[row.work], row.first) for row in rows]


def compare(
    connection: Connection,
    one: Scope,
    other: Scope,
    limit: int = 50,
) -> Comparison:
    """Return what two accounts have in common; the scopes may differ in time too."""
    first, second = _by_work(connection, one), _by_work(connection, other)
    # Nothing of what was only skipped is part of anything.
    all_first = sum(amount.plays for amount in first.values()) or 1
    all_second = sum(amount.plays for amount in second.values()) or 1
    parts = {
        work: min(first[work].plays / all_first, second[work].plays / all_second)
        for work in first.keys() & second.keys()
    }
    best = sorted(parts, key=lambda work: (-parts[work], work))[:limit]
    items = works(connection, best)
    return Comparison(
        one_works=len(first),
        other_works=len(second),
        shared_works=len(parts),
        likeness=sum(parts.values()),
        shared=tuple(Shared(items[work], first[work], second[work]) for work in best),
    )


def _by(connection: Connection, scope: Scope, column: str) -> dict[int | None, Amount]:
    key = schema.plays.c[column]
    query = select(key, *measured()).where(*within(connection, scope)).group_by(key)
    return {
        row[0]: Amount(*(int(value) for value in row[1:]))
        for row in connection.execute(query)
    }


def _most[T](found: list[Top[T]]) -> list[Top[T]]:
    return sorted(found, key=lambda top: (-top.amount.listened_ms, str(top.what)))


def _sessions(connection: Connection, scope: Scope) -> Iterator[Session]:
    """Go through sessions: one account at a time, whose plays lie in order already."""
    table = schema.plays.c
    names = {row.id: row.key for row in connection.execute(select(schema.accounts))}
    for account in accounts_of(connection, scope):
        query = (
            select(
                table.started,
                table.started + table.listened + table.paused,
                table.listened,
            )
            .where(*within(connection, Scope(names[account], scope.since, scope.until)))
            .order_by(table.started)
            # They may be a million: never all at once.
            .execution_options(yield_per=_AT_ONCE)
        )
        first = last = starts = listened = 0
        for started, ended, heard in connection.execute(query):
            if starts and started - last > SESSION_GAP_MS:
                yield Session(names[account], first, last, starts, listened)
                starts = listened = 0
            if not starts:
                first = last = started
            # One that goes on while others begin and end.
            last = max(last, ended)
            starts += 1
            listened += heard
        if starts:
            yield Session(names[account], first, last, starts, listened)


def _firsts(connection: Connection, scope: Scope) -> Select[tuple[int, int]]:
    """Return a query for works whose first play lies within the time."""
    totals, items = schema.totals.c, schema.items.c
    first = func.min(totals.first)
    query = (
        select(items.work, first.label("first"))
        .join(schema.items, items.id == totals.item)
        .where(totals.account.in_(accounts_of(connection, scope)))
        .group_by(items.work)
    )
    if scope.since is not None:
        query = query.having(first >= scope.since)
    if scope.until is not None:
        query = query.having(first < scope.until)
    return query


def _by_work(connection: Connection, scope: Scope) -> dict[int, Amount]:
    amounts = by_item(connection, scope).subquery()
    items = schema.items.c
    query = (
        select(
            items.work,
            *(
                func.sum(amounts.c[name])
                for name in ("starts", "plays", "skips", "listened")
            ),
        )
        .join(schema.items, items.id == amounts.c.item)
        .group_by(items.work)
    )
    return {
        row[0]: Amount(*(int(value) for value in row[1:]))
        for row in connection.execute(query)
    }
