"""The gate, where limits are kept: it is asked before each try, and hears of each."""

import asyncio
import contextlib

import pytest

from custom_components.spotify_hub.api import transport
from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import (
    AccessTokenMissingError,
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidAnswerError,
    NoActiveDeviceError,
    QuotaExceededError,
    RateLimitedError,
    ServerFaultError,
    SpotifyApiError,
    TokenRejectedError,
)
from custom_components.spotify_hub.api.request import Lane
from tests.emulator import Emulator, Fault
from tests.emulator.faults import QUOTA_EXCEEDED

from .conftest import ClientFor
from .gates import ListeningGate

MISSING = {"error": {"status": 401, "message": "Access token missing"}}


@pytest.fixture
def gate() -> ListeningGate:
    """A gate that lets everything through."""
    return ListeningGate()


@pytest.fixture
def anna(client: ClientFor, gate: ListeningGate) -> SpotifyHubClient:
    """Anna's client, behind the gate."""
    return client(gate=gate)


@pytest.mark.parametrize(
    ("fault", "outcomes"),
    [
        (None, [None]),
        (Fault("/v1/", times=2), [ServerFaultError, ServerFaultError, None]),
        (Fault("/v1/", status=401), [TokenRejectedError, None]),
        (
            Fault("/v1/", status=401, body=MISSING),
            [AccessTokenMissingError, None],
        ),
        (Fault("/v1/", status=429), [RateLimitedError]),
        (Fault("/v1/", status=429, body=QUOTA_EXCEEDED), [QuotaExceededError]),
        (Fault("/v1/", status=302), [InvalidAnswerError]),
        (Fault("/v1/", status=200, body=""), [InvalidAnswerError]),
        (Fault("/v1/", status=200, body="OK"), [None]),
    ],
    ids=[
        "success",
        "5xx twice",
        "expired",
        "missing",
        "429",
        "quota",
        "redirect",
        "empty",
        "unreadable",
    ],
)
async def test_every_try_is_admitted_and_its_outcome_recorded(
    emulator: Emulator,
    anna: SpotifyHubClient,
    gate: ListeningGate,
    fault: Fault | None,
    outcomes: list[type[SpotifyApiError] | None],
) -> None:
    """Repeats count like any other request, for Spotify counts them too."""
    if fault:
        emulator.faults.add(fault)
    with contextlib.suppress(SpotifyApiError):
        await anna.library.me()
    assert gate.outcomes == outcomes
    assert [what for what, _, _ in gate.seen] == ["admit", "record"] * len(outcomes)
    assert len(emulator.requests) == len(outcomes)
    assert {request.path for _, request, _ in gate.seen} == {"/v1/me"}


async def test_a_command_is_recorded_with_its_lane_and_refusal(
    anna: SpotifyHubClient, gate: ListeningGate
) -> None:
    """Commands by way of upstream's methods pass the same gate."""
    with pytest.raises(NoActiveDeviceError):
        await anna.player.pause()
    (_, request, _), (_, recorded, outcome) = gate.seen
    assert request is recorded
    assert request.lane is Lane.COMMAND
    assert outcome is NoActiveDeviceError


async def test_a_dropped_connection_is_recorded(
    emulator: Emulator, anna: SpotifyHubClient, gate: ListeningGate
) -> None:
    """The request may have arrived, and counts."""
    emulator.faults.add(Fault("/v1/", reset=True))
    with pytest.raises(ConnectionFailedError):
        await anna.player.next()
    assert gate.outcomes == [ConnectionFailedError]


async def test_nothing_is_sent_before_it_is_admitted(
    emulator: Emulator, client: ClientFor
) -> None:
    """The gate may take its time."""
    sent: list[int] = []

    async def look() -> None:
        await asyncio.sleep(0.01)
        sent.append(len(emulator.requests))

    emulator.faults.add(Fault("/v1/", times=2))
    await client(gate=ListeningGate(look)).library.me()
    assert sent == [0, 1, 2]


@pytest.mark.parametrize("stopped_at", [1, 2])
async def test_what_is_not_admitted_is_not_sent_and_not_recorded(
    emulator: Emulator, client: ClientFor, stopped_at: int
) -> None:
    """The reason reaches the caller, also when only a repeat was stopped."""
    asked = 0

    async def stop() -> None:
        nonlocal asked
        asked += 1
        if asked == stopped_at:
            raise RateLimitedError("Closed", 12)

    gate = ListeningGate(stop)
    emulator.faults.add(Fault("/v1/", times=None))
    with pytest.raises(RateLimitedError) as raised:
        await client(gate=gate).library.me()
    assert raised.value.retry_after == 12
    assert len(emulator.requests) == len(gate.outcomes) == stopped_at - 1


async def test_waiting_to_be_admitted_counts_as_time_of_the_call(
    emulator: Emulator, client: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for an answer waits for it in all."""
    monkeypatch.setattr(transport, "DEADLINES", dict.fromkeys(Lane, 0.05))
    gate = ListeningGate(lambda: asyncio.sleep(60))
    with pytest.raises(DeadlineExceededError):
        await client(gate=gate).library.me()
    assert gate.seen == []
    assert emulator.requests == []


@pytest.mark.parametrize("times_out", [True, False])
async def test_a_stall_is_recorded_and_a_caller_who_went_away_is_not(
    emulator: Emulator,
    anna: SpotifyHubClient,
    gate: ListeningGate,
    monkeypatch: pytest.MonkeyPatch,
    *,
    times_out: bool,
) -> None:
    """Only the first says anything about Spotify."""
    if times_out:
        monkeypatch.setattr(transport, "DEADLINES", dict.fromkeys(Lane, 0.1))
    emulator.faults.add(Fault("/v1/", stall=True))
    task = asyncio.create_task(anna.library.me())
    if not times_out:
        while not emulator.requests:
            await asyncio.sleep(0)
        task.cancel()
    with pytest.raises(DeadlineExceededError if times_out else asyncio.CancelledError):
        await task
    assert gate.outcomes == ([DeadlineExceededError] if times_out else [])
