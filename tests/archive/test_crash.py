"""A process that is killed loses nothing that it was told is kept, and doubles nothing."""

import asyncio
from collections.abc import Callable
from itertools import count
from pathlib import Path
import random
import sys

import pytest

from custom_components.spotify_hub.archive.store import Archive
from scripts.postgresql import Cluster
from tests.project import ROOT

from . import victim
from .contents import contents

type Target = Path | str


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Target]:
    """Return what tells of another place for an archive whenever it is asked."""
    numbers = count()
    if request.param == "sqlite":
        return lambda: tmp_path / f"archive-{next(numbers)}.db"
    server: Cluster = request.getfixturevalue("postgresql")
    return server.new_schema


async def killed_after(target: Target, what: str, answers: int) -> int:
    """Let a process fill an archive, and kill it after so many answers; return the last.

    A server of PostgreSQL lives on, and has to take back what was under way.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.archive.victim",
        str(target),
        what,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    said = [await process.stdout.readline() for _ in range(answers)]
    process.kill()
    said += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    return max((int(line) for line in said if line.endswith(b"\n")), default=0)


async def filled(target: Target, what: str) -> dict[str, object]:
    """Let an archive be filled to the end; return what it holds."""
    archive = Archive(target)
    await archive.open()
    run = {"import": victim.run_import, "ingest": victim.run_ingest}[what]
    await run(archive)
    held = await archive.ask(contents)
    await archive.close()
    return held


@pytest.mark.parametrize("what", ["import", "ingest"])
async def test_being_killed_loses_and_doubles_nothing(
    empty: Callable[[], Target], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Killed twice at moments of chance, it ends as one that was never killed."""
    dice = random.Random(what)
    target = empty()
    each = victim.BATCH if what == "import" else 1
    for _ in range(2):
        kept = await killed_after(target, what, dice.randint(2, 4))
        archive = Archive(target)
        await archive.open()
        size = await archive.size()
        # What was under way when it was killed is there wholly or not at all.
        assert kept <= size.sightings
        assert size.sightings % each == 0
        await archive.close()
    assert await filled(target, what) == await filled(empty(), what)
    capsys.readouterr()
