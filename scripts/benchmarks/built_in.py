"""The built-in Spotify integration of Home Assistant, as its published schedule has it.

Its coordinator (homeassistant/components/spotify/coordinator.py in 2026.10) asks
`GET /me/player` every 30 seconds, or one second after the end of the item when that
is nearer, and once more one second after each command of its own; `GET
/me/player/devices` every 5 minutes; a playlist's name when another playlist plays.
Home Assistant's timers fire at a part of the second of each coordinator's own, and
count from the full second before. Nothing else is assumed: no failures, no
artwork, no browsing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
import math
import random

from tests.emulator import World

from .day import DAY, Step
from .lateness import Lateness
from .phones import Phones

UPDATE_INTERVAL = 30.0
AFTER_TRACK_END = 1.0
AFTER_COMMAND = 1.0
DEVICES_INTERVAL = 300.0
# What it asks when it is set up, beside the first of each poll.
AT_START = "GET /me"
STAGGER = (0.05, 0.5)


@dataclass
class Replay:
    """One account's day with the built-in integration."""

    requests: Counter[str] = field(default_factory=Counter)
    lateness: Lateness = field(default_factory=Lateness)


class MovedClock:
    """Seconds of the day, moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def replay(steps: Sequence[Step], world: World, clock: MovedClock) -> Replay:
    """Go through an account's day in a world that stands on `clock`."""
    user, phones, done = steps[0].user, Phones(world), Replay()
    stagger = random.Random(user).uniform(*STAGGER)
    upcoming, confirmations = list(reversed(steps)), list[float]()
    poll = stagger
    known: str | None = None
    done.requests[AT_START] = 1
    done.requests["GET /me/player/devices"] = math.ceil(DAY / DEVICES_INTERVAL)
    while True:
        at = min([poll, *confirmations, *(step.at for step in upcoming[-1:])])
        if at >= DAY:
            return done
        clock.now = at
        if upcoming and upcoming[-1].at == at:
            step = upcoming.pop()
            if step.at_home:
                done.requests["commands"] += 1
                confirmations.append(at + AFTER_COMMAND)
            elif step.doing != "sleep":
                done.lateness.change(at, state_of(phones, user))
            phones.do(step)
            continue
        confirmations = [moment for moment in confirmations if moment > at]
        done.requests["GET /me/player"] += 1
        done.lateness.see(at)
        playing = phones.player(user)
        context = playing.context_uri if playing.active else None
        if context not in {None, known}:
            known = context
            done.requests["GET /playlists/…"] += 1
        poll = int(at) + stagger + _interval(phones.left(user))


def state_of(phones: Phones, user: str) -> str:
    """Return in which of the states that polling tells apart an account is."""
    return "playing" if phones.player(user).is_playing else "idle"


def _interval(left: float | None) -> float:
    if left is None or left >= UPDATE_INTERVAL:
        return UPDATE_INTERVAL
    return left + AFTER_TRACK_END
