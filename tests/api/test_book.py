"""What one developer account is allowed: window, budgets, deadlines."""

import json

import pytest

from custom_components.spotify_hub.api.book import (
    FAMILY_BUDGET,
    FIRST_CEILING,
    LONGEST_LIMIT,
    LONGEST_QUOTA,
    LOWEST_BUDGET,
    LOWEST_CEILING,
    PLAYER_BUDGET,
    RECOVERY,
    UNSAID_LIMIT,
    UNSAID_QUOTA,
    WINDOW,
    Book,
)
from custom_components.spotify_hub.api.daycounts import DAY, SLICE
from custom_components.spotify_hub.api.errors import (
    QuotaExceededError,
    RateLimitedError,
)
from custom_components.spotify_hub.api.families import Family
from custom_components.spotify_hub.api.request import Lane

LIBRARY, SEARCH = Family.LIBRARY, Family.SEARCH


def send(book: Book, count: int, now: float, family: Family = LIBRARY) -> None:
    """Count requests that leave now."""
    for _ in range(count):
        book.sent("anna", family, now)


def limit(book: Book, retry_after: float | None, now: float) -> None:
    """Hear a plain 429."""
    book.limited(RateLimitedError("429", retry_after), LIBRARY, now)


def exhaust(
    book: Book, retry_after: float | None, now: float, family: Family = LIBRARY
) -> None:
    """Hear QUOTA_EXCEEDED."""
    book.limited(QuotaExceededError("429", retry_after), family, now)


def restarted(book: Book, now: float, aged: float = 0.0, then: float = 7.0) -> Book:
    """Return the book as it is after a restart, on another clock."""
    return Book.load(json.loads(json.dumps(book.dump(now))), then, aged)


@pytest.mark.parametrize(
    ("lane", "room"),
    [
        (Lane.COMMAND, 45),
        (Lane.PLAYBACK, 40),
        (Lane.BROWSE, 33),
        (Lane.BACKGROUND, 22),
    ],
)
def test_each_lane_leaves_room_for_the_faster(lane: Lane, room: int) -> None:
    """A window full of background work still lets commands go."""
    book = Book()
    send(book, room - 1, 100)
    assert book.may_go_at(lane, LIBRARY, 100) == 100
    send(book, 1, 110)
    assert book.may_go_at(lane, LIBRARY, 110) == 100 + WINDOW
    assert book.may_go_at(lane, LIBRARY, 100 + WINDOW) == 100 + WINDOW


def test_more_than_a_lanes_share_has_to_leave_before_it_goes() -> None:
    """Background work waits for what commands have sent too."""
    book = Book()
    for second in range(45):
        book.sent("anna", LIBRARY, second / 10)
    assert book.may_go_at(Lane.COMMAND, LIBRARY, 5) == WINDOW
    assert book.may_go_at(Lane.BACKGROUND, LIBRARY, 5) == WINDOW + 2.3


def test_every_lane_has_room_under_the_lowest_ceiling() -> None:
    """Nothing is shut out for ever."""
    book = Book()
    for hour in range(10):
        limit(book, 1, hour * 60)
    assert book.ceiling(540) == LOWEST_CEILING
    assert all(book.may_go_at(lane, LIBRARY, 1000) == 1000 for lane in Lane)


def test_a_plain_429_halves_the_ceiling_and_it_recovers_slowly() -> None:
    """One request more for each minute without another."""
    book = Book()
    assert book.ceiling(0) == FIRST_CEILING == 45
    limit(book, 5, 100)
    assert book.ceiling(100) == 22
    assert book.ceiling(100 + RECOVERY - 1) == 22
    assert book.ceiling(100 + RECOVERY) == 23
    assert book.ceiling(100 + 10 * RECOVERY) == 32
    limit(book, 5, 100 + 10 * RECOVERY)
    assert book.ceiling(100 + 10 * RECOVERY) == 16
    assert book.ceiling(100 + 1000 * RECOVERY) == FIRST_CEILING


@pytest.mark.parametrize("retry_after", [1, 3600])
def test_429s_of_requests_under_way_together_are_one_lesson(retry_after: float) -> None:
    """Also when Spotify's deadline ends before the last of them is answered."""
    book = Book()
    for late in range(10):
        limit(book, retry_after, 100 + late)
    assert book.ceiling(109) == 22
    limit(book, retry_after, 100 + WINDOW)
    assert book.ceiling(100 + WINDOW) == 11


def test_a_plain_429_closes_every_family_until_then() -> None:
    """For every lane."""
    book = Book()
    limit(book, 41, 100)
    for family in Family:
        closed = book.closed(family, 140.9)
        assert closed is not None
        assert (closed.until, closed.quota) == (141, False)
        assert book.closed(family, 141) is None
        assert all(book.may_go_at(lane, family, 110) == 141 for lane in Lane)
    assert list(book.deadlines(110)) == [None]
    assert book.deadlines(141) == {}


