"""Reads Spotify's privacy export step by step in threads, and the archive beside it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Event

from homeassistant.core import HomeAssistant

from .archive.records import Sighting
from .archive.store import Archive
from .archive.takeout.files import Export, open_export
from .archive.takeout.preview import Preview, preview
from .archive.takeout.reading import Batch, Token, batches


class _StoppedError(Exception):
    """Nobody waits for the preview any longer."""


class Takeout:
    """An export that is open; each step runs in a thread, one after the other."""

    def __init__(self, hass: HomeAssistant, export: Export) -> None:
        """Read an export."""
        self._hass = hass
        self.export = export

    async def preview(
        self,
        archive: Archive,
        accounts: Mapping[str, Collection[str]],
        account: str | None,
    ) -> Preview:
        """Tell what it would bring; see `archive.takeout.preview`.

        Raises:
            TakeoutError: it can't be read.
            ArchiveError: the archive can't be.
        """
        stopped = Event()

        def knows(name: str, sightings: Collection[Sighting]) -> int:
            asking = archive.held(name, tuple(sightings))
            return asyncio.run_coroutine_threadsafe(asking, self._hass.loop).result()

        def watch(_rows: int) -> None:
            if stopped.is_set():
                raise _StoppedError

        read = partial(
            preview, self.export, accounts, knows, account=account, watch=watch
        )
        return await _in_thread(self._hass, read, stop=stopped.set)

    async def batches(
        self, account: str, total: int, own_names: Collection[str], after: Token | None
    ) -> AsyncGenerator[Batch]:
        """Go through its plays; see `archive.takeout.reading.batches`.

        Raises:
            TakeoutError: it can't be read.
        """
        reading = batches(self.export, account, total, own_names=own_names, after=after)
        try:
            while batch := await _in_thread(self._hass, partial(next, reading, None)):
                yield batch
        finally:
            await _in_thread(self._hass, reading.close)


@asynccontextmanager
async def opened_takeout(hass: HomeAssistant, path: Path) -> AsyncIterator[Takeout]:
    """Open what was handed over until the context is left.

    Raises:
        TakeoutError: it can't be read.
    """
    stack = ExitStack()
    try:
        opening = partial(stack.enter_context, open_export(path))
        yield Takeout(hass, await _in_thread(hass, opening))
    finally:
        await _in_thread(hass, stack.close)


def _nothing() -> None:
    """Let it run to its end."""


async def _in_thread[T](
    hass: HomeAssistant, step: Callable[[], T], stop: Callable[[], None] = _nothing
) -> T:
    """Run a step in a thread; who is cancelled waits for its end, for files are open."""
    running = hass.async_add_executor_job(step)
    try:
        await asyncio.wait([running])
    except asyncio.CancelledError:
        stop()
        await asyncio.wait([running])
        # What it came to, nobody wants to know.
        running.exception()
        raise
    return running.result()
