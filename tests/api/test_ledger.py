"""Who goes when: lanes, accounts, deadlines, and books that are joined."""

import asyncio
import json
import time

import pytest

from custom_components.spotify_hub.api.book import FIRST_CEILING, WINDOW
from custom_components.spotify_hub.api.daycounts import DAY, SLICE
from custom_components.spotify_hub.api.desk import PATIENCE
from custom_components.spotify_hub.api.errors import (
    BadRequestError,
    HeldBackError,
    QuotaExceededError,
    RateLimitedError,
)
from custom_components.spotify_hub.api.families import Family
from custom_components.spotify_hub.api.ledger import Ledger, LedgerGate
from custom_components.spotify_hub.api.request import Lane, Request

from .virtual_time import BEGIN, in_virtual_time, now, settle
from .waiting import Crowd, drop, refusal

LIBRARY, SEARCH = Family.LIBRARY, Family.SEARCH
COMMAND, PLAYBACK, BROWSE, BACKGROUND = Lane


def plain(retry_after: float | None) -> RateLimitedError:
    """Return a plain 429."""
    return RateLimitedError("429", retry_after)


def quota(retry_after: float | None = 5000) -> QuotaExceededError:
    """Return QUOTA_EXCEEDED."""
    return QuotaExceededError("429", retry_after)


async def nearly_free(crowd: Crowd) -> None:
    """Fill the window and wait until it is nearly over."""
    await crowd.fill(45)
    await asyncio.sleep(WINDOW - 1)


def let_go(crowd: Crowd, count: int, owner: str = "app") -> None:
    """Make room for some of those who wait; they have not heard of it yet."""
    for _ in range(count):
        crowd.ledger.book(owner).unsent("anna", LIBRARY, BEGIN)
    crowd.ledger.desk(owner).changed()


@in_virtual_time
async def test_no_thirty_seconds_see_more_than_the_ceiling() -> None:
    """However many ask."""
    crowd = Crowd()
    waiting = [crowd.ask(BACKGROUND, str(number)) for number in range(500)]
    commands: list[asyncio.Task[None]] = []
    for _ in range(300):
        commands.append(crowd.ask(COMMAND, "command"))
        await asyncio.sleep(0.4)
    times = [left.at for left in crowd.left]
    assert max(sum(at - WINDOW < other <= at for other in times) for at in times) == 45
    assert "command" in crowd.names
    await drop([*waiting, *commands])


@in_virtual_time
async def test_a_command_goes_though_background_work_would_fill_the_window() -> None:
    """At once, with every lane's worth of work waiting."""
    crowd = Crowd()
    waiting = [crowd.ask(BACKGROUND) for _ in range(100)]
    await settle()
    assert len(crowd.left) == 22
    for lane, room in ((BROWSE, 33), (PLAYBACK, 40), (COMMAND, 45)):
        waiting += [crowd.ask(lane) for _ in range(100)]
        await settle()
        assert len(crowd.left) == room
    assert now() == BEGIN
    await drop(waiting)


@in_virtual_time
async def test_who_waits_goes_by_lane() -> None:
    """Whatever the order in which they came."""
    crowd = Crowd()
    await crowd.fill(45)
    await asyncio.sleep(WINDOW - 1)
    for lane in reversed(Lane):
        crowd.ask(lane, lane.name)
    await asyncio.sleep(1)
    await settle()
    assert crowd.names == ["COMMAND", "PLAYBACK", "BROWSE", "BACKGROUND"]


@in_virtual_time
async def test_a_waiting_command_is_never_behind_background_work() -> None:
    """Even when background work has waited long and little room opens at a time."""
    crowd = Crowd()
    for _ in range(45):
        crowd.ask(COMMAND)
        await asyncio.sleep(0.5)
    background = [crowd.ask(BACKGROUND, "background") for _ in range(10)]
    await asyncio.sleep(WINDOW - 45 * 0.5 - 1)
    crowd.left = []
    for _ in range(3):
        crowd.ask(COMMAND, "command")
    await asyncio.sleep(3)
    assert crowd.names == ["command"] * 3
    await drop(background)


