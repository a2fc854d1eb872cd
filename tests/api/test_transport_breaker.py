"""One call through breaker, gate and deadline, in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
import pytest

from custom_components.spotify_hub.api import transport
from custom_components.spotify_hub.api.breaker import FAILURES, OPEN_FOR, Breaker
from custom_components.spotify_hub.api.errors import (
    ConnectionFailedError,
    DeadlineExceededError,
    NotFoundError,
    OutageError,
    RateLimitedError,
    ServerFaultError,
    SpotifyApiError,
)
from custom_components.spotify_hub.api.families import Family
from custom_components.spotify_hub.api.ledger import Ledger, LedgerGate
from custom_components.spotify_hub.api.request import Lane, Request
from custom_components.spotify_hub.api.transport import DEADLINES, Transport

from .virtual_time import BEGIN, in_virtual_time, now, settle

READ = Request(method="GET", path="/v1/me/tracks", lane=Lane.BROWSE)
COMMAND = Request(method="POST", path="/v1/me/player/next", lane=Lane.COMMAND)
BACKGROUND = Request(method="GET", path="/v1/me/tracks", lane=Lane.BACKGROUND)


class Answering:
    """Answers with what was set, and keeps when it was asked."""

    headers: dict[str, str]

    def __init__(self) -> None:
        """Answer 200 at once."""
        self.answer: int | Exception = 200
        self.takes = 0.0
        self.asked: list[float] = []
        self.headers = {}

    @asynccontextmanager
    async def request(self, *_args: Any, **_how: Any) -> AsyncIterator[Answering]:
        """Receive a request."""
        self.asked.append(now())
        self.status = self.answer
        await asyncio.sleep(self.takes)
        if isinstance(self.status, Exception):
            raise self.status
        yield self

    async def read(self) -> bytes:
        """Return the body of the answer."""
        return b"{}"


class Valid:
    """A token that is accepted."""

    async def access_token(self) -> str:
        """Return it."""
        return "token"

    async def replace(self, rejected: str) -> str:
        """Return no other."""
        return rejected


class House:
    """One account's transport, with all that stands before Spotify."""

    def __init__(self) -> None:
        """Begin with everything open."""
        self.spotify = Answering()
        self.told: list[SpotifyApiError | None] = []
        self.ledger = Ledger(now)
        self.transport = Transport(
            cast("aiohttp.ClientSession", self.spotify),
            "http://spotify.test",
            Valid(),
            LedgerGate(self.ledger, "app", "anna"),
            Breaker(self.told.append, now),
        )

    async def outcome(self, request: Request) -> type[SpotifyApiError] | None:
        """Return what becomes of a call."""
        try:
            await self.transport.send(request)
        except SpotifyApiError as err:
            return type(err)
        return None

    def start(self, request: Request) -> asyncio.Task[type[SpotifyApiError] | None]:
        """Begin a call."""
        return asyncio.get_running_loop().create_task(self.outcome(request))

    async def fail(self, times: int = FAILURES) -> None:
        """Let calls fail; then answer again."""
        before, self.spotify.answer = self.spotify.answer, 502
        for _ in range(times):
            await self.outcome(COMMAND)
        self.spotify.answer = before
        self.spotify.asked.clear()

    def limit(self, seconds: float) -> None:
        """Let another account hear a 429."""
        error = RateLimitedError("429", seconds)
        self.ledger.limited("app", error, Family.LIBRARY)


