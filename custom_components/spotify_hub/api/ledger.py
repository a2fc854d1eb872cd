"""Requests of all accounts in their turn, within what Spotify allows.

One book per developer account, because Spotify counts by it. A request that has
to wait does so at its book's desk; one that can't wait fails at once with the time
at which it would be let through.
"""

from collections.abc import Callable, Mapping
from typing import Any

from .book import Book
from .desk import Desk
from .errors import QuotaExceededError, RateLimitedError, SpotifyApiError
from .families import Family, family_of
from .request import Request

# Two owners' credentials that are exhausted within this time are one owner's.
SAME_OWNER = 60.0


class Ledger:
    """The books of every developer account in the household."""

    def __init__(
        self,
        clock: Callable[[], float],
        changed: Callable[[], None] = lambda: None,
        counted: Callable[[], None] = lambda: None,
    ) -> None:
        """Call `changed` when something new was learnt, `counted` after each request."""
        self._clock = clock
        self._changed = changed
        self.counted = counted
        self._desks: dict[str, Desk] = {}
        self._aliases: dict[str, str] = {}

    def desk(self, owner: str) -> Desk:
        """Return the desk of a set of credentials, its own or the one it was joined to."""
        owner = self._resolve(owner)
        if owner not in self._desks:
            self._desks[owner] = Desk(Book(), self._clock)
        return self._desks[owner]

    def book(self, owner: str) -> Book:
        """Return the book of a set of credentials."""
        return self.desk(owner).book

    def share_book(self, one: str, other: str) -> bool:
        """Tell whether two sets of credentials are counted together."""
        return self._resolve(one) == self._resolve(other)

    def join(self, one: str, other: str) -> None:
        """Count two sets of credentials as one developer account from now on."""
        one, other = self._resolve(one), self._resolve(other)
        if one == other:
            return
        into, gone = self.desk(one), self.desk(other)
        into.book.absorb(gone.book, self._clock())
        self._aliases[other] = one
        del self._desks[other]
        gone.move_to(into)
        self._changed()

    def limited(self, owner: str, error: RateLimitedError, family: Family) -> None:
        """Learn from a 429."""
        now = self._clock()
        desk = self.desk(owner)
        desk.book.limited(error, family, now)
        if isinstance(error, QuotaExceededError):
            for other, their in list(self._desks.items()):
                hit = their.book.quota_hit
                if hit is not None and now - hit <= SAME_OWNER:
                    self.join(owner, other)
        desk.changed()
        self._changed()

    def close(self) -> None:
        """Set no more timers, unless for requests that outlive the accounts."""
        for desk in self._desks.values():
            desk.retire()

    def dump(self) -> dict[str, Any]:
        """Return what has to survive a restart; times are relative."""
        now = self._clock()
        return {
            "books": {
                owner: desk.book.dump(now) for owner, desk in self._desks.items()
            },
            "aliases": dict(self._aliases),
        }

    def load(self, data: Mapping[str, Any], aged: float) -> None:
        """Take back what was dumped `aged` seconds ago, before anything is asked."""
        now = self._clock()
        # A clock that was set back must not make a deadline longer than it was.
        aged = max(0.0, aged)
        self._aliases = dict(data["aliases"])
        for owner, book in data["books"].items():
            self._desks[owner] = Desk(Book.load(book, now, aged), self._clock)

    def _resolve(self, owner: str) -> str:
        # As many steps as there are aliases, so that a damaged store can't lead in circles.
        for _ in self._aliases:
            owner = self._aliases.get(owner, owner)
        return owner


class LedgerGate:
    """The gate of one account: its place at the desk, and what it learns from answers."""

    def __init__(self, ledger: Ledger, owner: str, account: str) -> None:
        """Stand between the account and Spotify."""
        self._ledger = ledger
        self._owner = owner
        self._account = account

    @property
    def book(self) -> Book:
        """Return the book that the account is counted in; it may be joined to another."""
        return self._ledger.book(self._owner)

    async def admit(self, request: Request) -> None:
        """Wait for a place, or raise RateLimitedError with the time there will be one."""
        family = family_of(request.method, request.path)
        await self._ledger.desk(self._owner).take(request.lane, self._account, family)

    def record(self, request: Request, error: SpotifyApiError | None) -> None:
        """Hear the outcome."""
        self._ledger.counted()
        if isinstance(error, RateLimitedError):
            family = family_of(request.method, request.path)
            self._ledger.limited(self._owner, error, family)
