"""Stretches of time as people say them: this morning, on Sunday, last summer. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .periods import Period, Span, span_between, span_of

LATELY = "lately"
WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
# The first month of each, north of the equator; it lasts for three.
SEASONS = {
    "last_spring": 3,
    "last_summer": 6,
    "last_autumn": 9,
    "last_winter": 12,
}
# The hours of a day, from and until before.
PARTS = {"morning": (5, 12), "afternoon": (12, 18), "evening": (18, 24)}
# What one can say; parts only of a day.
WHEN = (LATELY, *Period, *WEEKDAYS, *SEASONS)

_DAY = timedelta(days=1)
_LATELY = 30 * _DAY


def span_said(
    when: str, now: datetime, zone: ZoneInfo, *, part: str | None = None, south: bool
) -> Span:
    """Return when something that people say begins and ends, said `now`.

    `south` is where summer begins in December. A weekday is the latest one that is
    over; a part of a period that is no day is the whole period.
    """
    today = now.astimezone(zone).date()
    if when == LATELY:
        return span_between(today - _LATELY, None, zone)
    if when in SEASONS:
        first = _season(SEASONS[when], today, south=south)
        return span_between(first, _months_on(first) - _DAY, zone)
    day = _day(when, today)
    if day is None:
        return span_of(Period(when), today, zone)
    if part is None:
        return span_between(day, day, zone)
    begin, end = PARTS[part]
    midnight = datetime.combine(day, time())
    return span_between(
        midnight + timedelta(hours=begin), midnight + timedelta(hours=end), zone
    )


def _day(when: str, today: date) -> date | None:
    if when in WEEKDAYS:
        back = (today.weekday() - WEEKDAYS.index(when)) % 7
        return today - (back or 7) * _DAY
    days = {Period.TODAY: today, Period.YESTERDAY: today - _DAY}
    return days.get(Period(when))


def _season(month: int, today: date, *, south: bool) -> date:
    """Return the first day of the latest season of its kind that is over."""
    month = (month + 5) % 12 + 1 if south else month
    year = today.year
    while _months_on(date(year, month, 1)) > today:
        year -= 1
    return date(year, month, 1)


def _months_on(first: date) -> date:
    """Return the first day of the third month after."""
    month = first.month + 3
    return date(first.year + (month > 12), (month - 1) % 12 + 1, 1)
