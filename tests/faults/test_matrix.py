"""Every kind of trouble at every door: polls, commands, background work, the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.util import dt as dt_util
import pytest

from tests import addresses
from tests.emulator import Fault
from tests.emulator.faults import QUOTA_EXCEEDED
from tests.emulator.tokens import NOT_REGISTERED, OWNER_WITHOUT_PREMIUM

from .conftest import (
    AFTER_A_FAULT,
    PAST_EVERY_DEADLINE,
    PAUSE,
    POLL,
    RECENT,
    Clocks,
    Listener,
)

pytestmark = pytest.mark.usefixtures("offline_names")

MINUTE, HOUR = 60.0, 3600.0
# A deadline that polls wait out, and commands do not.
SHORT = 4
# What background work rests after a failure.
NETWORK, UNKNOWN, AUTH = 10 * MINUTE, 20 * MINUTE, 30 * MINUTE


def _error(status: int, message: str, reason: str | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"status": status, "message": message}
    return {"error": error | ({"reason": reason} if reason else {})}


def _refusal(status: int, message: str, reason: str) -> dict[str, Any]:
    return _error(status, f"Player command failed: {message}", reason)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One kind of trouble that lasts, and what must come of it."""

    name: str
    answer: Mapping[str, Any] = field(default_factory=dict)
    """What Spotify does instead of answering: the fields of a `Fault`."""

    address: str | None = None
    """Where Spotify is looked for instead of where it is."""

    key: str
    """What the caller is told, and stands on the player as `problem`."""

    harms_commands: bool = True
    """Whether a command fails too: its answer has no content that could be wrong."""

    rest: float = UNKNOWN
    """Seconds that background work rests."""

    deadline: float | None = None
    """Seconds in which nothing is to be sent."""

    closes_all: bool = False
    """Whether the deadline holds for everything, or for its family of requests only."""

    disables: float = 0
    """Seconds that commands are not offered after one was refused."""

    ends_sign_in: bool = False
    """Whether only the account's owner can make it good."""

    @property
    def starts(self) -> ConfigEntryState:
        """What becomes of a start."""
        if self.ends_sign_in:
            return ConfigEntryState.SETUP_ERROR
        if self.deadline:
            return ConfigEntryState.LOADED
        return ConfigEntryState.SETUP_RETRY

    def begin(self, listener: Listener, path: str) -> None:
        """Let it hit every request to this path, or every request at all."""
        if "stall" in self.answer:
            listener.pace = PAST_EVERY_DEADLINE
        if self.address:
            listener.move_spotify(self.address)
        else:
            listener.emulator.faults.add(Fault(path, times=None, **self.answer))

    def happen_once(self, listener: Listener, path: str) -> None:
        """Let it hit one request to this path; aiohttp itself hides a first reset."""
        times = 2 if "reset" in self.answer else 1
        listener.emulator.faults.add(Fault(path, times=times, **self.answer))

    def end(self, listener: Listener) -> None:
        """Let everything be well again."""
        listener.pace = 0
        listener.emulator.faults.clear()
        if self.address:
            listener.move_spotify(addresses.URL)


