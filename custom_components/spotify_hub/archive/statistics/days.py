"""How much was listened when: by day and longer, by hour of the week; in a zone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, func, select

from .. import schema
from ..ingest import gaps
from ..rollups import SLOT_MS
from .scope import Amount, Scope, accounts_of, bounds, measured
from .zones import DAY_MS, Stretch, midnight, stretches

HOUR_MS = 3_600_000
_EPOCH = date(1970, 1, 1)
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
    found: defaultdict[date, Amount] = defaultdict(Amount)
    for number, amount in _grouped(connection, scope, zone, DAY_MS):
        found[_start(_EPOCH + timedelta(days=number), unit)] += amount
    return [Bucket(start, found[start]) for start in sorted(found)]


def heat_map(
    connection: Connection, scope: Scope, zone: ZoneInfo
) -> list[list[Amount]]:
    """Return what was listened in the hours (0 to 23) of each weekday, Monday first."""
    week = [[Amount() for _ in range(24)] for _ in range(7)]
    for number, amount in _grouped(connection, scope, zone, HOUR_MS, 7 * 24):
        day, hour = divmod(number, 24)
        weekday = (day + _FIRST_WEEKDAY) % 7
        week[weekday][hour] += amount
    return week


def per_hour(connection: Connection, scope: Scope) -> list[tuple[int, Amount]]:
    """Return what was listened in each hour of UTC: its begin (UTC ms), and the amount."""
    found: defaultdict[int, Amount] = defaultdict(Amount)
    for number, amount in _grouped(connection, scope, ZoneInfo("UTC"), HOUR_MS):
        found[number * HOUR_MS] += amount
    return sorted(found.items())


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
    total = Amount()
    for _, part in _grouped(connection, scope, ZoneInfo("UTC"), DAY_MS):
        total += part
    return total


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
        days.append(Completeness(_EPOCH + timedelta(days=number), whole))
    return days


def _grouped(
    connection: Connection,
    scope: Scope,
    zone: ZoneInfo,
    length: int,
    cycle: int | None = None,
) -> Iterator[tuple[int, Amount]]:
    """Go through local days or hours by number, each as often as clocks were changed in it."""
    if (found := bounds(connection, scope)) is None:
        return
    accounts = accounts_of(connection, scope)
    parts = stretches(zone, found[0], found[1] + 1)
    in_slots = _fit_slots(scope, parts)
    for part in parts:
        if in_slots:
            slots = schema.slots.c
            number = (slots.slot * SLOT_MS + part.offset) // length
            measures: tuple[ColumnElement[int], ...] = (
                func.sum(slots.starts),
                func.sum(slots.plays),
                func.sum(slots.skips),
                func.sum(slots.listened),
            )
            here = [
                slots.account.in_(accounts),
                slots.slot >= part.since // SLOT_MS,
                slots.slot < -(-part.until // SLOT_MS),
            ]
        else:
            table = schema.plays.c
            number = (table.started + part.offset) // length
            measures = measured()
            here = [
                table.account.in_(accounts),
                table.started >= part.since,
                table.started < part.until,
            ]
        group: ColumnElement[int] = number if cycle is None else number % cycle
        query = select(group.label("number"), *measures).where(*here).group_by(group)
        for row in connection.execute(query):
            yield row[0], Amount(*(int(value) for value in row[1:]))


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
