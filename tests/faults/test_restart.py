"""What a restart of Home Assistant must not forget, and what must not prevent it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.api.book import Book
from custom_components.spotify_hub.api.families import Family
from custom_components.spotify_hub.household import STORAGE_VERSION
from tests.conftest import APP
from tests.emulator import Fault
from tests.emulator.faults import QUOTA_EXCEEDED

from .conftest import (
    AFTER_A_FAULT,
    PAUSE,
    POLL,
    RECENT,
    Clocks,
    Elapse,
    Listener,
    breathe,
)

STORE = "spotify_hub.household"
HOUR = 3600.0

each_deadline = pytest.mark.parametrize(
    ("path", "fault", "key"),
    [
        (POLL, {"body": QUOTA_EXCEEDED}, "quota_exceeded"),
        (POLL, {}, "rate_limited"),
        (PAUSE, {"body": QUOTA_EXCEEDED}, "quota_exceeded"),
        (RECENT, {"body": QUOTA_EXCEEDED}, "quota_exceeded"),
    ],
    ids=["quota of polls", "plain", "quota of commands", "quota of recent plays"],
)


@pytest.fixture(autouse=True)
def _stored(hass_storage: dict[str, Any]) -> None:
    """Keep what is stored in memory."""


def book_of(listening: Listener) -> Book:
    """Return the book that Anna's requests are counted in."""
    return listening.entry.runtime_data.household.ledger.book(APP)


async def meet_limit(
    listening: Listener, path: str, fault: Mapping[str, Any], seconds: float
) -> None:
    """Let Spotify ask for so many seconds of rest."""
    limit = Fault(path, status=429, retry_after=int(seconds), **fault)
    listening.emulator.faults.add(limit)
    match path:
        case _ if path == PAUSE:
            await listening.pause()
        case _ if path == RECENT:
            await listening.run_job()
        case _:
            await listening.later(31)
    assert listening.sent(path)


async def restart(
    listening: Listener, down: float, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Stop the household, let time pass, and make a new one of what was stored."""
    entries, entry_id = listening.hass.config_entries, listening.entry.entry_id
    before = listening.entry.runtime_data.household
    assert await entries.async_unload(entry_id)
    meanwhile()
    await listening.later(down)
    listening.emulator.forget_requests()
    assert await entries.async_setup(entry_id)
    await listening.hass.async_block_till_done()
    assert listening.entry.state is ConfigEntryState.LOADED
    assert listening.entry.runtime_data.household is not before
    listening.hold_job()


@each_deadline
async def test_a_deadline_goes_on_after_a_restart(
    listening: Listener, path: str, fault: Mapping[str, Any], key: str
) -> None:
    """The account is set up all the same, and whoever asks for it hears why it must wait."""
    await meet_limit(listening, path, fault, 2 * HOUR)
    await restart(listening, HOUR)
    # The list of recent plays is in no command's way.
    assert listening.problem == (None if path == RECENT else key)
    for _ in range(5):
        await listening.later(600)
        if path == PAUSE or not fault:
            assert await listening.pause() == key
    assert not listening.sent("/v1/" if not fault else path)
    await listening.later(600 + AFTER_A_FAULT)
    await listening.assert_well()


async def test_background_work_sends_nothing_within_a_deadline_after_a_restart(
    elapse: Elapse, listening: Listener
) -> None:
    """It stands in line until the deadline is over."""
    await meet_limit(listening, RECENT, {"body": QUOTA_EXCEEDED}, 2 * HOUR)
    await restart(listening, HOUR)
    waiting = asyncio.create_task(listening.run_job())
    for _ in range(4):
        await breathe()
        assert not listening.sent(RECENT)
        await elapse(HOUR / 4)
    assert await waiting == "ok"
    assert len(listening.sent(RECENT)) == 1


@each_deadline
async def test_a_deadline_that_ended_meanwhile_is_forgotten(
    listening: Listener, path: str, fault: Mapping[str, Any], key: str
) -> None:
    """Home Assistant was down for longer than Spotify asked for."""
    await meet_limit(listening, path, fault, 2 * HOUR)
    await restart(listening, 2 * HOUR + 1)
    assert key
    assert listening.problem is None
    assert book_of(listening).deadlines(listening.hass.loop.time()) == {}
    await listening.assert_well()


@pytest.mark.parametrize(("jump", "left"), [(-HOUR, 2 * HOUR), (HOUR, HOUR)])
async def test_a_deadline_is_not_made_longer_by_a_clock_that_was_put_back(
    clocks: Clocks, listening: Listener, jump: float, left: float
) -> None:
    """The time that Home Assistant was down is known by the clock on the wall alone."""
    await meet_limit(listening, POLL, {}, 2 * HOUR)
    await restart(listening, 0, lambda: clocks.jump(jump))
    now = listening.hass.loop.time()
    (closed,) = book_of(listening).deadlines(now).values()
    assert closed.until - now == pytest.approx(left, abs=2)


async def test_counts_survive(listening: Listener) -> None:
    """The day's budget is Spotify's, whose day does not end with a restart."""
    for _ in range(5):
        await listening.later(31)
    before = book_of(listening).counts.by_family(listening.hass.loop.time())
    assert before[Family.PLAYER] >= 7
    await restart(listening, HOUR)
    after = book_of(listening).counts.by_family(listening.hass.loop.time())
    # Its start asks what plays, and which speakers there are.
    assert after == before | {Family.PLAYER: before[Family.PLAYER] + 2}
    await restart(listening, 25 * HOUR)
    after = book_of(listening).counts.by_family(listening.hass.loop.time())
    assert after == {Family.PLAYER: 2}


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        "nonsense",
        {"saved_at": "yesterday", "ledger": {}, "background_paused": []},
        {"saved_at": 0, "ledger": [], "background_paused": []},
        {"saved_at": 0, "ledger": {"books": {}}, "background_paused": []},
        {
            "saved_at": 0,
            "ledger": {"aliases": {}, "books": {APP: {"sent": None}}},
            "background_paused": [],
        },
        {
            "saved_at": 0,
            "ledger": {"aliases": {}, "books": {}},
            "background_paused": 7,
        },
    ],
    ids=str,
)
async def test_data_of_an_unknown_shape_does_not_prevent_the_start(
    hass_storage: dict[str, Any], listener: Listener, data: object
) -> None:
    """Counts begin anew, and the next save puts the store right."""
    hass_storage[STORE] = {"version": STORAGE_VERSION, "minor_version": 1, "data": data}
    await listener.link()
    await listener.assert_well()
    listener.assert_told_once()
    await restart(listener, 1)
    assert hass_storage[STORE]["data"].keys() == {
        "saved_at",
        "alarms",
        "ledger",
        "background_paused",
        "links",
        "pins",
        "sleep_timers",
    }


async def test_data_of_a_newer_version_does_not_prevent_the_start(
    hass_storage: dict[str, Any], listener: Listener
) -> None:
    """Somebody went back to an older version of the integration."""
    hass_storage[STORE] = {
        "version": STORAGE_VERSION + 1,
        "minor_version": 1,
        "data": {"hello": "world"},
    }
    await listener.link()
    await listener.assert_well()
    listener.assert_told_once()


async def test_counts_are_written_when_home_assistant_stops(
    hass: HomeAssistant, hass_storage: dict[str, Any], listening: Listener
) -> None:
    """Home Assistant does not unload accounts when it stops."""
    await listening.later(31)
    await hass.async_stop()
    book = hass_storage[STORE]["data"]["ledger"]["books"][APP]
    assert sum(count for *_, count in book["counts"]) >= 3