@pytest.fixture
def slow_pauses(monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> None:
    """Let pauses between two tries take their time."""
    monkeypatch.setattr(transport, "pause", asyncio.sleep)


@in_virtual_time
async def test_while_open_no_request_leaves_and_the_time_is_told() -> None:
    """In any lane."""
    house = House()
    await house.fail()
    await asyncio.sleep(20)
    for request in (READ, COMMAND, BACKGROUND):
        with pytest.raises(OutageError) as raised:
            await house.transport.send(request)
        assert raised.value.retry_after == OPEN_FOR - 20
    assert house.spotify.asked == []
    assert house.ledger.book("app").counts.total(now()) == FAILURES


@pytest.mark.parametrize("answer", [502, 503, aiohttp.ServerDisconnectedError()])
@in_virtual_time
async def test_a_call_is_one_failure_however_often_it_was_repeated(
    answer: int | Exception,
) -> None:
    """Three calls in a row open it."""
    house = House()
    house.spotify.answer = answer
    house.spotify.takes = 2.5
    for _ in range(FAILURES):
        assert house.told == []
        assert await house.outcome(READ) in {
            ConnectionFailedError,
            DeadlineExceededError,
            ServerFaultError,
        }
    assert len(house.spotify.asked) > FAILURES
    assert len(house.told) == 1


@in_virtual_time
async def test_a_stall_is_a_failure_and_404_and_429_are_answers() -> None:
    """Only silence counts."""
    house = House()
    await house.fail(FAILURES - 1)
    house.spotify.answer = 404
    assert await house.outcome(READ) is NotFoundError
    await house.fail(FAILURES - 1)
    house.spotify.answer = 429
    assert await house.outcome(READ) is RateLimitedError
    await asyncio.sleep(60)
    await house.fail(FAILURES - 1)
    house.spotify.takes = 100
    begin = now()
    assert await house.outcome(READ) is DeadlineExceededError
    assert now() - begin == DEADLINES[Lane.BROWSE]
    assert [type(told) for told in house.told] == [DeadlineExceededError]


@in_virtual_time
async def test_a_probe_is_sent_once_without_repeats() -> None:
    """Spotify is not knocked at harder because it is down."""
    house = House()
    await house.fail()
    await asyncio.sleep(OPEN_FOR)
    house.spotify.answer = 502
    assert await house.outcome(READ) is ServerFaultError
    assert len(house.spotify.asked) == 1
    assert await house.outcome(READ) is OutageError
    await asyncio.sleep(OPEN_FOR)
    house.spotify.answer = 200
    assert await house.outcome(READ) is None
    assert [type(told) for told in house.told] == [ServerFaultError, type(None)]


@in_virtual_time
async def test_others_fail_at_once_while_a_probe_is_under_way() -> None:
    """Until it has its answer."""
    house = House()
    await house.fail()
    await asyncio.sleep(OPEN_FOR)
    house.spotify.takes = 5
    probe = house.start(READ)
    await settle()
    assert await house.outcome(COMMAND) is OutageError
    assert await probe is None
    house.spotify.takes = 0
    assert await house.outcome(COMMAND) is None


@pytest.mark.parametrize("gives_up", ["probe", "other"])
@in_virtual_time
async def test_only_the_probes_own_caller_frees_the_probe(gives_up: str) -> None:
    """A call from before the outage that is given up says nothing."""
    house = House()
    house.limit(90)
    other = house.start(BACKGROUND)
    await settle()
    for _ in range(FAILURES):
        house.transport.breaker.record(ServerFaultError("502"), probe=False)
    await asyncio.sleep(88)
    house.spotify.takes = 8
    probe = house.start(COMMAND)
    await asyncio.sleep(3)
    assert len(house.spotify.asked) == 1
    (probe if gives_up == "probe" else other).cancel()
    await settle()
    third = await house.outcome(COMMAND)
    assert third is (None if gives_up == "probe" else OutageError)
    assert len(house.spotify.asked) == (2 if gives_up == "probe" else 1)
    await asyncio.gather(probe, other, return_exceptions=True)


@in_virtual_time
async def test_a_refusal_by_our_own_gate_is_not_spotifys_answer() -> None:
    """It neither counts as a failure nor as a sign of life."""
    house = House()
    await house.fail(FAILURES - 1)
    house.limit(60)
    for _ in range(FAILURES):
        assert await house.outcome(READ) is RateLimitedError
    assert house.told == []
    assert house.spotify.asked == []
    await asyncio.sleep(60)
    await house.fail(1)
    assert [type(told) for told in house.told] == [ServerFaultError]


@pytest.mark.usefixtures("slow_pauses")
@in_virtual_time
async def test_a_refusal_of_a_repeat_is_not_spotifys_answer() -> None:
    """The breaker does not close because our gate did."""
    house = House()
    await house.fail(FAILURES - 1)
    house.spotify.answer = 502
    call = house.start(READ)
    await settle()
    house.limit(60)
    assert await call is RateLimitedError
    assert len(house.spotify.asked) == 1
    await asyncio.sleep(60)
    await house.fail(1)
    assert len(house.told) == 1


@in_virtual_time
async def test_a_probe_refused_by_our_own_gate_leaves_the_probe_to_another() -> None:
    """The outage goes on as it was."""
    house = House()
    await house.fail()
    await asyncio.sleep(OPEN_FOR)
    house.limit(10)
    assert await house.outcome(COMMAND) is RateLimitedError
    await asyncio.sleep(10)
    assert await house.outcome(COMMAND) is None
    assert len(house.told) == 2


@in_virtual_time
async def test_background_work_that_waits_is_nobodys_probe() -> None:
    """Or nobody else could be, for as long as its quota is used up."""
    house = House()
    for _ in range(600):
        house.ledger.book("app").counts.add("anna", Family.LIBRARY, now())
    await house.fail()
    await asyncio.sleep(OPEN_FOR)
    waiting = house.start(BACKGROUND)
    await settle()
    assert not waiting.done()
    assert await house.outcome(COMMAND) is None
    waiting.cancel()
    await settle()


@in_virtual_time
async def test_background_work_let_out_during_an_outage_does_not_leave() -> None:
    """It had been waiting since before."""
    house = House()
    house.limit(50)
    waiting = house.start(BACKGROUND)
    await asyncio.sleep(20)
    for _ in range(FAILURES):
        house.transport.breaker.record(ServerFaultError("502"), probe=False)
    assert await waiting is OutageError
    assert now() == BEGIN + 50
    assert house.spotify.asked == []


@pytest.mark.usefixtures("slow_pauses")
@in_virtual_time
async def test_no_repeat_leaves_during_an_outage() -> None:
    """Other calls may have opened it since the first try."""
    house = House()
    house.spotify.answer = 502
    call = house.start(READ)
    await settle()
    await house.fail()
    house.spotify.answer = 502
    assert await call is OutageError
    assert house.spotify.asked == []


@pytest.mark.parametrize(
    ("takes", "outcome"), [(29.0, None), (31.0, DeadlineExceededError)]
)
@in_virtual_time
async def test_the_time_of_background_work_begins_when_it_is_let_out(
    takes: float, outcome: type[SpotifyApiError] | None
) -> None:
    """However long it waited."""
    house = House()
    house.limit(3600)
    house.spotify.takes = takes
    assert await house.outcome(BACKGROUND) is outcome
    assert house.spotify.asked == [BEGIN + 3600]
    assert now() == BEGIN + 3600 + min(takes, DEADLINES[Lane.BACKGROUND])


@pytest.mark.usefixtures("slow_pauses")
@in_virtual_time
async def test_background_work_has_its_time_in_all_repeats_together() -> None:
    """Being let out again gives no new time, and waiting again takes none."""
    house = House()
    house.spotify.answer = 502
    call = house.start(BACKGROUND)
    await asyncio.sleep(5)
    house.limit(1000)
    assert await call is ServerFaultError
    assert len(house.spotify.asked) > 3
    assert 1000 < now() - BEGIN <= 1000 + DEADLINES[Lane.BACKGROUND] + 5


@in_virtual_time
async def test_a_429_closes_the_gate_until_spotify_said() -> None:
    """Then everything goes on."""
    house = House()
    house.spotify.answer = 429
    house.spotify.headers = {"Retry-After": "41"}
    assert await house.outcome(READ) is RateLimitedError
    house.spotify.answer = 200
    with pytest.raises(RateLimitedError) as raised:
        await house.transport.send(COMMAND)
    assert raised.value.retry_after == 41
    assert await house.outcome(BACKGROUND) is None
    assert house.spotify.asked == [BEGIN, BEGIN + 41]
