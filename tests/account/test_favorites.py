"""When Liked Songs are copied, what is shown of it, and what ends it."""

import asyncio
from datetime import datetime, timedelta
import errno
import logging
from pathlib import Path
import time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.spotify_hub.account import async_pause_background
from custom_components.spotify_hub.account.favorites import (
    EVENT_FAILED,
    EVENT_SYNCED,
    next_night,
)
from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.api.errors import SignInRequiredError
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.favorites import source
from custom_components.spotify_hub.favorites.entries import Kind
from custom_components.spotify_hub.favorites.status import State as Sync
from custom_components.spotify_hub.favorites.store import SnapshotFolder
from custom_components.spotify_hub.favorites.sync import Settings
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.frozen import until_done

LIKED = "/me/tracks$"
BUTTON = "button.spotify_anna_sync_liked_songs"

by_itself = pytest.mark.copies


@pytest.fixture(autouse=True)
def _by_day(freezer: FrozenDateTimeFactory) -> None:
    """Let tests begin at noon: at night copies are made that nobody asked for."""
    freezer.move_to(dt_util.now().replace(hour=12))


def shown(hass: HomeAssistant, name: str = "liked_songs_sync") -> State:
    """Return what a sensor of Anna's shows."""
    state = hass.states.get(f"sensor.spotify_anna_{name}")
    assert state is not None
    return state


def offsets(emulator: Emulator) -> list[int]:
    """Return from where pages of Liked Songs were asked for."""
    return [int(one.query["offset"]) for one in emulator.calls(path=LIKED)]


def is_there(path: Path) -> bool:
    """Tell whether there is such a file."""
    return path.exists()


async def breathe() -> None:
    """Let real sockets and threads work for a moment while every clock stands still."""
    loop = asyncio.get_running_loop()
    for _ in range(3):
        await loop.run_in_executor(None, time.sleep, 0.005)


class Pass(Protocol):
    """Lets time pass while runs go on."""

    async def __call__(self, entry: AccountEntry, until: int = -1) -> None:
        """Return when no run is under way, or when so many entries were read."""


@pytest.fixture
def passing(
    hass: HomeAssistant, emulator: Emulator, freezer: FrozenDateTimeFactory
) -> Pass:
    """Let time pass in steps, as long as somebody waits for room in the ledger."""

    async def run(entry: AccountEntry, until: int = -1) -> None:
        copies = entry.runtime_data.favorites
        for _ in range(3000):
            await breathe()
            if until < 0 and not copies.job.is_running:
                break
            if 0 <= until <= copies.done and copies.state is Sync.SYNCING:
                return
            freezer.tick(1)
            emulator.clock.advance(1)
            async_fire_time_changed(hass)
        else:
            pytest.fail("The run never ends")
        await hass.async_block_till_done()

    return run


async def press(hass: HomeAssistant) -> None:
    """Press the button."""
    await hass.services.async_call(
        "button", "press", {"entity_id": BUTTON}, blocking=True
    )


async def sync(entry: AccountEntry, later: Later, *, force: bool = True) -> None:
    """Copy now, to the end."""
    entry.runtime_data.favorites.async_request(force=force)
    await later(1)


@by_itself
async def test_linking_begins_the_first_copy_and_says_so(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later, own_folder: Path
) -> None:
    """A little after the start, when other things have had their turn."""
    uris = emulator.hoard("anna", 60)
    synced = async_capture_events(hass, EVENT_SYNCED)
    entry = await link()
    assert shown(hass).state == "queued"
    assert shown(hass).attributes["next_run"] > dt_util.utcnow()
    assert shown(hass, "liked_songs").state == "unknown"
    await later(100)
    assert not offsets(emulator)
    await later(100)
    assert offsets(emulator) == [0, 50, 0]
    assert shown(hass).state == "done"
    assert shown(hass).attributes["reason"] is None
    assert shown(hass, "liked_songs").state == "60"
    assert shown(hass, "liked_songs_synced").state != "unknown"
    (event,) = synced
    assert event.data == {
        "config_entry_id": entry.entry_id,
        "account": "Anna",
        "changed": True,
        "snapshot": f"{dt_util.utcnow():%Y-%m-%d}",
        "total": 60,
        "added": 0,
        "removed": 0,
    }
    account_id = emulator.world.users["anna"].account_id
    folder = own_folder / "favorites_raw" / "spotify" / account_id
    ours = SnapshotFolder(folder)
    assert [song.uri for song in ours.read(ours.names()[0]).songs()] == uris


