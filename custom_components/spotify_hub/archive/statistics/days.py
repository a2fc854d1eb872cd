"""How much was listened when: by day and longer, by hour of the week; in a zone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    func,
    literal,
    select,
    text,
)

from .. import schema
from ..covers import gaps
from ..rollups import SLOT_MS
from .scope import Amount, Scope, accounts_of, bounds, measured, within
from .zones import DAY_MS, Stretch, midnight, stretches

HOUR_MS = 3_600_000
_UTC = ZoneInfo("UTC")
_EPOCH = date(1970, 1, 1).toordinal()
# 1970-01-01 was a Thursday.
_FIRST_WEEKDAY = 3


class Unit(StrEnum):
    """What time is cut into; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was listened in a day, week, month or year that began on `start`."""

    start: date
    amount: Amount


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row on which something was heard."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return how many they are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Completeness:
    """Which part of a day, 0 to 1, lies in no gap."""

    day: date
    complete: float


def per_unit(
    connection: Connection, scope: Scope, zone: ZoneInfo, unit: Unit
) -> list[Bucket]:
    """Return what was listened in each day, week, month or year; none that has nothing."""
    sums: dict[date, list[int]] = {}
    for number, *measures in _grouped(connection, scope, zone, DAY_MS):
        _add(sums, _start(date.fromordinal(_EPOCH + number), unit), measures)
    return [Bucket(start, Amount(*sums[start])) for start in sorted(sums)]


def heat_map(
    connection: Connection, scope: Scope, zone: ZoneInfo
) -> list[list[Amount]]:
    """Return what was listened in the hours (0 to 23) of each weekday, Monday first."""
    sums: dict[int, list[int]] = {}
    for number, *measures in _grouped(connection, scope, zone, HOUR_MS, 7 * 24):
        _add(sums, (number + _FIRST_WEEKDAY * 24) % (7 * 24), measures)
    return [
        [Amount(*sums.get(day * 24 + hour, (0, 0, 0, 0))) for hour in range(24)]
        for day in range(7)
    ]


def per_hour(connection: Connection, scope: Scope) -> list[tuple[int, Amount]]:
    """Return what was listened in each hour of UTC: its begin (UTC ms), and the amount."""
    return sorted(
        (number * HOUR_MS, Amount(*map(int, measures)))
        for number, *measures in _grouped(connection, scope, _UTC, HOUR_MS)
    )


def streaks(connection: Connection, scope: Scope, zone: ZoneInfo) -> list[Streak]:
    """Return all stretches of days with something heard, the longest first."""
    days = [
        bucket.start
        for bucket in per_unit(connection, scope, zone, Unit.DAY)
        if bucket.amount.plays
    ]
    if not days:
        return []
    found: list[Streak] = []
    first = days[0]
    for day, after in pairwise(days):
        if after - day > timedelta(days=1):
            found.append(Streak(first, day))
            first = after
    found.append(Streak(first, days[-1]))
    return sorted(found, key=lambda streak: (-streak.days, streak.first))


def amount(connection: Connection, scope: Scope) -> Amount:
    """Return how much was listened altogether."""
    sums: dict[None, list[int]] = {}
    for _, *measures in _grouped(connection, scope, _UTC, DAY_MS):
        _add(sums, None, measures)
    return Amount(*sums.get(None, ()))


def skip_rate(connection: Connection, scope: Scope) -> float | None:
    """Return which part of all plays, 0 to 1, was skipped; None where nothing played."""
    total = amount(connection, scope)
    return total.skips / total.starts if total.starts else None


def completeness(
    connection: Connection, scope: Scope, zone: ZoneInfo
) -> list[Completeness]:
    """Return for each day from the first play to the last how complete it is."""
    found = bounds(connection, scope)
    if found is None:
        return []
    missing = [(gap.since, gap.until) for gap in gaps(connection, scope.account)]
    first, last = (_day(zone, moment) for moment in found)
    days: list[Completeness] = []
    for number in range(first, last + 1):
        begin, end = midnight(zone, number), midnight(zone, number + 1)
        lost = sum(
            max(0, min(until, end) - max(since, begin)) for since, until in missing
        )
        whole = max(0.0, 1 - lost / (end - begin))
        days.append(Completeness(date.fromordinal(_EPOCH + number), whole))
    return days


def _grouped(
    connection: Connection,
    scope: Scope,
    zone: ZoneInfo,
    length: int,
    cycle: int | None = None,
) -> Iterable[Sequence[int]]:
    """Go through local days or hours: number, and the fields of its amount."""
    if (found := bounds(connection, scope)) is None:
        return ()
    parts = stretches(zone, found[0], found[1] + 1)
    plays, slots = schema.plays.c, schema.slots.c
    if not _fit_slots(scope, parts):
        number = local_number(plays.started, parts, length, 1, cycle)
        query = select(number, *measured()).where(*within(connection, scope))
        return _rows(connection, query)
    number = local_number(slots.slot, parts, length, SLOT_MS, cycle)
    sums = (slots.starts, slots.plays, slots.skips, slots.listened)
    query = select(number, *(func.sum(one) for one in sums)).where(
        slots.account.in_(accounts_of(connection, scope)),
        slots.slot >= found[0] // SLOT_MS,
        slots.slot <= found[1] // SLOT_MS,
    )
    return _rows(connection, query)


def local_number(
    moment: ColumnElement[int],
    parts: Sequence[Stretch],
    length: int,
    unit: int,
    cycle: int | None = None,
) -> ColumnElement[int]:
    """Return in which local day or hour of `length` a moment in units of `unit` ms lies."""
    offset = _offset(moment, parts, unit)
    number = (moment + offset) // (length // unit)
    return number if cycle is None else number % cycle


def _offset(
    moment: ColumnElement[int], parts: Sequence[Stretch], unit: int
) -> ColumnElement[int]:
    """Return how far clocks stand from UTC, found by halving: years have many stretches."""
    if len(parts) == 1:
        return literal(parts[0].offset // unit)
    middle = len(parts) // 2
    return case(
        (moment < parts[middle].since // unit, _offset(moment, parts[:middle], unit)),
        else_=_offset(moment, parts[middle:], unit),
    )


def _rows(connection: Connection, query: Select[Any]) -> Iterable[Sequence[int]]:
    return connection.execute(query.group_by(text("1"))).all()


def _add[K](sums: dict[K, list[int]], key: K, measures: Sequence[int]) -> None:
    # A sum is a decimal in PostgreSQL.
    known = sums.get(key, (0, 0, 0, 0))
    sums[key] = [one + int(more) for one, more in zip(known, measures, strict=True)]


def _fit_slots(scope: Scope, parts: list[Stretch]) -> bool:
    """Tell whether nothing is cut within a slot."""
    cuts = [part.since for part in parts[1:]]
    cuts += [bound for bound in (scope.since, scope.until) if bound is not None]
    return not any(one % SLOT_MS for one in (*cuts, *(part.offset for part in parts)))


def _start(day: date, unit: Unit) -> date:
    match unit:
        case Unit.DAY:
            return day
        case Unit.WEEK:
            return day - timedelta(days=day.weekday())
        case Unit.MONTH:
            return day.replace(day=1)
        case Unit.YEAR:
            return day.replace(month=1, day=1)


def _day(zone: ZoneInfo, moment: int) -> int:
    (part,) = stretches(zone, moment, moment + 1)
    return (moment + part.offset) // DAY_MS
