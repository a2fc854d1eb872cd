"""What holds whatever happens: random households on random days."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given, settings, strategies as st

from custom_components.spotify_hub.api.book import WINDOW, Book
from custom_components.spotify_hub.api.breaker import Breaker
from custom_components.spotify_hub.api.desk import PATIENCE
from custom_components.spotify_hub.api.errors import (
    OutageError,
    QuotaExceededError,
    RateLimitedError,
    ServerFaultError,
    SpotifyApiError,
)
from custom_components.spotify_hub.api.families import Family
from custom_components.spotify_hub.api.ledger import Ledger, LedgerGate
from custom_components.spotify_hub.api.request import Lane, Request

from .virtual_time import now, play, settle

OWNERS = {"anna": "app", "ben": "app", "cleo": "other", "dora": "third"}
PATHS = {Family.LIBRARY: "/v1/me/tracks", Family.SEARCH: "/v1/search"}
YEAR = 365 * 86_400.0

type Step = Ask | Pass | Leave | Join


@dataclass(frozen=True, slots=True)
class Ask:
    """Some requests of one kind; what Spotify will say, and after how long."""

    count: int
    lane: Lane
    account: str
    family: Family
    answer: SpotifyApiError | None
    takes: float


@dataclass(frozen=True, slots=True)
class Pass:
    """Time passes."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Leave:
    """A caller gives up: one of those who asked, counted from the last."""

    number: int


@dataclass(frozen=True, slots=True)
class Join:
    """Two owners turn out to be one."""

    one: str
    other: str


RETRY_AFTER = st.one_of(
    st.none(), st.just(0.0), st.floats(0, 120), st.sampled_from([3600.0, 1e9])
)
ANSWERS = st.one_of(
    st.none(),
    st.none(),
    st.none(),
    st.builds(RateLimitedError, st.just("429"), RETRY_AFTER),
    st.builds(QuotaExceededError, st.just("429"), RETRY_AFTER),
    st.builds(ServerFaultError, st.just("502")),
)
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        Ask,
        count=st.sampled_from([1, 1, 2, 10, 50]),
        lane=st.sampled_from(Lane),
        account=st.sampled_from(sorted(OWNERS)),
        family=st.sampled_from(sorted(PATHS)),
        answer=ANSWERS,
        takes=st.sampled_from([0.0, 0.5, 3.0]),
    ),
    st.builds(Pass, st.one_of(st.floats(0, 5), st.sampled_from([1.0, 30.0, 60.0]))),
    st.builds(Leave, st.integers(0, 200)),
    st.builds(
        Join, st.sampled_from(["app", "other"]), st.sampled_from(["other", "third"])
    ),
)


@dataclass(eq=False, slots=True)
class Asked:
    """One request and where it stands."""

    ask: Ask
    at: float
    waits: bool = False
    left: float | None = None
    error: SpotifyApiError | None = None
    task: asyncio.Task[None] | None = None


