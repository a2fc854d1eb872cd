"""What other integrations do wrong when Spotify limits or refuses them, done right.

Held elsewhere: a failed command reaches its caller (B.2: test_matrix and
tests/media_player/test_commands), a refused token is replaced at once (B.5),
the end of a sign-in shows at once (B.6), a bad poll costs no traceback (B.8:
tests/media_player/test_failures, tests/test_tokens), what is shown goes back
when Spotify refuses, and the token of one account is nobody else's affair
(C: tests/media_player/test_commands, tests/test_tokens).
"""

import asyncio
import time
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import slugify
import pytest

from custom_components.spotify_hub.api import book, transport
from custom_components.spotify_hub.api.request import Lane
from custom_components.spotify_hub.api.scopes import Feature
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, Fault
from tests.emulator.tokens import NOT_REGISTERED

from .conftest import PAUSE, PLAYER, POLL, Elapse, Listener

FIVE = ("anna", "ben", "carla", "dora", "emil")


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 502, 503])
async def test_b2_no_answer_to_a_command_but_2xx_is_taken_for_success(
    listening: Listener, status: int
) -> None:
    """The caller hears of each, and the music is shown to go on."""
    listening.emulator.faults.add(Fault(PAUSE, status=status, times=None))
    assert await listening.pause() is not None
    assert listening.player.state == "playing"


async def test_b5_a_token_refused_within_its_hour_costs_no_poll(
    listening: Listener,
) -> None:
    """Nor is anybody asked to sign in."""
    listening.emulator.expire_access_tokens("anna")
    listening.emulator.forget_requests()
    await listening.later(31)
    assert [request.status for request in listening.sent(POLL)] == [401, 200]
    assert len(listening.emulator.calls("POST", "/api/token")) == 1
    assert listening.problem is None
    assert not listening.told
    assert not listening.has_to_sign_in


