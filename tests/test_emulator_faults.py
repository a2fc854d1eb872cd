"""Trouble on demand, the log of requests, and the emulator as a process."""

import asyncio
from collections.abc import AsyncIterator
import json
import os
from pathlib import Path
import signal
import sys

import aiohttp
import pytest

from tests.emulator import Device, Emulator, Fault
from tests.emulator.asking import Asking
from tests.emulator.faults import QUOTA_EXCEEDED

CONTROL = ("user-read-playback-state", "user-modify-playback-state")


@pytest.fixture
async def emulator(socket_enabled: None) -> AsyncIterator[Emulator]:
    """Run an emulator with the standard world."""
    async with Emulator() as running:
        yield running


@pytest.fixture
def anna(emulator: Emulator) -> Asking:
    """Ask as Anna."""
    return Asking.by(emulator, "anna", *CONTROL)


async def test_fault_hits_as_often_as_told_and_only_what_it_names(
    emulator: Emulator, anna: Asking
) -> None:
    """Fault hits as often as told and only what it names."""
    emulator.faults.add(Fault("/v1/me$", method="GET", user="anna", times=2))
    ben = Asking.by(emulator, "ben")
    assert (await ben("GET", "/v1/me")).status == 200
    assert await anna.each("GET", ["/v1/me/player"] + ["/v1/me"] * 3) == [
        204,
        503,
        503,
        200,
    ]
    assert (await anna("GET", "/v1/me")).status == 200


async def test_fault_for_ever_ends_when_cleared(
    emulator: Emulator, anna: Asking
) -> None:
    """Fault for ever ends when cleared."""
    emulator.faults.add(Fault("/v1/", times=None, status=500))
    assert await anna.each("GET", ["/v1/me"] * 3) == [500] * 3
    emulator.faults.clear()
    assert (await anna("GET", "/v1/me")).status == 200


async def test_rate_limit_tells_when_to_come_back(
    emulator: Emulator, anna: Asking
) -> None:
    """Rate limit tells when to come back."""
    emulator.faults.add(Fault("/v1/", status=429, retry_after=7))
    answer = await anna("GET", "/v1/me")
    assert answer.error == (429, "API rate limit exceeded", None)
    assert answer.headers["Retry-After"] == "7"
    emulator.faults.add(
        Fault("/v1/", status=429, body=QUOTA_EXCEEDED, retry_after=9000)
    )
    spent = await anna("GET", "/v1/me")
    assert spent.error == (429, "Too many requests", "QUOTA_EXCEEDED")


async def test_body_and_type_are_the_faults_own(
    emulator: Emulator, anna: Asking
) -> None:
    """Body and type are the faults own."""
    emulator.faults.add(Fault("/v1/", status=502, body="<html>Bad gateway</html>"))
    emulator.faults.add(Fault("/v1/", status=429, body="Too many requests"))
    emulator.faults.add(Fault("/v1/", status=400, body="", headers={"X-Odd": "1"}))
    html = await anna("GET", "/v1/me")
    assert html.headers["Content-Type"].startswith("text/html")
    text = await anna("GET", "/v1/me")
    assert text.headers["Content-Type"].startswith("text/plain")
    empty = await anna("GET", "/v1/me")
    assert (empty.text, empty.headers["X-Odd"]) == ("", "1")


async def test_token_endpoint_fails_in_its_own_shape(emulator: Emulator) -> None:
    """Token endpoint fails in its own shape."""
    emulator.faults.add(Fault("/api/token"))
    answer = await Asking(emulator)("POST", "/api/token", data={"grant_type": "x"})
    assert (answer.status, answer.json["error"]) == (503, "server_error")


async def test_user_of_a_fault_is_known_by_the_refresh_token(
    emulator: Emulator,
) -> None:
    """User of a fault is known by the refresh token."""
    emulator.faults.add(Fault("/api/token", user="anna"))
    refresh = emulator.grant("anna", [])["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    answer = await Asking(emulator)("POST", "/api/token", data=form)
    assert answer.status == 503


@pytest.mark.parametrize(("after", "volume"), [(False, 40), (True, 11)])
async def test_refused_before_or_after_the_effect(
    emulator: Emulator, anna: Asking, after: bool, volume: int
) -> None:
    """Refused before or after the effect."""
    kitchen = emulator.world.users["anna"].player.devices[0]
    emulator.faults.add(Fault("/volume$", reset=True, after=after, times=2))
    path = f"/v1/me/player/volume?volume_percent=11&device_id={kitchen.id}"
    with pytest.raises(aiohttp.ClientConnectionError):
        await anna("PUT", path)
    assert kitchen.volume_percent == volume
    assert emulator.requests[-1].status == 0


async def test_delayed_answer_is_the_genuine_one(
    emulator: Emulator, anna: Asking
) -> None:
    """Delayed answer is the genuine one."""
    emulator.faults.add(Fault("/v1/me$", status=None, delay=0.1, times=None))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await anna("GET", "/v1/me")
    assert (await anna("GET", "/v1/me")).json["id"] == "anna"


async def test_cut_answer_is_not_json(emulator: Emulator, anna: Asking) -> None:
    """Cut answer is not json."""
    emulator.faults.add(Fault("/v1/me$", truncate=True))
    answer = await anna("GET", "/v1/me")
    assert answer.status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)
    emulator.faults.add(Fault("/v1/me$", truncate=True, reset=True))
    with pytest.raises(aiohttp.ClientPayloadError):
        await anna("GET", "/v1/me")