@in_virtual_time
async def test_accounts_share_a_lane_fairly() -> None:
    """Forty requests of one do not hold up another's."""
    crowd = Crowd()
    await crowd.fill(45)
    waiting = [crowd.ask(BACKGROUND, f"a{number}") for number in range(40)]
    await settle()
    waiting += [
        crowd.ask(BACKGROUND, f"b{number}", account="ben") for number in range(3)
    ]
    await asyncio.sleep(WINDOW)
    await settle()
    assert crowd.names[:8] == ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "a4"]
    await drop(waiting)


@in_virtual_time
async def test_order_is_kept_within_an_account_and_lane() -> None:
    """Through several windows and several families."""
    crowd = Crowd()
    families = [LIBRARY, SEARCH, Family.TOP]
    for number in range(100):
        crowd.ask(BACKGROUND, str(number), family=families[number % 3])
    await asyncio.sleep(10 * WINDOW)
    assert crowd.names == [str(number) for number in range(100)]


@in_virtual_time
async def test_a_closed_family_holds_up_no_other() -> None:
    """The same account's requests of another family pass by."""
    crowd = Crowd()
    crowd.ledger.limited("app", quota(5000), SEARCH)
    crowd.ask(BACKGROUND, "search", family=SEARCH)
    crowd.ask(BACKGROUND, "library")
    await settle()
    assert crowd.names == ["library"]
    await asyncio.sleep(5000)
    await settle()
    assert crowd.names == ["library", "search"]


@in_virtual_time
async def test_lower_lanes_go_on_once_higher_ones_pause() -> None:
    """Nobody starves."""
    crowd = Crowd()
    background = crowd.ask(BACKGROUND, "background")
    background.cancel()
    commands = []
    for _ in range(100):
        commands.append(crowd.ask(COMMAND, "command"))
        if len(commands) == 30:
            background = crowd.ask(BACKGROUND, "background")
        await asyncio.sleep(0.7)
    assert not background.done()
    await asyncio.sleep(WINDOW)
    assert background.done()
    await drop(commands)


@in_virtual_time
async def test_a_caller_who_goes_away_while_waiting_frees_the_place() -> None:
    """The next one goes in its stead."""
    crowd = Crowd()
    await crowd.fill(44)
    await asyncio.sleep(WINDOW - 1)
    await crowd.fill(1)
    asked = [crowd.ask(COMMAND, str(number)) for number in range(50)]
    await settle()
    await drop(asked[:10])
    await asyncio.sleep(2)
    assert crowd.names == [str(number) for number in range(10, 50)][:44]


@in_virtual_time
async def test_a_caller_who_goes_away_when_just_let_go_frees_the_place() -> None:
    """What was not sent is not counted."""
    crowd = Crowd()
    await nearly_free(crowd)
    task = crowd.ask(COMMAND, "gone")
    other = crowd.ask(COMMAND, "next")
    await settle()
    let_go(crowd, 1)
    task.cancel()
    await settle()
    assert task.cancelled()
    assert crowd.names == ["next"]
    assert other.done()
    assert crowd.ledger.book("app").counts.total(now()) == 45


@in_virtual_time
async def test_a_caller_who_goes_away_as_it_is_turned_away_does_no_harm() -> None:
    """Two reasons to leave at once."""
    crowd = Crowd()
    await nearly_free(crowd)
    refused, other, gone = (crowd.ask(COMMAND) for _ in range(3))
    await settle()
    gone.cancel()
    crowd.ledger.limited("app", plain(50), LIBRARY)
    refused.cancel()
    await settle()
    assert refused.cancelled()
    assert gone.cancelled()
    assert isinstance(other.exception(), RateLimitedError)
    assert crowd.ledger.desk("app")._queues == {}
    assert crowd.ledger.book("app").counts.total(now()) == 45


