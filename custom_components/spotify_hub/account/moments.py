"""Stretches of time as people say them: this morning, on Sunday, last summer. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from .periods import Period, Span, span_between, span_of

LATELY: Final = "lately"
LAST_NIGHT: Final = "last_night"
TONIGHT: Final = "tonight"
THIS_WEEKEND: Final = "this_weekend"
LAST_WEEKEND: Final = "last_weekend"
WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
# The first month of each, north of the equator; it lasts for three.
SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
# The hours of a day, from and until before; a night ends on the day after.
NIGHT: Final = "night"
PARTS: Final = {
    "morning": (5, 12),
    "afternoon": (12, 18),
    "evening": (18, 24),
    NIGHT: (20, 29),
}
WHEN: Final = (
    LATELY,
    LAST_NIGHT,
    TONIGHT,
    THIS_WEEKEND,
    LAST_WEEKEND,
    *Period,
    *WEEKDAYS,
    *(f"last_{season}" for season in SEASONS),
)
# What a year has.
OF_YEAR: Final = (*MONTHS, *SEASONS)
# From Spotify's first; each makes sentences longer.
YEARS: Final = range(2008, 2041)

_DAY = timedelta(days=1)
_LATELY = 30 * _DAY
_TONIGHT = (18, 29)
_SATURDAY, _SUNDAY = 5, 6
# Until then it is still the evening before for whoever is up.
DAWN = timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Moment:
    """What somebody says of a time; nothing at all is all time.

    One of `WHEN` and, of a day, one of `PARTS`; or one of `OF_YEAR`, of `YEARS`, or
    both.
    """

    when: str | None = None
    part: str | None = None
    of_year: str | None = None
    year: int | None = None


def span_said(said: Moment, now: datetime, zone: ZoneInfo, *, south: bool) -> Span:
    """Return when something that people say begins and ends, said `now`.

    `south` is where summer begins in December. A weekday is the latest one that is
    over; a month or season without a year is the latest that has begun. A part of a
    period that is no day is the whole period.
    """
    here = now.astimezone(zone)
    today = here.date()
    if said.when == LATELY:
        return span_between(today - _LATELY, None, zone)
    if said.when == LAST_NIGHT:
        return _hours(today - _DAY, PARTS[NIGHT], zone)
    # The day that it still is for whoever is up; "this evening" is over at midnight.
    awake = (here - DAWN).date()
    if said.when == TONIGHT:
        return _hours(awake, _TONIGHT, zone)
    if (days := _days(said, today, south=south)) is not None:
        return span_between(*days, zone)
    # "This morning" names no day.
    otherwise = Period.TODAY if said.part else Period.ALL_TIME
    when = said.when or otherwise
    day = _day(when, awake if said.part and when == Period.TODAY else today)
    if day is None:
        return span_of(Period(when), today, zone)
    if said.part is None:
        return span_between(day, day, zone)
    return _hours(day, PARTS[said.part], zone)


def _hours(day: date, hours: tuple[int, int], zone: ZoneInfo) -> Span:
    midnight = datetime.combine(day, time())
    begin, end = (midnight + timedelta(hours=hour) for hour in hours)
    return span_between(begin, end, zone)


def _days(said: Moment, today: date, *, south: bool) -> tuple[date, date] | None:
    """Return the first day and the last of what is several; None of something else."""
    when = said.when or ""
    if when == THIS_WEEKEND:
        saturday = _latest(_SATURDAY, today)
        return saturday, saturday + _DAY
    if when == LAST_WEEKEND:
        sunday = _latest(_SUNDAY, today - _DAY)
        return sunday - _DAY, sunday
    if (season := when.removeprefix("last_")) in SEASONS:
        return _season(SEASONS[season], today, south=south)
    if said.of_year is not None:
        return _of_year(said.of_year, said.year, today, south=south)
    if said.year is not None:
        return date(said.year, 1, 1), date(said.year, 12, 31)
    return None


def _day(when: str, today: date) -> date | None:
    if when in WEEKDAYS:
        return _latest(WEEKDAYS.index(when), today - _DAY)
    days = {Period.TODAY: today, Period.YESTERDAY: today - _DAY}
    return days.get(Period(when))


def _latest(weekday: int, day: date) -> date:
    """Return the latest day of a week that is this one or before."""
    return day - (day.weekday() - weekday) % 7 * _DAY


def _season(month: int, today: date, *, south: bool) -> tuple[date, date]:
    """Return the latest season that is over, which begins with a month in the north."""
    first = date(today.year, _month(month, south=south), 1)
    while _months_on(first, 3) > today:
        first = first.replace(year=first.year - 1)
    return first, _months_on(first, 3) - _DAY


def _of_year(
    named: str, year: int | None, today: date, *, south: bool
) -> tuple[date, date]:
    """Return a month or a season of a year, or else the latest that has begun."""
    if named in SEASONS:
        month, months = _month(SEASONS[named], south=south), 3
    else:
        month, months = MONTHS.index(named) + 1, 1
    first = date(year or today.year, month, 1)
    if year is None and first > today:
        first = first.replace(year=first.year - 1)
    return first, _months_on(first, months) - _DAY


def _month(north: int, *, south: bool) -> int:
    return (north + 5) % 12 + 1 if south else north


def _months_on(first: date, months: int) -> date:
    """Return the first day of a month some months after."""
    month = first.month + months
    return date(first.year + (month > 12), (month - 1) % 12 + 1, 1)
