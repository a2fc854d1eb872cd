"""Tokens: refreshed ahead and once, kept through trouble, given up only when Spotify says so."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import time

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    async_get_config_entry_implementation,
)
import pytest

from custom_components.spotify_hub.account.tokens import REFRESH_AHEAD, AccountTokens
from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import (
    RateLimitedError,
    SignInRequiredError,
    SpotifyApiError,
    TokenUnavailableError,
)
from custom_components.spotify_hub.api.transport import Transport
from custom_components.spotify_hub.const import DOMAIN
from tests import addresses
from tests.emulator import Emulator, Fault, ReceivedRequest

from .conftest import AccountEntry, EntryFor, Later, Link

type Ask = Callable[..., Awaitable[None]]

PLAYER = "media_player.spotify_anna"


def state_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity shows."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state.state


def lasting(hass: HomeAssistant, entry: AccountEntry, seconds: float) -> None:
    """Let the access token end in so many seconds, as far as Home Assistant knows."""
    token = entry.data["token"] | {"expires_at": time.time() + seconds}
    hass.config_entries.async_update_entry(entry, data=entry.data | {"token": token})


def refreshes(emulator: Emulator, user: str = "anna") -> list[ReceivedRequest]:
    """Return the requests for a new token."""
    return emulator.calls("POST", "/api/token", user)


def sign_ins_asked(hass: HomeAssistant) -> list[str]:
    """Return the titles of the accounts that have to sign in again."""
    return [
        flow["context"]["title_placeholders"]["name"]
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] == SOURCE_REAUTH
    ]


@pytest.fixture
async def ask(hass: HomeAssistant, anna: AccountEntry) -> Ask:
    """Ask with Anna's tokens."""
    return await asking(hass, anna)


async def asking(hass: HomeAssistant, entry: AccountEntry) -> Ask:
    """Return how to ask Spotify something with the account's tokens, and no limit."""
    implementation = await async_get_config_entry_implementation(hass, entry)
    tokens = AccountTokens(hass, entry, implementation)
    session = async_get_clientsession(hass)
    player = SpotifyHubClient(Transport(session, addresses.URL, tokens)).player

    async def ask(times: int = 1) -> None:
        answers = await asyncio.gather(*(player.devices() for _ in range(times)))
        assert all(answers)

    return ask


async def test_a_hundred_calls_on_an_ended_token_cause_one_refresh(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, ask: Ask
) -> None:
    """Whoever needs a token meanwhile waits for the same one."""
    emulator.expire_access_tokens("anna")
    lasting(hass, anna, -1)
    emulator.forget_requests()
    await ask(100)
    assert len(refreshes(emulator)) == 1
    assert {call.status for call in emulator.calls(path="devices")} == {200}


async def test_b5_a_token_refused_before_its_end_is_replaced_once(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, ask: Ask
) -> None:
    """Spotify's word counts, not the clock; every call is repeated and answered."""
    emulator.expire_access_tokens("anna")
    emulator.forget_requests()
    await ask(20)
    assert len(refreshes(emulator)) == 1
    statuses = [call.status for call in emulator.calls(path="devices")]
    assert statuses.count(200) == 20
    assert statuses.count(401) == 20
    assert not sign_ins_asked(hass)


async def test_a_late_refusal_of_a_token_that_was_replaced_meanwhile_replaces_none(
    emulator: Emulator, ask: Ask
) -> None:
    """The call is repeated with the token that is there by now."""
    emulator.expire_access_tokens("anna")
    emulator.faults.add(Fault("/devices$", status=401, delay=0.1))
    await ask(2)
    assert len(refreshes(emulator)) == 1


@pytest.mark.parametrize(
    ("app", "rotates"), [("demo-client-id", False), ("rotating-client-id", True)]
)
async def test_a_refresh_token_is_kept_until_spotify_sends_another(
    hass: HomeAssistant, emulator: Emulator, link: Link, app: str, rotates: bool
) -> None:
    """It is stored at once: the old one may be worth nothing any more."""
    entry = await link(app=app)
    ask = await asking(hass, entry)
    shown = [entry.data["token"]["refresh_token"]]
    for _ in range(3):
        lasting(hass, entry, 0)
        await ask()
        shown.append(entry.data["token"]["refresh_token"])
    assert len(set(shown)) == (4 if rotates else 1)
    assert [call.status for call in refreshes(emulator)] == [200, 200, 200]


@pytest.mark.parametrize(("left", "expected"), [(30, 0), (-30, 1)])
async def test_a_token_is_refreshed_five_minutes_ahead(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    ask: Ask,
    left: int,
    expected: int,
) -> None:
    """So no call has to wait for one that has just ended."""
    assert REFRESH_AHEAD == 5 * 60
    lasting(hass, anna, REFRESH_AHEAD + left)
    await ask()
    assert len(refreshes(emulator)) == expected


