"""How fast the listening archive is at a million plays, and how small."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
import os
from pathlib import Path
import platform
import sqlite3
import statistics
import tempfile
import time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, event, text

from custom_components.spotify_hub.archive.plays import Asked, find_items, plays
from custom_components.spotify_hub.archive.records import Means, Sighting, Source
from custom_components.spotify_hub.archive.statistics import days, habits, tops
from custom_components.spotify_hub.archive.statistics.scope import Scope
from custom_components.spotify_hub.archive.store import Archive

from .listening_years import ACCOUNTS, BEGINNING, YEARS, items, listening

ZONE = ZoneInfo("Europe/Berlin")
PLAYS = 1_000_000
# How often a question is asked; the middle one of its times counts.
TIMES = 5

PLAIN = {
    "item": "SELECT item, count(*), sum(heard), sum(listened) FROM plays GROUP BY item",
    "artist": "SELECT artist, count(*), sum(heard), sum(listened) FROM plays "
    "JOIN credits USING (item) GROUP BY artist",
    "album": "SELECT album, count(*), sum(heard), sum(listened) FROM plays "
    "JOIN items ON items.id = plays.item GROUP BY album",
    "day": "SELECT started / 86400000, count(*), sum(heard), sum(listened) "
    "FROM plays GROUP BY 1",
    "hour": "SELECT started / 3600000 % 168, count(*), sum(heard), sum(listened) "
    "FROM plays GROUP BY 1",
}

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


@dataclass(frozen=True, slots=True)
class Goal:
    """What was to be reached, and what was."""

    name: str
    reached: float
    bound: float
    at_least: bool

    @property
    def met(self) -> bool:
        """Tell whether it was reached."""
        if self.at_least:
            return self.reached >= self.bound
        return self.reached <= self.bound


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
        word = "at least" if goal.at_least else "at most"
        print(
            f"  {goal.name:<44}{goal.reached:>9.2f} of {word:<9}{goal.bound:>7.2f}"
            f"  {'met' if goal.met else 'MISSED'}"
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
    goals.append(Goal("bytes a play on disk", size / wanted, 220, at_least=False))
    return goals


async def _import(archive: Archive, folder: Path, wanted: int) -> list[Goal]:
    job = await archive.begin_import("anna", "benchmark")
    rows, seconds, early = 0, 0.0, 0.0
    for batch in listening(wanted):
        began = time.perf_counter()
        await archive.import_batch(job.id, batch, str(rows), rows, wanted)
        seconds += time.perf_counter() - began
        rows += len(batch)
        # By a fifth all caches are full and all items known.
        if not early and rows > wanted / 5:
            early = _memory()
    grown = _memory() - early
    held = await archive.size()
    print(
        f"\n{held.plays:,} plays of {held.items:,} items, {held.sightings:,} sightings"
    )
    bare = await asyncio.to_thread(_bare, folder)
    rate = rows / seconds
    print(f"  import                     {rate:>10,.0f} rows/s ({seconds:.0f} s)")
    print(f"  bare executemany           {bare:>10,.0f} rows/s")
    print(f"  memory grew by             {grown:>10.0f} MB after the first fifth")
    return [
        Goal("import, part of a bare executemany", rate / bare, 1 / 6, at_least=True),
        Goal("MB by which memory grew", grown, 30, at_least=False),
    ]


def _bare(folder: Path) -> float:
    """Write the same rows into a table without key or index; return rows a second."""
    source = sqlite3.connect(folder / "archive.db")
    target = sqlite3.connect(folder / "bare.db")
    target.execute("PRAGMA journal_mode = WAL")
    target.execute("PRAGMA synchronous = NORMAL")
    columns = [row[1] for row in source.execute("PRAGMA table_info(sightings)")]
    target.execute(f"CREATE TABLE bare ({', '.join(columns)})")
    marks = ", ".join("?" * len(columns))
    cursor = source.execute("SELECT * FROM sightings")
    rows, seconds = 0, 0.0
    while batch := cursor.fetchmany(10_000):
        began = time.perf_counter()
        with target:
            target.executemany(f"INSERT INTO bare VALUES ({marks})", batch)
        seconds += time.perf_counter() - began
        rows += len(batch)
    source.close()
    target.close()
    (folder / "bare.db").unlink()
    return rows / seconds


async def _questions(archive: Archive) -> list[Goal]:
    goals: list[Goal] = []
    plain = {
        name: await _seconds(archive, lambda c, sql=sql: c.execute(text(sql)).all())
        for name, sql in PLAIN.items()
    }
    print("\nmilliseconds                        here    plain GROUP BY")
    for name, (of, question) in FAST.items():
        took = await _seconds(archive, question)
        print(f"  {name:<28}{took * 1000:>10.1f}{plain[of] * 1000:>14.1f}  by {of}")
        goals.append(Goal(f"{name}, times faster", plain[of] / took, 5, at_least=True))
    slowest, most = "", 0.0
    for name, question in OTHERS.items():
        took = await _seconds(archive, question)
        print(f"  {name:<28}{took * 1000:>10.1f}")
        slowest, most = max((slowest, most), (name, took), key=lambda one: one[1])
    goals.append(
        Goal(
            f"slowest other ({slowest}), of plain",
            most / plain["item"],
            1,
            at_least=False,
        )
    )
    return goals


async def _seconds(archive: Archive, question: Callable[[Connection], object]) -> float:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await archive.ask(question)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


async def _live(archive: Archive) -> Goal:
    """Tell of plays one after another, and count the statements."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    known = items()
    start = _LAST + 366 * 86_400_000
    engine: Engine = archive._writer.engine
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
        event.listen(engine, "before_cursor_execute", count)
        began = time.perf_counter()
        await archive.add_live(one)
        times.append(time.perf_counter() - began)
        event.remove(engine, "before_cursor_execute", count)
        if number > 50:
            # The transaction's own begin is none.
            most = max(most, counted - 1)
    print(
        f"\nOne live play: {most} statements, {statistics.median(times) * 1000:.1f} ms"
    )
    return Goal("statements for a live play", most, 3, at_least=False)


def _memory() -> float:
    """Return what the process holds of the machine's memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6
