"""Faults of Spotify's servers and of the way to them: what is sent again, and when."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
import random
import socket
from typing import override

import aiohttp
import pytest

from custom_components.spotify_hub.api import transport
from custom_components.spotify_hub.api.errors import (
    BadRequestError,
    CommandRefusedError,
    ConnectionFailedError,
    DeadlineExceededError,
    ForbiddenError,
    NotFoundError,
    QuotaExceededError,
    RateLimitedError,
    ServerFaultError,
    SpotifyApiError,
)
from custom_components.spotify_hub.api.request import Lane, Request
from custom_components.spotify_hub.api.transport import Transport, backoff, pause
from tests.emulator import Emulator, Fault
from tests.emulator.faults import QUOTA_EXCEEDED

from .conftest import FreshTokens
from .gates import ListeningGate

REPEATABLE = ["GET", "PUT", "DELETE"]


def _request(method: str) -> Request:
    """Return a request that the emulator grants."""
    path, query = {
        "GET": ("/v1/me", {}),
        "PUT": ("/v1/me/player/volume", {"volume_percent": "20"}),
        "DELETE": ("/v1/me/library", {"uris": "spotify:user:ben"}),
        "POST": ("/v1/me/player/next", {}),
    }[method]
    return Request(method=method, path=path, query=query, lane=Lane.COMMAND)


@pytest.fixture
def sender(emulator: Emulator, session: aiohttp.ClientSession) -> Transport:
    """Anna's transport, while she listens."""
    emulator.phone("anna").play(next(iter(emulator.world.users["anna"].saved["album"])))
    return Transport(session, emulator.url, FreshTokens(emulator))


@pytest.fixture
def gate() -> ListeningGate:
    """A gate that counts tries."""
    return ListeningGate()


@pytest.fixture
def nowhere(
    emulator: Emulator, session: aiohttp.ClientSession, gate: ListeningGate
) -> Iterator[Transport]:
    """Anna's transport, to a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        yield Transport(session, url, FreshTokens(emulator), gate)


@pytest.mark.parametrize("method", REPEATABLE)
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_t3_t9_5xx_is_sent_again_after_growing_waits(
    emulator: Emulator,
    sender: Transport,
    pauses: list[float],
    method: str,
    status: int,
) -> None:
    """Upstream takes a 502 page on a command for success."""
    emulator.faults.add(Fault("/v1/", times=3, status=status, body="<html>No</html>"))
    request = _request(method)
    await sender.send(request)
    assert pauses == [1, 2, 4]
    assert len(emulator.calls(method, request.path)) == 4


@pytest.mark.parametrize("method", REPEATABLE)
async def test_t6_a_dropped_connection_is_tried_again(
    emulator: Emulator, sender: Transport, pauses: list[float], method: str
) -> None:
    """Doing these twice does what doing them once does."""
    # aiohttp itself repeats the first of them, without asking.
    emulator.faults.add(Fault("/v1/", times=2, reset=True))
    await sender.send(_request(method))
    assert pauses == [1]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("/v1/", times=None), ServerFaultError),
        (Fault("/v1/", times=None, reset=True), ConnectionFailedError),
        (Fault("/v1/", times=None, reset=True, after=True), ConnectionFailedError),
    ],
    ids=["5xx", "dropped before", "dropped after"],
)
async def test_a_post_that_may_have_arrived_is_never_sent_twice(
    emulator: Emulator, sender: Transport, fault: Fault, error: type[SpotifyApiError]
) -> None:
    """Next would skip two tracks, and queueing would queue twice."""
    emulator.faults.add(fault)
    with pytest.raises(error):
        await sender.send(_request("POST"))
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("method", ["POST", *REPEATABLE])
async def test_what_provably_never_arrived_is_tried_again_whatever_it_is(
    nowhere: Transport, gate: ListeningGate, elapsing: list[float], method: str
) -> None:
    """Nobody has heard the first try: a second can't do anything twice."""
    with pytest.raises(ConnectionFailedError) as raised:
        await nowhere.send(_request(method))
    assert not raised.value.arrived
    assert elapsing == [1, 2, 4]
    assert gate.admitted == 4


