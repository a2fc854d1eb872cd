"""What is shown when Spotify can't be reached, and how it comes back."""

from collections.abc import Awaitable, Callable
import logging

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from tests.conftest import AccountEntry, Later
from tests.emulator import Emulator
from tests.emulator.faults import QUOTA_EXCEEDED, Fault
from tests.emulator.phone import Phone

from .conftest import Call, Uri, shown

pytestmark = pytest.mark.usefixtures("freezer", "anna")

type Refresh = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
async def playing(phone: Phone, uri: Uri, refresh: Refresh) -> Phone:
    """An album in the kitchen."""
    phone.play(uri("album", "Kind of Blue"), "Kitchen")
    await refresh()
    return phone


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault("/me/player$", status=500, times=None), "server_fault"),
        (
            Fault("/me/player$", status=502, body="<html></html>", times=None),
            "server_fault",
        ),
        (Fault("/me/player$", reset=True, times=None), "unreachable"),
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
