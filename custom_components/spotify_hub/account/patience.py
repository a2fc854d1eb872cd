"""Waiting for room in the ledger, where a person waits for more than one request."""

import asyncio
from collections.abc import Awaitable, Callable

from ..api.errors import HeldBackError


async def patiently[T](ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again whenever the ledger has no room: a long list is many requests.

    What Spotify itself refuses is raised, for that may last for hours.
    """
    while True:
        try:
            return await ask()
        except HeldBackError as held:
            await pause(held.retry_after or 0)


async def pause(seconds: float) -> None:
    """Wait until there is room."""
    await asyncio.sleep(seconds)
