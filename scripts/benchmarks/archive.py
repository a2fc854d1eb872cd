"""How fast the listening archive is at a million plays, and how small."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
import os
from pathlib import Path
import platform
import sqlite3
import statistics
import tempfile
import time
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Executable,
    FromClause,
    event,
    select,
    text,
)

from custom_components.spotify_hub.archive import schema
from custom_components.spotify_hub.archive.plays import Asked, find_items, plays
from custom_components.spotify_hub.archive.records import Means, Sighting, Source
from custom_components.spotify_hub.archive.statistics import days, habits, tops
from custom_components.spotify_hub.archive.statistics.scope import Scope, measured
from custom_components.spotify_hub.archive.statistics.zones import DAY_MS, stretches
from custom_components.spotify_hub.archive.store import Archive

from .goals import Goal
from .listening_years import ACCOUNTS, BEGINNING, YEARS, items, listening

ZONE = ZoneInfo("Europe/Berlin")
PLAYS = 1_000_000
# How often a question is asked; its shortest time counts, for others are at work here.
TIMES = 5

BARE_SIGHTING = "INSERT INTO sighting VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
BARE_PLAY = "INSERT INTO play VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"

_ALL = Scope()
_LAST = int((BEGINNING + timedelta(days=365 * (YEARS - 1))).timestamp() * 1000)
_YEAR = Scope(since=_LAST, until=_LAST + 365 * 86_400_000)

# Questions that a plain GROUP BY over plays answers too, five times slower or more.
FAST: dict[str, tuple[str, Callable[[Connection], object]]] = {
    "top tracks": ("item", lambda c: tops.top_tracks(c, _ALL)),
    "top tracks by time": ("item", lambda c: tops.top_tracks(c, _ALL, tops.By.TIME)),
    "top artists": ("artist", lambda c: tops.top_artists(c, _ALL)),
    "top albums": ("album", lambda c: tops.top_albums(c, _ALL)),
    "top shows": ("album", lambda c: tops.top_shows(c, _ALL)),
    "daily totals": ("day", lambda c: days.per_unit(c, _ALL, ZONE, days.Unit.DAY)),
    "heat map": ("hour", lambda c: days.heat_map(c, _ALL, ZONE)),
}
# All others, which are no slower than the plain GROUP BY by item.
OTHERS: dict[str, Callable[[Connection], object]] = {
    "monthly totals": lambda c: days.per_unit(c, _ALL, ZONE, days.Unit.MONTH),
    "hourly totals": lambda c: days.per_hour(c, _ALL),
    "skip rate": lambda c: days.skip_rate(c, _ALL),
    "streaks": lambda c: days.streaks(c, _ALL, ZONE),
    "completeness": lambda c: days.completeness(c, _ALL, ZONE),
    "sessions": lambda c: habits.sessions(c, _ALL),
    "by speaker": lambda c: habits.by_speaker(c, _ALL),
    "by context": lambda c: habits.by_context(c, _ALL),
    "discoveries": lambda c: habits.discoveries(c, _ALL),
    "first and last of an item": lambda c: habits.first_and_last(
        c, _ALL, "spotify:track:0000000000000000000000"
    ),
    "comparison of two": lambda c: habits.compare(c, Scope("anna"), Scope("ben")),
    "top tracks of a year": lambda c: tops.top_tracks(c, _YEAR),
    "top artists of a year": lambda c: tops.top_artists(c, _YEAR),
    "days of a year in Nepal": lambda c: days.per_unit(
        c, _YEAR, ZoneInfo("Asia/Kathmandu"), days.Unit.DAY
    ),
    "plays, a page": lambda c: plays(c, Asked(), 50),
    "plays of an artist": lambda c: plays(c, Asked(artist="Artist 17"), 50),
    "items by words": lambda c: find_items(c, "song 4711"),
}


def run(wanted: int = PLAYS) -> bool:
    """Measure, print, and return whether every goal was met."""
    print(
        f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
    with tempfile.TemporaryDirectory() as folder:
        goals = asyncio.run(_measure(Path(folder), wanted))
    print("\nGoals")
    for goal in goals:
        verdict = "met" if goal.met else "MISSED"
        print(
            f"  {goal.promise:<54}{goal.measured:>8.2f} of at most {goal.most:>7.2f}  {verdict}"
        )
    return all(goal.met for goal in goals)


async def _measure(folder: Path, wanted: int) -> list[Goal]:
    archive = Archive(folder / "archive.db")
    await archive.open()
    goals = await _import(archive, folder, wanted)
    goals += await _questions(archive)
    goals.append(await _live(archive))
    await archive.close()
    size = (folder / "archive.db").stat().st_size
    print(
        f"\nOn disk: {size / 1e6:,.0f} MB, {size / wanted:.0f} bytes a play, all told"
    )
    goals.append(Goal("bytes a play on disk", size / wanted, 220))
    return goals


async def _import(archive: Archive, folder: Path, wanted: int) -> list[Goal]:
    """Import, and after each batch write its rows bare, a sighting and a play for each."""
    job = await archive.begin_import("anna", "benchmark")
    bare = _bare(folder / "bare.db")
    here, plain = _Clocks(), _Clocks()
    rows, early = 0, 0.0
    for batch in listening(wanted):
        if batch[0].source is not Source.IMPORT:
            # What was watched comes play by play, not by an import.
            await archive.import_batch(job.id, batch, str(rows), rows, wanted)
            continue
        told = [_sighting(one) for one in batch]
        plays = _plays(told)
        with here:
            await archive.import_batch(job.id, batch, str(rows), rows, wanted)
        with plain, bare:
            bare.executemany(BARE_SIGHTING, told)
            bare.executemany(BARE_PLAY, plays)
        rows += len(batch)
        # By half of it all caches are full and nearly all items known.
        if not early and rows > wanted / 2:
            early = _memory()
    bare.close()
    grown = _memory() - early
    held = await archive.size()
    print(
        f"\n{held.plays:,} plays of {held.items:,} items, {held.sightings:,} sightings"
    )
    print("rows a second                     here    bare executemany")
    print(
        f"  by the clock on the wall{rows / here.wall:>12,.0f}{rows / plain.wall:>20,.0f}"
    )
    print(
        f"  by processor time{rows / here.processor:>19,.0f}{rows / plain.processor:>20,.0f}"
    )
    print(f"memory grew by {grown:.0f} MB in the second half")
    times = here.wall / plain.wall
    return [
        Goal("import, times what a bare executemany takes", times, 6),
        Goal("MB by which memory grew", grown, 20),
    ]


class _Clocks:
    """Adds up how long something takes, also by processor time: others are at work here."""

    wall = 0.0
    processor = 0.0

    def __enter__(self) -> None:
        """Begin."""
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        """End."""
        wall, processor = self._began
        self.wall += time.perf_counter() - wall
        self.processor += time.process_time() - processor


def _bare(path: Path) -> sqlite3.Connection:
    """Return a database with the same two tables by their keys, and nothing else."""
    made = sqlite3.connect(path)
    made.execute("PRAGMA journal_mode = WAL")
    made.execute("PRAGMA synchronous = NORMAL")
    made.execute(
        "CREATE TABLE sighting (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, "
        "PRIMARY KEY (a, b, c, d, e, f)) WITHOUT ROWID"
    )
    made.execute(
        "CREATE TABLE play (a, b, c, d, e, f, g, h, i, j, k, l, "
        "PRIMARY KEY (a, b, c, d)) WITHOUT ROWID"
    )
    return made


def _sighting(one: Sighting) -> tuple[int | None, ...]:
    """Return a row as narrow as the archive's for a sighting."""
    return (
        ACCOUNTS.index(one.account),
        one.stamp,
        int((one.item.uri or "")[-22:]),
        1,
        one.position,
        0,
        1,
        one.listened_ms,
        None if one.ended is None else one.ended - one.stamp,
        one.item.duration_ms,
        one.skipped,
        None if one.reason_start is None else 1,
        None if one.reason_end is None else 1,
        one.shuffle,
        one.offline,
        one.offline_stamp,
        None if one.speaker is None else 1,
        None if one.context is None else 1,
    )


