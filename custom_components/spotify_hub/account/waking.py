"""Waking somebody up: a verified start that nobody is startled by."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..api.errors import DeviceNotFoundError, NoActiveDeviceError
from ..api.models import Repeat
from ..coordinator import PlaybackCoordinator
from ..fading import LEAST_APART, ROUNDING, Fade
from ..speaker_book import Speaker
from .fader import Fader
from .loudness import Loudness
from .own_speakers import AccountSpeakers
from .player import PlayerOperations
from .sending import CommandSender
from .start import Start
from .start_plan import PATIENCE
from .starting import Started

# How long an alarm is tried on its speaker, in seconds.
ALARM_PATIENCE = 60.0
# What a fade begins with, in percent: heard by whoever is awake.
QUIET = 5
_LOOKS_APART = 4.0
# What another speaker helps against.
_OF_THE_SPEAKER = frozenset(
    {"speaker_restricted", "start_held", "start_offline", "start_unconfirmed"}
)
_ABSENT = (DeviceNotFoundError, NoActiveDeviceError)

# What waits between two looks for a speaker; tests let it pass at once.
pause = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Waking:
    """How somebody is to be woken: `volume` is reached after `fade_in` seconds.

    In percent; never beyond what is allowed on the speaker.
    """

    volume: int
    fade_in: float = 0.0
    shuffle: bool | None = None
    repeat: Repeat | None = None
    patience: float = ALARM_PATIENCE


@dataclass(frozen=True, slots=True)
class Woken:
    """What became of it; `volume` is what is reached, None where it can't be set."""

    started: Started
    volume: int | None


class WakeUpOperations:
    """Starts one account's music quietly, and lets it grow louder."""

    def __init__(
        self,
        player: PlayerOperations,
        playback: PlaybackCoordinator,
        sender: CommandSender,
        loudness: Loudness,
        fader: Fader,
        speakers: AccountSpeakers,
    ) -> None:
        """Start by `player`; look for speakers by `sender`."""
        self._player = player
        self._playback = playback
        self._sender = sender
        self._loudness = loudness
        self._fader = fader
        self._speakers = speakers

    async def wake_up(
        self,
        what: Start,
        speaker: str | Speaker,
        how: Waking,
        *,
        fallback: str | Speaker | None = None,
    ) -> Woken:
        """Start something on a speaker, else on another; returns when it plays.

        The other is `fallback`, or what is set as the speaker's fallback.

        The volume goes on growing then, until somebody pauses or sets it by hand.

        Raises:
            HomeAssistantError: it plays on neither; says why.
        """
        first = await self._speaker(speaker)
        other = (
            await self._speaker(fallback)
            if fallback
            else self._speakers.fallback(first)
        )
        try:
            return await self._wake(what, first, how, how.patience)
        except HomeAssistantError as err:
            helps = err.translation_key in _OF_THE_SPEAKER
            if other is None or other.id == first.id or not helps:
                raise
        return await self._wake(what, other, how, PATIENCE)

    async def _speaker(self, named: str | Speaker) -> Speaker:
        if isinstance(named, Speaker):
            return named
        return await self._player.speaker_named(named)

    async def _wake(
        self, what: Start, speaker: Speaker, how: Waking, patience: float
    ) -> Woken:
        self._fader.async_stop()
        before = self._loudness.of(speaker)
        quiet, _ = self._levels(speaker, how)
        is_quiet, waited = await self._make_quiet(speaker, quiet, patience)
        try:
            started = await self._player.start(
                what,
                speaker,
                shuffle=how.shuffle,
                repeat=how.repeat,
                patience=max(PATIENCE, patience - waited) if waited else patience,
                # No other speaker but one that was made quiet.
                fallback=speaker,
            )
        except HomeAssistantError:
            if is_quiet and before is not None:
                # Somebody else may be listening there.
                with suppress(HomeAssistantError):
                    await self._loudness.set(speaker, before)
            raise
        return Woken(started, await self._grow_louder(speaker, how))

    async def _grow_louder(self, speaker: Speaker, how: Waking) -> int | None:
        """Let the volume grow; returns what is reached, None if it can't be set."""
        if not self._loudness.can_be_set(speaker):
            return None
        quiet, target = self._levels(speaker, how)
        heard = self._loudness.of(speaker)
        if heard is None or abs(heard - quiet) > ROUNDING:
            # It would not be told before. If it won't now, the fade makes up for it.
            with suppress(HomeAssistantError):
                await self._loudness.set(speaker, quiet)
        if quiet != target:
            begins = dt_util.utcnow().timestamp()
            fade = Fade(quiet, target, begins, begins + how.fade_in)
            self._fader.async_start(speaker, fade, heard)
        return target

    def _levels(self, speaker: Speaker, how: Waking) -> tuple[int, int]:
        """Return with which volume it begins, and which is reached."""
        settings = self._speakers.settings(speaker)
        target = round(100 * settings.within_bounds(how.volume / 100))
        if how.fade_in < LEAST_APART:
            return target, target
        quiet = settings.within_bounds(min(QUIET, target) / 100)
        return round(100 * quiet), target

    async def _make_quiet(
        self, speaker: Speaker, level: int, patience: float
    ) -> tuple[bool, float]:
        """Set the volume before anything is heard, waiting for a speaker not there yet.

        Returns whether it is set, and how many seconds were waited.
        """
        waited, longest = 0.0, patience - PATIENCE
        may_wake = not self._playback.data.is_playing
        while self._loudness.can_be_set(speaker):
            try:
                await self._loudness.set(speaker, level, confirm=False)
            except HomeAssistantError as err:
                if not isinstance(err.__cause__, _ABSENT):
                    # The start tells what is wrong.
                    break
            else:
                return True, waited
            if self._speakers.device(speaker) is None:
                if waited + _LOOKS_APART > longest:
                    break
                waited += await self._wait_for(speaker, longest - waited)
            elif may_wake:
                # Moved there paused, it wakes without a sound.
                may_wake = False
                with suppress(HomeAssistantError):
                    await self._player.select_speaker(speaker)
            else:
                break
        return False, waited

    async def _wait_for(self, speaker: Speaker, longest: float) -> float:
        """Look for a speaker until it is listed; returns for how long."""
        waited = 0.0
        while waited + _LOOKS_APART <= longest and not self._speakers.device(speaker):
            await pause(_LOOKS_APART)
            waited += _LOOKS_APART
            with suppress(HomeAssistantError):
                await self._sender.look_for_speakers()
        return waited