async def test_a_name_that_can_not_be_resolved_is_a_failed_connection(
    emulator: Emulator, gate: ListeningGate, elapsing: list[float]
) -> None:
    """Upstream lets aiohttp's own error out."""

    class NoNames(aiohttp.abc.AbstractResolver):
        @override
        async def resolve(
            self,
            host: str,
            port: int = 0,
            family: socket.AddressFamily = socket.AF_INET,
        ) -> list[aiohttp.abc.ResolveResult]:
            raise OSError(f"No address of {host}")

        @override
        async def close(self) -> None:
            pass

    connector = aiohttp.TCPConnector(resolver=NoNames())
    async with aiohttp.ClientSession(connector=connector) as offline:
        lost = Transport(offline, "http://api.example", FreshTokens(emulator), gate)
        with pytest.raises(ConnectionFailedError, match=r"api\.example"):
            await lost.send(_request("POST"))
    assert elapsing == [1, 2, 4]
    assert gate.admitted == 4


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, None, BadRequestError),
        (403, None, ForbiddenError),
        (
            403,
            {"error": {"message": "Player command failed: x", "reason": "UNKNOWN"}},
            CommandRefusedError,
        ),
        (404, None, NotFoundError),
        (429, None, RateLimitedError),
        (429, QUOTA_EXCEEDED, QuotaExceededError),
        (429, "Too many requests", RateLimitedError),
    ],
)
@pytest.mark.parametrize("method", ["POST", *REPEATABLE])
async def test_t2_a_refusal_is_final(
    emulator: Emulator,
    sender: Transport,
    pauses: list[float],
    method: str,
    status: int,
    body: str | dict[str, object] | None,
    error: type[SpotifyApiError],
) -> None:
    """A 429 above all: each further try counts, and may make it last longer."""
    emulator.faults.add(Fault("/v1/", None, None, None, status, body, retry_after=7))
    with pytest.raises(error) as raised:
        await sender.send(_request(method))
    assert type(raised.value) is error
    assert getattr(raised.value, "retry_after", 7) == 7
    assert len(emulator.requests) == 1
    assert pauses == []


@pytest.mark.parametrize(
    ("lane", "waits"), [(Lane.BROWSE, [1, 2, 4]), (Lane.BACKGROUND, [1, 2, 4, 8])]
)
async def test_the_last_error_is_told_when_the_next_wait_would_take_too_long(
    emulator: Emulator,
    sender: Transport,
    elapsing: list[float],
    lane: Lane,
    waits: list[float],
) -> None:
    """What Spotify said is worth more than that time was up."""
    emulator.faults.add(Fault("/v1/", times=None, status=502, body="Bad gateway"))
    with pytest.raises(ServerFaultError, match="Bad gateway"):
        await sender.send(replace(_request("GET"), lane=lane))
    assert elapsing == waits
    assert sum(waits) < transport.DEADLINES[lane]
    assert len(emulator.requests) == len(waits) + 1


@pytest.mark.usefixtures("elapsing")
async def test_a_second_thought_does_not_outlast_the_deadline(
    emulator: Emulator, sender: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal that may be a mistake isn't believed for want of time."""
    monkeypatch.setattr(transport, "SECOND_THOUGHT", 60)
    body = {"error": {"status": 403, "reason": "PREMIUM_REQUIRED"}}
    emulator.faults.add(Fault("/v1/", times=None, status=403, body=body))
    with pytest.raises(DeadlineExceededError):
        await sender.send(_request("PUT"))
    assert len(emulator.requests) <= 2


async def test_a_pause_takes_its_time() -> None:
    """Of the loop's clock."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    await pause(0.01)
    assert loop.time() - started >= 0.01


@pytest.mark.parametrize("tries", [0, 1, 2, 3, 4, 5, 6, 50])
def test_waits_double_up_to_a_minute_and_are_jittered(
    monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    """Clients that failed together must not come back together."""
    monkeypatch.setattr(transport, "random", random)
    middle = min(2.0**tries, 60)
    waits = {backoff(tries) for _ in range(100)}
    assert len(waits) > 50
    assert 0.8 * middle <= min(waits)
    assert max(waits) <= 1.2 * middle


@pytest.mark.parametrize(
    ("lane", "seconds"),
    [(Lane.COMMAND, 10), (Lane.PLAYBACK, 10), (Lane.BROWSE, 10), (Lane.BACKGROUND, 30)],
)
def test_someone_who_waits_waits_ten_seconds(lane: Lane, seconds: float) -> None:
    """Work that nobody waits for has longer."""
    assert transport.DEADLINES[lane] == seconds