def test_quota_exceeded_closes_that_family_only() -> None:
    """The others have quotas of their own; the window is not narrowed."""
    book = Book()
    exhaust(book, 5000, 100, SEARCH)
    assert all(book.may_go_at(lane, SEARCH, 110) == 5100 for lane in Lane)
    assert all(book.may_go_at(lane, LIBRARY, 110) == 110 for lane in Lane)
    assert list(book.deadlines(110)) == [SEARCH]
    assert book.ceiling(110) == FIRST_CEILING


def test_a_later_shorter_deadline_does_not_open_earlier() -> None:
    """Answers may overtake each other."""
    book = Book()
    limit(book, 100, 0)
    limit(book, 5, 10)
    exhaust(book, 1000, 0)
    exhaust(book, 50, 10)
    assert book.may_go_at(Lane.COMMAND, SEARCH, 20) == 100
    assert book.may_go_at(Lane.COMMAND, LIBRARY, 20) == 1000


def test_of_two_deadlines_the_later_one_is_told() -> None:
    """With its kind."""
    book = Book()
    limit(book, 100, 0)
    exhaust(book, 5000, 0)
    closed = book.closed(LIBRARY, 10)
    assert closed is not None
    assert type(closed.error(10)) is QuotaExceededError
    assert closed.error(10).retry_after == 4990
    limit(book, 6000, 0)
    closed = book.closed(LIBRARY, 10)
    assert closed is not None
    assert type(closed.error(10)) is RateLimitedError
    assert closed.error(10).retry_after == 5990


@pytest.mark.parametrize(
    ("said", "plain", "quota"),
    [
        (None, UNSAID_LIMIT, UNSAID_QUOTA),
        (0, 1, 1),
        (0.2, 1, 1),
        (86_400, 86_400, 86_400),
        (1e9, LONGEST_LIMIT, LONGEST_QUOTA),
    ],
)
def test_a_missing_or_absurd_retry_after_is_replaced(
    said: float | None, plain: float, quota: float
) -> None:
    """Neither at once again nor never again."""
    book = Book()
    limit(book, said, 100)
    assert book.may_go_at(Lane.COMMAND, SEARCH, 100) == 100 + plain
    book = Book()
    exhaust(book, said, 100)
    assert book.may_go_at(Lane.COMMAND, LIBRARY, 100) == 100 + quota


def test_a_spent_budget_holds_background_work_only() -> None:
    """Until the oldest slice of the day is forgotten."""
    book = Book()
    send(book, FAMILY_BUDGET - 1, 0)
    later = 10 * SLICE
    assert book.may_go_at(Lane.BACKGROUND, LIBRARY, later) == later
    send(book, 1, later)
    later += 100
    assert book.budget_left(LIBRARY, later) == 0
    assert book.may_go_at(Lane.BACKGROUND, LIBRARY, later) == SLICE + DAY
    assert book.may_go_at(Lane.BACKGROUND, LIBRARY, SLICE + DAY) == SLICE + DAY
    for lane in (Lane.COMMAND, Lane.PLAYBACK, Lane.BROWSE):
        assert book.may_go_at(lane, LIBRARY, later) == later
    assert book.may_go_at(Lane.BACKGROUND, SEARCH, later) == later


def test_reading_the_player_has_a_larger_budget() -> None:
    """It is what is asked most."""
    book = Book()
    send(book, FAMILY_BUDGET, 0, Family.PLAYER)
    assert book.budget(Family.PLAYER) == PLAYER_BUDGET == 3000
    assert book.budget_left(Family.PLAYER, 0) == 0.8


def test_budgets_are_learned_down_from_quota_exceeded() -> None:
    """To a little less than what was too much, and not to nothing."""
    book = Book()
    send(book, 400, 0)
    exhaust(book, 60, 0)
    assert book.budget(LIBRARY) == 360
    assert book.budget(SEARCH) == FAMILY_BUDGET
    exhaust(book, 60, 10)
    assert book.budget(LIBRARY) == 360
    exhaust(book, 60, 10, SEARCH)
    assert book.budget(SEARCH) == LOWEST_BUDGET
    send(book, 5000, 20, Family.TOP)
    exhaust(book, 60, 20, Family.TOP)
    assert book.budget(Family.TOP) == FAMILY_BUDGET


def test_a_request_taken_back_leaves_its_place_to_another() -> None:
    """Its own, not the latest."""
    book = Book()
    send(book, 1, 1)
    send(book, 44, 2)
    book.unsent("anna", LIBRARY, 1)
    assert book.counts.total(3) == 44
    assert book.may_go_at(Lane.COMMAND, LIBRARY, 3) == 3
    send(book, 1, 3)
    assert book.may_go_at(Lane.COMMAND, LIBRARY, 3) == 2 + WINDOW


