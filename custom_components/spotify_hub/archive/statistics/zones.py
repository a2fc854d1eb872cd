"""Stretches of time in which a zone's clocks are equally far from UTC."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000
_DAY = timedelta(days=1)
_FINEST = timedelta(minutes=1)


class Stretch(NamedTuple):
    """From `since` until before `until` (UTC ms) local time is UTC and `offset` ms."""

    since: int
    until: int
    offset: int


def stretches(zone: ZoneInfo, since: int, until: int) -> list[Stretch]:
    """Return the stretches from `since` until before `until`, in order."""
    found: list[Stretch] = []
    first, last = (_moment(ms).year for ms in (since, until))
    for year in range(first, last + 1):
        for start, end, offset in _of_year(zone, year):
            low, high = max(start, since), min(end, until)
            if low >= high:
                continue
            if found and found[-1].offset == offset:
                found[-1] = found[-1]._replace(until=high)
            else:
                found.append(Stretch(low, high, offset))
    return found


def midnight(zone: ZoneInfo, day: int) -> int:
    """Return when a local day begins, given by its number since 1970-01-01."""
    local = datetime(1970, 1, 1, tzinfo=zone) + timedelta(days=day)
    return _ms(local)


@lru_cache(maxsize=256)
def _of_year(zone: ZoneInfo, year: int) -> tuple[Stretch, ...]:
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found: list[Stretch] = []
    since, moment = begin, begin
    while moment < end:
        later = min(moment + _DAY, end)
        if _offset(zone, later) != _offset(zone, moment):
            change = _change(zone, moment, later)
            found.append(Stretch(_ms(since), _ms(change), _offset(zone, moment)))
            since = change
        moment = later
    if since < end:
        found.append(Stretch(_ms(since), _ms(end), _offset(zone, since)))
    return tuple(found)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the minute from which clocks stand as they do after."""
    while after - before > _FINEST:
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= before:
            break
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return offset // timedelta(milliseconds=1)


def _moment(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def _ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
