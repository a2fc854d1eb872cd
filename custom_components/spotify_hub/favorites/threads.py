"""Work with files, which has to be done in a thread, and to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol


class InThread(Protocol):
    """Calls a function in a thread; Home Assistant's `async_add_executor_job` is one."""

    def __call__[T](self, function: Callable[..., T], /, *args: Any) -> Awaitable[T]:
        """Return what the function returns."""


async def in_full[T](in_thread: InThread, function: Callable[..., T], *args: Any) -> T:
    """Call a function in a thread; who is cancelled meanwhile waits for its end.

    Otherwise the next run would find a file that is still being written.
    """
    doing = asyncio.ensure_future(in_thread(function, *args))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise
