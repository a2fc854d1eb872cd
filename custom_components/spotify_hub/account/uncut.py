"""What is done to its end, even if whoever asked for it is stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ClassVar, Concatenate

from homeassistant.core import async_get_hass

from ..const import LOGGER


class Uncut:
    """What does something in several steps, of which none may be left out."""

    # What that is called, where it is told that it failed.
    doing: ClassVar[str] = "A change of a playlist"

    def __init__(self) -> None:
        """Begin with nothing under way."""
        # One account's wait for each other: each counts on what it has read.
        self._lock = asyncio.Lock()

    async def to_the_end[T](self, change: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do it in a task of its own, after all that was asked for before."""
        begun = False

        async def alone() -> T:
            nonlocal begun
            async with self._lock:
                begun = True
                return await change()

        # Home Assistant waits for it when it stops; an entry that is unloaded does not
        # end it.
        task = async_get_hass().async_create_task(alone(), self.doing)
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            if begun:
                task.add_done_callback(self._log_failure)
            else:
                task.cancel()
            raise
        return task.result()

    def _log_failure(self, task: asyncio.Task[Any]) -> None:
        """Say what nobody is there to hear any more."""
        if not task.cancelled() and (error := task.exception()) is not None:
            LOGGER.warning("%s was not made as asked: %s", self.doing, error)


def uncut[S: Uncut, **P, T](
    method: Callable[Concatenate[S, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Let a method be done so."""

    @wraps(method)
    async def whole(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.to_the_end(lambda: method(self, *args, **kwargs))

    return whole
