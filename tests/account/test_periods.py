"""Periods are what people mean by them, in the zone that they live in."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account.periods import (
    Period,
    Span,
    span_between,
    span_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [BERLIN, ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("Africa/Cairo")]


def days_of(span: Span, zone: ZoneInfo) -> tuple[str, str]:
    """Return the begin and the end of a span as clocks show them."""
    assert span.since is not None
    assert span.until is not None
    since, until = (
        datetime.fromtimestamp(stamp / 1000, zone).isoformat(" ", "minutes")[:16]
        for stamp in span
        if stamp is not None
    )
    return since, until


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        (Period.TODAY, "2026-03-29", "2026-03-30"),
        (Period.YESTERDAY, "2026-03-28", "2026-03-29"),
        (Period.THIS_WEEK, "2026-03-23", "2026-03-30"),
        (Period.LAST_WEEK, "2026-03-16", "2026-03-23"),
        (Period.THIS_MONTH, "2026-03-01", "2026-04-01"),
        (Period.LAST_MONTH, "2026-02-01", "2026-03-01"),
        (Period.THIS_YEAR, "2026-01-01", "2027-01-01"),
        (Period.LAST_YEAR, "2025-01-01", "2026-01-01"),
    ],
)
def test_periods_begin_and_end_at_midnight(
    period: Period, since: str, until: str
) -> None:
    """Also on the day on which clocks are changed."""
    span = span_of(period, date(2026, 3, 29), BERLIN)
    assert days_of(span, BERLIN) == (f"{since} 00:00", f"{until} 00:00")


def test_all_time_has_no_end() -> None:
    """Nor a beginning."""
    assert span_of(Period.ALL_TIME, date(2026, 3, 29), BERLIN) == Span(None, None)


@given(
    st.sampled_from([one for one in Period if one is not Period.ALL_TIME]),
    st.dates(date(2000, 1, 1), date(2060, 12, 31)),
    st.sampled_from(ZONES),
)
def test_periods_follow_each_other(period: Period, today: date, zone: ZoneInfo) -> None:
    """Today is in this week, month and year, and the last ends where this begins."""
    span = span_of(period, today, zone)
    assert span.since is not None
    assert span.until is not None
    assert span.since < span.until
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=zone)
    within = span.since <= noon.timestamp() * 1000 < span.until
    assert within is (period is Period.TODAY or period.value.startswith("this_"))
    if period.value.startswith("last_"):
        this = Period(period.value.replace("last_", "this_"))
        assert span.until == span_of(this, today, zone).since


def test_bounds_are_of_the_zone() -> None:
    """Unless they say of which they are; a last day is meant to its end."""
    day = date(2026, 3, 29)
    assert days_of(span_between(day, day, BERLIN), BERLIN) == (
        "2026-03-29 00:00",
        "2026-03-30 00:00",
    )
    moment = datetime.fromisoformat("2026-03-29T12:00")
    assert span_between(moment, None, BERLIN) == Span(1_774_778_400_000, None)
    assert span_between(None, moment, BERLIN) == Span(None, 1_774_778_400_000)
    there = moment.replace(tzinfo=UTC)
    assert span_between(there, None, BERLIN) == Span(1_774_785_600_000, None)


def test_nothing_ends_before_it_begins() -> None:
    """Nor when it begins."""
    day = date(2026, 3, 29)
    moment = datetime(2026, 3, 29, tzinfo=UTC)
    with pytest.raises(ValueError, match="before"):
        span_between(day, day - timedelta(days=1), BERLIN)
    with pytest.raises(ValueError, match="before"):
        span_between(moment, moment, BERLIN)
