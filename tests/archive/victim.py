"""A process that fills an archive until it is killed: python -m tests.archive.victim WHERE WHAT."""

import asyncio
from pathlib import Path
import sys

from custom_components.spotify_hub.archive.records import Sighting
from custom_components.spotify_hub.archive.store import Archive

from .listening import imported, live, recent, track

PLAYS = 4_000
BATCH = 400


def exported() -> list[Sighting]:
    """Return an export: many plays of few songs, two of them at a time."""
    return [
        imported(200 * (number // 2), track(number % 40), listened=90 + number % 90)
        for number in range(PLAYS)
    ]


def watched() -> list[Sighting]:
    """Return plays, each as it was watched and then as it was listed."""
    return [
        seen
        for number in range(PLAYS // 40)
        for seen in (
            live(200 * number, track(number % 40)),
            recent(200 * number + 180, track(number % 40)),
        )
    ]


async def run_import(archive: Archive) -> None:
    """Import the export from where it stands to its end, telling of each batch."""
    rows = exported()
    job = await archive.begin_import("anna", "export.zip")
    while job.done < len(rows):
        done = job.done + BATCH
        job = await archive.import_batch(
            job.id, rows[job.done : done], str(done), done, len(rows)
        )
        say(job.done)
    await archive.end_import(job.id, [(rows[0].stamp, rows[-1].stamp)])


async def run_ingest(archive: Archive) -> None:
    """Tell what was watched and listed, one after another."""
    for number, seen in enumerate(watched(), 1):
        await archive.add_live(seen)
        say(number)


def say(number: int) -> None:
    """Tell that so much was kept."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


async def main() -> None:
    """Fill the archive: a file, or a database by its URL."""
    where = sys.argv[1]
    archive = Archive(where if "://" in where else Path(where))
    await archive.open()
    await {"import": run_import, "ingest": run_ingest}[sys.argv[2]](archive)
    await archive.close()


if __name__ == "__main__":
    asyncio.run(main())
