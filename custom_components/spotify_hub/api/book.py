"""What Spotify allows one developer account: a window, a day's budget, deadlines.

Decisions and numbers only; waiting is `ledger.py`'s business. Times are seconds
of one monotonic clock.
Source: https://developer.spotify.com/documentation/web-api/concepts/rate-limits
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
import math
from typing import Any

from .daycounts import DAY, DayCounts
from .errors import QuotaExceededError, RateLimitedError
from .families import Family
from .request import Lane

WINDOW = 30.0
FIRST_CEILING = 45
LOWEST_CEILING = 4
# A ceiling that was halved grows by one request for each of these without a 429.
RECOVERY = 60.0
# The part of the ceiling that each lane may fill, so that the faster find room.
SHARES: Mapping[Lane, float] = {
    Lane.COMMAND: 1.0,
    Lane.PLAYBACK: 0.9,
    Lane.BROWSE: 0.75,
    Lane.BACKGROUND: 0.5,
}
PLAYER_BUDGET = 3000
FAMILY_BUDGET = 600
# What was left of a budget when Spotify said it was used up is not tried again.
LEARNED_SHARE = 0.9
LOWEST_BUDGET = 50
# Then it is tried again: another program may have used the quota up.
LEARNED_FOR = 7 * DAY
# When Spotify does not say how long; an answer beyond the longest is not believed.
UNSAID_LIMIT = 30.0
UNSAID_QUOTA = 3600.0
LONGEST_LIMIT = DAY
LONGEST_QUOTA = 2 * DAY


def believable_wait(error: RateLimitedError) -> float:
    """Return how many seconds a 429 closes for, also when it does not say, or too much."""
    quota = isinstance(error, QuotaExceededError)
    if error.retry_after is None:
        return UNSAID_QUOTA if quota else UNSAID_LIMIT
    return min(max(error.retry_after, 1.0), LONGEST_QUOTA if quota else LONGEST_LIMIT)


@dataclass(frozen=True, slots=True)
class Closed:
    """A deadline: nothing is sent until then."""

    until: float
    quota: bool

    def error(self, now: float) -> RateLimitedError:
        """Return the error for who can't wait."""
        wait = max(0.0, self.until - now)
        if self.quota:
            return QuotaExceededError("Spotify's quota is used up", wait)
        return RateLimitedError("Spotify asked for fewer requests", wait)


@dataclass(frozen=True, slots=True)
class _Learned:
    """A budget that turned out to be smaller than usual, and when."""

    budget: int
    at: float


