"""What an account plays at a moment, and what follows from it for another moment."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .api.models import Playback

# A position that is off by less is the same play going on, not a jump.
STEADY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class PlaybackState:
    """What plays, and when that was so: `playback.progress_ms` holds at `at`.

    `since` is when it last began or ceased to play.
    """

    playback: Playback | None
    at: datetime
    since: datetime

    @property
    def is_playing(self) -> bool:
        """Return whether something plays."""
        return self.playback is not None and self.playback.is_playing

    def progress_ms(self, now: datetime) -> int | None:
        """Return the position at another moment, never past the item's end."""
        if self.playback is None or self.playback.progress_ms is None:
            return None
        progress = self.playback.progress_ms
        if self.playback.is_playing:
            progress += round((now - self.at) / timedelta(milliseconds=1))
        duration = self.playback.item.duration_ms if self.playback.item else None
        return progress if duration is None else min(progress, duration)

    def remaining(self, now: datetime) -> float | None:
        """Return the seconds until the item ends."""
        progress = self.progress_ms(now)
        if progress is None or self.playback is None or self.playback.item is None:
            return None
        duration = self.playback.item.duration_ms
        return (duration - progress) / 1000 if duration else None

    @property
    def item_uri(self) -> str | None:
        """Return the URI of what plays, if it has one."""
        return self.playback.item.uri if self.playback and self.playback.item else None


def steady(old: PlaybackState | None, new: PlaybackState) -> PlaybackState:
    """Return the old state while the new one only says that time has passed.

    So a progress bar does not twitch, and nothing is written to the recorder.
    """
    if old is None or old.playback is None or new.playback is None:
        return old if old and old.playback is new.playback else new
    at_new, progress = old.progress_ms(new.at), new.playback.progress_ms
    if at_new is None or progress is None:
        off = timedelta() if at_new is progress else STEADY
    else:
        off = timedelta(milliseconds=abs(at_new - progress))
    same = replace(
        new.playback,
        progress_ms=old.playback.progress_ms,
        timestamp_ms=old.playback.timestamp_ms,
    )
    return old if same == old.playback and off < STEADY else new
