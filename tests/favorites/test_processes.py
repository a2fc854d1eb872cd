"""Real processes: one that is killed loses nothing, and one that ends used little memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import contextlib
import json
from pathlib import Path
import sys
from typing import Any

import pytest

from custom_components.spotify_hub.api.scopes import Feature, scopes_of
from custom_components.spotify_hub.favorites.store import SnapshotFolder
from tests.emulator import Emulator, Fault
from tests.project import ROOT

from .conftest import LIKED

MEGABYTE = 2**20

# Each begins Python anew, which a busy machine takes its time for.
pytestmark = pytest.mark.timeout(300)


class Process:
    """A run in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Watch it."""
        self._process = process

    async def result(self) -> dict[str, Any]:
        """Wait for its end, which is a good one."""
        output, _ = await self._process.communicate()
        assert self._process.returncode == 0
        told: dict[str, Any] = json.loads(output)
        return told

    async def kill(self) -> None:
        """End it with SIGKILL, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


type Begin = Callable[[], Awaitable[Process]]


@pytest.fixture
def folder(tmp_path: Path) -> SnapshotFolder:
    """Keep Anna's copies."""
    return SnapshotFolder(tmp_path / "favorites_raw" / "spotify" / "anna")


@pytest.fixture
async def begin(emulator: Emulator, folder: SnapshotFolder) -> AsyncIterator[Begin]:
    """Begin a run; none outlives its test."""
    begun: list[Process] = []

    async def run() -> Process:
        token = emulator.grant("anna", scopes_of(Feature))["access_token"]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "scripts.benchmarks.copying",
            emulator.url,
            token,
            str(folder.path),
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        begun.append(Process(process))
        return begun[-1]

    yield run
    for process in begun:
        await process.kill()


async def until_asked(emulator: Emulator, count: int) -> None:
    """Wait until so many pages were asked for."""
    async with asyncio.timeout(120):
        while len(emulator.calls(path=LIKED)) < count:
            await asyncio.sleep(0.005)


async def test_a_run_that_is_killed_again_and_again_comes_to_its_end(
    emulator: Emulator, folder: SnapshotFolder, begin: Begin
) -> None:
    """Each kill costs the page under way at most, and leaves no copy that is not whole."""
    uris = emulator.hoard("anna", 10_000)
    emulator.faults.add(Fault(LIKED, status=None, delay=0.01, times=None))
    for pages in (30, 100, 180):
        process = await begin()
        await until_asked(emulator, pages)
        await process.kill()
        assert folder.names() == []
    await (await begin()).result()
    (name,) = folder.names()
    assert [song.uri for song in folder.read(name).songs()] == uris
    offsets = [int(one.query["offset"]) for one in emulator.calls(path=LIKED)]
    assert len(offsets) <= 201 + 3
    assert {path.name for path in folder.path.iterdir()} == {
        f"{name}.json",
        "status.json",
    }


async def test_a_run_that_is_killed_leaves_the_last_good_copy(
    emulator: Emulator, folder: SnapshotFolder, begin: Begin
) -> None:
    """As it was, to the last byte."""
    emulator.hoard("anna", 120)
    await (await begin()).result()
    (name,) = folder.names()
    before = folder.file(name).read_bytes()
    emulator.hoard("anna", 1000)
    emulator.faults.add(Fault(LIKED, status=None, delay=0.01, times=None))
    emulator.forget_requests()
    process = await begin()
    await until_asked(emulator, 10)
    await process.kill()
    assert folder.file(name).read_bytes() == before
    assert folder.read(name).liked.total == 120


async def test_ten_thousand_songs_take_little_memory(
    emulator: Emulator, folder: SnapshotFolder, begin: Begin
) -> None:
    """Less than 50 MB, and no song more than 900 bytes on the disk."""
    emulator.hoard("anna", 10_000)
    told = await (await begin()).result()
    assert told["songs"] == 10_000
    assert told["peak"] < 50 * MEGABYTE
    assert told["largest"] <= 900
    assert len(emulator.calls(path="/v1/")) == 201
    again = await (await begin()).result()
    assert not again["changed"]
    assert again["peak"] < 50 * MEGABYTE
    assert len(emulator.calls(path="/v1/")) == 202
