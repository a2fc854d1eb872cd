"""A clock that waits for nobody: tests of hours that take no time."""

import asyncio
from collections.abc import Awaitable, Callable
import functools
import selectors
from typing import Any, override

BEGIN = 1000.0


class _Skipping(selectors.SelectSelector):
    """Passes over the time in which nothing would happen."""

    now = BEGIN

    @override
    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; nothing else can ever wake who waits without end."""
        assert timeout is not None, "everybody waits, and nobody will ever wake them"
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time stands still while anybody has something to do."""

    def __init__(self) -> None:
        """Begin."""
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    @override
    def time(self) -> float:
        """Return the virtual time."""
        return self._skipping.now


def play[T](scenario: Awaitable[T]) -> T:
    """Run to the end, in virtual time."""

    async def run() -> T:
        return await scenario

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(run())


def in_virtual_time(
    test: Callable[..., Awaitable[None]],
) -> Callable[..., None]:
    """Run a test in virtual time."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        play(test(*args, **kwargs))

    return run


def now() -> float:
    """Return the time."""
    return asyncio.get_running_loop().time()


async def settle() -> None:
    """Let everybody do what they can do at this time."""
    for _ in range(10):
        await asyncio.sleep(0)