@in_virtual_time
async def test_a_place_is_not_given_to_a_caller_who_is_going_away() -> None:
    """The next one in the queue has it."""
    crowd = Crowd()
    await nearly_free(crowd)
    gone, other = crowd.ask(COMMAND), crowd.ask(COMMAND, "next")
    await settle()
    gone.cancel()
    let_go(crowd, 1)
    await settle()
    assert crowd.names == ["next"]
    assert other.done()


@in_virtual_time
async def test_who_goes_away_leaves_no_ticket_behind_one_who_waits_long() -> None:
    """A poll that is given up each minute of a closed day takes no memory."""
    crowd = Crowd()
    crowd.ledger.limited("app", quota(80_000), LIBRARY)
    first = crowd.ask(BACKGROUND)
    others = [crowd.ask(BACKGROUND) for _ in range(50)]
    await settle()
    await drop(others)
    assert [len(queue) for queue in crowd.ledger.desk("app")._queues.values()] == [1]
    await drop([first])


@in_virtual_time
async def test_several_who_go_away_at_once_leave_nothing_behind() -> None:
    """No ticket and no timer."""
    crowd = Crowd()
    crowd.ledger.limited("app", plain(100), LIBRARY)
    tasks = [crowd.ask(BACKGROUND) for _ in range(20)]
    await settle()
    await drop(tasks)
    desk = crowd.ledger.desk("app")
    assert desk._queues == {}
    assert desk._timer is None


@in_virtual_time
async def test_a_plain_429_closes_every_family_for_every_account() -> None:
    """Whoever can't wait is told at once until when."""
    crowd = Crowd()
    crowd.ledger.limited("app", plain(41), SEARCH)
    for family in Family:
        for lane in (COMMAND, PLAYBACK, BROWSE):
            error = await refusal(crowd.ask(lane, account="ben", family=family))
            assert type(error) is RateLimitedError
            assert error.retry_after == 41
    await asyncio.sleep(40)
    crowd.ask(COMMAND, "patient")
    await settle()
    assert crowd.left == []
    await asyncio.sleep(1)
    assert [left.at for left in crowd.left] == [BEGIN + 41]


@in_virtual_time
async def test_quota_exceeded_closes_only_that_family() -> None:
    """For whoever can't wait it has a type of its own."""
    crowd = Crowd()
    crowd.ledger.limited("app", quota(5000), SEARCH)
    await asyncio.sleep(10)
    error = await refusal(crowd.ask(COMMAND, family=SEARCH))
    assert type(error) is QuotaExceededError
    assert error.retry_after == 4990
    crowd.ask(COMMAND, "library")
    await settle()
    assert crowd.names == ["library"]


@in_virtual_time
async def test_who_waited_when_a_deadline_came_is_told_at_once() -> None:
    """Not when their patience ends."""
    crowd = Crowd()
    await crowd.fill(45)
    await asyncio.sleep(WINDOW - 2)
    task = crowd.ask(COMMAND)
    await settle()
    assert not task.done()
    crowd.ledger.limited("app", plain(60), LIBRARY)
    assert (await refusal(task)).retry_after == 60


@in_virtual_time
async def test_background_work_waits_and_goes_on_by_itself() -> None:
    """When the deadline ends, and not a moment earlier."""
    crowd = Crowd()
    crowd.ledger.limited("app", quota(47_967), LIBRARY)
    await crowd.ledger.desk("app").take(BACKGROUND, "anna", LIBRARY)
    assert now() == BEGIN + 47_967


