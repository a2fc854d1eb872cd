"""What polling costs, and how late a change made on the phone is seen.

Lives the same made-up day with this integration, in a real Home Assistant against
the emulated Spotify, and with the schedule of the built-in integration.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
import logging
import multiprocessing

from . import day
from .built_in import MovedClock, replay
from .goals import Goal, judge, machine, number
from .home import live
from .lateness import Spread, spread
from .phones import make_world
from .virtual_home import BEGINNING

ONE = ("anna",)
FIVE = ("anna", "ben", "carla", "dora", "emil")

# An account alone makes too few changes in a day for a percentile that means anything.
DAYS_ALONE = 6

# Requests in a day.
MOST_FOR_ONE = 1500
MOST_FOR_FIVE = 3500
# Seconds from a change while nothing plays until it is seen, for 95 % of changes.
LATEST_FROM_IDLE = 120.0


@dataclass(frozen=True)
class Day:
    """What a household's day came to; `seen` is how late changes were, by state."""

    requests: Counter[str]
    seen: Sequence[Mapping[str, Sequence[float]]]

    @property
    def lateness(self) -> Mapping[str, Spread]:
        """Return how late changes were seen, by the state that they were made in."""
        return {
            state: spread(value for one in self.seen for value in one.get(state, ()))
            for state in ("playing", "idle")
        }


@dataclass(frozen=True)
class Comparison:
    """The same day with this integration and with the built-in one."""

    ours: Day
    built_in: Day


def plans(users: Sequence[str], seed: int) -> dict[str, list[day.Step]]:
    """Return what each account's day holds; each seed makes another day."""
    return {user: day.plan(user, seed) for user in users}


def with_ours(
    users: Sequence[str], *, seed: int = 1, quick_idle: bool = False, times: int = 1
) -> Day:
    """Live the day with this integration; with several times, the last one counts."""
    observed = live(plans(users, seed), quick_idle=quick_idle, times=times)
    seen = [dict(lateness.seen) for lateness in observed.lateness.values()]
    return Day(observed.requests, seen)


def with_built_in(users: Sequence[str], *, seed: int = 1) -> Day:
    """Replay the day with the built-in integration's schedule."""
    requests, seen = Counter[str](), []
    for steps in plans(users, seed).values():
        clock = MovedClock()
        world = make_world(clock, BEGINNING.timestamp(), "http://127.0.0.1")
        done = replay(steps, world, clock)
        requests += done.requests
        seen.append(dict(done.lateness.seen))
    return Day(requests, seen)


def together(days: Sequence[Day]) -> Day:
    """Return days as one: the requests of the dearest, and all changes that were timed."""
    dearest = max(days, key=lambda one: one.requests.total())
    return Day(dearest.requests, [seen for one in days for seen in one.seen])


def goals(alone: Comparison, quick: Comparison, five: Comparison) -> list[Goal]:
    """Return what is promised, with what was measured."""

    def late(comparison: Comparison, state: str) -> tuple[float, float]:
        ours, built_in = comparison.ours, comparison.built_in
        return ours.lateness[state].p95, built_in.lateness[state].p95

    return [
        Goal(
            "requests of one account alone", alone.ours.requests.total(), MOST_FOR_ONE
        ),
        Goal("requests of five on one book", five.ours.requests.total(), MOST_FOR_FIVE),
        Goal("p95 while playing, as the built-in", *late(alone, "playing")),
        Goal(
            "p95 from idle without a hint",
            alone.ours.lateness["idle"].p95,
            LATEST_FROM_IDLE,
        ),
        Goal("p95 from idle, quick idle polling", *late(quick, "idle")),
        Goal("p95 while playing, quick idle polling", *late(quick, "playing")),
    ]


def run() -> bool:
    """Measure, print, and tell whether every goal is met."""
    # Each in a process of its own: Home Assistant is one to a process, and so are clocks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        2,
        context,
        initializer=logging.disable,
        initargs=(logging.WARNING,),
        max_tasks_per_child=1,
    ) as pool:
        seeds = range(1, DAYS_ALONE + 1)
        five_ours = pool.submit(with_ours, FIVE, times=2)
        one_ours = [pool.submit(with_ours, ONE, seed=seed) for seed in seeds]
        quick_ours = [
            pool.submit(with_ours, ONE, seed=seed, quick_idle=True) for seed in seeds
        ]
        five_built_in = pool.submit(with_built_in, FIVE)
        one_built_in = [pool.submit(with_built_in, ONE, seed=seed) for seed in seeds]
        theirs = _all(one_built_in)
        alone = Comparison(_all(one_ours), theirs)
        quick = Comparison(_all(quick_ours), theirs)
        five = Comparison(five_ours.result(), five_built_in.result())
    print(f"Machine: {machine()}")
    print("A day with four hours of music and 25 commands for each account.")
    print(
        f"One account lives {DAYS_ALONE} such days; the requests are the dearest day's."
    )
    _show("One account alone", alone)
    _show("One account alone, with quick idle polling", quick)
    _show("Five accounts on one book, on a day after another like it", five)
    return judge(goals(alone, quick, five))


def _all(days: Sequence[Future[Day]]) -> Day:
    return together([one.result() for one in days])


def _show(title: str, comparison: Comparison) -> None:
    ours, built_in = comparison.ours, comparison.built_in
    print(f"\n{title}")
    print(f"  {'requests in a day':<34}{'Spotify Hub':>12}{'built-in':>10}")
    both = ours.requests | built_in.requests
    for endpoint, _ in both.most_common():
        _row(endpoint, ours.requests[endpoint], built_in.requests[endpoint])
    totals = ours.requests.total(), built_in.requests.total()
    _row("all", *totals)
    print(f"  {'part of the built-in':<34}{totals[0] / totals[1]:>12.0%}")
    print("  seconds until a change on the phone is seen")
    for state, mine in ours.lateness.items():
        theirs = built_in.lateness[state]
        _row(f"  {state}, median", mine.median, theirs.median)
        _row(f"  {state}, p95", mine.p95, theirs.p95)
        _row(f"  {state}, changes timed", mine.count, theirs.count)


def _row(name: str, ours: float, built_in: float) -> None:
    print(f"  {name:<34}{number(ours):>12}{number(built_in):>10}")
