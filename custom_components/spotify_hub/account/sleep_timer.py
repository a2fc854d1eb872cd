"""An account's sleep timer: it is kept by the household, and runs on over a restart."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..api.breaker import OUTAGE
from ..api.errors import RateLimitedError
from ..const import LOGGER
from ..coordinator import PlaybackCoordinator
from ..fading import Sight, Turn, Turned, Wait
from ..failures import invalid
from ..household import Household
from ..sleep_timers import (
    TOO_LATE,
    Pause,
    Restore,
    SleepTimer,
    Step,
    followed,
    next_step,
)
from .jobs import BackgroundJob
from .loudness import Loudness
from .own_speakers import AccountSpeakers
from .player import PlayerOperations

# What was seen so many seconds ago is still so.
_FRESH = 3.5
# Until it is seen that a pause has made it quiet; until what failed is tried again.
_SETTLED = 1.5
_AGAIN = 15.0


class SleepTimerOperations:
    """Ends the music of one account at a moment, or with what plays."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        household: Household,
        playback: PlaybackCoordinator,
        player: PlayerOperations,
        loudness: Loudness,
        speakers: AccountSpeakers,
    ) -> None:
        """Pause by `player`, fade by `loudness`, look by `playback`."""
        self._entry = entry
        self._household = household
        self._playback = playback
        self._player = player
        self._loudness = loudness
        self._speakers = speakers
        # One thing at a time: a timer is not replaced in the middle of a step.
        self._lock = asyncio.Lock()
        self._pauses = 0
        self._refused: HomeAssistantError | None = None
        # What was tried is not tried again before; what was seen before the
        # last command is out of date.
        self._rests_until = 0.0
        self._acted_at = 0.0
        self._job = BackgroundJob(hass, entry, "sleep timer", self._async_act)
        self._listeners: set[Callable[[], None]] = set()

    @property
    def timer(self) -> SleepTimer | None:
        """Return the timer that runs, if one does."""
        return self._household.sleep_timers.get(self._entry.entry_id)

    @property
    def ends(self) -> datetime | None:
        """Return when it ends; None without one, or while that can't be told."""
        if (timer := self.timer) is None or timer.paused is not None:
            return None
        return dt_util.utc_from_timestamp(timer.ends)

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` whenever the timer is another."""
        self._listeners.add(listener)
        return partial(self._listeners.discard, listener)

    @callback
    def async_start(self) -> None:
        """Go on with what was kept; to be called once."""
        entry = self._entry
        entry.async_on_unload(self._playback.async_add_look_listener(self._follow))
        entry.async_on_unload(self._job.async_close)
        if self.timer is not None:
            self._job.async_run_in(0)

    async def set(self, seconds: float, fade: float) -> SleepTimer:
        """End the music in so many seconds, in place of a timer that runs.

        For the last `fade` seconds it grows quieter, if the speaker lets it.
        """
        ends = dt_util.utcnow().timestamp() + seconds
        return await self._set(SleepTimer(ends, min(fade, seconds)))

    async def set_to_end_of_track(self, fade: float) -> SleepTimer:
        """End the music with what plays; skipping moves that to what plays then.

        Raises:
            ServiceValidationError: nothing plays whose end is known.
            HomeAssistantError: Spotify can't be asked now.
        """
        state, now = await self._player.look(), dt_util.utcnow()
        remaining = state.remaining(now)
        if not state.is_playing or state.item_uri is None or remaining is None:
            raise invalid("no_end_of_track")
        ends = now.timestamp() + remaining
        return await self._set(
            SleepTimer(ends, min(fade, remaining), item=state.item_uri)
        )

    async def cancel(self) -> SleepTimer | None:
        """Let the music play on, as loud as before; returns the timer that ran.

        Raises:
            HomeAssistantError: the volume could not be set back.
        """
        async with self._lock:
            if (timer := self.timer) is None:
                return None
            self._keep(None)
            if timer.turned is not None:
                await self._async_look()
                timer = self._followed(timer)
            if timer.turned is not None:
                await self._restore(timer.turned.speaker, timer.turned.before)
            return timer

    async def _set(self, timer: SleepTimer) -> SleepTimer:
        async with self._lock:
            former = self.timer
            self._pauses, self._refused, self._rests_until = 0, None, 0.0
            # What the former one made quieter is set back first.
            self._keep(replace(timer, turned=former.turned if former else None))
        self._job.async_run_in(0)
        return timer

    @callback
    def _follow(self) -> None:
        """Hear what Spotify says now."""
        if (timer := self.timer) is None or self._lock.locked():
            return
        self._keep(timer := self._followed(timer))
        at = dt_util.utcnow().timestamp()
        step = next_step(timer, self._sight(), at)
        if isinstance(step, Wait):
            self._come_back(step.until)
        elif at >= self._rests_until:
            self._job.async_run_in(0)

    async def _async_act(self) -> None:
        """Look, do all that is due, and come back when something is again."""
        async with self._lock:
            looked = self.timer is not None and await self._async_look()
            while (timer := self.timer) is not None:
                if looked:
                    self._keep(timer := self._followed(timer))
                at, sight = dt_util.utcnow().timestamp(), self._sight()
                step = next_step(timer, sight, at)
                blind = not looked and (at < timer.ends or self._playback.seen is None)
                if isinstance(step, Wait):
                    until: float | None = step.until
                elif blind and at <= timer.ends + TOO_LATE:
                    # Spotify can't be asked: it may have been paused, or moved.
                    until = at + _AGAIN if at >= timer.ends else _soon(timer, at)
                else:
                    until = await self._do(step, timer, sight, at)
                if until is not None:
                    self._come_back(until)
                    return

    async def _do(
        self, step: Step, timer: SleepTimer, sight: Sight, at: float
    ) -> float | None:
        """Do what is due; returns when to come back if nothing else can be done."""
        match step:
            case Turn(to):
                return await self._turn(timer, sight, to, at)
            case Restore(speaker_id, to):
                return await self._turn_back(timer, speaker_id, to, at)
            case Pause():
                return await self._pause(at)
        if sight.playing and (self._refused or self._pauses):
            LOGGER.warning(
                "The sleep timer of %s could not pause the music: %s",
                self._entry.title,
                self._refused or "it was accepted without effect",
            )
        self._keep(None)
        return None

    async def _pause(self, at: float) -> float:
        """Pause, and look a moment later whether it is quiet."""
        try:
            await self._player.pause()
        except HomeAssistantError as err:
            self._refused = err
            return self._rest_until(at + _AGAIN)
        self._refused = None
        self._pauses += 1
        self._acted_at = dt_util.utcnow().timestamp()
        return self._rest_until(at + (_SETTLED if self._pauses == 1 else _AGAIN))

    async def _turn(
        self, timer: SleepTimer, sight: Sight, to: int, at: float
    ) -> float | None:
        """Make the speaker quieter; what can't be set stays as it is."""
        speaker = self._speakers.by_id(sight.speaker or "")
        if speaker is None or sight.volume is None:
            self._keep(replace(timer, hands_off=True))
            return None
        former = timer.turned or Turned(speaker.id, *3 * (sight.volume,))
        # Kept first: what was sent must be set back, whatever becomes of it.
        self._keep(replace(timer, turned=former.to(to)))
        try:
            await self._loudness.set(speaker, to, confirm=False)
        except HomeAssistantError as err:
            if not _passes(err):
                self._keep(replace(timer, hands_off=True))
                return None
            self._keep(replace(timer, turned=former.perhaps_to(to)))
            return self._rest_until(_soon(timer, at))
        self._acted_at = dt_util.utcnow().timestamp()
        return None

    async def _turn_back(
        self, timer: SleepTimer, speaker_id: str, to: int, at: float
    ) -> float | None:
        """Set a volume back; one that can't be for long is left as it is."""
        try:
            await self._restore(speaker_id, to)
        except HomeAssistantError as err:
            if _passes(err) and at <= timer.ends + TOO_LATE:
                return self._rest_until(at + _AGAIN)
            LOGGER.warning(
                "The volume that the sleep timer of %s had turned down could not "
                "be set back: %s",
                self._entry.title,
                err,
            )
        self._keep(replace(timer, turned=None))
        return None

    def _rest_until(self, until: float) -> float:
        self._rests_until = until
        return until

    async def _restore(self, speaker_id: str, to: int) -> None:
        if (speaker := self._speakers.by_id(speaker_id)) is not None:
            await self._loudness.set(speaker, to)

    async def _async_look(self) -> bool:
        """Ask Spotify what plays, unless that is known; returns whether it is."""
        seen, now = self._playback.seen, dt_util.utcnow().timestamp()
        seen_at = seen.at.timestamp() if seen else 0.0
        if seen_at <= self._acted_at or now - seen_at > _FRESH:
            await self._playback.async_refresh()
        return self._playback.trouble is None

    def _sight(self) -> Sight:
        return self._loudness.sight(dt_util.utcnow())

    def _followed(self, timer: SleepTimer) -> SleepTimer:
        return followed(timer, self._sight(), dt_util.utcnow().timestamp())

    @callback
    def _keep(self, timer: SleepTimer | None) -> None:
        if timer == self.timer:
            return
        self._household.async_set_sleep_timer(self._entry.entry_id, timer)
        for listener in tuple(self._listeners):
            listener()

    def _come_back(self, at: float) -> None:
        self._job.async_run_in(max(0.0, at - dt_util.utcnow().timestamp()))


def _soon(timer: SleepTimer, at: float) -> float:
    return min(at + _AGAIN, timer.ends)


def _passes(error: HomeAssistantError) -> bool:
    """Tell whether the same may succeed a little later."""
    return isinstance(error.__cause__, (RateLimitedError, *OUTAGE))