@by_itself
async def test_every_night_it_is_looked_again(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """One request when nothing has changed; what has is told."""
    await later(200)
    emulator.forget_requests()
    due = anna.runtime_data.favorites.job.next_run
    assert due is not None
    await later((due - dt_util.utcnow()).total_seconds() + 1)
    assert offsets(emulator) == [0]
    assert shown(hass, "liked_songs").attributes["unchanged_since"]
    due = anna.runtime_data.favorites.job.next_run
    assert due is not None
    assert due - dt_util.utcnow() > timedelta(hours=22)
    emulator.phone("anna").unlike(
        next(iter(emulator.world.users["anna"].saved["track"]))
    )
    await later((due - dt_util.utcnow()).total_seconds() + 1)
    liked = shown(hass, "liked_songs")
    assert liked.state == "119"
    assert liked.attributes["removed"] == 1
    assert liked.attributes["added"] == 0


@given(
    st.datetimes(timezones=st.just(ZoneInfo("Europe/Berlin"))).filter(
        lambda now: 1 < now.year < 9999
    ),
    st.integers(0, 255),
)
def test_the_night_is_the_next_one(now: datetime, digest: int) -> None:
    """Between two and six by the clock on the wall, within a day."""
    at = next_night(now, digest / 256)
    assert now < at <= now + timedelta(days=1, hours=1)
    assert 2 <= at.hour < 6


async def test_two_requests_are_one_run(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """Whoever comes second is told."""
    copies = anna.runtime_data.favorites
    emulator.forget_requests()
    assert copies.async_request(force=True)
    assert shown(hass).state == "queued"
    assert not copies.async_request(force=True)
    await later(1)
    assert offsets(emulator) == [0, 50, 100, 0]
    assert shown(hass).state == "done"


async def test_once_an_hour_is_enough(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """Unless somebody insists; a reload does not change that."""
    await press(hass)
    await later(1)
    assert shown(hass).state == "done"
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError, match="less than an hour ago"):
        await press(hass)
    assert await hass.config_entries.async_reload(anna.entry_id)
    assert shown(hass).state == "done"
    assert shown(hass, "liked_songs").state == "120"
    with pytest.raises(ServiceValidationError, match="less than an hour ago"):
        await press(hass)
    assert not offsets(emulator)
    await sync(anna, later)
    assert offsets(emulator) == [0]
    await later(3600)
    await press(hass)
    await later(1)
    assert offsets(emulator) == [0, 0]


async def test_what_can_not_run_is_said(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """Background work is switched off, or the sign-in is over."""
    async_pause_background(anna.runtime_data, anna.entry_id, paused=True)
    with pytest.raises(ServiceValidationError, match="switched off"):
        await press(hass)
    async_pause_background(anna.runtime_data, anna.entry_id, paused=False)
    emulator.revoke("anna")
    emulator.expire_access_tokens("anna")
    await sync(anna, later)
    copies = anna.runtime_data.favorites
    assert copies.state is Sync.ERROR
    assert shown(hass).attributes["reason"] == "sign_in"
    with pytest.raises(SignInRequiredError):
        copies.async_request(force=True)
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(DOMAIN, "sync_favorites", {}, blocking=True)


async def test_pausing_ends_a_run_and_going_on_ends_the_pause(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    passing: Pass,
) -> None:
    """At the page where it was."""
    emulator.hoard("anna", 2000)
    emulator.forget_requests()
    copies = anna.runtime_data.favorites
    copies.async_request(force=True)
    await passing(anna, 200)
    async_pause_background(anna.runtime_data, anna.entry_id, paused=True)
    await breathe()
    assert shown(hass).state == "idle"
    seen = len(offsets(emulator))
    await breathe()
    assert len(offsets(emulator)) == seen
    async_pause_background(anna.runtime_data, anna.entry_id, paused=False)
    assert shown(hass).state == "queued"
    await passing(anna, 250)
    await passing(anna)
    assert copies.record.total == 2000
    assert len(offsets(emulator)) <= 42


@by_itself
async def test_a_reload_in_the_middle_goes_on_at_its_page(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    later: Later,
    passing: Pass,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing is asked twice, and nothing of the old run lingers."""
    uris = emulator.hoard("anna", 3000)
    anna = await link()
    anna.runtime_data.favorites.async_request()
    await passing(anna, 300)
    state = shown(hass)
    assert state.state == "syncing"
    assert state.attributes["total"] == 3000
    assert state.attributes["done"] >= 300
    assert state.attributes["kind"] == "tracks"
    assert not anna.runtime_data.favorites.async_request(force=True)
    assert await hass.config_entries.async_reload(anna.entry_id)
    seen = offsets(emulator)
    assert shown(hass).state == "queued"
    anna.runtime_data.favorites.async_request()
    await passing(anna, 0)
    await passing(anna)
    after = offsets(emulator)[len(seen) :]
    assert after[0] >= 300
    assert len(after) + len(seen) <= 61 + 1
    snapshots = anna.runtime_data.snapshots
    copy = await snapshots.copy()
    assert [song.uri for song in copy.snapshot.songs()] == uris
    assert not [one for one in caplog.records if one.levelno > logging.WARNING]


@by_itself
async def test_commands_are_not_slower_during_a_run_of_ten_thousand(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    freezer: FrozenDateTimeFactory,
    passing: Pass,
) -> None:
    """Each goes out at once, however full the ledger is."""
    emulator.hoard("anna", 10_000)
    emulator.phone("anna").play(find(emulator.world, "album", "Kind of Blue")["uri"])
    copies = anna.runtime_data.favorites
    copies.async_request()
    began = hass.loop.time()
    volumes: list[float] = []
    while copies.record.total is None:
        await passing(anna, copies.done + 1 if copies.job.is_running else 0)
        before = hass.loop.time()
        volume = len(volumes) % 100
        await until_done(freezer, anna.runtime_data.player.set_volume(volume / 100))
        volumes.append(hass.loop.time() - before)
        if copies.done >= 9_000:
            await passing(anna)
    assert len(volumes) > 20
    assert max(volumes) == 0
    assert 200 < hass.loop.time() - began < 900
    assert len(offsets(emulator)) == 201
    assert (await anna.runtime_data.snapshots.copy()).snapshot.liked.total == 10_000


async def test_an_outage_is_shown_and_slept_over(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """The next try is made by itself."""
    failed = async_capture_events(hass, EVENT_FAILED)
    emulator.faults.add(Fault(LIKED, status=503, times=None))
    await sync(anna, later)
    state = shown(hass)
    assert state.state == "error"
    assert state.attributes["reason"] == "outage"
    assert failed[0].data == {
        "config_entry_id": anna.entry_id,
        "account": "Anna",
        "reason": "outage",
    }
    again = state.attributes["next_run"]
    assert timedelta(minutes=9) < again - dt_util.utcnow() <= timedelta(minutes=10)
    assert await hass.config_entries.async_reload(anna.entry_id)
    assert shown(hass).state == "queued"
    emulator.faults.clear()
    await sync(anna, later)
    assert shown(hass).state == "done"
    assert shown(hass).attributes["reason"] is None


async def test_a_full_disk_is_told_once_and_does_not_last(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In the log, by the sensor and by an event; the last good copy stays."""
    await sync(anna, later)
    before = await anna.runtime_data.snapshots.copy()
    emulator.phone("anna").unlike(
        next(iter(emulator.world.users["anna"].saved["track"]))
    )

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = anna.runtime_data.favorites.folder
    with monkeypatch.context() as context:
        context.setattr(folder, "_write", full)
        await sync(anna, later)
        await later(1300)
    assert shown(hass).state == "error"
    assert shown(hass).attributes["reason"] == "disk_full"
    told = [one for one in caplog.records if "can't be copied" in one.getMessage()]
    assert len(told) == 1
    assert anna.runtime_data.favorites.job.last_result == "disk"
    assert await anna.runtime_data.snapshots.copy() == before
    await later(2600)
    assert shown(hass).state == "done"
    assert "are copied again" in caplog.text
    assert (await anna.runtime_data.snapshots.copy()).snapshot.liked.total == 119


async def test_options_say_what_is_copied(hass: HomeAssistant, link: Link) -> None:
    """Playlists only where they were granted; the country is Home Assistant's otherwise."""
    hass.config.country = "SE"
    chosen = {"kinds": ["albums", "playlists"], "keep_days": 7.0, "market": "DE"}
    anna = await link(options={"favorites": chosen})
    assert anna.runtime_data.favorites.settings == Settings(
        kinds=(Kind.TRACKS, Kind.ALBUMS, Kind.PLAYLISTS), market="DE", keep_days=7
    )
    ben = await link(
        "ben",
        features=[Feature.CONTROL, Feature.LIBRARY],
        options={"favorites": {"kinds": ["playlists"], "keep_days": 31}},
    )
    assert ben.runtime_data.favorites.settings == Settings(market="SE")


@by_itself
async def test_nothing_is_copied_of_an_account_that_did_not_grant_it(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later, own_folder: Path
) -> None:
    """It has no sensors of it, and leaves no folder."""
    await link(features=[Feature.CONTROL])
    await later(300)
    assert not offsets(emulator)
    assert hass.states.get("sensor.spotify_anna_liked_songs_sync") is None
    assert not is_there(own_folder / "favorites_raw")


@by_itself
async def test_a_day_that_was_missed_is_made_up_for(
    emulator: Emulator, anna: AccountEntry, hass: HomeAssistant, later: Later
) -> None:
    """Soon after the start."""
    await later(200)
    await hass.config_entries.async_unload(anna.entry_id)
    await later(3 * 86_400)
    emulator.forget_requests()
    token = emulator.grant("anna", anna.data["token"]["scope"].split())
    token |= {"expires_at": dt_util.utcnow().timestamp() + 3600}
    hass.config_entries.async_update_entry(anna, data={**anna.data, "token": token})
    await hass.config_entries.async_setup(anna.entry_id)
    await later(200)
    assert offsets(emulator) == [0]


async def test_copies_follow_the_account_to_its_lasting_id(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later, own_folder: Path
) -> None:
    """What was kept under the user's name is there afterwards."""
    emulator.world.apps["demo-client-id"].serves_account_id = False
    anna = await link(account_id=None)
    await sync(anna, later)
    names = await anna.runtime_data.snapshots.names()
    folder = own_folder / "favorites_raw" / "spotify"
    assert [one.name for one in folder.iterdir()] == ["anna"]
    emulator.world.apps["demo-client-id"].serves_account_id = True
    assert await hass.config_entries.async_reload(anna.entry_id)
    account_id = emulator.world.users["anna"].account_id
    assert [one.name for one in folder.iterdir()] == [account_id]
    assert await anna.runtime_data.snapshots.names() == names


async def test_an_account_starts_though_its_copies_can_not_be_moved(
    hass: HomeAssistant,
    link: Link,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """They stay where they were."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(SnapshotFolder, "adopt", refuse)
    anna = await link()
    assert anna.runtime_data.favorites.state is Sync.QUEUED
    assert "stay where they were" in caplog.text


@by_itself
async def test_an_account_whose_work_is_switched_off_has_nothing_in_the_queue(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """Switching it on lets the first copy begin."""
    anna = await link()
    async_pause_background(anna.runtime_data, anna.entry_id, paused=True)
    assert shown(hass).state == "idle"
    assert await hass.config_entries.async_reload(anna.entry_id)
    assert shown(hass).state == "idle"
    await later(300)
    assert not offsets(emulator)
    async_pause_background(anna.runtime_data, anna.entry_id, paused=False)
    assert shown(hass).state == "queued"
    await later(1)
    assert shown(hass).state == "done"


async def test_a_part_of_the_budget_is_left_to_hearts(
    emulator: Emulator,
    anna: AccountEntry,
    passing: Pass,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A household with long lists takes days for its first copies."""
    monkeypatch.setattr(book, "FAMILY_BUDGET", 40)
    emulator.hoard("anna", 2000)
    anna.runtime_data.favorites.async_request()
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        monkeypatch.setattr(book, "FAMILY_BUDGET", 600)

    monkeypatch.setattr(source, "pause", pause)
    await passing(anna, 0)
    await passing(anna)
    assert waited == [source.LOOK_AGAIN]
    assert anna.runtime_data.favorites.record.total == 2000
