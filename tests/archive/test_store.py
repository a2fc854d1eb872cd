"""The archive keeps what it is told, or says that it can't."""

import asyncio
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
import shutil
import sqlite3
import stat
import threading
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
import pytest
from sqlalchemy.exc import OperationalError

from custom_components.spotify_hub.archive import database
from custom_components.spotify_hub.archive.deletion import Deleted, Which
from custom_components.spotify_hub.archive.errors import (
    ClosedError,
    DriverError,
    NewerArchiveError,
    OverfullError,
    UnavailableError,
)
from custom_components.spotify_hub.archive.keeping import (
    Change,
    Like,
    changes,
    likes,
)
from custom_components.spotify_hub.archive.plays import Asked, plays
from custom_components.spotify_hub.archive.records import Gap, Item, Kind
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.archive.writer import State, Status
from scripts.postgresql import Cluster

from .contents import contents
from .listening import at, digest, imported, live, recent, told, track

URIS = [f"spotify:track:{number:022d}" for number in range(10)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where an SQLite archive is kept."""
    return tmp_path / "archive.db"


async def opened(target: Path | str, **how: Any) -> Archive:
    """Return an archive, open, that tries again at once."""
    made = Archive(target, first_retry=0.01, **how)
    await made.open()
    return made


async def all_told(archive: Archive) -> list[tuple[float, str, float]]:
    """Return all plays."""
    return told((await archive.ask(plays, Asked(), 1000)).plays)


def break_file(path: Path, after: int) -> None:
    """Overwrite a file from there on, as a dying SD card would."""
    with path.open("a+b"), path.open("r+b") as file:
        size = max(path.stat().st_size, 30_000)
        file.seek(after)
        file.write(b"\xff" * (size - after))


def modes_of(files: Iterable[Path]) -> list[int]:
    """Return who may do what with files."""
    return [stat.S_IMODE(file.stat().st_mode) for file in files]


def names_beside(path: Path) -> set[str]:
    """Return the names of all that is in the folder."""
    return {found.name for found in path.parent.iterdir()}


async def until(archive: Archive, state: State) -> None:
    """Wait until writing stands so."""
    while archive.status.state is not state:
        await asyncio.sleep(0.005)


async def test_it_is_there_after_a_restart(target: Path | str) -> None:
    """What was kept is kept."""
    archive = await opened(target)
    await archive.add_live(live(0))
    await archive.close()
    archive = await opened(target)
    assert await all_told(archive) == [(0, URIS[1], 180)]
    assert (await archive.add_live(live(0))).known == 1
    await archive.close()


async def test_only_the_owner_may_read_it(path: Path) -> None:
    """It is nobody else's business what somebody listens to."""
    archive = await opened(path)
    await archive.add_live(live(0))
    assert modes_of(path.parent.glob("archive.db*")) == [0o600] * 3
    await archive.close()


async def test_a_failed_call_changes_nothing(archive: Archive) -> None:
    """All rows of a call or none are kept, and what comes after is kept right."""
    await archive.add_live(live(0))
    before = await archive.ask(contents)
    nameless = Item(Kind.TRACK, None)
    with pytest.raises(ValueError, match="needs a URI or a name"):
        await archive.add_recent("anna", [recent(400, track(7)), recent(1, nameless)])
    assert await archive.ask(contents) == before
    await archive.add_recent("anna", [recent(400, track(8)), recent(700, track(7))])
    assert len(await all_told(archive)) == 3


async def test_a_broken_file_is_set_aside(path: Path) -> None:
    """A new archive is begun, and the name of the old one is told."""
    break_file(path, 0)
    damaged: list[str] = []
    archive = await opened(
        path,
        on_damage=damaged.append,
        now=lambda: datetime(2026, 3, 1, 20, tzinfo=UTC),
    )
    await archive.add_live(live(0))
    assert len(await all_told(archive)) == 1
    assert damaged == ["archive.db.corrupt-2026-03-01T200000"]
    assert names_beside(path) >= set(damaged)
    await archive.close()


@pytest.mark.parametrize("door", ["write", "read"])
async def test_a_file_that_breaks_later_is_set_aside(path: Path, door: str) -> None:
    """Whoever finds it out; what is told after is kept in the new one."""
    archive = await opened(path)
    await archive.import_batch(
        (await archive.begin_import("anna", "zip")).id,
        [imported(200 * number, track(number)) for number in range(3000)],
        "end",
        1,
        1,
    )
    await archive.close()
    break_file(path, 8192)
    damaged: list[str] = []
    archive = await opened(path, on_damage=damaged.append)
    if door == "write":
        await archive.add_live(live(0))
    assert len(await all_told(archive)) == (1 if door == "write" else 0)
    assert len(damaged) == 1
    await archive.add_live(live(400))
    assert len(await all_told(archive)) == (2 if door == "write" else 1)
    await archive.close()


async def test_a_locked_database_delays_writing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is watched meanwhile waits; what somebody asks for fails at once."""
    monkeypatch.setattr(database, "LOCK_TIMEOUT", 0.01)
    said: list[Status] = []
    archive = await opened(path, on_status=said.append)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [
            asyncio.create_task(archive.add_live(live(200 * number, track(number))))
            for number in range(5)
        ]
        await until(archive, State.DELAYED)
        with pytest.raises(UnavailableError, match="database is locked"):
            await archive.delete_history(Which())
        assert await all_told(archive) == []
        other.execute("ROLLBACK")
        await asyncio.gather(*waiting)
    assert len(await all_told(archive)) == 5
    assert archive.status == Status()
    assert said[0].state is State.DELAYED
    assert said[0].reason == "database is locked"
    await archive.close()


async def test_what_is_wrong_when_it_works_again_delays_nothing(path: Path) -> None:
    """The first that waited fails for a reason of its own; writing works."""
    archive = await opened(path)
    before = asyncio.Event()

    def work(_connection: object) -> None:
        if not before.is_set():
            before.set()
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise OperationalError("", {}, error)
        raise LookupError

    with pytest.raises(LookupError):
        await archive._writer.surely(work)
    assert archive.status == Status()
    await archive.close()


async def test_a_full_disk_delays_writing(path: Path) -> None:
    """It is kept once there is room."""
    archive = await opened(path)
    await archive.add_live(live(0))

    async def room(pages: int) -> None:
        pragma = f"PRAGMA max_page_count = {pages}"
        await archive._writer._once(
            lambda connection: connection.exec_driver_sql(pragma).close()
        )

    await room(1)
    rows = [recent(200 * number, track(number)) for number in range(300)]
    waiting = asyncio.create_task(archive.add_recent("anna", rows))
    await until(archive, State.DELAYED)
    assert archive.status.reason == "database or disk is full"
    await room(100_000)
    assert (await waiting).added == 300
    assert len(await all_told(archive)) == 300
    await archive.close()


async def test_memory_is_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it can't hold is refused, and said to be lost."""
    monkeypatch.setattr(database, "LOCK_TIMEOUT", 0.01)
    archive = await opened(path, most_waiting=2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [
            asyncio.create_task(archive.add_live(live(200 * number)))
            for number in range(2)
        ]
        await until(archive, State.DELAYED)
        with pytest.raises(OverfullError):
            await archive.add_live(live(1000))
        assert archive.status.state is State.FAILED
        assert archive.status.lost == 1
        other.execute("ROLLBACK")
        await asyncio.gather(*waiting)
    assert len(await all_told(archive)) == 2
    await archive.close()


async def test_what_waits_is_tried_once_more_at_the_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is free by then takes it; one that is not loses it, and says so."""
    monkeypatch.setattr(database, "LOCK_TIMEOUT", 0.01)
    for freed in (True, False):
        archive = Archive(path, first_retry=3600)
        await archive.open()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = [
                asyncio.create_task(archive.add_live(live(start, track(7 + freed))))
                for start in (0, 400)
            ]
            await until(archive, State.DELAYED)
            if freed:
                other.execute("ROLLBACK")
            await archive.close()
            for task in waiting:
                if freed:
                    assert (await task).added == 1
                else:
                    with pytest.raises(ClosedError):
                        await task
            assert archive.status.lost == (0 if freed else 2)
    archive = await opened(path)
    assert len(await all_told(archive)) == 2
    await archive.close()


async def test_who_asked_may_leave(archive: Archive) -> None:
    """What was told is kept, though nobody waits for the answer."""
    leaving = asyncio.create_task(archive.add_live(live(0)))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    while not await all_told(archive):
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("steps", range(4))
async def test_closing_that_is_stopped_leaves_no_thread(
    target: Path | str, steps: int
) -> None:
    """Home Assistant stops what takes too long at its end, however far it is."""
    archive = Archive(target)
    await archive.open()
    ending = asyncio.Task(archive.close(), eager_start=True)
    for _ in range(steps):
        await asyncio.sleep(0)
    ending.cancel()
    await asyncio.wait([ending])
    for thread in threading.enumerate():
        if "archive" in thread.name:
            await asyncio.to_thread(thread.join, 10)
            assert not thread.is_alive()


async def test_nothing_can_be_told_a_closed_archive(path: Path) -> None:
    """It says so."""
    archive = await opened(path)
    await archive.close()
    with pytest.raises(ClosedError):
        await archive.add_live(live(0))
    with pytest.raises(ClosedError):
        await archive.gaps()


async def test_a_lost_connection_delays_writing(postgresql: Cluster) -> None:
    """A PostgreSQL that is restarted, or gone for a while, loses nothing."""
    name = postgresql.new_database()
    archive = await opened(postgresql.url(name))
    await archive.add_live(live(0))
    database = Identifier(name)
    with psycopg.connect(postgresql.url("postgres"), autocommit=True) as other:
        close = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false")
        other.execute(close.format(database))
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (name,),
        )
        waiting = asyncio.create_task(archive.add_live(live(400)))
        await until(archive, State.DELAYED)
        assert "secret" not in str(archive.status.reason)
        with pytest.raises(UnavailableError):
            await archive.size()
        free = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true")
        other.execute(free.format(database))
        await waiting
    assert len(await all_told(archive)) == 2
    await archive.close()


async def test_a_database_in_which_nothing_may_be_made_cant_be_opened(
    postgresql: Cluster,
) -> None:
    """As since PostgreSQL 15 for whoever does not own it; it is said, not raised."""
    name = postgresql.new_database()
    url = postgresql.url(name)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE ROLE guest LOGIN")
        owner.execute("REVOKE CREATE ON SCHEMA public FROM public")
    with pytest.raises(UnavailableError, match="42501"):
        await opened(url.replace("tester", "guest"))
    assert not [one for one in threading.enumerate() if "archive" in one.name]


@pytest.mark.parametrize("url", ["", "no url", "mysql://user:secret@host/db", "x://y"])
async def test_other_databases_are_refused(url: str) -> None:
    """And nothing of the URL is told."""
    with pytest.raises(DriverError) as refused:
        await opened(url)
    assert "secret" not in str(refused.value)


async def test_a_newer_archive_is_left_alone(target: Path | str) -> None:
    """Whoever goes back to an older version of this integration keeps the archive."""
    archive = await opened(target)
    await archive._writer.now(
        lambda connection: connection.exec_driver_sql(
            "UPDATE meta SET version = 99"
        ).close()
    )
    await archive.close()
    with pytest.raises(NewerArchiveError):
        await opened(target)


async def test_a_held_archive_can_be_copied(path: Path, tmp_path: Path) -> None:
    """All that was told before is in the one file; what is told meanwhile comes after."""
    archive = await opened(path)
    await archive.add_live(live(0))
    async with archive.hold():
        later = asyncio.create_task(archive.add_live(live(400)))
        copy = tmp_path / "copy.db"
        shutil.copyfile(path, copy)
        assert not later.done()
        assert len(await all_told(archive)) == 1
    await later
    restored = await opened(copy)
    assert len(await all_told(restored)) == 1
    await restored.close()
    assert len(await all_told(archive)) == 2
    await archive.close()


async def test_fifty_new_plays_leave_a_gap(archive: Archive) -> None:
    """Pitfall 2: what overlaps nothing known is recorded with its bounds."""
    first = await archive.add_recent(
        "anna", [recent(0, track(1)), recent(200, track(2))]
    )
    overlaps = await archive.add_recent(
        "anna", [recent(200, track(2)), recent(400, track(3))]
    )
    leaves = await archive.add_recent(
        "anna", [recent(9000, track(4)), recent(9200, track(5))]
    )
    assert first.gap is None
    assert overlaps.gap is None
    assert leaves.gap == Gap("anna", at(400), at(9000))
    again = await archive.add_recent(
        "anna", [recent(9000, track(4)), recent(9400, track(5))]
    )
    assert again.gap is None
    await archive.add_recent("ben", [recent(0, account="ben")])
    assert await archive.gaps() == [leaves.gap]
    assert await archive.gaps("ben") == []
    assert (await archive.add_recent("anna", [])).gap is None


async def test_an_import_closes_the_gaps_it_covers(archive: Archive) -> None:
    """Pitfall 3: the recent list reaches no further back, the export does."""
    await archive.add_recent("anna", [recent(400)])
    await archive.add_recent("anna", [recent(9000)])
    job = await archive.begin_import("anna", "export.zip")
    await archive.import_batch(job.id, [imported(2000)], "half", 1, 2)
    await archive.end_import(job.id, [(at(0), at(5000))])
    assert await archive.gaps() == [Gap("anna", at(5000), at(9000))]
    job = await archive.begin_import("anna", "export.zip")
    await archive.end_import(job.id, [(at(0), at(9500))])
    assert await archive.gaps() == []


async def test_an_import_goes_on_where_it_was(target: Path | str) -> None:
    """Its place is kept with its rows."""
    archive = await opened(target)
    rows = [imported(200 * number, track(number)) for number in range(10)]
    job = await archive.begin_import("anna", "export.zip")
    await archive.import_batch(job.id, rows[:5], "five", 5, 10)
    await archive.close()
    archive = await opened(target)
    again = await archive.begin_import("anna", "export.zip")
    assert (again.id, again.token, again.done, again.added) == (job.id, "five", 5, 5)
    done = await archive.import_batch(job.id, rows, "ten", 10, 10)
    assert (done.added, done.known) == (10, 5)
    ended = await archive.end_import(job.id, [])
    assert ended.ended is not None
    assert await archive.imports() == [ended]
    assert (await archive.begin_import("anna", "export.zip")).id != job.id
    await archive.close()


async def test_an_import_that_was_left_brings_back_what_was_deleted(
    archive: Archive,
) -> None:
    """Begun again, it goes on from where nothing was deleted behind it."""
    job = await archive.begin_import("anna", "export.zip")
    await archive.import_batch(job.id, [imported(200)], "one", 1, 2)
    which = Which("anna", since=at(0), until=at(100))
    await archive.delete_history(which, dry_run=True)
    assert (await archive.begin_import("anna", "export.zip")).token == "one"
    await archive.delete_history(which)
    again = await archive.begin_import("anna", "export.zip")
    assert (again.id, again.token, again.done, again.added) == (job.id, None, 0, 0)


async def test_of_rows_that_differ_in_little_the_first_is_kept(
    archive: Archive,
) -> None:
    """Exports tell a listening twice, and now and then know more of it once."""
    job = await archive.begin_import("anna", "export.zip")
    row = imported(180)
    rows = [row, replace(row, skipped=None, reason_end=None, shuffle=True)]
    done = await archive.import_batch(job.id, rows, "two", 2, 2)
    assert (done.added, done.known) == (1, 1)
    (play,) = (await archive.ask(plays, Asked(), 10)).plays
    assert play.skipped is False


async def test_a_range_is_deleted_and_stays_so(archive: Archive) -> None:
    """The recent list does not bring it back; what is played later is kept."""
    rows = [recent(200 * number, track(number)) for number in range(1, 6)]
    await archive.add_recent("anna", rows)
    await archive.add_live(live(20, track(1)))
    which = Which("anna", since=at(0), until=at(500))
    would = await archive.delete_history(which, dry_run=True)
    assert len(await all_told(archive)) == 5
    assert await archive.delete_history(which) == would
    assert would == Deleted(3, 4, at(20), at(420))
    assert [uri for _, uri, _ in await all_told(archive)] == URIS[4:6]
    again = await archive.add_recent("anna", [*rows, recent(1300, track(1))])
    assert (again.refused, again.known, again.added) == (3, 2, 1)
    assert len(await all_told(archive)) == 3


@pytest.mark.parametrize(
    "which",
    [
        Which("anna"),
        Which("anna", since=at(300), until=at(500)),
        Which(item=URIS[2]),
    ],
    ids=["all", "a range", "an item"],
)
async def test_what_is_deleted_before_it_is_listed_stays_so(
    archive: Archive, which: Which
) -> None:
    """What was just watched is on Spotify's list only later."""
    await archive.add_live(live(400, track(2)))
    assert (await archive.delete_history(which)).plays == 1
    rows = [recent(583, track(2)), recent(780, track(3))]
    assert (await archive.add_recent("anna", rows)).refused == 1
    assert await all_told(archive) == [(600, URIS[3], 180)]


async def test_an_item_is_deleted_under_all_its_ids(archive: Archive) -> None:
    """What counts as the same goes with it, for every account."""
    other = track(2, name="Song 1")
    await archive.add_live(live(0, track(1)))
    await archive.add_live(live(400, other, account="ben"))
    await archive.add_live(live(800, track(3)))
    assert (await archive.delete_history(Which(item=URIS[2]))).plays == 2
    assert [uri for _, uri, _ in await all_told(archive)] == [URIS[3]]
    assert (await archive.delete_history(Which(item="spotify:track:none"))).plays == 0
    assert (await archive.delete_history(Which("nobody"))) == Deleted()


async def test_an_account_is_deleted_whole(archive: Archive) -> None:
    """Nothing of it is left, and nothing of others is lost."""
    await archive.add_recent("anna", [recent(0), recent(400, track(2))])
    await archive.add_recent("ben", [recent(0, account="ben")])
    await archive.keep_likes("anna", [Like(track(5), at(0))])
    await archive.add_change(Change(at(0), "anna", "action", "liked"))
    await archive.delete_history(Which("anna"))
    held = await archive.ask(contents)
    assert {row[0] for row in held["plays"]} == {"ben"}
    assert {row[0] for row in held["covers"]} == {"ben"}
    assert held["works"] == [[URIS[1]]]
    assert await archive.ask(likes, "anna") == []
    assert await archive.ask(changes) == []


async def test_deleting_one_of_two_takes_no_part_of_the_other(archive: Archive) -> None:
    """A repeat that is deleted leaves the one before it as it was."""
    for start in (0, 180, 360):
        await archive.add_live(live(start))
        await archive.add_recent("anna", [recent(start + 180)])
    await archive.delete_history(Which(since=at(100), until=at(300)))
    assert await all_told(archive) == [(0, URIS[1], 180), (360, URIS[1], 180)]


async def test_what_an_export_lacks_is_learned_later(archive: Archive) -> None:
    """Pitfall 11: only what Spotify said that it has not is never asked for again."""
    for number, song in enumerate((1, 2, 2, 3)):
        await archive.add_live(imported(200 * number, track(song)))
    await archive.add_live(digest(2000, track(9)))
    assert await archive.lacking(10) == [URIS[2], URIS[1], URIS[3]]
    await archive.enriched([track(2)], [URIS[1]])
    # A limit was reached before the third could be asked for.
    assert await archive.lacking(10) == [URIS[3]]
    page = await archive.ask(plays, Asked(item=URIS[2]))
    assert page.plays[0].item == track(2)


async def test_likes_are_replaced(archive: Archive) -> None:
    """The favourites' sync tells the whole list each time."""
    await archive.keep_likes("anna", [Like(track(1), at(0)), Like(track(2), at(9))])
    await archive.keep_likes("anna", [Like(track(2), at(9)), Like(track(3))])
    kept = await archive.ask(likes, "anna")
    assert [(like.item.uri, like.added_at) for like in kept] == [
        (URIS[2], at(9)),
        (URIS[3], None),
    ]
    await archive.keep_likes("anna", [])
    assert await archive.ask(likes, "anna") == []


async def test_likes_are_changed(archive: Archive) -> None:
    """One by one between two syncs; what is not known to be liked is no trouble."""
    await archive.keep_likes("anna", [Like(track(1), at(0)), Like(track(2), at(9))])
    await archive.keep_likes("ben", [Like(track(1), at(0))])
    unnamed = Like(Item(Kind.TRACK, None, URIS[3]), at(20))
    await archive.change_likes("anna", [unnamed, Like(track(2), at(30))], [URIS[1]])
    await archive.change_likes("anna", [], [URIS[1], URIS[9]])
    kept = await archive.ask(likes, "anna")
    assert [(like.item.uri, like.added_at) for like in kept] == [
        (URIS[2], at(30)),
        (URIS[3], at(20)),
    ]
    assert [like.item.uri for like in await archive.ask(likes, "ben")] == [URIS[1]]


async def test_a_few_likes_are_not_taken_for_all(archive: Archive) -> None:
    """An archive that was begun anew does not know what was liked before."""
    await archive.change_likes("anna", [Like(track(1), at(0))], [])
    assert await archive.ask(likes, "anna") == []


async def test_changes_are_kept(archive: Archive) -> None:
    """Who changed what, by which door, the latest first."""
    first = Change(at(0), "anna", "action", "liked", "user-1", {"uris": [URIS[1]]})
    last = Change(at(5), "ben", "panel", "playlist_cleared", data={"name": "Müsli"})
    await archive.add_change(first)
    await archive.add_change(last)
    assert await archive.ask(changes) == [last, first]
    assert await archive.ask(changes, "anna") == [first]
