"""Changes that are made to their end, even if whoever asked for them is stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate

from homeassistant.core import async_get_hass

from ...const import LOGGER


class Uncut:
    """What changes something in several steps, of which none may be left out."""

    def __init__(self) -> None:
        """Begin with no change under way."""
        # Changes of one account wait for each other: each counts on what it has read.
        self._lock = asyncio.Lock()

    async def to_the_end[T](self, change: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Make a change in a task of its own, after all that were asked for before."""
        begun = False

        async def alone() -> T:
            nonlocal begun
            async with self._lock:
                begun = True
                return await change()

        # Home Assistant waits for it when it stops; an entry that is unloaded does not
        # end it.
        task = async_get_hass().async_create_task(alone(), "Change of a playlist")
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            if begun:
                task.add_done_callback(_log_failure)
            else:
                task.cancel()
            raise
        return task.result()


def uncut[S: Uncut, **P, T](
    method: Callable[Concatenate[S, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Let a method be such a change."""

    @wraps(method)
    async def whole(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.to_the_end(lambda: method(self, *args, **kwargs))

    return whole


def _log_failure(task: asyncio.Task[Any]) -> None:
    """Say what nobody is there to hear any more."""
    if not task.cancelled() and (error := task.exception()) is not None:
        LOGGER.warning("A change of a playlist was not made as asked: %s", error)
