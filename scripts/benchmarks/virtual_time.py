"""An event loop whose clock jumps to the next timer as soon as there is nothing to do."""

import asyncio
from asyncio import Future
from collections.abc import Callable
from concurrent.futures import Executor
import selectors
from typing import Any, override

import aiohttp

# Real seconds after which work that holds the clock counts as hung.
PATIENCE = 20.0
# Real seconds in which a socket may still turn out to be ready.
GRACE = 0.0001

type _Events = list[tuple[selectors.SelectorKey, int]]


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Never waits for a timer; waits really for threads and exchanges under way."""

    def __init__(self, jumped: Callable[[float], None] = lambda _: None) -> None:
        """Call `jumped` with the loop's time after each jump."""
        self._now = 0.0
        self._jumped = jumped
        self._holds = 0
        super().__init__(_JumpingSelector(self))

    @override
    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self._now

    @override
    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> Future[T]:
        """Run in a thread; the clock stands still meanwhile."""
        self.hold()
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(lambda _: self.release())
        return future

    @override
    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Wait for the threads really."""
        self.hold()
        await super().shutdown_default_executor(timeout)
        self.release()

    def hold(self) -> None:
        """Stop the clock, until it has been released as often."""
        self._holds += 1

    def release(self) -> None:
        """Undo one hold."""
        self._holds -= 1

    @property
    def held(self) -> bool:
        """Return whether the clock has to stand still."""
        return self._holds > 0

    def jump(self, seconds: float) -> None:
        """Let time pass at once."""
        self._now += seconds
        self._jumped(self._now)


class _JumpingSelector(selectors.DefaultSelector):
    """Where the loop would sleep, time passes instead."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    @override
    def select(self, timeout: float | None = None) -> _Events:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        if self._loop.held or timeout is None:
            if not (events := super().select(PATIENCE)):
                raise RuntimeError("Nothing happens any more")
            return events
        if not (events := super().select(GRACE)):
            self._loop.jump(timeout)
        return events


def hold_during_requests(session: aiohttp.ClientSession, loop: VirtualTimeLoop) -> None:
    """Let no time pass between a request and the last byte of its answer."""

    async def hold(*_: Any) -> None:
        loop.hold()

    async def release(*_: Any) -> None:
        loop.release()

    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(hold)
    tracing.on_response_chunk_received.append(release)
    tracing.on_request_exception.append(release)
    tracing.freeze()
    session.trace_configs.append(tracing)
