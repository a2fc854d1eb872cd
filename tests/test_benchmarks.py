"""The benchmarks measure what they say they do."""

import asyncio
from itertools import pairwise
import time

import pytest

from scripts.benchmarks import home
from scripts.benchmarks.built_in import MovedClock, replay
from scripts.benchmarks.day import COMMANDS, DAY, HOUR, MUSIC, Step, plan
from scripts.benchmarks.goals import Goal
from scripts.benchmarks.lateness import Lateness, Spread, spread
from scripts.benchmarks.phones import make_world
from scripts.benchmarks.virtual_time import VirtualTimeLoop

EVENING = [
    Step(600, "anna", "play"),
    Step(1000, "anna", "volume", 33),
    Step(1100, "anna", "next", at_home=True),
    Step(2000, "anna", "pause"),
]


def test_a_day_is_what_it_says() -> None:
    """Four hours of music and 25 commands, the same every time."""
    steps = plan("anna")
    assert steps == plan("anna")
    assert steps != plan("ben")
    turns = [step for step in steps if step.doing in {"play", "pause", "resume"}]
    played = sum(
        after.at - before.at
        for before, after in pairwise(turns)
        if before.doing != "pause"
    )
    assert played == pytest.approx(MUSIC)
    assert sum(step.at_home for step in steps) == COMMANDS
    assert all(0 <= step.at < DAY for step in steps)


def test_time_passes_at_once() -> None:
    """An hour's sleep takes no real time, and a thread's work no virtual time."""

    async def sleep() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(HOUR)
        slept = loop.time()
        await asyncio.to_thread(time.sleep, 0.01)
        return slept, loop.time()

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        slept, worked = runner.run(sleep())
    assert slept == worked == pytest.approx(HOUR)


def test_the_built_in_integration_is_replayed() -> None:
    """Every 30 seconds and every 5 minutes, and a little more while music plays."""
    clock = MovedClock()
    quiet = replay([Step(0, "anna", "sleep")], make_world(clock, 0, ""), clock)
    assert quiet.requests["GET /me/player"] == DAY / 30
    assert quiet.requests["GET /me/player/devices"] == DAY / 300
    clock = MovedClock()
    evening = replay(EVENING, make_world(clock, 0, ""), clock)
    assert evening.requests["GET /me/player"] > DAY / 30
    assert evening.requests["commands"] == 1
    assert all(0 <= late <= 31 for late in evening.lateness.seen["playing"])


def test_a_change_is_late_until_it_is_seen() -> None:
    """What comes while another change waits is seen with it, and not counted."""
    lateness = Lateness()
    lateness.see(1)
    lateness.change(10, "idle")
    lateness.change(15, "playing")
    lateness.see(30)
    assert lateness.seen == {"idle": [20]}
    assert spread(range(101)) == Spread(101, 50, 95)


def test_goals_are_kept_or_missed() -> None:
    """A goal is the most that is allowed."""
    assert Goal("requests", 1500, 1500).met
    assert not Goal("requests", 1501, 1500).met


def test_the_integration_lives_through_an_hour(socket_enabled: None) -> None:
    """A real Home Assistant sees the phone's changes, and asks seldom."""
    observed = home.live({"anna": EVENING}, length=HOUR)
    assert 80 < observed.requests["GET /me/player"] < 120
    assert observed.requests["commands"] == 1
    seen = observed.lateness["anna"].seen
    assert len(seen["idle"]) == 1
    assert len(seen["playing"]) == 2
    assert max(seen["playing"]) <= 31


def test_requests_are_grouped_by_endpoint() -> None:
    """Ids do not make a group of their own."""
    playlist = "/v1/playlists/37i9dQZF1DX0XUsuxWHRQd"
    assert home.endpoint("GET", f"{playlist}/items") == "GET /playlists/…/items"
    assert home.endpoint("PUT", "/v1/me/player/pause") == "commands"
