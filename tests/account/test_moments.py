"""What people say of a time is the stretch that they mean, in the zone that they live in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account.moments import (
    OF_YEAR,
    PARTS,
    WEEKDAYS,
    WHEN,
    YEARS,
    Moment,
    span_said,
)
from custom_components.spotify_hub.account.periods import Span

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [BERLIN, ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("Africa/Cairo")]
MOMENTS = st.datetimes(
    datetime.fromisoformat("2010-01-01"), datetime.fromisoformat("2049-12-31")
)
# A Tuesday.
NOON = "2027-03-02 12:00"


def told(said: Moment, now: str, *, south: bool = False) -> tuple[str, str]:
    """Return the begin and the end of what somebody in Berlin means."""
    here = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    span = span_said(said, here, BERLIN, south=south)
    since, until = (
        datetime.fromtimestamp((stamp or 0) / 1000, BERLIN).isoformat(" ", "minutes")
        for stamp in span
    )
    return since[:16], until[:16]


@pytest.mark.parametrize(
    ("said", "since", "until"),
    [
        (Moment("today"), "2027-03-02 00:00", "2027-03-03 00:00"),
        (Moment(part="morning"), "2027-03-02 05:00", "2027-03-02 12:00"),
        (Moment(part="evening"), "2027-03-02 18:00", "2027-03-03 00:00"),
        (Moment("tonight"), "2027-03-02 18:00", "2027-03-03 05:00"),
        (Moment("last_night"), "2027-03-01 20:00", "2027-03-02 05:00"),
        (Moment("yesterday", "evening"), "2027-03-01 18:00", "2027-03-02 00:00"),
        (Moment("sunday"), "2027-02-28 00:00", "2027-03-01 00:00"),
        (Moment("sunday", "morning"), "2027-02-28 05:00", "2027-02-28 12:00"),
        (Moment("saturday", "night"), "2027-02-27 20:00", "2027-02-28 05:00"),
        (Moment("tuesday"), "2027-02-23 00:00", "2027-02-24 00:00"),
        (Moment("wednesday"), "2027-02-24 00:00", "2027-02-25 00:00"),
        (Moment("this_weekend"), "2027-02-27 00:00", "2027-03-01 00:00"),
        (Moment("last_weekend"), "2027-02-27 00:00", "2027-03-01 00:00"),
        (Moment("this_week"), "2027-03-01 00:00", "2027-03-08 00:00"),
        (Moment("last_month"), "2027-02-01 00:00", "2027-03-01 00:00"),
        (Moment("last_month", "morning"), "2027-02-01 00:00", "2027-03-01 00:00"),
        (Moment("last_summer"), "2026-06-01 00:00", "2026-09-01 00:00"),
        (Moment("last_winter"), "2026-12-01 00:00", "2027-03-01 00:00"),
        (Moment("last_spring"), "2026-03-01 00:00", "2026-06-01 00:00"),
        (Moment(of_year="march"), "2027-03-01 00:00", "2027-04-01 00:00"),
        (Moment(of_year="april"), "2026-04-01 00:00", "2026-05-01 00:00"),
        (Moment(of_year="december"), "2026-12-01 00:00", "2027-01-01 00:00"),
        (Moment(of_year="april", year=2024), "2024-04-01 00:00", "2024-05-01 00:00"),
        (Moment(of_year="spring"), "2027-03-01 00:00", "2027-06-01 00:00"),
        (Moment(of_year="summer"), "2026-06-01 00:00", "2026-09-01 00:00"),
        (Moment(of_year="winter", year=2024), "2024-12-01 00:00", "2025-03-01 00:00"),
        (Moment(year=2024), "2024-01-01 00:00", "2025-01-01 00:00"),
    ],
)
def test_what_is_said_at_noon(said: Moment, since: str, until: str) -> None:
    """On a Tuesday in March."""
    assert told(said, NOON) == (since, until)


@pytest.mark.parametrize(
    ("said", "now", "since", "until"),
    [
        (Moment("tonight"), "2027-03-02 01:30", "2027-03-01 18:00", "2027-03-02 05:00"),
        (
            Moment(part="evening"),
            "2027-01-01 00:30",
            "2026-12-31 18:00",
            "2027-01-01 00:00",
        ),
        (
            Moment("today", "night"),
            "2027-03-02 04:59",
            "2027-03-01 20:00",
            "2027-03-02 05:00",
        ),
        (
            Moment(part="morning"),
            "2027-03-02 05:00",
            "2027-03-02 05:00",
            "2027-03-02 12:00",
        ),
        (Moment("today"), "2027-03-02 00:30", "2027-03-02 00:00", "2027-03-03 00:00"),
        (
            Moment("last_night"),
            "2027-03-02 01:30",
            "2027-03-01 20:00",
            "2027-03-02 05:00",
        ),
        (
            Moment("this_weekend"),
            "2027-02-28 12:00",
            "2027-02-27 00:00",
            "2027-03-01 00:00",
        ),
        (
            Moment("last_weekend"),
            "2027-02-28 12:00",
            "2027-02-20 00:00",
            "2027-02-22 00:00",
        ),
        (
            Moment("last_weekend"),
            "2027-02-27 12:00",
            "2027-02-20 00:00",
            "2027-02-22 00:00",
        ),
        # Summer time begins in the night.
        (
            Moment("last_night"),
            "2027-03-28 12:00",
            "2027-03-27 20:00",
            "2027-03-28 05:00",
        ),
        (
            Moment("last_winter"),
            "2027-02-28 12:00",
            "2025-12-01 00:00",
            "2026-03-01 00:00",
        ),
    ],
)
def test_what_is_said_at_other_times(
    said: Moment, now: str, since: str, until: str
) -> None:
    """Who is still up means the night that goes on; on a Sunday the weekend does."""
    assert told(said, now) == (since, until)


def test_summer_is_in_january_in_the_south() -> None:
    """And winter in July."""
    assert told(Moment("last_summer"), NOON, south=True) == (
        "2026-12-01 00:00",
        "2027-03-01 00:00",
    )
    assert told(Moment(of_year="winter"), NOON, south=True) == (
        "2026-06-01 00:00",
        "2026-09-01 00:00",
    )


def test_lately_has_no_end_and_nothing_said_is_all_time() -> None:
    """Lately is a month."""
    now = datetime(2027, 3, 2, 12, tzinfo=UTC)
    lately = span_said(Moment("lately"), now, ZoneInfo("UTC"), south=False)
    begin = datetime(2027, 1, 31, tzinfo=UTC).timestamp() * 1000
    assert lately == Span(round(begin), None)
    everything = Moment(), Moment("all_time")
    assert {span_said(one, now, BERLIN, south=False) for one in everything} == {Span()}


@given(
    st.one_of(
        st.builds(Moment, st.sampled_from(WHEN), st.none() | st.sampled_from([*PARTS])),
        st.builds(
            Moment,
            st.none(),
            st.none(),
            st.none() | st.sampled_from(OF_YEAR),
            st.none() | st.sampled_from(YEARS),
        ),
        st.builds(Moment, st.none(), st.sampled_from([*PARTS])),
    ),
    MOMENTS,
    st.sampled_from(ZONES),
    st.booleans(),
)
def test_everything_that_can_be_said_means_something(
    said: Moment, now: datetime, zone: ZoneInfo, south: bool
) -> None:
    """It ends after it begins, and without a year it has begun, or is of today."""
    here = now.replace(tzinfo=zone)
    span = span_said(said, here, zone, south=south)
    if span.since is not None and span.until is not None:
        assert span.since < span.until
    if said.year is None and said.when != "today" and said.part is None:
        begins = span.since or 0
        assert begins <= here.timestamp() * 1000 or said.when == "tonight"


@given(
    st.sampled_from(WEEKDAYS),
    MOMENTS,
    st.sampled_from(ZONES),
)
def test_a_weekday_is_over(day: str, now: datetime, zone: ZoneInfo) -> None:
    """Within the week before."""
    here = now.replace(tzinfo=zone)
    span = span_said(Moment(day), here, zone, south=False)
    assert span.since is not None
    assert span.until is not None
    assert span.until <= here.timestamp() * 1000
    assert datetime.fromtimestamp(span.since / 1000, zone).weekday() == WEEKDAYS.index(
        day
    )
    assert here.timestamp() * 1000 - span.since < 8.1 * 86_400_000