class Book:
    """The record of one developer account."""

    def __init__(self) -> None:
        """Begin with what is known to be safe."""
        self.counts = DayCounts()
        self.quota_hit: float | None = None
        self._sent: deque[float] = deque()
        self._ceiling = FIRST_CEILING
        self._recovers_from: float | None = None
        self._lesson: float | None = None
        self._all: Closed | None = None
        self._families: dict[Family, Closed] = {}
        self._budgets: dict[Family, _Learned] = {}

    def ceiling(self, now: float) -> int:
        """Return how many requests any 30 seconds may see at present."""
        if self._recovers_from is None:
            return self._ceiling
        recovered = int((now - self._recovers_from) / RECOVERY)
        return min(FIRST_CEILING, self._ceiling + max(0, recovered))

    def closed(self, family: Family, now: float) -> Closed | None:
        """Return the deadline that a request of the family would break."""
        found = [
            closed
            for closed in (self._all, self._families.get(family))
            if closed is not None and closed.until > now
        ]
        return max(found, key=lambda closed: closed.until) if found else None

    def deadlines(self, now: float) -> dict[Family | None, Closed]:
        """Return the deadlines in force; None stands for all families."""
        found: list[tuple[Family | None, Closed]] = list(self._families.items())
        if self._all is not None:
            found.append((None, self._all))
        return {family: closed for family, closed in found if closed.until > now}

    def budget(self, family: Family) -> int:
        """Return how many requests a day the family is thought to be good for."""
        learned = self._budgets.get(family)
        return _usual(family) if learned is None else learned.budget

    def budget_left(self, family: Family, now: float) -> float:
        """Return the part of the day's budget that is left, 0 to 1."""
        used = self.counts.total(now, family=family) / self.budget(family)
        return max(0.0, 1.0 - used)

    def may_go_at(self, lane: Lane, family: Family, now: float) -> float:
        """Return the earliest time for a request, as far as this book knows now."""
        earliest = now
        if (closed := self.closed(family, now)) is not None:
            earliest = closed.until
        room = max(1, math.floor(self.ceiling(now) * SHARES[lane]))
        self._forget(now)
        if len(self._sent) >= room:
            # When enough of the oldest have left the window for one more.
            earliest = max(earliest, self._sent[len(self._sent) - room] + WINDOW)
        if lane is Lane.BACKGROUND and self.budget_left(family, now) <= 0:
            earliest = max(earliest, self.counts.eases_at(now, family))
        return earliest

    def sent(self, account: str, family: Family, now: float) -> None:
        """Count a request that leaves now."""
        self._forget(now)
        self._sent.append(now)
        self.counts.add(account, family, now)

    def unsent(self, account: str, family: Family, at: float) -> None:
        """Take back a request that was counted at this time and has not left."""
        if at in self._sent:
            self._sent.remove(at)
        self.counts.take_back(account, family, at)

    def limited(self, error: RateLimitedError, family: Family, now: float) -> None:
        """Learn from a 429: close what Spotify closes, and expect less."""
        wait = believable_wait(error)
        if isinstance(error, QuotaExceededError):
            self._families[family] = _later(
                self._families.get(family), Closed(now + wait, quota=True)
            )
            self.quota_hit = now
            seen = self.counts.total(now, family=family)
            learned = max(LOWEST_BUDGET, int(seen * LEARNED_SHARE))
            self._budgets[family] = _Learned(min(self.budget(family), learned), now)
            return
        self._all = _later(self._all, Closed(now + wait, quota=False))
        # Requests that were under way together are one lesson, not several; and what
        # a lesson taught shows only when the window has passed.
        if self._lesson is None or now - self._lesson >= WINDOW:
            self._ceiling = max(LOWEST_CEILING, self.ceiling(now) // 2)
            self._recovers_from = self._lesson = now

    def absorb(self, other: Book, now: float) -> None:
        """Take over another book, when both turn out to be one developer account's."""
        for family in {*self._budgets, *other._budgets}:
            # Each has learned from its own part of the requests only.
            both = self._known_good(family, now) + other._known_good(family, now)
            budget = min(_usual(family), max(LOWEST_BUDGET, both))
            self._budgets[family] = _Learned(budget, now)
        self.counts.absorb(other.counts)
        self._sent = deque(sorted([*self._sent, *other._sent]))
        for closes, closed in other.deadlines(now).items():
            if closes is None:
                self._all = _later(self._all, closed)
            else:
                self._families[closes] = _later(self._families.get(closes), closed)
        self._ceiling = min(self.ceiling(now), other.ceiling(now))
        self._recovers_from = now
        self._lesson = _latest(self._lesson, other._lesson)
        self.quota_hit = _latest(self.quota_hit, other.quota_hit)

    def dump(self, now: float) -> dict[str, Any]:
        """Return what has to survive a restart, with times as seconds from now."""
        self._forget(now)
        return {
            "sent": [now - at for at in self._sent],
            "counts": self.counts.dump(now),
            "ceiling": self.ceiling(now),
            "budgets": {
                family.value: [learned.budget, now - learned.at]
                for family, learned in self._budgets.items()
            },
            "deadlines": [
                [family.value if family else None, closed.until - now, closed.quota]
                for family, closed in self.deadlines(now).items()
            ],
        }

    @classmethod
    def load(cls, data: Mapping[str, Any], now: float, aged: float) -> Book:
        """Return the book that was dumped `aged` seconds ago."""
        book = cls()
        book._sent = deque(now - age - aged for age in data["sent"])
        book.counts.load([tuple(row) for row in data["counts"]], now, aged)
        book._ceiling = min(FIRST_CEILING, max(LOWEST_CEILING, int(data["ceiling"])))
        book._recovers_from = now - aged
        known = set(Family)
        book._budgets = {
            Family(family): _Learned(max(LOWEST_BUDGET, int(budget)), now - age - aged)
            for family, (budget, age) in data["budgets"].items()
            if family in known
        }
        for family, left, quota in data["deadlines"]:
            longest = LONGEST_QUOTA if quota else LONGEST_LIMIT
            closed = Closed(now + min(float(left) - aged, longest), bool(quota))
            if family is None:
                book._all = closed
            elif family in known:
                book._families[Family(family)] = closed
        return book

    def _known_good(self, family: Family, now: float) -> int:
        """Return the budget as learned, or else how many requests went well."""
        learned = self._budgets.get(family)
        return (
            self.counts.total(now, family=family) if learned is None else learned.budget
        )

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0] + WINDOW <= now:
            self._sent.popleft()
        for family, learned in list(self._budgets.items()):
            if learned.at + LEARNED_FOR <= now:
                del self._budgets[family]


def _later(one: Closed | None, other: Closed) -> Closed:
    return other if one is None or other.until > one.until else one


def _latest(one: float | None, other: float | None) -> float | None:
    return max((time for time in (one, other) if time is not None), default=None)


def _usual(family: Family) -> int:
    return PLAYER_BUDGET if family is Family.PLAYER else FAMILY_BUDGET
