"""What is promised in numbers, and whether it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
import os
import platform

from homeassistant.const import __version__


@dataclass(frozen=True)
class Goal:
    """Something promised: `measured` is to be no more than `most`."""

    promise: str
    measured: float
    most: float

    @property
    def met(self) -> bool:
        """Return whether the promise is kept."""
        return self.measured <= self.most


def judge(goals: Iterable[Goal]) -> bool:
    """Print the goals, and tell whether every one is met."""
    found = list(goals)
    print("\nGoals")
    for goal in found:
        verdict = "met" if goal.met else "MISSED"
        measured, most = number(goal.measured), number(goal.most)
        print(f"  {goal.promise:<38}{measured:>8} of at most {most:>7}  {verdict}")
    return all(goal.met for goal in found)


def number(value: float) -> str:
    """Return a number as it is read: one that was measured with one decimal."""
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def machine() -> str:
    """Return on what was measured."""
    cores = os.process_cpu_count()
    software = f"Python {platform.python_version()}, Home Assistant {__version__}"
    return f"{platform.machine()}, {cores} cores, {software}"
