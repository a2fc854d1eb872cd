"""The household's archive: there while any account is, whatever breaks."""

import asyncio
from pathlib import Path
import re
import sqlite3
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.spotify_hub.account.changes import Caller, Change, Door
from custom_components.spotify_hub.account.recent import EVENT_GAP
from custom_components.spotify_hub.archive import writer
from custom_components.spotify_hub.archive.errors import UnavailableError
from custom_components.spotify_hub.archive.keeping import Like, changes, likes
from custom_components.spotify_hub.archive.news import News
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.household_archive import (
    HouseholdArchive,
    name_of,
)
from tests.archive.listening import at, live, recent, track
from tests.emulator import Emulator
from tests.emulator.data import find

from .conftest import AccountEntry, EntryFor, Later, Link, enter_credentials
from .histories import history_of, in_file, kept, path_of, threads, until


@pytest.fixture(autouse=True)
def _still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only by hand."""


def issue(hass: HomeAssistant, issue_id: str) -> ir.IssueEntry | None:
    """Return an open issue."""
    return ir.async_get(hass).async_get_issue(DOMAIN, issue_id)


def newer(path: Path) -> None:
    """Let a later version have written the archive."""
    path.parent.mkdir(exist_ok=True)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE meta (version INTEGER NOT NULL)")
        database.execute("INSERT INTO meta VALUES (99)")
    database.close()


def why_not(history: HouseholdArchive) -> str | None:
    """Return why the archive can't be had."""
    with pytest.raises(HomeAssistantError) as refused:
        history.require()
    return refused.value.translation_key


async def test_it_is_open_while_any_account_is(
    hass: HomeAssistant, link: Link, later: Later
) -> None:
    """The first opens it, the last closes it and leaves no thread, task nor store."""
    anna, ben = await link(), await link("ben")
    await later(1)
    history = history_of(anna)
    assert history_of(ben) is history
    assert history.require().status.state is writer.State.OK
    assert path_of(hass).stat().st_mode & 0o777 == 0o600
    await hass.config_entries.async_unload(anna.entry_id)
    assert history.archive is not None
    assert len(threads()) == 2
    await hass.config_entries.async_unload(ben.entry_id)
    assert history.archive is None
    assert why_not(history) == "archive_closed"
    assert threads() == []
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    left = [one for one in tasks if "archive" in one.get_name()]
    assert left == []
    assert not list(path_of(hass).parent.glob("archive.db-*"))
    assert DOMAIN not in hass.data


