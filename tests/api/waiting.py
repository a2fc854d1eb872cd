"""People who ask a ledger for places, and what becomes of them."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from custom_components.spotify_hub.api.errors import RateLimitedError
from custom_components.spotify_hub.api.families import Family
from custom_components.spotify_hub.api.ledger import Ledger
from custom_components.spotify_hub.api.request import Lane

from .virtual_time import now, settle


@dataclass(frozen=True, slots=True)
class Left:
    """A request that was let go."""

    at: float
    lane: Lane
    account: str
    family: Family
    name: str


class Crowd:
    """Asks for places, and keeps who was let go in order."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        """Ask a ledger on virtual time."""
        self.changes = 0
        self.ledger = ledger or Ledger(now, self._count)
        self.left: list[Left] = []

    @property
    def names(self) -> list[str]:
        """Return the names of those who were let go, in order."""
        return [left.name for left in self.left]

    def ask(
        self,
        lane: Lane,
        name: str = "",
        *,
        account: str = "anna",
        family: Family = Family.LIBRARY,
        owner: str = "app",
    ) -> asyncio.Task[None]:
        """Ask for a place at the desk of `owner`."""

        async def wait() -> None:
            await self.ledger.desk(owner).take(lane, account, family)
            self.left.append(Left(now(), lane, account, family, name))

        return asyncio.get_running_loop().create_task(wait())

    async def fill(
        self, count: int, *, account: str = "anna", owner: str = "app"
    ) -> None:
        """Send commands that find room."""
        for _ in range(count):
            self.ask(Lane.COMMAND, "filling", account=account, owner=owner)
        await settle()
        self.left = []

    def _count(self) -> None:
        self.changes += 1


async def refusal(task: asyncio.Task[None]) -> RateLimitedError:
    """Return what a request that can't wait is told, which must be now."""
    await settle()
    error = task.exception()
    assert isinstance(error, RateLimitedError)
    return error


async def drop(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Let callers go away."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
