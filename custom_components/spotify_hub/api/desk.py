"""Waiting for one's turn at a book: by lane, fairly among accounts, in order."""

import asyncio
import bisect
from collections import deque
from collections.abc import Callable, Iterable, Mapping
import contextlib
from dataclasses import dataclass
import itertools
import math
from typing import NamedTuple

from .book import Book, Closed
from .errors import HeldBackError, RateLimitedError
from .families import Family
from .request import Lane

# Seconds that a request waits for its turn before its caller hears why it can't go.
PATIENCE: Mapping[Lane, float] = {
    Lane.COMMAND: 3.0,
    Lane.PLAYBACK: 5.0,
    Lane.BROWSE: 5.0,
    Lane.BACKGROUND: math.inf,
}


class _Queue(NamedTuple):
    """What requests have in common that stand in one queue: all may go at one time."""

    lane: Lane
    account: str
    family: Family


@dataclass(eq=False, slots=True)
class _Ticket:
    """One request that waits."""

    number: int
    expires: float
    future: asyncio.Future[float]
    """Is given the time of the grant."""


# One sequence for all desks, so that who moves to another keeps their turn.
_numbers = itertools.count()


class Desk:
    """Gives out the places of one book."""

    def __init__(self, book: Book, clock: Callable[[], float]) -> None:
        """Give out the places of `book`."""
        self.book = book
        self._clock = clock
        self._queues: dict[_Queue, deque[_Ticket]] = {}
        self._served: dict[tuple[Lane, str], int] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._successor: Desk | None = None

    async def take(self, lane: Lane, account: str, family: Family) -> None:
        """Wait for a place; raises RateLimitedError when that would take too long."""
        queue = _Queue(lane, account, family)
        number, expires = next(_numbers), self._clock() + PATIENCE[lane]
        desk = self
        while True:
            future = asyncio.get_running_loop().create_future()
            ticket = _Ticket(number, expires, future)
            desk._insert(queue, (ticket,))
            desk._pump()
            try:
                granted = await future
            except asyncio.CancelledError:
                self._current().give_up(queue, ticket)
                raise
            asked, desk = desk, self._current()
            if asked is desk and not desk.book.closed(family, self._clock()):
                return
            # A deadline or another book came between the grant and now.
            desk.book.unsent(account, family, granted)

    def give_up(self, queue: _Queue, ticket: _Ticket) -> None:
        """Free the place of a caller who went away."""
        future = ticket.future
        if not future.cancelled() and future.exception() is None:
            self.book.unsent(queue.account, queue.family, future.result())
        with contextlib.suppress(KeyError, ValueError):
            self._queues[queue].remove(ticket)
        self._pump()

    def changed(self) -> None:
        """Look again at who may go: something has happened."""
        self._pump()

    def move_to(self, other: Desk) -> None:
        """Send everybody who waits to another desk."""
        self.close()
        self._successor = other
        for queue, tickets in self._queues.items():
            other._insert(queue, tickets)
        self._queues = {}
        other._pump()

    def retire(self) -> None:
        """Set no more timers, unless for somebody who outlives the accounts."""
        if all(
            ticket.future.cancelled()
            for tickets in self._queues.values()
            for ticket in tickets
        ):
            self.close()

    def close(self) -> None:
        """Set no more timers."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def forget(self, account: str) -> None:
        """Forget an account that has been unloaded."""
        for key in [key for key in self._served if key[1] == account]:
            del self._served[key]

    def _current(self) -> Desk:
        """Return the desk where those now stand who came to this one."""
        desk = self
        while desk._successor is not None:
            desk = desk._successor
        return desk

    def _insert(self, queue: _Queue, tickets: Iterable[_Ticket]) -> None:
        waiting = self._queues.setdefault(queue, deque())
        for ticket in tickets:
            bisect.insort(waiting, ticket, key=lambda other: other.number)

    def _pump(self) -> None:
        """Let go who may, turn away who can't wait, and look again when the next may go."""
        self.close()
        now = self._clock()
        while (queue := self._next(now)) is not None:
            self._served[queue.lane, queue.account] = next(_numbers)
            self.book.sent(queue.account, queue.family, now)
            self._queues[queue].popleft().future.set_result(now)
        times = [
            at
            for queue in list(self._queues)
            if (at := self._turn_away(queue, now)) is not None
        ]
        if times:
            loop = asyncio.get_running_loop()
            wait = max(min(times) - now, 0.001)
            self._timer = loop.call_later(wait, self._pump)

    def _next(self, now: float) -> _Queue | None:
        """Return whose first goes next: by lane, then who was served longest ago.

        A lane that waits for room lets no later lane pass, for that has less room.
        """
        turns = []
        for queue, waiting in self._queues.items():
            while waiting and waiting[0].future.cancelled():
                waiting.popleft()
            if waiting and self.book.may_go_at(queue.lane, queue.family, now) <= now:
                served = self._served.get((queue.lane, queue.account), -1)
                turns.append((queue.lane, served, waiting[0].number, queue))
        return min(turns)[-1] if turns else None

    def _turn_away(self, queue: _Queue, now: float) -> float | None:
        """Refuse who can't wait; return when the queue's first may go, None if empty."""
        waiting = self._queues[queue]
        at = self.book.may_go_at(queue.lane, queue.family, now)
        while waiting and waiting[0].expires < at:
            future = waiting.popleft().future
            if not future.cancelled():
                future.set_exception(self._refusal(queue, at, now))
        if waiting:
            return at
        del self._queues[queue]
        return None

    def _refusal(self, queue: _Queue, at: float, now: float) -> RateLimitedError:
        closed = self.book.closed(queue.family, now)
        if closed is None:
            return HeldBackError("As many requests as is wise were sent", at - now)
        return Closed(at, quota=closed.quota).error(now)
