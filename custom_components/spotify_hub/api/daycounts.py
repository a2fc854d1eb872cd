"""How many requests the last 24 hours saw, in memory that does not grow."""

from collections import deque
from collections.abc import Iterable

from .families import Family

DAY = 86_400.0
# Counts are kept by the quarter of an hour: precise enough, and at most 97 numbers each.
SLICE = 900.0


class DayCounts:
    """Rolling counts by account and family; times are in seconds of any one clock.

    A slice begins with the first request after the one before it has ended, and is
    forgotten when its end is a day old: no request is forgotten too early.
    """

    def __init__(self) -> None:
        """Begin at nothing."""
        self._slices: dict[tuple[str, Family], deque[tuple[float, int]]] = {}

    def add(self, account: str, family: Family, now: float) -> None:
        """Count a request."""
        slices = self._slices.setdefault((account, family), deque())
        self._forget(slices, now)
        if slices and now < slices[-1][0] + SLICE:
            start, count = slices[-1]
            slices[-1] = (start, count + 1)
        else:
            slices.append((now, 1))

    def take_back(self, account: str, family: Family, at: float) -> None:
        """Undo the count of a request that was counted at this time."""
        slices = self._slices.get((account, family), deque())
        for index in reversed(range(len(slices))):
            start, count = slices[index]
            if start <= at:
                slices[index] = (start, count - 1)
                if count == 1:
                    del slices[index]
                return

    def total(
        self, now: float, *, account: str | None = None, family: Family | None = None
    ) -> int:
        """Return the count of the last 24 hours, of all or of one account or family."""
        self._forget_all(now)
        return sum(
            count
            for (of_account, of_family), slices in self._slices.items()
            if account in {None, of_account} and family in {None, of_family}
            for _, count in slices
        )

    def by_family(self, now: float, account: str | None = None) -> dict[Family, int]:
        """Return the counts of the last 24 hours by family."""
        self._forget_all(now)
        totals: dict[Family, int] = {}
        for (of_account, family), slices in self._slices.items():
            if account in {None, of_account}:
                totals[family] = totals.get(family, 0) + sum(
                    count for _, count in slices
                )
        return totals

    def eases_at(self, now: float, family: Family) -> float:
        """Return when the family's count will next fall."""
        self._forget_all(now)
        starts = [
            slices[0][0] for (_, of), slices in self._slices.items() if of is family
        ]
        return min(starts) + SLICE + DAY if starts else now

    def absorb(self, other: DayCounts) -> None:
        """Take over another's counts, when two books turn out to be one."""
        for key, slices in other._slices.items():
            merged = sorted([*self._slices.get(key, ()), *slices])
            self._slices[key] = deque(merged)

    def dump(self, now: float) -> list[tuple[str, str, float, int]]:
        """Return (account, family, age in seconds, count) of every slice."""
        self._forget_all(now)
        return [
            (account, family.value, now - start, count)
            for (account, family), slices in self._slices.items()
            for start, count in slices
        ]

    def load(
        self, rows: Iterable[tuple[str, str, float, int]], now: float, aged: float
    ) -> None:
        """Take back what `dump` gave, `aged` seconds ago, but families unknown today."""
        known = set(Family)
        for account, family, age, count in rows:
            if family in known:
                slices = self._slices.setdefault((account, Family(family)), deque())
                slices.append((now - age - aged, count))
        self._forget_all(now)

    def _forget_all(self, now: float) -> None:
        for key, slices in list(self._slices.items()):
            self._forget(slices, now)
            if not slices:
                del self._slices[key]

    @staticmethod
    def _forget(slices: deque[tuple[float, int]], now: float) -> None:
        while slices and slices[0][0] + SLICE + DAY <= now:
            slices.popleft()