@pytest.mark.parametrize("lane", [COMMAND, PLAYBACK, BROWSE])
@in_virtual_time
async def test_a_full_window_is_waited_for_only_with_patience(lane: Lane) -> None:
    """A wait that would be too long is none."""
    crowd = Crowd()
    await crowd.fill(45)
    await asyncio.sleep(WINDOW - PATIENCE[lane] - 1)
    error = await refusal(crowd.ask(lane))
    assert type(error) is HeldBackError
    assert error.retry_after == PATIENCE[lane] + 1
    await asyncio.sleep(1)
    crowd.ask(lane)
    await asyncio.sleep(PATIENCE[lane])
    await settle()
    assert len(crowd.left) == 1


@in_virtual_time
async def test_whoever_others_overtake_is_told_when_patience_ends() -> None:
    """A place that was in sight may be given to somebody before them."""
    crowd = Crowd()
    await crowd.fill(44)
    await asyncio.sleep(WINDOW - 2)
    await crowd.fill(1)
    crowd.ledger.limited("app", plain(1), LIBRARY)
    await asyncio.sleep(1)
    begin = now()
    tasks = [crowd.ask(COMMAND) for _ in range(30)]
    await asyncio.sleep(PATIENCE[COMMAND])
    done = [task for task in tasks if not task.exception()]
    told = [task.exception() for task in tasks if task.exception()]
    assert len(done) == len(crowd.left) == 21
    assert all(left.at <= begin + PATIENCE[COMMAND] for left in crowd.left)
    assert [type(error) for error in told] == [HeldBackError] * 9


@in_virtual_time
async def test_nothing_leaves_if_a_deadline_comes_at_the_last_moment() -> None:
    """Between being let go and going."""
    crowd = Crowd()
    await nearly_free(crowd)
    command = crowd.ask(COMMAND, "command")
    background = [crowd.ask(BACKGROUND, str(number)) for number in range(3)]
    await settle()
    let_go(crowd, 44)
    crowd.ledger.limited("app", plain(10), LIBRARY)
    assert (await refusal(command)).retry_after == 10
    assert crowd.left == []
    assert crowd.ledger.book("app").counts.total(now()) == 1
    await asyncio.sleep(10)
    await settle()
    assert crowd.names == ["0", "1", "2"]
    assert all(task.done() for task in background)


@in_virtual_time
async def test_a_spent_budget_holds_background_work_until_it_eases() -> None:
    """The rest goes on."""
    crowd = Crowd()
    for _ in range(600):
        crowd.ledger.book("app").sent("anna", LIBRARY, now())
    task = crowd.ask(BACKGROUND, "background")
    await asyncio.sleep(WINDOW)
    crowd.ask(COMMAND, "command")
    await settle()
    assert crowd.names == ["command"]
    await task
    assert now() == BEGIN + SLICE + DAY


@pytest.mark.parametrize(
    ("apart", "joined"), [(0, True), (8, True), (60, True), (61, False)]
)
@in_virtual_time
async def test_books_exhausted_within_a_minute_are_joined(
    apart: float, *, joined: bool
) -> None:
    """Two apps of one developer are counted as one by Spotify."""
    crowd = Crowd()
    crowd.ledger.limited("app", quota(), SEARCH)
    assert not crowd.ledger.share_book("app", "other")
    await asyncio.sleep(apart)
    crowd.ledger.limited("other", quota(), SEARCH)
    assert crowd.ledger.share_book("app", "other") is joined
    assert (crowd.ledger.book("app") is crowd.ledger.book("other")) is joined


@in_virtual_time
async def test_a_plain_429_joins_nothing() -> None:
    """It says nothing about whose quota it is."""
    crowd = Crowd()
    crowd.ledger.limited("app", quota(), SEARCH)
    crowd.ledger.limited("other", plain(5), SEARCH)
    assert not crowd.ledger.share_book("app", "other")


@in_virtual_time
async def test_a_joined_book_can_be_joined_again() -> None:
    """By whichever of its names."""
    crowd = Crowd()
    crowd.ledger.join("one", "two")
    crowd.ledger.join("three", "two")
    crowd.ledger.join("one", "three")
    crowd.ledger.join("two", "one")
    assert crowd.ledger.share_book("two", "three")
    assert not crowd.ledger.share_book("two", "four")
    assert crowd.changes == 2


