"""A verified start: music is where it was asked to be, or the caller hears why not."""

import asyncio
from dataclasses import dataclass, field, replace

from homeassistant.components.media_player import SERVICE_PLAY_MEDIA
from homeassistant.const import SERVICE_MEDIA_PLAY
from homeassistant.exceptions import HomeAssistantError

from .. import expectation as expect
from ..api.errors import SpotifyApiError
from ..api.models import Device, Playback
from ..api.player import PlayerEndpoints
from ..coordinator import PlaybackCoordinator
from ..expectation import Expectation
from ..failures import invalid
from ..polling import CONFIRMATIONS
from ..speaker_book import Speaker
from . import speakers
from .own_speakers import AccountSpeakers
from .sending import CommandSender
from .start import Start
from .start_confirmation import is_confirmed
from .start_plan import (
    PATIENCE,
    Check,
    GiveUp,
    Goal,
    Look,
    Move,
    Play,
    Reason,
    Situation,
    Try,
    TryFallback,
    Wait,
    next_step,
)

# What Spotify calls a goal among what it does not allow at the moment.
_ACTIONS = {
    Goal.RESUME: "resuming",
    Goal.MOVE: "transferring_playback",
    Goal.MOVE_PAUSED: "transferring_playback",
}

# Seconds for which it is told why a start failed.
_REMEMBERED = 600.0

# What waits between two looks; tests let it pass at once.
pause = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Started:
    """What became of a start that was not given up.

    It is not `confirmed` where Spotify, having accepted it, may not be asked, or had
    nothing to move.
    """

    confirmed: bool
    device: Device | None


class _Watch:
    """Seconds since a start was asked for."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()

    @property
    def elapsed(self) -> float:
        return self._loop.time() - self._began

    async def until(self, at: float) -> None:
        if (left := at - self.elapsed) > 0:
            await pause(left)
            # A clock that stands still must not make the plan wait for ever.
            self._began -= max(0.0, at - self.elapsed)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a start is to do, what played before, and what is shown meanwhile."""

    goal: Goal
    what: Start | None
    before: Playback | None
    watch: _Watch
    shown: list[Expectation] = field(default_factory=list)


