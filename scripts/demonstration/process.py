"""Running a program that leaves nothing behind when it is ended."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import signal
import sys

_SECONDS_TO_END = 20


@asynccontextmanager
async def running(
    module: str,
    *arguments: str | Path,
    log: Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
) -> AsyncIterator[Process]:
    """Run a Python module, its output in a log, until the context is left."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            # A group of its own: Ctrl-C reaches us alone, and we end the whole group.
            start_new_session=True,
        )
    try:
        yield process
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    """End a program and whatever it started."""
    _signal_group(process, signal.SIGTERM)
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), _SECONDS_TO_END)
    _signal_group(process, signal.SIGKILL)
    await process.wait()


def _signal_group(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def end_of(log: Path, lines: int = 40) -> str:
    """Return the last lines of a log."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:])