async def test_b5_a_hundred_calls_on_an_ended_token_cause_one_refresh(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By way of the whole account, limits included."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)
    await listener.link()
    listener.emulator.expire_access_tokens("anna")
    listener.emulator.forget_requests()
    devices = listener.entry.runtime_data.client.player.devices
    answers = await asyncio.gather(*(devices() for _ in range(100)))
    assert all(answers)
    assert len(listener.emulator.calls("POST", "/api/token")) == 1


async def test_b6_a_dead_sign_in_does_not_stay_playing(listening: Listener) -> None:
    """It is unavailable at once, and asked for once; then Spotify is left alone."""
    listening.emulator.revoke("anna")
    await listening.later(31)
    assert listening.player.state == "unavailable"
    assert listening.has_to_sign_in
    listening.assert_told_once()
    listening.emulator.forget_requests()
    for _ in range(60):
        await listening.later(60)
    assert len(listening.emulator.requests) <= 2


async def test_b7_retry_after_is_honoured_by_all_accounts_of_one_book(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    later: Later,
    elapse: Elapse,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Five accounts, 45 seconds: polls, commands and background work of all stand still."""
    entries = [await link(user) for user in FIVE]
    assert {entry.state for entry in entries} == {ConfigEntryState.LOADED}
    anna = entries[0].runtime_data
    await later(61)
    emulator.faults.add(Fault("/v1/", user="anna", status=429, retry_after=45))
    await anna.playback.async_refresh()
    emulator.forget_requests()
    for entry in entries:
        entry.runtime_data.recent.job.async_run_in(0)
    for _ in range(13):
        await elapse(3)
    for entry in entries:
        with pytest.raises(HomeAssistantError) as raised:
            await _pause(hass, f"media_player.spotify_{slugify(entry.title)}")
        assert raised.value.translation_key == "rate_limited"
    assert not emulator.requests
    for _ in range(50):
        await elapse(3)
    assert {request.user_id for request in emulator.calls(path="/v1/")} == set(FIVE)
    assert {request.status for request in emulator.calls(path="/v1/")} <= {200, 204}
    assert len(_ours(caplog)) <= len(FIVE)


async def test_b8_a_bad_poll_leaves_commands_working(listening: Listener) -> None:
    """Home Assistant would skip a command on an unavailable entity in silence."""
    listening.emulator.faults.add(Fault(POLL, status=502, body="<html>", times=None))
    await listening.later(31)
    assert listening.player.state == "playing"
    assert await listening.pause() is None
    assert not listening.phone.player.is_playing


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 400},
        {"status": 403},
        {"status": 503},
        {"status": 200, "body": ""},
        {"reset": True},
    ],
    ids=str,
)
async def test_c_a_failed_poll_is_not_repeated_every_second(
    listening: Listener, elapse: Elapse, answer: dict[str, Any]
) -> None:
    """Some repeats of one call where that may help, and then the usual interval."""
    listening.emulator.faults.add(Fault("/v1/", times=None, **answer))
    await listening.later(31)
    listening.emulator.forget_requests()
    for _ in range(60):
        await elapse(2)
    # Of the twelve spans of ten seconds that such a client would fill.
    spans = {request.at // 10 for request in listening.sent(POLL)}
    assert 1 <= len(spans) <= 9
    listening.assert_told_once()


async def test_c_one_dead_account_does_not_play_for_ever(
    hass: HomeAssistant, emulator: Emulator, listening: Listener, link: Link
) -> None:
    """Nor does it disturb another one."""
    ben = await link("ben", features=[Feature.CONTROL])
    emulator.revoke("anna")
    await listening.later(61)
    assert listening.player.state == "unavailable"
    assert ben.runtime_data.playback.last_update_success
    state = hass.states.get("media_player.spotify_ben")
    assert state is not None
    assert state.state != "unavailable"


async def test_c_a_silent_spotify_does_not_play_for_ever(listening: Listener) -> None:
    """After five minutes nobody can say that it still plays."""
    listening.emulator.faults.add(Fault("/v1/", times=None, status=503))
    for _ in range(12):
        await listening.later(31)
    assert listening.player.state == "unavailable"
    listening.emulator.faults.clear()
    await listening.later(61)
    await listening.assert_well()


async def test_c_no_call_hangs(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that never ends is given up, by real clocks."""
    monkeypatch.setattr(transport, "DEADLINES", dict.fromkeys(Lane, 10.0))
    await listener.link()
    listener.emulator.faults.add(
        Fault(PAUSE, stall=True, status=200, body={"a": 1}, times=None)
    )
    listener.pace = 1
    began = listener.hass.loop.time()
    assert await listener.pause() == "timed_out"
    assert listener.hass.loop.time() - began <= 12


async def test_c_one_accounts_slow_token_holds_up_no_other(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """Each account renews its own."""
    anna, ben = await link("anna"), await link("ben")
    emulator.faults.add(Fault("/api/token", user="anna", status=None, delay=1))
    emulator.expire_access_tokens("anna")
    emulator.expire_access_tokens("ben")
    began = time.perf_counter()
    slow = asyncio.create_task(anna.runtime_data.client.player.devices())
    assert await ben.runtime_data.client.player.devices()
    assert time.perf_counter() - began < 0.9
    assert not slow.done()
    assert await slow


async def test_c_trouble_of_one_account_is_not_the_others(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """A person who is not on the app's list is told so; who is on it plays on."""
    anna, ben = await link("anna"), await link("ben")
    emulator.faults.add(
        Fault("/v1/", user="ben", status=403, body=NOT_REGISTERED, times=None)
    )
    await later(61)
    assert _problem(hass, "media_player.spotify_ben") == "not_on_allow_list"
    assert _problem(hass, PLAYER) is None
    assert anna.runtime_data.playback.last_update_success
    assert not ben.runtime_data.playback.last_update_success


async def test_c_an_account_is_linked_through_one_bad_answer(
    emulator: Emulator, link: Link
) -> None:
    """As its start costs two requests, it is none the slower."""
    emulator.faults.add(Fault("/v1/", status=503))
    entry: AccountEntry = await link()
    assert entry.state is ConfigEntryState.LOADED
    assert len(emulator.calls(path="/v1/")) == 3


def _problem(hass: HomeAssistant, player: str) -> str | None:
    state = hass.states.get(player)
    assert state is not None
    problem: str | None = state.attributes["problem"]
    return problem


def _ours(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelname in {"WARNING", "ERROR", "CRITICAL"}
        and record.name.startswith("custom_components")
    ]


async def _pause(hass: HomeAssistant, player: str) -> None:
    await hass.services.async_call(
        "media_player", "media_pause", {"entity_id": player}, blocking=True
    )