TROUBLE = [
    (Fault("/api/token", times=None, status=503), TokenUnavailableError),
    (Fault("/api/token", times=None, status=429), RateLimitedError),
    (Fault("/api/token", times=None, status=200, body="<html>"), TokenUnavailableError),
    (Fault("/api/token", times=None, truncate=True), TokenUnavailableError),
    (Fault("/api/token", times=None, reset=True), TokenUnavailableError),
    (Fault("/api/token", times=None, reset=True, truncate=True), TokenUnavailableError),
    (Fault("/api/token", times=None, status=200, body={}), TokenUnavailableError),
]


@pytest.mark.parametrize(("fault", "error"), TROUBLE)
async def test_a_refresh_that_fails_for_now_is_no_harm_while_the_token_lasts(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    ask: Ask,
    fault: Fault,
    error: type[SpotifyApiError],
) -> None:
    """Only past its end does the failure show, and it asks nobody to sign in."""
    emulator.faults.add(fault)
    lasting(hass, anna, 60)
    await ask()
    lasting(hass, anna, 0)
    with pytest.raises(error):
        await ask()
    assert not sign_ins_asked(hass)

    emulator.faults.clear()
    await ask()


async def test_a_refresh_that_fails_fails_once_for_all_who_wait(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    ask: Ask,
    pauses: list[float],
) -> None:
    """Spotify in trouble is asked as often as one caller would ask, not by each of them."""
    emulator.faults.add(Fault("/api/token", times=None, status=503, delay=0.05))
    lasting(hass, anna, 0)
    failed = await asyncio.gather(*(ask() for _ in range(20)), return_exceptions=True)
    assert {type(error) for error in failed} == {TokenUnavailableError}
    repeats = len(pauses) / 20
    assert len(emulator.calls("POST", "/api/token")) == 1 + repeats


async def test_b6_a_revoked_sign_in_asks_for_a_new_one_and_shows(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """The account is unavailable at once, and no other account notices."""
    anna, ben = await link("anna"), await link("ben")
    emulator.revoke("anna")
    emulator.forget_requests()
    await anna.runtime_data.playback.async_refresh()
    await hass.async_block_till_done()

    assert sign_ins_asked(hass) == ["Anna"]
    assert state_of(hass, PLAYER) == STATE_UNAVAILABLE
    assert state_of(hass, "media_player.spotify_ben") != STATE_UNAVAILABLE
    assert not refreshes(emulator, "ben")
    await ben.runtime_data.playback.async_refresh()
    assert ben.runtime_data.playback.last_update_success


async def test_a_revoked_sign_in_is_not_tried_again_and_again(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """What polls there are find out once each."""
    emulator.revoke("anna")
    emulator.forget_requests()
    for _ in range(12):
        await later(2 * 3600)
    assert len(refreshes(emulator)) <= 2
    assert len(emulator.requests) <= 4
    assert sign_ins_asked(hass) == ["Anna"]


async def test_a_call_after_the_end_of_the_sign_in_says_so(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, ask: Ask
) -> None:
    """For every door there is the same typed error."""
    emulator.revoke("anna")
    lasting(hass, anna, 60)
    with pytest.raises(SignInRequiredError):
        await ask()
    await hass.async_block_till_done()
    assert sign_ins_asked(hass) == ["Anna"]


@pytest.mark.parametrize("revoked", [True, False])
async def test_a_sign_in_that_is_over_at_start_asks_for_a_new_one(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    entry_for: EntryFor,
    revoked: bool,
) -> None:
    """Revoked, or past its six months while Home Assistant was off."""
    ben = await link("ben")
    anna = entry_for("anna", lifetime=-1)
    if revoked:
        emulator.revoke("anna")
    else:
        emulator.clock.advance(timedelta(days=183).total_seconds())
    assert not await hass.config_entries.async_setup(anna.entry_id)
    await hass.async_block_till_done()
    assert anna.state is ConfigEntryState.SETUP_ERROR
    assert sign_ins_asked(hass) == ["Anna"]
    assert ben.state is ConfigEntryState.LOADED


async def test_a_silent_token_endpoint_costs_no_command_while_the_token_is_good(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, ask: Ask
) -> None:
    """The next token is fetched beside what is asked, not before it."""
    lasting(hass, anna, REFRESH_AHEAD - 10)
    emulator.faults.add(Fault("/api/token", status=None, delay=60))
    await ask()
    await emulator.stop()


@pytest.mark.usefixtures("freezer")
async def test_an_outage_of_the_token_endpoint_opens_the_breaker(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    later: Later,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is Spotify that is silent: one line, one probe a minute, health says so."""
    emulator.faults.add(Fault("/api/token", times=None, status=503))
    lasting(hass, anna, 0)
    for _ in range(4):
        await anna.runtime_data.playback.async_refresh()
    assert anna.runtime_data.breaker.opens_again is not None
    emulator.forget_requests()
    await anna.runtime_data.playback.async_refresh()
    assert not emulator.requests
    told = [one for one in caplog.records if "does not answer" in one.getMessage()]
    assert len(told) == 1
    emulator.faults.clear()
    await later(61)
    await later(61)
    assert anna.runtime_data.playback.last_update_success
    assert anna.runtime_data.breaker.opens_again is None