def _plays(
    told: Sequence[tuple[int | None, ...]],
) -> list[tuple[int | None, ...]]:
    """Return rows as narrow as the archive's for the plays behind sightings."""
    taken: Counter[tuple[int | None, ...]] = Counter()
    found = []
    for row in told:
        account, started, item, *_ = key = row[:3]
        # Of ten million some begin at once.
        ordinal = taken[key]
        taken[key] += 1
        found.append(
            (account, started, item, ordinal, row[7], 0, row[10], 1, 1, 0, *row[16:])
        )
    return found


async def _questions(archive: Archive) -> list[Goal]:
    goals: list[Goal] = []
    plain = {name: await _seconds(archive, asked) for name, asked in _plain().items()}
    print("\nmilliseconds                        here    plain GROUP BY")
    for name, (of, question) in FAST.items():
        took = await _seconds(archive, question)
        print(f"  {name:<28}{took * 1000:>10.1f}{plain[of] * 1000:>14.1f}  by {of}")
        goals.append(Goal(f"{name}, part of the plain GROUP BY", took / plain[of], 0.2))
    slowest, most = "", 0.0
    for name, question in OTHERS.items():
        took = await _seconds(archive, question)
        print(f"  {name:<28}{took * 1000:>10.1f}")
        slowest, most = max((slowest, most), (name, took), key=lambda one: one[1])
    goals.append(
        Goal(f"the slowest other ({slowest}), part of it", most / plain["item"], 1)
    )
    return goals


