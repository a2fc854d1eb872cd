"""When to ask Spotify again: decisions only, in seconds."""

from dataclasses import dataclass

# A second less than the built-in integration, so that a change is seen no later.
PLAYING = 29.0
WATCHED = 10.0
QUICK_IDLE = 29.0
FIRST_IDLE = 60.0
LONGEST_IDLE_ALONE = 120.0
LONGEST_IDLE = 600.0
# After the predicted end of an item, so that Spotify has moved on too.
AFTER_TRACK_END = 1.0
# Below this part of the day's budget polls spread out, the more the less is left;
# below the next one even the end of an item is not worth a request of its own.
SPARING_BELOW = 0.25
NO_TRACK_ENDS_BELOW = 0.1
MOST_SPARING = 4.0
# After an own command, to see what became of it.
CONFIRMATIONS = (0.7, 2.5)

# After a linked player has changed: Spotify needs a moment to know it too. Then not
# again for so long.
NUDGE_AFTER = 0.5
NUDGES_APART = 5.0

# The list of recent plays holds 50: a day's listening, but little more than two
# hours of short tracks.
RECENT_AFTER_CHANGE = 600.0
RECENT_ACTIVE = 3600.0

SPEAKERS_PLAYING = 300.0
SPEAKERS_IDLE = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the time of the next poll depends on.

    `unchanged` is how long the state has stood, `remaining` what is left of the
    item, both in seconds; `accounts` share one quota, of whose budget for a day
    the part `budget_left` (0 to 1) is left. That budget is a guess until Spotify has
    refused requests for it: then it is `budget_learned`.
    """

    playing: bool
    unchanged: float
    remaining: float | None = None
    watched: bool = False
    quick_idle: bool = False
    accounts: int = 1
    budget_left: float = 1.0
    budget_learned: bool = False


def next_playback_poll(situation: Situation) -> float:
    """Return in how many seconds to ask what is playing."""
    left = _budget_left(situation)
    interval = min(_interval(situation) * _stretch(left), LONGEST_IDLE)
    remaining = situation.remaining
    if left < NO_TRACK_ENDS_BELOW:
        return interval
    # A player that hangs at the end of an item is not asked every second.
    if not situation.playing or remaining is None or remaining <= 0:
        return interval
    return min(interval, remaining + AFTER_TRACK_END)


def next_speakers_poll(*, playing: bool) -> float:
    """Return in how many seconds to ask which speakers there are."""
    return SPEAKERS_PLAYING if playing else SPEAKERS_IDLE


def next_recent_poll(
    *, active: bool, changed: bool, since_last: float | None, now: float, phase: float
) -> float | None:
    """Return in how many seconds to ask for recent plays; None while nobody listens.

    `changed` says that another item began, or listening did; `since_last` is how
    long ago the list was fetched. `phase` (0 to 1) is the account's part of the
    hour at `now` (seconds since the epoch), so that a household's accounts do not
    ask at once.
    """
    rested = since_last is None or since_last >= RECENT_AFTER_CHANGE
    if changed and rested:
        return 0.0
    if not active:
        return None
    return RECENT_ACTIVE - (now - phase * RECENT_ACTIVE) % RECENT_ACTIVE


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


def _budget_left(situation: Situation) -> float:
    """Return the part of the budget that is left to heed."""
    # Whoever bought freshness for an account that harms no other keeps it, unless
    # Spotify itself objects.
    alone = situation.accounts == 1 and not situation.budget_learned
    return 1.0 if alone and situation.quick_idle else situation.budget_left


def _stretch(left: float) -> float:
    """Return by how much polls spread out so that the budget lasts for commands."""
    spent = max(0.0, 1.0 - left / SPARING_BELOW)
    return 1.0 + (MOST_SPARING - 1.0) * spent