def test_a_request_taken_back_late_does_no_harm() -> None:
    """When the window has passed already."""
    book = Book()
    send(book, 1, 1)
    send(book, 1, 100)
    book.unsent("anna", LIBRARY, 1)
    assert book.counts.total(100) == 1
    assert len(book.dump(100)["sent"]) == 1


def test_a_restart_keeps_what_is_known_aged_by_the_time_between() -> None:
    """Deadlines, budgets, counts, ceiling and window."""
    book = Book()
    send(book, 400, 1000)
    send(book, 44, 1005, SEARCH)
    limit(book, 100, 1000)
    exhaust(book, 5000, 1000)
    after = restarted(book, now=1010, aged=15, then=7)
    assert {
        family: (round(closed.until, 6), closed.quota)
        for family, closed in after.deadlines(7).items()
    } == {None: (7 + 75, False), LIBRARY: (7 + 4975, True)}
    assert after.budget(LIBRARY) == 360
    assert after.counts.total(7, account="anna") == 444
    assert after.ceiling(7) == 22
    assert after.ceiling(7 - 15 + RECOVERY) == 23
    # The first 400 are 25 seconds old, the others 20.
    assert len(after.dump(7)["sent"]) == 444
    assert len(after.dump(7 + 5)["sent"]) == 44
    assert len(after.dump(7 + 10)["sent"]) == 0


def test_a_short_restart_does_not_empty_the_window() -> None:
    """Reloading is no way to send more."""
    book = Book()
    send(book, 45, 1000)
    after = restarted(book, now=1001, aged=2, then=0)
    assert after.may_go_at(Lane.COMMAND, LIBRARY, 0) == WINDOW - 3


def test_deadlines_that_ended_meanwhile_are_gone() -> None:
    """A day later everything may go."""
    book = Book()
    limit(book, 100, 0)
    exhaust(book, 5000, 0)
    after = restarted(book, now=0, aged=DAY)
    assert after.deadlines(7) == {}
    assert after.may_go_at(Lane.COMMAND, LIBRARY, 7) == 7


def test_families_and_numbers_that_make_no_sense_are_not_restored() -> None:
    """Of another version, or edited by hand."""
    book = Book.load(
        {
            "sent": [],
            "counts": [["anna", "telepathy", 1.0, 5]],
            "ceiling": 1000,
            "budgets": {"telepathy": [5, 0], "search": [0, 0]},
            "deadlines": [["telepathy", 50.0, True], ["search", 1e12, True]],
        },
        10,
        0,
    )
    assert book.counts.total(10) == 0
    assert book.ceiling(10) == FIRST_CEILING
    assert book.budget(SEARCH) == LOWEST_BUDGET
    assert list(book.deadlines(10)) == [SEARCH]
    assert book.may_go_at(Lane.COMMAND, SEARCH, 10) == 10 + LONGEST_QUOTA


def test_a_book_takes_over_another() -> None:
    """The window, the counts and the stricter of everything."""
    one, other = Book(), Book()
    send(one, 30, 100)
    send(other, 15, 90)
    limit(other, 50, 60)
    exhaust(other, 500, 95, SEARCH)
    one.absorb(other, 100)
    assert one.counts.total(100) == 45
    assert one.ceiling(100) == 22
    assert one.quota_hit == 95
    assert one.may_go_at(Lane.COMMAND, SEARCH, 100) == 595
    assert one.may_go_at(Lane.COMMAND, LIBRARY, 100) == 100 + WINDOW
    limit(one, 1, 80)
    assert one.ceiling(100) == 22


def test_joined_budgets_are_of_the_requests_of_both() -> None:
    """Each had learned from its own part only."""
    one, other = Book(), Book()
    send(one, 300, 0)
    send(other, 200, 0)
    exhaust(one, 60, 0)
    exhaust(other, 60, 0)
    send(one, 100, 0, SEARCH)
    exhaust(one, 60, 0, SEARCH)
    send(other, 30, 0, SEARCH)
    send(other, 10, 0, Family.TOP)
    one.absorb(other, 10)
    assert one.budget(LIBRARY) == 270 + 180
    assert one.budget(SEARCH) == 90 + 30
    assert one.budget(Family.TOP) == FAMILY_BUDGET


def test_what_was_learned_of_a_budget_is_forgotten_after_a_week() -> None:
    """Another program of the same developer may have used it up that day."""
    book = Book()
    book.limited(QuotaExceededError("429", 60), Family.SEARCH, 0)
    assert book.budget(Family.SEARCH) < 600
    book = Book.load(json.loads(json.dumps(book.dump(3 * DAY))), 0, 0)
    assert book.budget(Family.SEARCH) < 600
    book.sent("anna", Family.SEARCH, 5 * DAY)
    assert book.budget(Family.SEARCH) == 600