def _plain() -> dict[str, Callable[[Connection], object]]:
    """Return the plain GROUP BY for each question, by local days and hours where it asks so."""
    plays, by = schema.plays, schema.plays.c
    since = int(BEGINNING.timestamp() * 1000)
    parts = stretches(ZONE, since, since + YEARS * 365 * DAY_MS)
    keys: dict[str, tuple[ColumnElement[int], FromClause]] = {
        "item": (by.item, plays),
        "artist": (
            schema.credited.c.artist,
            plays.join(schema.credited, schema.credited.c.item == by.item),
        ),
        "album": (
            schema.items.c.album,
            plays.join(schema.items, schema.items.c.id == by.item),
        ),
        "day": (days.local_number(by.started, parts, DAY_MS, 1), plays),
        "hour": (days.local_number(by.started, parts, days.HOUR_MS, 1, 168), plays),
    }
    return {
        name: partial(
            _rows,
            query=select(key, *measured()).select_from(source).group_by(text("1")),
        )
        for name, (key, source) in keys.items()
    }


def _rows(connection: Connection, query: Executable) -> object:
    return connection.execute(query).all()


async def _seconds(archive: Archive, question: Callable[[Connection], object]) -> float:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await archive.ask(question)
        times.append(time.perf_counter() - began)
    return min(times)


async def _live(archive: Archive) -> Goal:
    """Tell of plays one after another, and count the statements."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    known = items()
    start = _LAST + 366 * 86_400_000
    most, times = 0, []
    for number in range(200):
        one = Sighting(
            ACCOUNTS[0],
            known[number % 50],
            Source.LIVE,
            start + number * 200_000,
            Means.START,
            listened_ms=180_000,
            ended=start + number * 200_000 + 180_000,
        )
        counted = 0
        event.listen(Engine, "before_cursor_execute", count)
        began = time.perf_counter()
        await archive.add_live(one)
        times.append(time.perf_counter() - began)
        event.remove(Engine, "before_cursor_execute", count)
        if number > 50:
            # The transaction's own begin is none.
            most = max(most, counted - 1)
    print(
        f"\nOne live play: {most} statements, {statistics.median(times) * 1000:.1f} ms"
    )
    return Goal("statements for a live play", most, 3)


def _memory() -> float:
    """Return what the process holds of the machine's memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6