@in_virtual_time
async def test_who_waits_moves_along_when_books_are_joined() -> None:
    """And waits for what holds there."""
    crowd = Crowd()
    crowd.ledger.limited("app", plain(100), LIBRARY)
    crowd.ledger.limited("other", plain(5), LIBRARY)
    moving = crowd.ask(BACKGROUND, "moving", owner="other")
    leaving = crowd.ask(BACKGROUND, "leaving", owner="other", account="ben")
    short = crowd.ask(BACKGROUND, "short", owner="other", account="ben")
    await settle()
    crowd.ledger.join("app", "other")
    leaving.cancel()
    await asyncio.sleep(6)
    assert crowd.left == []
    await drop([short])
    await moving
    assert now() == BEGIN + 100
    assert crowd.names == ["moving"]
    desk = crowd.ledger.desk("app")
    assert desk._queues == {}
    assert desk._timer is None


@in_virtual_time
async def test_order_is_kept_when_books_are_joined() -> None:
    """Who came first still goes first."""
    crowd = Crowd()
    for owner in ("app", "other"):
        crowd.ledger.limited(owner, plain(20), LIBRARY)
    for number in range(6):
        crowd.ask(BACKGROUND, str(number), owner=("app", "other")[number % 2])
    await settle()
    crowd.ledger.join("app", "other")
    crowd.ask(BACKGROUND, "6", owner="other")
    await asyncio.sleep(60)
    assert crowd.names == [str(number) for number in range(7)]


@pytest.mark.parametrize("goes_away", [True, False])
@in_virtual_time
async def test_who_was_just_let_go_when_books_are_joined_is_counted_once(
    *, goes_away: bool
) -> None:
    """In the joined book, or not at all."""
    crowd = Crowd()
    await crowd.fill(45, owner="other")
    await asyncio.sleep(WINDOW - 1)
    task = crowd.ask(COMMAND, owner="other")
    await settle()
    let_go(crowd, 1, "other")
    crowd.ledger.join("app", "other")
    if goes_away:
        task.cancel()
    await asyncio.sleep(1)
    await settle()
    assert task.cancelled() is goes_away
    assert len(crowd.left) == (0 if goes_away else 1)
    assert crowd.ledger.book("app").counts.total(now()) == 44 + len(crowd.left)


@in_virtual_time
async def test_joined_windows_are_one_window() -> None:
    """What both have sent counts."""
    crowd = Crowd()
    await crowd.fill(30)
    await crowd.fill(30, owner="other")
    crowd.ledger.join("app", "other")
    error = await refusal(crowd.ask(COMMAND))
    assert error.retry_after == WINDOW


@in_virtual_time
async def test_a_restart_keeps_deadlines_budgets_counts_and_joins() -> None:
    """Aged by the time it took."""
    before = Crowd().ledger
    before.join("app", "second")
    gate = LedgerGate(before, "second", "anna")
    for _ in range(5):
        await gate.admit(Request(method="GET", path="/v1/me/tracks", lane=COMMAND))
    before.limited("app", quota(5000), LIBRARY)
    before.limited("other", plain(100), LIBRARY)
    data = json.loads(json.dumps(before.dump()))

    crowd = Crowd()
    crowd.ledger.load(data, 40)
    assert crowd.ledger.share_book("app", "second")
    assert not crowd.ledger.share_book("app", "other")
    error = await refusal(crowd.ask(COMMAND, owner="second"))
    assert type(error) is QuotaExceededError
    assert error.retry_after == pytest.approx(4960)
    error = await refusal(crowd.ask(COMMAND, owner="other", family=SEARCH))
    assert type(error) is RateLimitedError
    assert error.retry_after == pytest.approx(60)
    book = crowd.ledger.book("second")
    assert book.counts.total(now(), account="anna", family=LIBRARY) == 5
    assert book.budget(LIBRARY) == before.book("app").budget(LIBRARY)
    assert crowd.ledger.dump()["aliases"] == {"second": "app"}
    await crowd.ledger.desk("other").take(BACKGROUND, "anna", LIBRARY)
    assert now() == pytest.approx(BEGIN + 60)