TROUBLES = [
    Trouble(
        name="401 expired",
        answer={"status": 401},
        key="sign_in",
        rest=AUTH,
        ends_sign_in=True,
    ),
    Trouble(
        name="401 access token missing",
        answer={"status": 401, "body": _error(401, "Access token missing")},
        key="server_fault",
        rest=NETWORK,
    ),
    Trouble(
        name="401 permissions missing",
        answer={"status": 401, "body": _error(401, "Permissions missing")},
        key="scope_missing",
    ),
    Trouble(
        name="403 scope",
        answer={"status": 403, "body": _error(403, "Insufficient client scope")},
        key="scope_missing",
    ),
    Trouble(
        name="403 allow list",
        answer={"status": 403, "body": NOT_REGISTERED},
        key="not_on_allow_list",
    ),
    Trouble(
        name="403 owner",
        answer={"status": 403, "body": OWNER_WITHOUT_PREMIUM},
        key="app_owner_not_premium",
    ),
    Trouble(
        name="403 premium",
        answer={
            "status": 403,
            "body": _refusal(403, "Premium required", "PREMIUM_REQUIRED"),
        },
        key="premium_required",
        disables=24 * HOUR,
    ),
    Trouble(
        name="403 restriction",
        answer={
            "status": 403,
            "body": _refusal(403, "Restriction violated", "UNKNOWN"),
        },
        key="not_allowed_now",
    ),
    Trouble(name="403 forbidden", answer={"status": 403}, key="forbidden"),
    Trouble(
        name="404 no active device",
        answer={
            "status": 404,
            "body": _refusal(404, "No active device found", "NO_ACTIVE_DEVICE"),
        },
        key="no_active_speaker",
    ),
    Trouble(
        name="404 device",
        answer={"status": 404, "body": _error(404, "Device not found")},
        key="speaker_gone",
    ),
    Trouble(name="404 resource", answer={"status": 404}, key="not_found"),
    Trouble(name="400", answer={"status": 400}, key="bad_request"),
    Trouble(
        name="429 short",
        answer={"status": 429, "retry_after": SHORT},
        key="rate_limited",
        rest=SHORT,
        deadline=SHORT,
        closes_all=True,
    ),
    Trouble(
        name="429 long",
        answer={"status": 429, "retry_after": 600},
        key="rate_limited",
        rest=600,
        deadline=600,
        closes_all=True,
    ),
    Trouble(
        name="429 text, without header",
        answer={"status": 429, "body": "Too many requests"},
        key="rate_limited",
        rest=30,
        deadline=30,
        closes_all=True,
    ),
    Trouble(
        name="429 date for a header",
        answer={"status": 429, "retry_after": "Fri, 20 Nov 2026 14:00:00 GMT"},
        key="rate_limited",
        rest=30,
        deadline=30,
        closes_all=True,
    ),
    Trouble(
        name="429 quota",
        answer={"status": 429, "body": QUOTA_EXCEEDED, "retry_after": 7200},
        key="quota_exceeded",
        rest=7200,
        deadline=7200,
    ),
    Trouble(
        name="429 quota, without header",
        answer={"status": 429, "body": QUOTA_EXCEEDED},
        key="quota_exceeded",
        rest=3600,
        deadline=3600,
    ),
    Trouble(name="500", answer={"status": 500}, key="server_fault", rest=NETWORK),
    Trouble(
        name="502 HTML",
        answer={"status": 502, "body": "<html>Bad gateway</html>"},
        key="server_fault",
        rest=NETWORK,
    ),
    Trouble(name="503", answer={"status": 503}, key="server_fault", rest=NETWORK),
    Trouble(
        name="empty 200",
        answer={"status": 200, "body": ""},
        key="invalid_answer",
        harms_commands=False,
    ),
    Trouble(
        name="truncated JSON",
        answer={"truncate": True},
        key="invalid_answer",
        harms_commands=False,
    ),
    Trouble(name="reset", answer={"reset": True}, key="unreachable", rest=NETWORK),
    Trouble(
        name="reset amid the answer",
        answer={"reset": True, "truncate": True, "status": 200, "body": {"a": 1}},
        key="unreachable",
        rest=NETWORK,
    ),
    Trouble(
        name="stall",
        answer={"stall": True, "status": 200, "body": {"a": 1}},
        key="timed_out",
        rest=NETWORK,
    ),
    Trouble(
        name="no such host",
        address="http://spotify.invalid",
        key="unreachable",
        rest=NETWORK,
    ),
    Trouble(
        name="refused",
        address="http://127.0.0.1:1",
        key="unreachable",
        rest=NETWORK,
    ),
]

# What Spotify, or the way to it, is known to do once without meaning it.
BY_MISTAKE = {
    "401 expired",
    "401 access token missing",
    "403 premium",
    "500",
    "502 HTML",
    "503",
    "reset",
    "reset amid the answer",
}

