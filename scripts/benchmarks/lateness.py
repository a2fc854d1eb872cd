"""How late changes made on the phone are seen."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
import statistics


@dataclass(frozen=True, slots=True)
class Spread:
    """What many values come to, in seconds."""

    count: int
    median: float
    p95: float


@dataclass
class Lateness:
    """How late each change was seen, by the state that it was made in."""

    seen: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _waiting: tuple[float, str] | None = None

    def change(self, at: float, state: str) -> None:
        """Note a change made in this state, unless it will be seen with another."""
        self._waiting = self._waiting or (at, state)

    def see(self, now: float) -> None:
        """Note that everything that has changed is seen."""
        if self._waiting is not None:
            at, state = self._waiting
            self.seen[state].append(now - at)
            self._waiting = None


def spread(values: Iterable[float]) -> Spread:
    """Return count, median and 95th percentile."""
    found = sorted(values)
    if len(found) < 2:
        raise ValueError("Too few values for a percentile")
    twentieths = statistics.quantiles(found, n=20, method="inclusive")
    return Spread(len(found), statistics.median(found), twentieths[-1])
