"""When to ask Spotify again: decisions only, in seconds."""

from dataclasses import dataclass

PLAYING = 30.0
WATCHED = 10.0
QUICK_IDLE = 30.0
FIRST_IDLE = 60.0
LONGEST_IDLE_ALONE = 120.0
LONGEST_IDLE = 600.0
# After the predicted end of an item, so that Spotify has moved on too.
AFTER_TRACK_END = 1.0
# After an own command, to see what became of it.
CONFIRMATIONS = (0.7, 2.5)

SPEAKERS_PLAYING = 300.0
SPEAKERS_IDLE = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the time of the next poll depends on.

    `unchanged` is how long the state has stood, `remaining` what is left of the
    item, both in seconds; `accounts` share one quota.
    """

    playing: bool
    unchanged: float
    remaining: float | None = None
    watched: bool = False
    quick_idle: bool = False
    accounts: int = 1


def next_playback_poll(situation: Situation) -> float:
    """Return in how many seconds to ask what is playing."""
    interval = _interval(situation)
    remaining = situation.remaining
    # A player that hangs at the end of an item is not asked every second.
    if not situation.playing or remaining is None or remaining <= 0:
        return interval
    return min(interval, remaining + AFTER_TRACK_END)


def next_speakers_poll(*, playing: bool) -> float:
    """Return in how many seconds to ask which speakers there are."""
    return SPEAKERS_PLAYING if playing else SPEAKERS_IDLE


def _interval(situation: Situation) -> float:
    if situation.watched:
        return WATCHED
    if situation.playing:
        return PLAYING
    if situation.quick_idle:
        return QUICK_IDLE
    longest = min(LONGEST_IDLE_ALONE * situation.accounts, LONGEST_IDLE)
    # Waiting as long again as nothing has happened doubles the interval each time.
    return min(max(situation.unchanged, FIRST_IDLE), longest)
