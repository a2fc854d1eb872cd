"""What is shown when Spotify can't be reached, and how it comes back."""

import asyncio
from collections.abc import Awaitable, Callable
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.spotify_hub.api.request import Lane
from tests.conftest import AccountEntry, Later
from tests.emulator import Emulator
from tests.emulator.faults import QUOTA_EXCEEDED, Fault
from tests.emulator.phone import Phone

from .conftest import Call, Uri, shown

pytestmark = pytest.mark.usefixtures("freezer", "anna")

type Refresh = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
async def playing(
    hass: HomeAssistant, phone: Phone, uri: Uri, refresh: Refresh
) -> Phone:
    """An album in the kitchen, of which is known whether it is liked."""
    phone.play(uri("album", "Kind of Blue"), "Kitchen")
    await refresh()
    # A clock that is moved now would end the check that is under way.
    await hass.async_block_till_done(wait_background_tasks=True)
    return phone


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault("/v1/", status=500, times=None), "server_fault"),
        (Fault("/v1/", status=502, body="<html></html>", times=None), "server_fault"),
        (Fault("/v1/", reset=True, times=None), "unreachable"),
        (Fault("/me/player$", status=200, body="", times=None), "invalid_answer"),
        (Fault("/me/player$", truncate=True, times=None), "invalid_answer"),
        (Fault("/me/player$", status=400, times=None), "bad_request"),
        (Fault("/me/player$", status=404, times=None), "not_found"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_bad_poll_costs_neither_the_player_nor_a_traceback(
    hass: HomeAssistant,
    emulator: Emulator,
    later: Later,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
    problem: str,
) -> None:
    """Peers B.8: the last state stays with the problem beside it; one line is logged."""
    emulator.faults.add(fault)
    for _ in range(3):
        await later(31)
    assert shown(hass).state == "playing"
    assert shown(hass).attributes["problem"] == problem
    told = [
        one
        for one in caplog.records
        if one.levelno >= logging.WARNING and one.name.startswith("custom_components")
    ]
    assert len(told) == 1
    assert told[0].exc_info is None
    emulator.faults.clear()
    await later(31)
    await later(31)
    assert shown(hass).attributes["problem"] is None


async def test_what_alone_fails_is_told_once_and_once_when_it_is_back(
    emulator: Emulator,
    anna: AccountEntry,
    later: Later,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """While Spotify answers other questions no breaker opens, and somebody has to tell."""
    emulator.faults.add(Fault("/me/player$", status=500, times=None))
    for _ in range(6):
        await later(31)
        await anna.runtime_data.speakers.async_refresh()
    emulator.faults.clear()
    await later(31)
    await later(31)
    told = [
        one.message
        for one in caplog.records
        if one.levelno >= logging.WARNING and "Anna playback" in one.message
    ]
    assert told == [
        "Anna playback can't be had: 500 Internal Server Error",
        "Anna playback can be had again",
    ]


async def test_an_outage_makes_the_player_unavailable_after_five_minutes(
    hass: HomeAssistant, emulator: Emulator, later: Later, call: Call
) -> None:
    """Until then commands are answered with the reason; afterwards it comes back by itself."""
    emulator.faults.add(Fault("/v1/", status=503, times=None))
    await later(31)
    with pytest.raises(HomeAssistantError) as raised:
        await call("media_pause")
    assert raised.value.translation_key in {"server_fault", "outage"}
    for _ in range(11):
        await later(31)
    assert shown(hass).state == "unavailable"
    emulator.faults.clear()
    await later(31)
    assert shown(hass).state == "playing"


@pytest.mark.parametrize(
    ("body", "wait", "problem"),
    [
        (None, 120, "rate_limited"),
        (QUOTA_EXCEEDED, 7200, "quota_exceeded"),
        ("Too many requests", 90, "rate_limited"),
    ],
)
async def test_nothing_is_polled_until_spotify_says(
    hass: HomeAssistant,
    emulator: Emulator,
    later: Later,
    body: dict[str, object] | str | None,
    wait: int,
    problem: str,
) -> None:
    """Peers B.7: a poll every 30 s through a ban is what lengthens bans."""
    emulator.faults.add(
        Fault("/me/player$", status=429, body=body, retry_after=wait, times=1)
    )
    await later(31)
    assert shown(hass).attributes["problem"] == problem
    emulator.forget_requests()
    for _ in range(wait // 30 - 1):
        await later(30)
    assert not emulator.calls("GET", "/me/player$")
    assert shown(hass).state == "playing"
    await later(35)
    assert emulator.calls("GET", "/me/player$")
    assert shown(hass).attributes["problem"] is None


async def test_a_dead_sign_in_shows_at_once(
    hass: HomeAssistant, emulator: Emulator, later: Later, anna: AccountEntry
) -> None:
    """Peers B.6 and C: not frozen in "playing" for ever; re-authentication is asked for."""
    emulator.revoke("anna")
    emulator.expire_access_tokens("anna")
    await later(31)
    assert shown(hass).state == "unavailable"
    flows = hass.config_entries.flow.async_progress_by_handler("spotify_hub")
    assert [flow["context"]["source"] for flow in flows] == ["reauth"]
    emulator.forget_requests()
    await later(31)
    await later(31)
    assert not emulator.calls(path="/api/token")


async def test_a_token_that_spotify_refuses_is_replaced_at_once(
    hass: HomeAssistant, emulator: Emulator, later: Later
) -> None:
    """Peers B.5: not only when its hour is over by our clock."""
    emulator.expire_access_tokens("anna")
    emulator.forget_requests()
    await later(31)
    assert shown(hass).state == "playing"
    assert shown(hass).attributes["problem"] is None
    assert len(emulator.calls("POST", "/api/token")) == 1


async def test_the_grace_of_an_outage_begins_after_a_rate_limit(
    hass: HomeAssistant, emulator: Emulator, later: Later
) -> None:
    """Ten minutes of being held back are not ten minutes of silence."""
    emulator.faults.add(Fault("/me/player$", status=429, retry_after=600))
    await later(31)
    await later(580)
    emulator.faults.add(Fault("/me/player$", status=503, times=None))
    await later(40)
    assert shown(hass).attributes["problem"] == "server_fault"
    assert shown(hass).state == "playing"


async def test_a_dead_sign_in_that_a_command_finds_shows_at_once(
    hass: HomeAssistant, emulator: Emulator, call: Call
) -> None:
    """And is not asked for again by the next command."""
    emulator.revoke("anna")
    emulator.forget_requests()
    with pytest.raises(HomeAssistantError):
        await call("media_pause")
    assert shown(hass).state == "unavailable"
    assert len(emulator.calls("POST", "/api/token")) == 1


async def test_unloading_while_a_command_is_confirmed_leaves_no_trace(
    hass: HomeAssistant,
    emulator: Emulator,
    call: Call,
    anna: AccountEntry,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The poll ends with its account."""
    await call("media_pause")
    emulator.faults.add(Fault("/me/player$", status=None, delay=60))
    freezer.tick(1)
    async_fire_time_changed(hass)
    while not emulator.calls("GET", "/me/player$")[-1].fault:
        await asyncio.sleep(0)
    assert await hass.config_entries.async_unload(anna.entry_id)
    await emulator.stop()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "Traceback" not in caplog.text


async def test_automations_that_hear_of_background_work_command_in_their_own_lane(
    hass: HomeAssistant, anna: AccountEntry, later: Later, call: Call
) -> None:
    """A command from there fails at once in a deadline, as any other does."""
    lanes: list[Lane] = []

    async def skip(_event: Event[EventStateChangedData]) -> None:
        await call("media_next_track")
        lanes.append(anna.runtime_data.monitor.outcomes[-1].lane)

    async_track_state_change_event(hass, "sensor.spotify_anna_last_played", skip)
    for _ in range(45):
        await later(31)
    assert lanes
    assert set(lanes) == {Lane.COMMAND}
