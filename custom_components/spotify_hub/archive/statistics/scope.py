"""Whose plays, of which time, a question is about."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, func, select

from .. import schema


@dataclass(frozen=True, slots=True)
class Scope:
    """An account's plays from `since` until before `until` (UTC ms); None means all."""

    account: str | None = None
    since: int | None = None
    until: int | None = None

    @property
    def is_all_time(self) -> bool:
        """Tell whether no time is left out."""
        return self.since is None and self.until is None


@dataclass(frozen=True, slots=True)
class Amount:
    """How much was listened: `starts` is every play, `plays` those that were heard."""

    starts: int = 0
    plays: int = 0
    skips: int = 0
    listened_ms: int = 0

    def __add__(self, other: Amount) -> Amount:
        """Return both together."""
        return Amount(
            self.starts + other.starts,
            self.plays + other.plays,
            self.skips + other.skips,
            self.listened_ms + other.listened_ms,
        )


def accounts_of(connection: Connection, scope: Scope) -> list[int]:
    """Return the numbers of the accounts that are asked about.

    Named one by one they let an index by account and time be used for all of them.
    """
    query = select(schema.accounts.c.id)
    if scope.account is not None:
        query = query.where(schema.accounts.c.key == scope.account)
    return list(connection.execute(query).scalars())


def within(connection: Connection, scope: Scope) -> list[ColumnElement[bool]]:
    """Return what holds for the plays that are asked about."""
    table = schema.plays.c
    found: list[ColumnElement[bool]] = []
    if scope.account is not None or not scope.is_all_time:
        found.append(table.account.in_(accounts_of(connection, scope)))
    if scope.since is not None:
        found.append(table.started >= scope.since)
    if scope.until is not None:
        found.append(table.started < scope.until)
    return found


def measured() -> tuple[ColumnElement[int], ...]:
    """Return what adds up plays to an amount, in the order of its fields."""
    table = schema.plays.c
    return (
        func.count(),
        func.sum(table.heard),
        func.coalesce(func.sum(table.skipped), 0),
        func.sum(table.listened),
    )


def by_item(
    connection: Connection, scope: Scope
) -> Select[tuple[int, int, int, int, int]]:
    """Return a query for the amounts of items; of all time they stand added up."""
    if scope.is_all_time:
        totals = schema.totals.c
        query = select(
            totals.item, totals.starts, totals.plays, totals.skips, totals.listened
        )
        if scope.account is not None:
            query = query.where(totals.account.in_(accounts_of(connection, scope)))
        return query
    starts, plays, skips, listened = measured()
    return (
        select(
            schema.plays.c.item,
            starts.label("starts"),
            plays.label("plays"),
            skips.label("skips"),
            listened.label("listened"),
        )
        .where(*within(connection, scope))
        .group_by(schema.plays.c.item)
    )


def bounds(connection: Connection, scope: Scope) -> tuple[int, int] | None:
    """Return the first and the last start of the plays that are asked about."""
    table = schema.plays.c
    firsts, lasts = [], []
    for account in accounts_of(connection, scope):
        here = [table.account == account]
        if scope.since is not None:
            here.append(table.started >= scope.since)
        if scope.until is not None:
            here.append(table.started < scope.until)
        # One by one, for then the index knows either without looking at any other.
        first = connection.execute(
            select(func.min(table.started)).where(*here)
        ).scalar()
        last = connection.execute(select(func.max(table.started)).where(*here)).scalar()
        if first is not None and last is not None:
            firsts.append(first)
            lasts.append(last)
    return (min(firsts), max(lasts)) if firsts else None
