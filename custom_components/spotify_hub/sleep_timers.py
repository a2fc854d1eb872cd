"""When an account's music shall end, and what to do until then: decisions only.

A timer runs on through everything, as a kitchen timer does: a pause by hand, other
music, a restart. Volumes are in percent, moments in UTC seconds.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from .fading import Fade, Over, Sight, Turn, Turned, Wait

# Whoever still listens so long after a pause was due does not want it any more.
TOO_LATE = 300.0
# A timer for the end of an item that was paused by hand so long ago is forgotten.
FORGOTTEN = 3600.0
# Before an item ends its end is looked up once more.
LAST_LOOK = 3.0
# Spotify's longest crossfade, and a second: what begins before is somebody's choice.
NEARLY_OVER = 13.0
# A predicted end that moves by less is the same.
_DRIFT = 0.5


@dataclass(frozen=True, slots=True)
class SleepTimer:
    """Music that ends at a moment, growing quieter for `fade` seconds before.

    With an `item` it ends when that does, which is predicted; `paused` is since when
    it can't be, because it does not play. `turned` is the speaker that was made
    quieter; with `hands_off` the volume stays as it is, for somebody has chosen it
    since, or it can't be set.
    """

    ends: float
    fade: float = 0.0
    item: str | None = None
    paused: float | None = None
    turned: Turned | None = None
    hands_off: bool = False


type SleepTimers = Mapping[str, SleepTimer]


@dataclass(frozen=True, slots=True)
class Pause:
    """Let it be quiet now."""


@dataclass(frozen=True, slots=True)
class Restore:
    """Set a speaker, by its id, to the volume that it had."""

    speaker: str
    to: int


type Step = Wait | Turn | Restore | Pause | Over


def followed(timer: SleepTimer, sight: Sight, at: float) -> SleepTimer:
    """Return the timer after a look at what plays."""
    if timer.turned is not None and timer.turned.is_by_hand(sight):
        timer = replace(timer, turned=None, hands_off=True)
    if timer.item is None:
        return timer
    if not sight.playing:
        begun = timer.paused is None and at < timer.ends
        return replace(timer, paused=at) if begun else timer
    if sight.item is None or sight.remaining is None:
        return timer
    ends = at + sight.remaining
    if timer.paused is not None:
        return replace(timer, item=sight.item, ends=ends, paused=None)
    if at >= timer.ends:
        return timer
    if sight.item != timer.item and at >= timer.ends - NEARLY_OVER:
        return replace(timer, ends=at)
    if sight.item != timer.item or abs(ends - timer.ends) > _DRIFT:
        # Skipped or sought by hand: this is what the person hears now.
        return replace(timer, item=sight.item, ends=ends)
    return timer


def next_step(timer: SleepTimer, sight: Sight, at: float) -> Step:
    """Return what to do now, for a timer that has `followed` what is seen."""
    turned, begins = timer.turned, timer.ends - timer.fade
    late = at - timer.ends > TOO_LATE
    if turned is not None and not (late and sight.playing):
        elsewhere = sight.speaker != turned.speaker
        if not sight.playing or elsewhere or at < begins - _DRIFT:
            return Restore(turned.speaker, turned.before)
    if timer.paused is not None:
        forgotten = timer.paused + FORGOTTEN
        return Over() if at >= forgotten else Wait(forgotten)
    if at >= timer.ends:
        return Pause() if sight.playing and not late else Over()
    if not sight.playing:
        return Wait(timer.ends)
    if at < begins - _DRIFT:
        return _wait(timer, begins, at)
    return _quieter(timer, sight, at) or _wait(timer, timer.ends, at)


def _quieter(timer: SleepTimer, sight: Sight, at: float) -> Turn | Wait | None:
    """Return the next step of the fade; None where there is none."""
    turned = timer.turned
    now, start = (turned.now, turned.before) if turned else (sight.volume, sight.volume)
    if timer.hands_off or not timer.fade or not now or not start:
        return None
    fade = Fade(start, 0, timer.ends - timer.fade, timer.ends)
    # The last step is the pause itself.
    if 0 < (wanted := fade.level(at)) < now:
        return Turn(wanted)
    return _wait(timer, fade.next_step(at), at)


def _wait(timer: SleepTimer, until: float, at: float) -> Wait:
    last_look = timer.ends - LAST_LOOK
    if timer.item is not None and at < last_look < until:
        return Wait(last_look)
    return Wait(until)


def dump(timers: SleepTimers) -> dict[str, Any]:
    """Return what a store keeps."""
    return {entry_id: asdict(timer) for entry_id, timer in timers.items()}


def load(data: Mapping[str, Any]) -> SleepTimers:
    """Read what `dump` returned.

    Raises:
        AttributeError, LookupError, TypeError, ValueError: it is something else.
    """
    return {entry_id: _timer(kept) for entry_id, kept in data.items()}


def _timer(kept: Mapping[str, Any]) -> SleepTimer:
    turned = kept["turned"]
    return SleepTimer(
        ends=float(kept["ends"]),
        fade=float(kept["fade"]),
        item=kept["item"],
        paused=None if kept["paused"] is None else float(kept["paused"]),
        turned=None if turned is None else Turned(**turned),
        hands_off=bool(kept["hands_off"]),
    )