each_trouble = pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.name)
each_mistake = pytest.mark.parametrize(
    "mistake",
    [one for one in TROUBLES if one.name in BY_MISTAKE],
    ids=lambda one: one.name,
)
each_jump = pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])


async def _sit_out(listening: Listener, trouble: Trouble, path: str) -> None:
    """Let the deadline pass, in which nothing leaves that it holds for."""
    assert trouble.deadline
    listening.emulator.forget_requests()
    for _ in range(2):
        await listening.later(trouble.deadline / 4)
        assert not listening.sent("/v1/" if trouble.closes_all else path)
    # A deadline that is nearly over is waited for, not told.
    if trouble.deadline > 20:
        assert listening.problem == trouble.key
        if trouble.closes_all or path == PAUSE:
            assert await listening.pause() == trouble.key
            assert not listening.sent(PAUSE)
    await listening.later(trouble.deadline / 2 + AFTER_A_FAULT)


@each_trouble
async def test_polls(listening: Listener, trouble: Trouble) -> None:
    """The last state stays with the problem beside it, until both are renewed."""
    trouble.begin(listening, POLL)
    await listening.later(31)
    if trouble.ends_sign_in:
        assert listening.player.state == "unavailable"
        assert listening.has_to_sign_in
    else:
        assert listening.player.state == "playing"
        assert listening.problem == trouble.key
    if not trouble.deadline:
        for _ in range(2):
            await listening.later(31)
        if not trouble.ends_sign_in:
            assert listening.player.state == "playing"
            assert listening.problem in {trouble.key, "outage"}
            assert not listening.has_to_sign_in
    listening.assert_told_once()
    trouble.end(listening)
    if trouble.deadline:
        await _sit_out(listening, trouble, POLL)
        listening.assert_told_once()
    if trouble.ends_sign_in:
        await listening.hass.config_entries.async_reload(listening.entry.entry_id)
    await listening.later(AFTER_A_FAULT)
    await listening.later(AFTER_A_FAULT)
    await listening.assert_well()


@each_trouble
async def test_commands(listening: Listener, trouble: Trouble) -> None:
    """The caller hears why, and what is shown stays true."""
    trouble.begin(listening, PAUSE)
    assert await listening.pause() == (trouble.key if trouble.harms_commands else None)
    if trouble.harms_commands:
        assert listening.player.state == "playing"
    listening.assert_told_once()
    assert not listening.has_to_sign_in
    trouble.end(listening)
    if trouble.deadline:
        await _sit_out(listening, trouble, PAUSE)
        listening.assert_told_once()
    await listening.later(max(trouble.disables, AFTER_A_FAULT))
    await listening.assert_well()


@each_trouble
async def test_background_work(listening: Listener, trouble: Trouble) -> None:
    """It rests for as long as its failure asks for, and music goes on meanwhile."""
    trouble.begin(listening, RECENT)
    assert await listening.run_job() == trouble.key
    assert listening.player.state == "playing"
    listening.assert_told_once()
    assert not listening.has_to_sign_in
    trouble.end(listening)
    listening.emulator.forget_requests()
    for _ in range(3):
        await listening.later(trouble.rest / 4)
        assert not listening.sent("/v1/" if trouble.closes_all else RECENT)
        assert listening.player.state == "playing"
    await listening.later(trouble.rest / 4 + MINUTE)
    assert listening.sent(RECENT)
    assert listening.entry.runtime_data.recent.job.last_result == "ok"
    listening.assert_told_once()
    await listening.later(AFTER_A_FAULT)
    await listening.assert_well()