@dataclass(eq=False)
class Day:
    """A household in which steps happen, and what must hold at each."""

    asked: list[Asked] = field(default_factory=list)
    probes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Begin."""
        self.ledger = Ledger(now)
        self.breakers = {account: Breaker(clock=now) for account in OWNERS}

    async def happen(self, step: Step) -> None:
        """Let a step happen."""
        match step:
            case Ask(count=count):
                for _ in range(count):
                    one = Asked(step, now())
                    self.asked.append(one)
                    one.task = asyncio.get_running_loop().create_task(self._call(one))
            case Pass(seconds):
                await asyncio.sleep(seconds)
            case Leave(number) if self.asked:
                task = self.asked[-1 - number % len(self.asked)].task
                assert task is not None
                task.cancel()
            case Join(one, other):
                self.ledger.join(one, other)
        await settle()

    async def _call(self, asked: Asked) -> None:
        """Do what a transport does with a request."""
        ask, breaker = asked.ask, self.breakers[asked.ask.account]
        gate = LedgerGate(self.ledger, OWNERS[ask.account], ask.account)
        request = Request(method="GET", path=PATHS[ask.family], lane=ask.lane)
        probe = False
        try:
            breaker.check()
            asked.waits = True
            try:
                await gate.admit(request)
            finally:
                asked.waits = False
            self._check_leaving(asked)
            asked.left = now()
            probe = breaker.admit()
            self._check_breaker(ask.account, probe=probe)
            await asyncio.sleep(ask.takes)
            gate.record(request, ask.answer)
            breaker.record(ask.answer, probe=probe)
        except OutageError as err:
            asked.error = err
        except RateLimitedError as err:
            self._check_refusal(asked, err)
            asked.error = err
        except asyncio.CancelledError:
            if probe:
                breaker.abandon()
            raise
        finally:
            self.probes[ask.account] -= probe

    def _check_leaving(self, asked: Asked) -> None:
        book = self._book(asked)
        together = [
            other
            for other in self.asked
            if other.left is not None
            and other.left + WINDOW > now()
            and self._book(other) is book
        ]
        assert len(together) < book.ceiling(now())
        assert book.closed(asked.ask.family, now()) is None
        if asked.ask.lane is Lane.BACKGROUND:
            assert not any(self._is_held_up(other, book) for other in self.asked)

    def _is_held_up(self, other: Asked, book: Book) -> bool:
        """Tell whether a command waits that might have gone instead."""
        return (
            other.waits
            and other.ask.lane is Lane.COMMAND
            and other.at < now()
            and self._book(other) is book
            and book.closed(other.ask.family, now()) is None
        )

    def _check_breaker(self, account: str, *, probe: bool) -> None:
        self.probes[account] += probe
        assert self.probes[account] <= 1
        assert (self.breakers[account].opens_again is None) is not probe

    def _check_refusal(self, asked: Asked, error: RateLimitedError) -> None:
        patience = PATIENCE[asked.ask.lane]
        waited = now() - asked.at
        assert waited <= patience
        assert error.retry_after is not None
        assert waited + error.retry_after > patience
        assert asked.ask.lane is not Lane.BACKGROUND

    def check_counts(self) -> None:
        """Compare the books with what has left; less than a day has passed."""
        left = Counter(
            id(self._book(asked)) for asked in self.asked if asked.left is not None
        )
        for owner in OWNERS.values():
            book = self.ledger.book(owner)
            assert book.counts.total(now()) == left[id(book)]

    async def end(self) -> None:
        """Let everybody be served or told, in the end; nothing is left behind."""
        tasks = [asked.task for asked in self.asked if asked.task is not None]
        async with asyncio.timeout(YEAR):
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                assert isinstance(result, asyncio.CancelledError), repr(result)
        await settle()
        for asked in self.asked:
            assert asked.task is not None
            assert asked.left or asked.error or asked.task.cancelled()
        for owner in OWNERS.values():
            desk = self.ledger.desk(owner)
            assert desk._queues == {}
            assert desk._timer is None

    def _book(self, asked: Asked) -> Book:
        return self.ledger.book(OWNERS[asked.ask.account])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(STEPS, max_size=40))
def test_the_laws_hold_whatever_happens(steps: list[Step]) -> None:
    """Never too many, never too early, commands first, nobody forgotten, nothing leaks."""

    async def live() -> None:
        day = Day()
        for step in steps:
            await day.happen(step)
            day.check_counts()
        await day.end()

    play(live())


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(STEPS, max_size=20), st.floats(0, 200))
def test_a_restart_loses_no_deadline_and_no_count(
    steps: list[Step], aged: float
) -> None:
    """What was kept closes and counts the same, for whatever remains of it."""

    async def live() -> None:
        day = Day()
        for step in steps:
            await day.happen(step)
        after = Ledger(now)
        after.load(day.ledger.dump(), aged)
        for owner in OWNERS.values():
            old, new = day.ledger.book(owner), after.book(owner)
            assert new.counts.total(now()) == old.counts.total(now())
            for family in PATHS:
                assert new.budget(family) == old.budget(family)
                for lane in Lane:
                    then = old.may_go_at(lane, family, now())
                    if lane is not Lane.BACKGROUND and then > now() + aged:
                        again = new.may_go_at(lane, family, now())
                        assert abs(again + aged - then) < 1e-6
        for asked in day.asked:
            assert asked.task is not None
            asked.task.cancel()
        await settle()

    play(live())
