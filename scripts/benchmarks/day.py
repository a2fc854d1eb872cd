"""A household's day, made up but always the same: four hours of music for each account.

Each account listens in five sessions between seven and eleven: music begins on the
phone, pauses once for some minutes, and ends on the phone. All the while volume and
track are changed on the phone, and 25 commands are given at home. The many changes
of volume are there to be timed; they cost neither integration a request.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import random
from typing import Literal

MINUTE = 60.0
HOUR = 3600.0
DAY = 24 * HOUR

SESSIONS = 5
MUSIC = 4 * HOUR
COMMANDS = 25
FIRST_HOUR = 7 * HOUR
LAST_HOUR = 23 * HOUR
# Until Spotify no longer shows a session that was paused.
FALLS_ASLEEP = 60 * MINUTE

type Doing = Literal["play", "pause", "resume", "next", "volume", "shuffle", "sleep"]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody does: on the phone, or by Home Assistant (`at_home`)."""

    at: float
    user: str
    doing: Doing
    value: int = 0
    at_home: bool = False


def plan(user: str, seed: int = 1) -> list[Step]:
    """Return what happens to an account in a day, in order."""
    dice = random.Random(f"{user} {seed}")
    slot = (LAST_HOUR - FIRST_HOUR) / SESSIONS
    steps: list[Step] = []
    for session in range(SESSIONS):
        pause = dice.uniform(6, 18) * MINUTE
        length = MUSIC / SESSIONS + pause + FALLS_ASLEEP
        begins = FIRST_HOUR + session * slot + dice.uniform(0, slot - length)
        steps += _session(dice, user, begins, pause, paused_at_home=session % 2 == 1)
    return sorted(steps, key=lambda step: step.at)


def _session(
    dice: random.Random, user: str, begins: float, pause: float, *, paused_at_home: bool
) -> Iterator[Step]:
    music = MUSIC / SESSIONS
    pauses = begins + dice.uniform(0.3, 0.7) * music
    resumes, ends = pauses + pause, begins + music + pause
    yield Step(begins, user, "play", dice.randrange(1000))
    yield Step(pauses, user, "pause", at_home=paused_at_home)
    yield Step(resumes, user, "resume", at_home=paused_at_home)
    yield Step(ends, user, "pause")
    yield Step(ends + FALLS_ASLEEP, user, "sleep")
    commands = COMMANDS // SESSIONS - 2 * paused_at_home
    moments = sorted(dice.uniform(begins + 30, pauses - 30) for _ in range(commands))
    for moment in moments:
        doing: Doing = dice.choice(("volume", "volume", "next", "next", "shuffle"))
        yield Step(moment, user, doing, dice.randrange(10, 90), at_home=True)
    for first, last in ((begins, pauses), (resumes, ends)):
        for moment in _moments(dice, first, last, shortest=35, usual=90):
            doing = "next" if dice.random() < 0.12 else "volume"
            yield Step(moment, user, doing, dice.randrange(10, 90))
    for moment in _moments(
        dice, ends, ends + FALLS_ASLEEP, shortest=11 * MINUTE, usual=14 * MINUTE
    ):
        yield Step(moment, user, "volume", dice.randrange(10, 90))


def _moments(
    dice: random.Random, first: float, last: float, *, shortest: float, usual: float
) -> Iterator[float]:
    """Pick moments at random that lie well apart."""
    moment = first
    while True:
        moment += shortest + dice.expovariate(1 / (usual - shortest))
        if moment > last - shortest:
            return
        yield moment