async def test_a_reload_opens_it_anew(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """Of the only account too."""
    await later(1)
    await history_of(anna).require().add_live(live(0))
    for _ in range(3):
        assert await hass.config_entries.async_reload(anna.entry_id)
    await later(1)
    assert len(await kept(anna)) == 1
    assert len(threads()) == 2


async def test_home_assistant_stops_before_it_is_open(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """Nothing is left of it."""
    await hass.async_stop(force=True)
    assert threads() == []


async def until_open(history: HouseholdArchive, later: Later) -> None:
    """Wait until the threads have opened the archive, however busy the machine is."""
    for _ in range(100):
        if history.archive is not None:
            return
        await later(0.1)


async def test_what_is_handed_over_before_it_is_open_is_kept(
    hass: HomeAssistant, link: Link, later: Later
) -> None:
    """A play, a change, and what is liked."""
    path_of(hass).mkdir(parents=True)
    anna = await link()
    await later(1)
    history = history_of(anna)
    assert history.archive is None
    history.inbox.async_add_live(live(0))
    history.inbox.async_keep_likes("anna", [Like(track(5), 7)])
    account = anna.runtime_data
    account.library._changes.record(
        Caller(Context(user_id="somebody"), Door.ACTION),
        Change(what="saved", uris=("spotify:track:1",)),
    )
    path_of(hass).rmdir()
    await later(70)
    await until_open(history, later)
    archive = history.require()
    assert [play for play in await kept(anna) if play.account == "anna"]
    (change,) = await archive.ask(changes)
    assert (change.account, change.door, change.kind, change.who, change.data) == (
        name_of(anna),
        "action",
        "saved",
        "somebody",
        {"uris": ["spotify:track:1"]},
    )
    assert await archive.ask(likes, "anna") == [Like(track(5), 7)]


async def test_of_what_is_liked_only_the_last_waits(
    hass: HomeAssistant, link: Link, later: Later
) -> None:
    """A copy a night is not held for as many nights as it can't be opened."""
    path_of(hass).mkdir(parents=True)
    anna = await link()
    await later(1)
    history = history_of(anna)
    assert history.archive is None
    before = history.waiting
    for number in range(1, 4):
        history.inbox.async_keep_likes("anna", [Like(track(number), number)])
        history.inbox.async_keep_likes("ben", [Like(track(number), number)])
        history.inbox.async_change_likes("anna", [Like(track(9), 9)], [])
    assert history.waiting == before + 2 + 3
    path_of(hass).rmdir()
    await later(70)
    await until_open(history, later)
    archive = history.require()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await archive.ask(likes, "anna") == [Like(track(9), 9), Like(track(3), 3)]
    assert await archive.ask(likes, "ben") == [Like(track(3), 3)]


async def test_memory_is_bounded(
    hass: HomeAssistant,
    link: Link,
    monkeypatch: pytest.MonkeyPatch,
    later: Later,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An archive that never opens must not fill it, and what is lost is said."""
    monkeypatch.setattr("custom_components.spotify_hub.archive_inbox.MOST_WAITING", 2)
    path_of(hass).mkdir(parents=True)
    anna = await link()
    await later(1)
    for number in range(4):
        history_of(anna).inbox.async_add_live(live(1000 * number))
    path_of(hass).rmdir()
    await later(70)
    await until_open(history_of(anna), later)
    assert len([play for play in await kept(anna) if play.account == "anna"]) == 2
    # With an answer of Spotify's recent list, if there was one by then.
    assert re.search(r"not be opened: [23] plays and changes are lost", caplog.text)


async def test_an_account_starts_without_an_archive(
    hass: HomeAssistant, link: Link, later: Later
) -> None:
    """It is tried again, an issue says why, and what comes meanwhile is kept."""
    path_of(hass).mkdir(parents=True)
    anna = await link()
    assert anna.state is ConfigEntryState.LOADED
    await later(1)
    history = history_of(anna)
    assert why_not(history) == "archive_unavailable"
    opened = issue(hass, "archive_not_opened")
    assert opened is not None
    assert opened.translation_key == "archive_unavailable"
    state = hass.states.get("sensor.spotify_anna_plays_today")
    assert state is not None
    assert state.state == "unavailable"
    history.inbox.async_add_live(live(0))
    await later(61)
    assert history.archive is None
    path_of(hass).rmdir()
    await later(110)
    assert history.archive is None
    await later(20)
    await until_open(history, later)
    assert issue(hass, "archive_not_opened") is None
    assert [play for play in await kept(anna) if play.account == "anna"]


async def test_an_archive_of_a_newer_version_is_left_alone(
    hass: HomeAssistant, link: Link, later: Later
) -> None:
    """Nothing is tried again, for only somebody can mend it."""
    newer(path_of(hass))
    anna = await link()
    await later(1)
    await later(3600)
    assert why_not(history_of(anna)) == "archive_newer"
    opened = issue(hass, "archive_not_opened")
    assert opened is not None
    assert opened.translation_key == "archive_newer"
    await hass.config_entries.async_unload(anna.entry_id)
    assert issue(hass, "archive_not_opened") is None
    with sqlite3.connect(path_of(hass)) as database:
        names = database.execute("SELECT name FROM sqlite_schema").fetchall()
    database.close()
    assert names == [("meta",)]


async def test_a_damaged_archive_is_set_aside(
    hass: HomeAssistant,
    link: Link,
    later: Later,
    hass_client: ClientSessionGenerator,
) -> None:
    """Its new name is told until somebody has read it, and a new one is begun."""
    path_of(hass).parent.mkdir()
    path_of(hass).write_bytes(b"\xff" * 10_000)
    anna = await link()
    await later(1)
    (aside,) = path_of(hass).parent.glob("archive.db.corrupt-*")
    opened = issue(hass, f"archive_damaged_{aside.name}")
    assert opened is not None
    assert opened.translation_placeholders == {"file": aside.name}
    assert opened.is_persistent
    history_of(anna).inbox.async_add_live(live(0))
    await later(1)
    assert len(await kept(anna)) == 1

    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    begun = await client.post(
        "/api/repairs/issues/fix",
        json={"handler": DOMAIN, "issue_id": opened.issue_id},
    )
    flow = await begun.json()
    assert flow["step_id"] == "confirm"
    assert flow["description_placeholders"] == {"file": aside.name}
    await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    assert issue(hass, opened.issue_id) is None


async def test_writing_that_is_delayed_is_told_until_it_works(
    hass: HomeAssistant,
    anna: AccountEntry,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And nothing of it is lost."""
    await later(1)
    history = history_of(anna)
    begun = history.require()._writer._begun
    locked = True

    def refused_while_locked(work: writer.Work[Any]) -> Any:
        if locked:
            raise UnavailableError("database is locked")
        return begun(work)

    monkeypatch.setattr(history.require()._writer, "_begun", refused_while_locked)
    history.inbox.async_add_live(live(0))
    await until(lambda: issue(hass, "archive_delayed") is not None)
    delayed = issue(hass, "archive_delayed")
    assert delayed is not None
    assert delayed.translation_placeholders == {"reason": "database is locked"}
    locked = False
    await later(61)
    assert issue(hass, "archive_delayed") is None
    assert [play for play in await kept(anna) if play.account == "anna"]


async def test_what_was_lost_is_counted(hass: HomeAssistant) -> None:
    """Until writing works again."""
    issues = HouseholdArchive(hass)._issues
    issues.async_status(writer.Status(writer.State.FAILED, 5, 3, "disk full"))
    lost = issue(hass, "archive_lost")
    assert lost is not None
    assert lost.translation_placeholders == {"reason": "disk full", "lost": "3"}
    issues.async_status(writer.Status())
    assert issue(hass, "archive_lost") is None


async def test_an_account_is_renamed_when_its_immutable_id_is_learnt(
    hass: HomeAssistant, link: Link, later: Later, emulator: Emulator
) -> None:
    """What was kept under the name that can change is the same account's."""
    user = emulator.world.users["anna"]
    archive = Archive(path_of(hass))
    await archive.open()
    await archive.add_live(live(0, account=user.id))
    await archive.close()
    anna = await link(account_id=None)
    await later(1)
    assert name_of(anna) == user.account_id
    (play,) = await kept(anna)
    assert play.account == user.account_id


async def test_a_second_account_is_renamed_too(
    hass: HomeAssistant,
    anna: AccountEntry,
    link: Link,
    later: Later,
    emulator: Emulator,
) -> None:
    """The archive is open already."""
    await later(1)
    history = history_of(anna)
    ben = emulator.world.users["ben"]
    await history.require().add_live(live(0, account=ben.id))
    heard: list[News | None] = []
    history.async_add_listener(heard.append)
    await link("ben")
    await later(0)
    (play,) = await kept(anna)
    assert play.account == ben.account_id
    assert None in heard


async def test_removing_an_account_keeps_what_it_played(
    hass: HomeAssistant, anna: AccountEntry, link: Link, later: Later
) -> None:
    """Linked again, it is there."""
    await later(1)
    history_of(anna).inbox.async_add_live(live(0, account=name_of(anna)))
    await later(1)
    await hass.config_entries.async_remove(anna.entry_id)
    await hass.async_block_till_done()
    assert threads() == []
    assert len(await in_file(path_of(hass))) == 1
    again = await link()
    await later(1)
    assert len(await kept(again, name_of(again))) == 1


async def test_what_an_account_was_in_the_middle_of_goes_with_it(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    later: Later,
    hass_storage: dict[str, Any],
) -> None:
    """Nothing of a removed account waits to be taken up."""
    emulator.phone("anna").play(
        find(emulator.world, "album", "Kind of Blue")["uri"], "Kitchen"
    )
    anna, ben = await link(), await link("ben")
    await later(29)
    await hass.config_entries.async_unload(anna.entry_id)
    history = history_of(ben)
    assert anna.entry_id in history.memory.unfinished
    await hass.config_entries.async_remove(anna.entry_id)
    await hass.config_entries.async_unload(ben.entry_id)
    assert hass_storage["spotify_hub.history"]["data"]["unfinished"] == {}


@pytest.mark.parametrize("data", [[], {"url": None}, {"unfinished": 5, "url": None}])
async def test_a_store_that_cant_be_read_is_begun_anew(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    link: Link,
    later: Later,
    data: Any,
) -> None:
    """The file is there all the same."""
    hass_storage["spotify_hub.history"] = {"version": 1, "data": data}
    anna = await link()
    await later(1)
    assert history_of(anna).archive is not None


async def test_more_plays_than_spotify_lists_are_a_gap(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """It is told with its bounds, once."""
    gaps = async_capture_events(hass, EVENT_GAP)
    await later(100)
    assert gaps == []
    last = max(play.played_at for play in anna.runtime_data.recent.plays)
    user = emulator.world.users["anna"]
    user.recent[:] = [
        type(play)(play.uri, emulator.clock.now_ms() - 1000 * number, None)
        for number, play in enumerate(user.recent)
    ]
    for _ in range(2):
        anna.runtime_data.recent.job.async_run_in(0)
        await later(1)
    (gap,) = gaps
    assert gap.data["config_entry_id"] == anna.entry_id
    assert gap.data["account"] == "Anna"
    assert gap.data["since"] == last.isoformat()
    assert gap.data["until"] > gap.data["since"]


async def test_listeners_hear_what_became_different(
    anna: AccountEntry, later: Later
) -> None:
    """The account and the stretch, once for each change; nothing for what was known."""
    await later(1)
    history = history_of(anna)
    heard: list[News | None] = []
    stop = history.async_add_listener(heard.append)
    for _ in range(2):
        history.inbox.async_add_live(live(0))
        history.inbox.async_add_recent(
            "anna", [recent(180), recent(900)], lambda _gap: None
        )
        await later(1)
    # What was listed too is known better now.
    assert heard == [News("anna", at(0), at(0)), News("anna", at(0), at(720))]
    stop()
    history.inbox.async_add_live(live(5000))
    await later(1)
    assert len(heard) == 2


async def test_the_archive_never_disturbs_polling(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """Plays are fetched and shown though they can't be kept."""
    newer(path_of(hass))
    anna = await link()
    await later(100)
    assert len(anna.runtime_data.recent.plays) == 50
    assert anna.runtime_data.recent.job.last_result == "ok"
    state = hass.states.get("sensor.spotify_anna_last_played")
    assert state is not None
    assert state.state != "unavailable"


@pytest.fixture
def goes_on(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let opening the archive last until this is set."""
    event = asyncio.Event()
    open_it = Archive.open

    async def open_later(archive: Archive) -> None:
        await event.wait()
        await open_it(archive)

    monkeypatch.setattr(Archive, "open", open_later)
    return event


@pytest.fixture
async def early(
    hass: HomeAssistant, entry_for: EntryFor, goes_on: asyncio.Event
) -> AccountEntry:
    """Link Anna; her archive is still being opened."""
    await enter_credentials(hass)
    entry = entry_for()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def test_an_entry_is_set_up_before_the_archive_is_open(
    early: AccountEntry, later: Later, goes_on: asyncio.Event
) -> None:
    """Opening is waited for by nobody, however long it takes."""
    assert history_of(early).archive is None
    goes_on.set()
    await later(1)
    assert history_of(early).archive is not None


def get_plays(hass: HomeAssistant) -> asyncio.Task[Any]:
    """Ask for what was played."""
    return hass.async_create_task(
        hass.services.async_call(
            DOMAIN, "get_plays", blocking=True, return_response=True
        )
    )


async def test_an_action_waits_for_an_archive_that_is_being_opened(
    hass: HomeAssistant, early: AccountEntry, goes_on: asyncio.Event
) -> None:
    """Somebody who asks right after the start is answered."""
    asking = get_plays(hass)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not asking.done()
    goes_on.set()
    assert (await asking)["returned"] == 0


async def test_an_action_waits_no_longer_than_somebody_likes_to(
    hass: HomeAssistant,
    early: AccountEntry,
    freezer: FrozenDateTimeFactory,
    goes_on: asyncio.Event,
) -> None:
    """What asked is told why it has no answer, and opening goes on."""
    asking = get_plays(hass)
    for tick in (9, 2):
        for _ in range(20):
            await asyncio.sleep(0)
        assert not asking.done()
        freezer.tick(tick)
    with pytest.raises(HomeAssistantError) as refused:
        await asking
    assert refused.value.translation_key == "archive_closed"
    goes_on.set()
    await until(lambda: history_of(early).archive is not None)


async def test_what_waits_for_an_archive_that_is_being_opened_is_written(
    hass: HomeAssistant, early: AccountEntry, goes_on: asyncio.Event
) -> None:
    """Though the last account goes meanwhile."""
    history_of(early).inbox.async_add_live(live(0))
    unloading = hass.async_create_task(hass.config_entries.async_unload(early.entry_id))
    for _ in range(50):
        await asyncio.sleep(0)
    goes_on.set()
    await unloading
    assert len(await in_file(path_of(hass))) == 1


async def test_what_an_archive_that_never_opened_lacks_is_said(
    hass: HomeAssistant, link: Link, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    """How much is lost when the last account goes."""
    path_of(hass).mkdir(parents=True)
    anna = await link()
    await later(1)
    for number in range(3):
        history_of(anna).inbox.async_add_live(live(1000 * number))
    await hass.config_entries.async_unload(anna.entry_id)
    assert "could not be opened: 3 plays and changes are lost" in caplog.text