@each_trouble
async def test_starts(listener: Listener, trouble: Trouble) -> None:
    """A deadline keeps no account from being set up; other trouble is said, and got over."""
    trouble.begin(listener, POLL)
    if trouble.deadline == SHORT:
        # So few seconds are waited out.
        listener.pace = 1
    await listener.link()
    assert listener.entry.state is trouble.starts
    assert listener.has_to_sign_in is trouble.ends_sign_in
    if trouble.deadline:
        assert listener.player.state == "idle"
        assert listener.problem == trouble.key
    else:
        assert listener.entry.error_reason_translation_key == trouble.key
    listener.assert_told_once()
    trouble.end(listener)
    if trouble.deadline and trouble.deadline != SHORT:
        await _sit_out(listener, trouble, POLL)
    if trouble.ends_sign_in:
        await listener.hass.config_entries.async_reload(listener.entry.entry_id)
    await listener.later(AFTER_A_FAULT)
    await listener.later(AFTER_A_FAULT)
    listener.assert_told_once()
    await listener.assert_well()


@each_mistake
async def test_what_is_said_once_by_mistake_is_invisible_to_all(
    listener: Listener, mistake: Trouble
) -> None:
    """At the start, in a poll, a command, background work: it is asked again at once."""
    mistake.happen_once(listener, POLL)
    await listener.link()
    assert listener.player.state == "playing"
    mistake.happen_once(listener, POLL)
    await listener.later(31)
    assert listener.player.state == "playing"
    assert listener.problem is None
    mistake.happen_once(listener, PAUSE)
    assert await listener.pause() is None
    assert not listener.phone.player.is_playing
    mistake.happen_once(listener, RECENT)
    assert await listener.run_job() == "ok"
    assert not listener.told
    assert not listener.has_to_sign_in
    hit = [request for request in listener.emulator.requests if request.fault]
    assert len(hit) >= 4


@each_jump
async def test_the_clock_jumps(
    clocks: Clocks, listening: Listener, jump: float
) -> None:
    """Polls, commands and background work go on as if nothing had been."""
    clocks.jump(jump)
    for _ in range(3):
        listening.emulator.forget_requests()
        await listening.later(31)
        assert len(listening.sent(POLL)) == 1
        assert listening.player.state == "playing"
        assert listening.problem is None
    attributes = listening.player.attributes
    since = dt_util.utcnow() - attributes["media_position_updated_at"]
    position = attributes["media_position"] + since.total_seconds()
    assert position == pytest.approx(listening.phone.player.position_ms / 1000, abs=2)
    await listening.assert_well()
    assert not listening.told


@each_jump
async def test_the_clock_jumps_within_a_deadline(
    clocks: Clocks, listening: Listener, jump: float
) -> None:
    """The deadline is as long as Spotify said, whatever the clock on the wall says."""
    listening.emulator.faults.add(Fault(POLL, status=429, retry_after=600))
    await listening.later(31)
    clocks.jump(jump)
    listening.emulator.forget_requests()
    for _ in range(5):
        await listening.later(100)
        assert await listening.pause() == "rate_limited"
    assert not listening.sent()
    assert listening.problem == "rate_limited"
    await listening.later(100 + AFTER_A_FAULT)
    assert listening.sent(POLL)
    listening.assert_told_once()
    await listening.assert_well()


@each_jump
async def test_the_clock_jumps_while_background_work_rests(
    clocks: Clocks, listening: Listener, jump: float
) -> None:
    """It comes back, at worst by as much too late as the clock was put back."""
    listening.emulator.faults.add(Fault(RECENT, status=400))
    assert await listening.run_job() == "bad_request"
    clocks.jump(jump)
    for _ in range(int((UNKNOWN + HOUR) / MINUTE) + 1):
        await listening.later(MINUTE)
    assert listening.entry.runtime_data.recent.job.last_result == "ok"


@each_jump
async def test_an_account_starts_after_the_clock_has_jumped(
    clocks: Clocks, listening: Listener, jump: float
) -> None:
    """As with a computer whose clock is put right by the network after the start."""
    clocks.jump(jump)
    await listening.hass.config_entries.async_reload(listening.entry.entry_id)
    await listening.assert_well()
    assert not listening.told
