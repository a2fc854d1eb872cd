"""The order of one account's commands."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from homeassistant.exceptions import HomeAssistantError

from ..failures import invalid


class CommandQueue:
    """Runs commands one after another, in the order they were given.

    What takes its time (a start, a long list of appends) may be interrupted by
    whoever wants silence, or something else, now.
    """

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._lock = asyncio.Lock()
        self._interruptible: set[asyncio.Task[object]] = set()

    async def run[T](self, command: Callable[[], Awaitable[T]]) -> T:
        """Run a command when those before it are done."""
        async with self._lock:
            return await command()

    async def run_interruptibly[T](self, command: Coroutine[object, object, T]) -> T:
        """Run a command that `interrupt` ends with an error that says so."""
        task = asyncio.create_task(command)
        self._interruptible.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if (caller := asyncio.current_task()) is not None and caller.cancelling():
                raise
            raise self._interrupted() from None
        finally:
            self._interruptible.discard(task)
            task.cancel()

    def interrupt(self) -> None:
        """End every interruptible command, running or waiting."""
        for task in self._interruptible:
            task.cancel()

    def _interrupted(self) -> HomeAssistantError:
        return invalid("interrupted")