class Starter:
    """Starts and moves what one account plays."""

    def __init__(
        self,
        api: PlayerEndpoints,
        sender: CommandSender,
        playback: PlaybackCoordinator,
        speakers: AccountSpeakers,
    ) -> None:
        """Command by `sender`, look by it and by `playback`."""
        self._api = api
        self._sender = sender
        self._playback = playback
        self._speakers = speakers
        self._failed: tuple[float, HomeAssistantError] | None = None

    @property
    def last_failure(self) -> HomeAssistantError | None:
        """Return why the latest start came to nothing, unless that is long ago."""
        if self._failed is None:
            return None
        at, error = self._failed
        now = asyncio.get_running_loop().time()
        return error if now - at < _REMEMBERED else None

    async def run(
        self,
        goal: Goal,
        what: Start | None,
        speaker: Speaker | None,
        *,
        patience: float = PATIENCE,
        fallback: Speaker | None = None,
    ) -> Started:
        """Reach the goal on a speaker; without one, where Spotify would.

        Raises:
            HomeAssistantError: it was not reached; says why.
        """
        try:
            started = await self._reach_goal(goal, what, speaker, patience, fallback)
        except HomeAssistantError as err:
            self._failed = asyncio.get_running_loop().time(), err
            raise
        self._failed = None
        return started

    async def _reach_goal(
        self,
        goal: Goal,
        what: Start | None,
        speaker: Speaker | None,
        patience: float,
        fallback: Speaker | None,
    ) -> Started:
        asked = _Asked(goal, what, self._playback.data.playback, _Watch())
        try:
            outcome = await self._run(asked, speaker, patience, fallback)
        finally:
            # Confirmed it is seen; otherwise Spotify's word stands.
            for expectation in asked.shown:
                self._playback.async_withdraw(expectation)
        if isinstance(outcome, Started):
            return outcome
        if fallback is not None:
            return await self.run(goal, what, fallback)
        raise invalid("start_unconfirmed", speaker=speaker.name if speaker else "-")

    async def _run(
        self,
        asked: _Asked,
        speaker: Speaker | None,
        patience: float,
        fallback: Speaker | None,
    ) -> Started | TryFallback:
        tries: tuple[Try, ...] = ()
        if speaker is None:
            went_to = await self._send_anywhere(asked)
            for at in CONFIRMATIONS:
                await asked.watch.until(at)
                if (done := await self._check(asked, went_to)) is not None:
                    return done
            went_to = went_to or self._sender.active_speaker
            speaker = self._speakers.of_device(went_to)
            if speaker is None or went_to is None or went_to.id is None:
                name = went_to.name if went_to else "-"
                raise invalid("start_unconfirmed", speaker=name)
            tries = (Try(Play(went_to.id), 0.0, checks=len(CONFIRMATIONS)),)
        situation = self._situation(asked.goal, speaker, patience, fallback, tries)
        outcome = await self._reach(asked, speaker, situation)
        if isinstance(outcome, GiveUp | TryFallback):
            done = await self._by_link(asked, outcome.reason, speaker)
            if done is not None:
                return done
        if isinstance(outcome, GiveUp):
            raise self._given_up(asked.goal, outcome, speaker)
        return outcome

    async def _by_link(
        self, asked: _Asked, reason: Reason, speaker: Speaker
    ) -> Started | None:
        """Let the linked player of a restricted speaker start it; None if it can't."""
        seen_as = self._speakers.device(speaker)
        device = seen_as or Device(None, speaker.name, speaker.type)
        player = self._speakers.linked(device)
        command = _by_player(asked)
        if player is None or command is None or reason is not Reason.RESTRICTED:
            return None
        action, data = command
        if not player.can(action):
            return None
        began = asked.watch.elapsed
        await self._sender.send_by_link(
            "start", player, action, _expected(asked), **data
        )
        for after in CONFIRMATIONS:
            await asked.watch.until(began + after)
            if (done := await self._check(asked, device)) is not None:
                return done
        return None

    async def _reach(
        self, asked: _Asked, speaker: Speaker, situation: Situation
    ) -> Started | TryFallback | GiveUp:
        """Do what the plan says until it is reached or given up."""
        watch = asked.watch
        while True:
            situation = replace(situation, elapsed=watch.elapsed)
            match step := next_step(situation):
                case TryFallback() | GiveUp():
                    return step
                case Look():
                    await self._sender.look_for_speakers()
                    situation = replace(
                        situation,
                        looked=watch.elapsed,
                        device=self._speakers.device(speaker),
                    )
                case Wait(until):
                    await watch.until(until)
                case Check(at):
                    await watch.until(at)
                    *former, last = situation.tries
                    device = Device(last.step.device_id, speaker.name, speaker.type)
                    if (done := await self._check(asked, device)) is not None:
                        if last.error is None or done.confirmed:
                            return done
                        return GiveUp(Reason.FAILED, error=last.error)
                    last = replace(last, checks=last.checks + 1)
                    situation = replace(situation, tries=(*former, last))
                case Play() | Move():
                    error = await self._try(step, asked, speaker)
                    tried = Try(step, watch.elapsed, error)
                    situation = replace(situation, tries=(*situation.tries, tried))

    def _situation(
        self,
        goal: Goal,
        speaker: Speaker,
        patience: float,
        fallback: Speaker | None,
        tries: tuple[Try, ...],
    ) -> Situation:
        holder, own = self._speakers.holder(speaker), self._speakers.entry_id
        return Situation(
            goal=goal,
            patience=patience,
            device=self._speakers.device(speaker),
            known_ids=speaker.device_ids,
            restricted=speaker.restricted,
            active=holder == own,
            holder=None if holder == own else holder,
            fallback=fallback is not None and fallback.id != speaker.id,
            tries=tries,
        )

    async def _send_anywhere(self, asked: _Asked) -> Device | None:
        return await self._sender.send(
            "play" if asked.goal is Goal.RESUME else "start",
            lambda device_id: self._play(device_id, asked.what),
            _expected(asked),
            action=_ACTIONS.get(asked.goal),
            wakes=True,
            confirm=False,
        )

    async def _try(
        self, step: Play | Move, asked: _Asked, speaker: Speaker
    ) -> SpotifyApiError | None:
        """Send one try; returns what Spotify refused it with."""
        device = Device(step.device_id, speaker.name, speaker.type, is_active=True)
        try:
            match step:
                case Play():
                    await self._sender.send(
                        "start",
                        lambda device_id: self._play(device_id, asked.what),
                        _expected(asked),
                        device=device,
                        confirm=False,
                    )
                case Move():
                    moved = expect.moved_to(device)
                    asked.shown.append(moved)
                    await self._sender.send(
                        "transfer",
                        lambda device_id: self._api.transfer(
                            device_id or "", play=step.play or None
                        ),
                        moved,
                        action="transferring_playback",
                        device=device,
                        confirm=False,
                    )
                    if step.then_play:
                        return await self._try(Play(step.device_id), asked, speaker)
        except HomeAssistantError as err:
            if isinstance(err.__cause__, SpotifyApiError):
                return err.__cause__
            raise
        return None

    async def _play(self, device_id: str | None, what: Start | None) -> None:
        if what is None:
            await self._api.play(device_id=device_id)
            return
        await self._api.play(
            device_id=device_id,
            context_uri=what.context_uri,
            uris=what.uris,
            offset_uri=what.offset_uri,
            offset_position=what.offset_position,
            position_ms=what.position_ms,
        )

    async def _check(self, asked: _Asked, device: Device | None) -> Started | None:
        """Look whether the goal is reached; None while it is not."""
        await self._playback.async_refresh()
        if not self._playback.last_update_success:
            # Accepted, and nobody can say more: a closed deadline, an outage.
            return Started(confirmed=False, device=device)
        seen = self._playback.seen
        after = seen.playback if seen else None

        if asked.goal is Goal.MOVE_PAUSED and (after is None or after.device is None):
            # Nothing was on that could have moved.
            return Started(confirmed=False, device=device)

        def is_there(active: Device) -> bool:
            if device is None or active.id == device.id is not None:
                return True
            return device.id is None and speakers.is_same(active, device)

        if not is_confirmed(asked.goal, asked.what, asked.before, after, is_there):
            return None
        return Started(confirmed=True, device=after.device if after else None)

    def _given_up(
        self, goal: Goal, ended: GiveUp, speaker: Speaker
    ) -> HomeAssistantError:
        match ended.reason:
            case Reason.OFFLINE:
                return invalid("start_offline", speaker=speaker.name)
            case Reason.HELD:
                holder = self._playback.hass.config_entries.async_get_entry(
                    ended.account or ""
                )
                return invalid(
                    "start_held",
                    speaker=speaker.name,
                    account=holder.title if holder else "-",
                )
            case Reason.RESTRICTED:
                return invalid("speaker_restricted", speaker=speaker.name)
            case _ if ended.error is not None:
                return self._sender.refusal(ended.error, _ACTIONS.get(goal))
        return invalid("start_unconfirmed", speaker=speaker.name)


def _by_player(asked: _Asked) -> tuple[str, dict[str, str]] | None:
    """Return the action of a media player that does what is asked, and its data."""
    if asked.what is None:
        return (SERVICE_MEDIA_PLAY, {}) if asked.goal is Goal.RESUME else None
    # What a player of Home Assistant can't be told is where to begin, or a list.
    uri = asked.what.context_uri or next(iter(asked.what.uris), None)
    if uri is None or len(asked.what.uris) > 1:
        return None
    kind = {"media_content_type": "music", "media_content_id": uri}
    return SERVICE_PLAY_MEDIA, kind


def _expected(asked: _Asked) -> Expectation:
    what = asked.what
    expected = (
        expect.resumed()
        if what is None
        else expect.started(what.uris, what.context_uri)
    )
    asked.shown.append(expected)
    return expected
