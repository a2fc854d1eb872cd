"""Stretches of time as people name them: today, last week, all time. Pure."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


class Period(StrEnum):
    """What people call a stretch of time; weeks begin on Monday."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    ALL_TIME = "all_time"


class Span(NamedTuple):
    """From `since` until before `until` (UTC ms); None is without end."""

    since: int | None = None
    until: int | None = None


def span_of(period: Period, today: date, zone: ZoneInfo) -> Span:
    """Return when a period begins and ends, where today is a day in a zone."""
    first, last = _days(period, today)
    return span_between(first, last and last - _DAY, zone)


def span_between(
    start: date | datetime | None, end: date | datetime | None, zone: ZoneInfo
) -> Span:
    """Return the span from a moment or day to another; a day is meant to its end.

    Raises:
        ValueError: it ends before it begins.
    """
    if end is not None and not isinstance(end, datetime):
        end += _DAY
    since, until = _ms(start, zone), _ms(end, zone)
    if since is not None and until is not None and since >= until:
        raise ValueError("It ends before it begins")
    return Span(since, until)


def _days(period: Period, today: date) -> tuple[date | None, date | None]:
    """Return the first day, and the first that is no longer within."""
    monday = today - today.weekday() * _DAY
    month = today.replace(day=1)
    year = month.replace(month=1)
    match period:
        case Period.TODAY:
            return today, today + _DAY
        case Period.YESTERDAY:
            return today - _DAY, today
        case Period.THIS_WEEK:
            return monday, monday + 7 * _DAY
        case Period.LAST_WEEK:
            return monday - 7 * _DAY, monday
        case Period.THIS_MONTH:
            return month, (month + 31 * _DAY).replace(day=1)
        case Period.LAST_MONTH:
            return (month - _DAY).replace(day=1), month
        case Period.THIS_YEAR:
            return year, year.replace(year=year.year + 1)
        case Period.LAST_YEAR:
            return year.replace(year=year.year - 1), year
        case Period.ALL_TIME:
            return None, None


def _ms(moment: date | datetime | None, zone: ZoneInfo) -> int | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return round(moment.timestamp() * 1000)
