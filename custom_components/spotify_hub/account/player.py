"""Everything that can be asked of an account's player: each an operation of its own."""

from contextlib import suppress

from homeassistant.const import SERVICE_MEDIA_PLAY
from homeassistant.exceptions import HomeAssistantError

from .. import expectation as expect
from ..api.client import SpotifyHubClient
from ..api.errors import CommandRefusedError, NoActiveDeviceError
from ..api.models import Repeat
from ..const import DOMAIN
from ..coordinator import PlaybackCoordinator, SpeakersCoordinator
from ..speaker_book import Speaker
from . import speakers
from .own_speakers import AccountSpeakers
from .sending import CommandSender
from .speaker_choice import SpeakerChoice
from .start import Start
from .start_plan import PATIENCE, Goal
from .starting import Started, Starter
from .steering import Steering


class PlayerOperations(Steering):
    """Commands of one account's player, and what starts something on a speaker."""

    def __init__(
        self,
        client: SpotifyHubClient,
        playback: PlaybackCoordinator,
        speakers_seen: SpeakersCoordinator,
        own_speakers: AccountSpeakers,
        sender: CommandSender,
        starter: Starter,
    ) -> None:
        """Command through `sender`, start by `starter`, show the effect on `playback`."""
        super().__init__(client, playback, speakers_seen, own_speakers, sender)
        self._starter = starter
        self._choice = SpeakerChoice(sender, playback, own_speakers)

    @property
    def last_failure(self) -> HomeAssistantError | None:
        """Return why the latest start came to nothing, unless that is long ago."""
        return self._starter.last_failure

    async def resume(
        self,
        speaker: str | Speaker | None = None,
        *,
        patience: float = PATIENCE,
        fallback: str | Speaker | None = None,
    ) -> Started:
        """Play on what was paused, on a speaker, the active one, or the one used last.

        See `start` for `patience` and `fallback`.
        """
        if speaker is None and (linked := self._linked()) is not None:
            await self._sender.send_by_link(
                "play", linked, SERVICE_MEDIA_PLAY, expect.resumed()
            )
            return Started(confirmed=False, device=self.active_speaker)
        if speaker is not None:
            self.commands.interrupt()
        return await self.commands.run_interruptibly(
            self._start(None, speaker, None, None, patience, fallback)
        )

    async def select_speaker(
        self,
        named: str | Speaker,
        *,
        play: bool | None = None,
        patience: float = PATIENCE,
    ) -> Started:
        """Move playback to a speaker, playing on if it played.

        `play` starts it even if it did not. Where there is nothing to move, the next
        start goes there.
        """
        speaker = await self.speaker_named(named)
        self.commands.interrupt()
        if not play:
            # What was paused on a phone since the last poll must not play on.
            await self._playback.async_refresh()
        playing = self._playback.data.is_playing or bool(play)
        goal = Goal.MOVE if playing else Goal.MOVE_PAUSED
        started = await self.commands.run_interruptibly(
            self._starter.run(goal, None, speaker, patience=patience)
        )
        if started.device is not None:
            self._playback.last_device = started.device
        await self._speakers.async_refresh()
        return started

    async def start(
        self,
        what: Start,
        speaker: str | Speaker | None = None,
        *,
        shuffle: bool | None = None,
        repeat: Repeat | None = None,
        patience: float = PATIENCE,
        fallback: str | Speaker | None = None,
    ) -> Started:
        """Play something else now, on a speaker, the active one, or the one used last.

        `shuffle` and `repeat` hold for it. For `patience` seconds it is tried; then on
        `fallback`, or what is set as the fallback of a named speaker.
        """
        self.commands.interrupt()
        return await self.commands.run_interruptibly(
            self._start(what, speaker, shuffle, repeat, patience, fallback)
        )

    async def _start(
        self,
        what: Start | None,
        speaker: str | Speaker | None,
        shuffle: bool | None,
        repeat: Repeat | None,
        patience: float,
        fallback: str | Speaker | None,
    ) -> Started:
        named = await self.speaker_named(speaker) if speaker else None
        instead = await self.speaker_named(fallback) if fallback else None
        if named is not None and instead is None:
            instead = self._own.fallback(named)
        former = self._playback.data.playback
        shuffled = shuffle is None or await self._shuffle_first(shuffle)
        try:
            started = await self._starter.run(
                Goal.START if what else Goal.RESUME,
                what,
                named,
                patience=patience,
                fallback=instead,
            )
        except HomeAssistantError:
            # What plays on shall play on as it did.
            if former is not None and shuffled and shuffle is (not former.shuffle):
                with suppress(HomeAssistantError):
                    await self.set_shuffle(former.shuffle)
            raise
        try:
            if shuffle is not None and not shuffled:
                await self.set_shuffle(shuffle, started.device)
            if repeat is not None:
                await self.set_repeat(repeat, started.device)
        except HomeAssistantError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="started_otherwise",
                translation_placeholders={"reason": str(err)},
            ) from err
        return started

    async def speaker_named(self, named: str | Speaker) -> Speaker:
        """Return the speaker that somebody names; raises what is wrong with the name."""
        if isinstance(named, Speaker):
            return named
        return await self._choice.named(named)

    async def _shuffle_first(self, shuffle: bool) -> bool:
        """Set the order before a start, so that it holds for the first item too.

        Returns whether it is set: it can't be while nothing is active, or while
        the player does not allow it.
        """
        active = self.active_speaker
        if active is None or not speakers.takes_commands(active):
            return False
        try:
            await self.set_shuffle(shuffle)
        except HomeAssistantError as err:
            if isinstance(err.__cause__, NoActiveDeviceError | CommandRefusedError):
                return False
            raise
        return True

    async def append(self, uri: str) -> None:
        """Append one track or episode to Spotify's queue."""
        await self._sender.send(
            "queue", lambda device_id: self._api.add_to_queue(uri, device_id=device_id)
        )
