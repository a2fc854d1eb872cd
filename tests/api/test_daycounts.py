"""Counting the requests of a day."""

import json

import pytest

from custom_components.spotify_hub.api.daycounts import DAY, SLICE, DayCounts
from custom_components.spotify_hub.api.families import Family


def test_counts_are_told_by_account_and_family() -> None:
    """Each question has its own sum."""
    counts = DayCounts()
    for account, family, times in (
        ("anna", Family.PLAYER, 3),
        ("anna", Family.SEARCH, 2),
        ("ben", Family.PLAYER, 4),
    ):
        for _ in range(times):
            counts.add(account, family, 5)
    assert counts.total(5) == 9
    assert counts.total(5, account="anna") == 5
    assert counts.total(5, family=Family.PLAYER) == 7
    assert counts.total(5, account="ben", family=Family.SEARCH) == 0
    assert counts.by_family(5) == {Family.PLAYER: 7, Family.SEARCH: 2}
    assert counts.by_family(5, "ben") == {Family.PLAYER: 4}


@pytest.mark.parametrize("begin", [0.0, 1.0, 450.0, SLICE - 0.5, SLICE, 123_456.7])
@pytest.mark.parametrize("later", [0.0, 1.0, SLICE - 0.001, SLICE, SLICE + 1])
def test_a_request_is_counted_for_a_day_and_at_most_a_slice_more(
    begin: float, later: float
) -> None:
    """Wherever in its slice it stands, after whichever other request."""
    counts = DayCounts()
    counts.add("anna", Family.PLAYER, begin)
    counts.add("anna", Family.PLAYER, begin + later)
    assert counts.total(begin + later + DAY - 0.001) >= 1
    assert counts.total(begin + later + DAY + SLICE) == 0


def test_the_count_falls_when_it_is_said_to() -> None:
    """Whoever waits for it wakes up at the right time."""
    counts = DayCounts()
    for at in (100.0, 200.0, 5000.0):
        counts.add("anna", Family.SEARCH, at)
    counts.add("ben", Family.PLAYER, 1.0)
    eases = counts.eases_at(6000, Family.SEARCH)
    assert counts.total(eases - 0.001, family=Family.SEARCH) == 3
    assert counts.total(eases, family=Family.SEARCH) == 1
    assert counts.eases_at(6000, Family.TOP) == 6000


def test_a_year_takes_no_more_memory_than_a_day() -> None:
    """Old slices go, and so do accounts that ask no more."""
    counts = DayCounts()
    most = 0
    counts.add("gone", Family.SEARCH, 0)
    for step in range(365 * 24 * 12):
        now = step * 300.0
        counts.add("anna", Family.PLAYER, now)
        if step % 50 == 0:
            assert counts.total(now, account="anna") <= 24 * 12 + 3
            most = max(most, len(counts.dump(now)))
    assert most <= DAY / SLICE + 2
    assert {row[0] for row in counts.dump(now)} == {"anna"}


def test_a_request_that_did_not_leave_is_taken_back() -> None:
    """Its own slice is corrected, and never falls below nothing."""
    counts = DayCounts()
    counts.add("anna", Family.PLAYER, 899)
    counts.add("anna", Family.PLAYER, 1800)
    counts.take_back("anna", Family.PLAYER, 899)
    assert counts.total(1800) == 1
    assert counts.total(899 + DAY + SLICE) == 1
    counts.take_back("anna", Family.PLAYER, 1800)
    counts.take_back("anna", Family.PLAYER, 1800)
    counts.take_back("ben", Family.PLAYER, 1800)
    assert counts.total(1800) == 0
    assert counts.dump(1800) == []


def test_a_restart_forgets_nothing_too_early() -> None:
    """The other clock and the time between change no request's age."""
    counts = DayCounts()
    counts.add("anna", Family.PLAYER, 10)
    counts.add("anna", Family.PLAYER, 909)
    now, aged = 2000.0, 60.0
    rows = json.loads(json.dumps(counts.dump(now)))
    restored = DayCounts()
    restored.load(rows, 77.7, aged)
    youngest = 77.7 - aged - (now - 909)
    assert restored.total(77.7) == 2
    assert restored.total(youngest + DAY - 0.001) == 2
    assert restored.total(youngest + DAY + SLICE) == 0


def test_what_became_too_old_meanwhile_is_not_restored() -> None:
    """A week without a request leaves nothing."""
    counts = DayCounts()
    counts.add("anna", Family.PLAYER, 10)
    restored = DayCounts()
    restored.load(counts.dump(10), 10, 7 * DAY)
    assert restored.dump(10) == []


def test_families_of_another_version_are_left_out() -> None:
    """After a downgrade the rest still counts."""
    restored = DayCounts()
    restored.load(
        [("anna", "telepathy", 5.0, 7), ("anna", "search", 5.0, 2)], 100.0, 0.0
    )
    assert restored.by_family(100.0) == {Family.SEARCH: 2}


def test_many_restarts_take_no_memory() -> None:
    """Slices that were read do not become more by being read."""
    counts = DayCounts()
    now = 0.0
    for restart in range(500):
        counts.add("anna", Family.PLAYER, now)
        rows = counts.dump(now)
        counts, now = DayCounts(), restart * 7.7
        counts.load(rows, now, 100)
    assert len(counts.dump(now)) <= DAY / SLICE + 2


def test_two_records_become_one() -> None:
    """Both are counted, and forgotten each in its time."""
    one, other = DayCounts(), DayCounts()
    one.add("anna", Family.PLAYER, 1000)
    other.add("anna", Family.PLAYER, 100)
    other.add("ben", Family.PLAYER, 100)
    one.absorb(other)
    assert one.total(1000, family=Family.PLAYER) == 3
    assert one.eases_at(1000, Family.PLAYER) == 100 + SLICE + DAY
    assert one.total(1000 + DAY) == 1
