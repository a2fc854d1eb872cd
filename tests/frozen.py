"""Waiting while every clock stands still: it goes on only when nothing else can."""

import asyncio
from asyncio import base_events
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
import time
from typing import Any
from unittest.mock import patch
from weakref import WeakSet

from freezegun.api import FrozenDateTimeFactory

# Real seconds in which nothing happens, until a second is let pass; and at the longest.
IDLE = 0.05
LONGEST = 5.0
# A thread may wait for what never comes.
IN_THREAD = 1.0

_in_threads: WeakSet[asyncio.Future[Any]] = WeakSet()
_run_in_executor = base_events.BaseEventLoop.run_in_executor


def _noted[T](
    loop: base_events.BaseEventLoop,
    executor: Executor | None,
    function: Callable[..., T],
    *args: Any,
) -> asyncio.Future[T]:
    """Run in a thread as ever, and know of it."""
    future = _run_in_executor(loop, executor, function, *args)
    _in_threads.add(future)
    return future


def _threads_work(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether any thread works for a loop."""
    return any(one.get_loop() is loop and not one.done() for one in set(_in_threads))


patch.object(base_events.BaseEventLoop, "run_in_executor", _noted).start()


class _RealTime:
    """The clock that goes on while Python's are frozen."""

    seconds = staticmethod(time.perf_counter)


async def until_done[T](
    freezer: FrozenDateTimeFactory, doing: Coroutine[Any, Any, T]
) -> T:
    """Wait under frozen clocks: who waits for time itself gets a second at a time.

    A deadline that is nearly over is waited for; frozen, it would never end. Sockets
    and threads are given the time that they really take.
    """
    task = asyncio.create_task(doing)
    loop: Any = asyncio.get_running_loop()
    began = _RealTime.seconds()
    while not task.done():
        await asyncio.sleep(0)
        if _RealTime.seconds() - began < LONGEST:
            if task.done() or loop._ready:
                continue
            # Returns as soon as anything comes, from a thread as well.
            if loop._selector.select(IN_THREAD if _threads_work(loop) else IDLE):
                continue
        freezer.tick(1)
        began = _RealTime.seconds()
    return await task
