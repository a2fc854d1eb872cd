"""Turning a speaker's volume up or down little by little: decisions only.

Volumes are in percent, moments in UTC seconds.
"""

from dataclasses import dataclass, replace

# Every step costs two requests, and nobody hears finer ones.
LEAST_APART = 4.0
MOST_STEPS = 20
# Speakers round what they are told to steps of their own.
ROUNDING = 3
# A step whose moment has all but come is due.
_NEARLY = 0.1


@dataclass(frozen=True, slots=True)
class Sight:
    """What plays at a moment.

    `speaker` is the book's id of the active one; its `volume` is None where it is
    not known, or can't be set. `remaining` is what is left of `item`, in seconds.
    """

    playing: bool
    speaker: str | None = None
    volume: int | None = None
    item: str | None = None
    remaining: float | None = None


@dataclass(frozen=True, slots=True)
class Fade:
    """From one volume to another, between two moments."""

    start: int
    target: int
    begins: float
    ends: float

    @property
    def steps(self) -> int:
        """Return how many there are: no more than can be heard."""
        most = min(MOST_STEPS, int((self.ends - self.begins) / LEAST_APART))
        return max(1, min(most, abs(self.target - self.start)))

    def level(self, at: float) -> int:
        """Return how loud it is to be at a moment."""
        way = (self.target - self.start) * self._done(at) / self.steps
        return self.start + round(way)

    def next_step(self, at: float) -> float:
        """Return when the step after those that are due is due; the end, if none is left."""
        following = self._done(at) + 1
        if following >= self.steps:
            return self.ends
        return self.begins + (self.ends - self.begins) * following / self.steps

    def _done(self, at: float) -> int:
        if at >= self.ends:
            return self.steps
        if at <= self.begins:
            return 0
        part = (at - self.begins) / (self.ends - self.begins)
        return min(self.steps, int(part * self.steps + _NEARLY))


@dataclass(frozen=True, slots=True)
class Turned:
    """A speaker whose volume is being turned: set to `now`, and to `earlier` before that.

    `before` is how loud it was when that began.
    """

    speaker: str
    before: int
    now: int
    earlier: int

    def to(self, level: int) -> Turned:
        """Return it after the next step."""
        return replace(self, now=level, earlier=self.now)

    def perhaps_to(self, level: int) -> Turned:
        """Return it after a step of which nobody knows whether it was made."""
        return replace(self, earlier=level)

    def is_by_hand(self, sight: Sight) -> bool:
        """Tell whether somebody else has set the volume since.

        Spotify may still tell the one before.
        """
        if sight.speaker != self.speaker or sight.volume is None:
            return False
        low, high = sorted((self.now, self.earlier))
        return not low - ROUNDING <= sight.volume <= high + ROUNDING


@dataclass(frozen=True, slots=True)
class Turn:
    """Set the volume to this."""

    to: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again then."""

    until: float


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing is left to do."""


def next_turn(
    fade: Fade, turned: Turned, sight: Sight, at: float
) -> Turn | Wait | Over:
    """Return what to do for music that is to grow louder, or quieter, and play on.

    Whoever pauses, moves it elsewhere or sets a volume by hand ends that.
    """
    if not sight.playing or sight.speaker != turned.speaker or turned.is_by_hand(sight):
        return Over()
    if (wanted := fade.level(at)) != turned.now:
        return Turn(wanted)
    return Over() if at >= fade.ends else Wait(fade.next_step(at))