@in_virtual_time
async def test_a_clock_set_back_makes_no_deadline_longer() -> None:
    """It stands where it stood."""
    before = Crowd().ledger
    before.limited("app", plain(100), LIBRARY)
    after = Ledger(now)
    after.load(before.dump(), -86_400)
    closed = after.book("app").closed(LIBRARY, now())
    assert closed is not None
    assert closed.until == BEGIN + 100


@in_virtual_time
async def test_what_must_survive_is_told_when_it_changes() -> None:
    """A deadline or a join; not each request."""
    crowd = Crowd()
    await crowd.fill(10)
    assert crowd.changes == 0
    crowd.ledger.limited("app", plain(5), LIBRARY)
    assert crowd.changes == 1
    crowd.ledger.join("app", "other")
    assert crowd.changes == 2


@in_virtual_time
async def test_the_gate_asks_for_the_requests_family_and_hears_its_429() -> None:
    """Other outcomes teach the ledger nothing."""
    crowd = Crowd()
    gate = LedgerGate(crowd.ledger, "app", "anna")
    request = Request(method="GET", path="/v1/search", lane=BROWSE)
    await gate.admit(request)
    assert crowd.ledger.book("app").counts.by_family(now(), "anna") == {SEARCH: 1}
    gate.record(request, None)
    gate.record(request, BadRequestError("400"))
    assert crowd.ledger.book("app").deadlines(now()) == {}
    gate.record(request, quota(60))
    assert list(crowd.ledger.book("app").deadlines(now())) == [SEARCH]
    with pytest.raises(QuotaExceededError):
        await gate.admit(request)


@in_virtual_time
async def test_a_closed_ledger_and_a_forgotten_account_leave_nothing_behind() -> None:
    """No timer, no memory of whose turn it was."""
    crowd = Crowd()
    await crowd.fill(45)
    task = crowd.ask(BACKGROUND)
    await settle()
    desk = crowd.ledger.desk("app")
    assert desk._timer is not None
    await drop([task])
    crowd.ledger.close()
    assert desk._timer is None
    desk.forget("anna")
    assert desk._served == {}


@in_virtual_time
async def test_who_outlives_a_closed_ledger_is_served_and_leaves_no_timer() -> None:
    """A change of a playlist is made to its end, whether its account is loaded or not."""
    crowd = Crowd()
    await crowd.fill(45)
    task = crowd.ask(BACKGROUND)
    await settle()
    desk = crowd.ledger.desk("app")
    crowd.ledger.close()
    await task
    assert desk._timer is None


@in_virtual_time
async def test_a_thousand_who_wait_are_served_without_much_work() -> None:
    """Each step costs by the queues, not by who stands in them."""
    crowd = Crowd()
    begin = time.perf_counter()
    tasks = [
        crowd.ask(
            BACKGROUND,
            account=f"account {number % 5}",
            family=list(Family)[number % 3],
        )
        for number in range(1000)
    ]
    await settle()
    assert len(crowd.left) == FIRST_CEILING // 2
    await drop(tasks[500:])
    await asyncio.gather(*tasks[:500])
    assert len(crowd.left) <= 522
    assert time.perf_counter() - begin < 5


def test_a_damaged_store_cannot_lead_in_circles() -> None:
    """Two books that are each said to be the other are one of them, not a hang."""
    ledger = Ledger(lambda: 0.0)
    ledger.load({"aliases": {"a": "b", "b": "a"}, "books": {}}, 0)
    assert ledger.book("a").ceiling(0) == ledger.book("b").ceiling(0)