async def test_stalled_answer_never_ends_but_holds_up_no_stop(
    emulator: Emulator, anna: Asking
) -> None:
    """Stalled answer never ends but holds up no stop."""
    emulator.faults.add(Fault("/v1/me$", stall=True))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await anna("GET", "/v1/me")
    assert emulator.requests[-1].status == 200
    emulator.faults.add(Fault("/v1/me$", stall=True))
    stalled = asyncio.create_task(anna("GET", "/v1/me"))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(0.5):
        await emulator.stop()
    with pytest.raises(aiohttp.ClientError):
        await stalled


async def test_requests_are_written_down(emulator: Emulator, anna: Asking) -> None:
    """Requests are written down."""
    fault = Fault("/play$", status=500)
    emulator.faults.add(fault)
    await anna("PUT", "/v1/me/player/play?device_id=x", json={"position_ms": 1})
    await Asking(emulator)("POST", "/api/token", data={"grant_type": "x"})
    await Asking(emulator)("GET", "/v1/me")
    played, token, me = emulator.requests
    assert (played.method, played.path) == ("PUT", "/v1/me/player/play")
    assert (played.query, played.body) == ({"device_id": "x"}, {"position_ms": 1})
    assert (played.user_id, played.status, played.fault) == ("anna", 500, fault)
    assert played.at == pytest.approx(emulator.clock.now(), abs=5)
    assert token.body == {"grant_type": "x"}
    assert (me.user_id, me.status, me.body) == (None, 401, None)
    assert emulator.calls("PUT", r"/player/", "anna") == [played]
    assert emulator.calls(path="nothing") == []
    emulator.forget_requests()
    assert emulator.requests == []


async def test_starts_again_on_the_same_port_at_once(
    emulator: Emulator, anna: Asking
) -> None:
    """Starts again on the same port at once."""
    url = emulator.url
    async with aiohttp.ClientSession(url) as session:
        async with session.get("/v1/me") as kept_alive:
            assert kept_alive.status == 401
        await emulator.stop()
        with pytest.raises(aiohttp.ClientError):
            await session.get("/v1/me")
        await emulator.start()
    assert emulator.url == url
    assert (await anna("GET", "/v1/me")).status == 200


async def test_control_by_http(emulator: Emulator, anna: Asking) -> None:
    """Control by http."""
    ask = Asking(emulator)
    users = (await ask("GET", "/_emulator/users")).json
    assert {"anna", "ben"} <= {user["id"] for user in users}
    track = next(uri for uri in emulator.world.catalogue if ":track:" in uri)
    play = {"user": "anna", "do": "play", "args": {"uri": track, "device": "Kitchen"}}
    assert (await ask("POST", "/_emulator/phone", json=play)).status == 200
    lamp = {"user": "anna", "do": "appear", "args": {"id": "l", "name": "Lamp"}}
    assert (await ask("POST", "/_emulator/phone", json=lamp)).status == 200
    await ask("POST", "/_emulator/clock", json={"advance": 10})
    state = (await ask("GET", "/_emulator/state")).json["anna"]
    assert state["current_uri"] == track
    assert state["position_ms"] >= 10_000
    assert Device("l", "Lamp") in emulator.world.users["anna"].player.devices

    fault = {"path": "/v1/me$", "status": 502, "times": None}
    await ask("POST", "/_emulator/faults", json=fault)
    assert (await anna("GET", "/v1/me")).status == 502
    await ask("DELETE", "/_emulator/faults")
    assert (await anna("GET", "/v1/me")).status == 200
    seen = (await ask("GET", "/_emulator/requests")).json
    assert [one["status"] for one in seen] == [502, 200]
    await ask("DELETE", "/_emulator/requests")
    assert emulator.requests == []

    regime = {"client_id": "demo-client-id", "regime": "legacy"}
    await ask("POST", "/_emulator/regime", json=regime)
    assert "followers" in (await anna("GET", "/v1/me")).json
    grant = {"user_id": "ben", "scopes": []}
    token = (await ask("POST", "/_emulator/grant", json=grant)).json["access_token"]
    assert (await Asking(emulator, token)("GET", "/v1/me")).json["id"] == "ben"
    for wrong in ({"do": "fly", "user": "anna"}, {"user": "anna"}):
        assert (await ask("POST", "/_emulator/phone", json=wrong)).status == 400


async def test_runs_as_a_process_and_ends_cleanly(socket_enabled: None) -> None:
    """Runs as a process and ends cleanly."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.emulator",
        cwd=Path(__file__).parents[1],
        env=os.environ | {"PYTHONPATH": ""},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with (
        aiohttp.ClientSession(url) as session,
        session.get("/_emulator/users") as answer,
    ):
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
    assert await process.stdout.read() == b""
