"""Everything that can be asked of an account's player: each an operation of its own."""

from collections.abc import Awaitable, Callable

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from .. import expectation as expect
from ..api.client import SpotifyHubClient
from ..api.errors import (
    CommandRefusedError,
    DeviceNotFoundError,
    NoActiveDeviceError,
    PremiumRequiredError,
    SpotifyApiError,
)
from ..api.models import Device, Repeat
from ..coordinator import PlaybackCoordinator, SpeakersCoordinator
from ..expectation import Expectation
from ..failures import invalid, translated
from . import speakers
from .commands import CommandQueue
from .monitor import CommandTally
from .premium import PremiumVerdict
from .start import Start

# Sends a command to a device; None is the active one.
type Send = Callable[[str | None], Awaitable[None]]

# What a refusal is called when Spotify had said beforehand that it would refuse.
_WORDED = {
    "pausing": "cannot_pause_now",
    "resuming": "cannot_play_now",
    "seeking": "cannot_seek_now",
    "skipping_next": "cannot_skip_now",
    "skipping_prev": "cannot_skip_back_now",
    "toggling_repeat_context": "cannot_repeat_now",
    "toggling_shuffle": "cannot_shuffle_now",
    "transferring_playback": "cannot_transfer_now",
}


class PlayerOperations:
    """Commands of one account's player.

    Every method returns when Spotify has accepted the command, and raises a
    translated HomeAssistantError (ServiceValidationError where the caller can
    mend it) when it has not.
    """

    def __init__(
        self,
        client: SpotifyHubClient,
        playback: PlaybackCoordinator,
        speakers_seen: SpeakersCoordinator,
        premium: PremiumVerdict,
        tally: CommandTally,
    ) -> None:
        """Command through `client`, show the effect on `playback`, count in `tally`."""
        self.commands = CommandQueue()
        self._tally = tally
        self._api = client.player
        self._playback = playback
        self._speakers = speakers_seen
        self._premium = premium
        self._muted: dict[str, int] = {}

    @property
    def sources(self) -> dict[str, Device]:
        """Return the devices that can be chosen, and the one that plays, by name."""
        listed = [
            dev for dev in self._speakers.data or () if speakers.takes_commands(dev)
        ]
        active = self.active_speaker
        if active is not None and not any(
            speakers.is_same(active, dev) for dev in listed
        ):
            listed.append(active)
        return speakers.source_names(listed)

    @property
    def active_speaker(self) -> Device | None:
        """Return the device that plays or is paused."""
        playback = self._playback.data.playback
        return playback.device if playback else None

    @property
    def active_source(self) -> str | None:
        """Return the name by which the active device stands among the sources."""
        active = self.active_speaker
        return speakers.name_of(active, self.sources) if active else None

    async def resume(self) -> None:
        """Play on what was paused; wakes the last speaker when none is active."""
        await self._command(
            "play",
            lambda device_id: self._api.play(device_id=device_id),
            expect.resumed(),
            action="resuming",
            wakes=True,
        )

    async def pause(self) -> None:
        """Pause; a start in progress is given up."""
        self.commands.interrupt()
        await self._command(
            "pause",
            lambda device_id: self._api.pause(device_id=device_id),
            expect.paused(),
            action="pausing",
        )

    async def next(self) -> None:
        """Skip to the next item."""
        await self._command(
            "next",
            lambda device_id: self._api.next(device_id=device_id),
            expect.other_item(self._playback.data.item_uri),
            action="skipping_next",
        )

    async def previous(self) -> None:
        """Go back to the previous item."""
        await self._command(
            "previous",
            lambda device_id: self._api.previous(device_id=device_id),
            expect.other_item(self._playback.data.item_uri),
            action="skipping_prev",
        )

    async def seek(self, seconds: float) -> None:
        """Go to a position in the item."""
        position_ms = round(seconds * 1000)
        await self._command(
            "seek",
            lambda device_id: self._api.seek(position_ms, device_id=device_id),
            expect.position(position_ms),
            action="seeking",
        )

    async def set_volume(self, level: float) -> None:
        """Set the volume of the active speaker, 0.0 to 1.0."""
        percent = round(level * 100)
        await self._command(
            "volume",
            lambda device_id: self._api.set_volume(percent, device_id=device_id),
            expect.volume(percent),
        )

    async def change_volume(self, by: float) -> None:
        """Turn the volume of the active speaker up or down, in parts of 1.0."""
        speaker = self.active_speaker
        if speaker is None:
            raise translated(NoActiveDeviceError("Nothing is active"))
        if speaker.volume_percent is None:
            raise invalid("volume_unknown", speaker=speaker.name)
        await self.set_volume(min(1.0, max(0.0, speaker.volume_percent / 100 + by)))

    async def mute(self, mute: bool) -> None:
        """Silence the active speaker, or give it back the volume it had."""
        speaker = self.active_speaker
        if speaker is None:
            raise translated(NoActiveDeviceError("Nothing is active"))
        if mute:
            if speaker.volume_percent:
                self._muted[speaker.name] = speaker.volume_percent
            await self.set_volume(0)
        elif not speaker.volume_percent:
            await self.set_volume(self._muted.pop(speaker.name, 50) / 100)

    async def set_shuffle(self, shuffle: bool) -> None:
        """Shuffle or not."""
        await self._command(
            "shuffle",
            lambda device_id: self._api.set_shuffle(shuffle, device_id=device_id),
            expect.shuffled(shuffle),
            action="toggling_shuffle",
        )

    async def set_repeat(self, repeat: Repeat) -> None:
        """Repeat the item, the context or nothing."""
        await self._command(
            "repeat",
            lambda device_id: self._api.set_repeat(repeat, device_id=device_id),
            expect.repeating(repeat),
            action="toggling_repeat_context",
        )

    async def select_speaker(self, name: str) -> None:
        """Move playback to the speaker of this name, playing on if it played."""
        device = speakers.find(self.sources, name)
        if device is None:
            await self._look_for_speakers()
            device = speakers.find(self.sources, name)
        if device is None or device.id is None:
            raise invalid(
                "unknown_speaker", speaker=name, known=", ".join(self.sources) or "-"
            )
        # Even if there is nothing to move: the next start goes there.
        self._playback.last_device = device
        await self._command(
            "transfer",
            lambda device_id: self._api.transfer(device_id or ""),
            expect.moved_to(device),
            action="transferring_playback",
            device=device,
        )
        await self._speakers.async_refresh()

    async def start(self, what: Start) -> None:
        """Play something else now, on the active speaker or the one used last."""
        self.commands.interrupt()
        await self.commands.run_interruptibly(
            self._command(
                "start",
                lambda device_id: self._api.play(
                    device_id=device_id,
                    context_uri=what.context_uri,
                    uris=what.uris,
                    offset_uri=what.offset_uri,
                    offset_position=what.offset_position,
                    position_ms=what.position_ms,
                ),
                expect.started(what.uris, what.context_uri),
                wakes=True,
            )
        )

    async def append(self, uri: str) -> None:
        """Append one track or episode to Spotify's queue."""
        await self._command(
            "queue", lambda device_id: self._api.add_to_queue(uri, device_id=device_id)
        )

    async def _command(
        self,
        kind: str,
        send: Send,
        expectation: Expectation | None = None,
        *,
        action: str | None = None,
        device: Device | None = None,
        wakes: bool = False,
    ) -> None:
        """Send a command in its turn; show its effect at once, or take it back.

        It is counted as one of its `kind`; `action` is Spotify's name for it in
        `actions.disallows`.
        """
        if expectation is not None:
            self._playback.async_expect(expectation)
        accepted = False
        try:
            await self.commands.run(lambda: self._send(send, device, wakes=wakes))
            accepted = True
        except CommandRefusedError as err:
            # Spotify refuses to pause what is paused: no harm done.
            if expectation is None or action not in {"pausing", "resuming"}:
                raise self._refusal(err, action) from err
            if not await self._playback.async_check(expectation):
                raise self._refusal(err, action) from err
            accepted = True
        except SpotifyApiError as err:
            raise self._failure(err) from err
        finally:
            self._tally.count(kind, failed=not accepted)
            if expectation is not None and not accepted:
                self._playback.async_withdraw(expectation)
        self._premium.confirmed()
        # What changes nothing that is shown (an append) needs no look.
        if expectation is not None:
            self._playback.async_confirm()

    async def _send(self, send: Send, device: Device | None, *, wakes: bool) -> None:
        """Send to a device, the active one by default; find it again, or another, if need be."""
        try:
            await send(device.id if device else None)
        except NoActiveDeviceError:
            if not wakes:
                raise
            await self._look_for_speakers()
            await send(self._speaker_to_wake().id)
        except DeviceNotFoundError:
            await self._look_for_speakers()
            found = next(
                (
                    seen
                    for seen in self._speakers.data or ()
                    if device and speakers.is_same(seen, device)
                ),
                None,
            )
            if found is None or device is None or found.id == device.id:
                raise
            await send(found.id)

    async def _look_for_speakers(self) -> None:
        """Ask which speakers there are now; raises why that can't be known."""
        await self._speakers.async_refresh()
        if self._speakers.trouble is not None:
            raise translated(self._speakers.trouble.error)

    def _speaker_to_wake(self) -> Device:
        last = self._playback.last_device
        chosen = speakers.choose(self._speakers.data or (), last)
        if chosen is not None:
            return chosen
        if not self.sources:
            raise invalid("no_speaker")
        raise invalid("choose_speaker", known=", ".join(self.sources))

    @callback
    def _failure(self, error: SpotifyApiError) -> HomeAssistantError:
        if isinstance(error, PremiumRequiredError):
            self._premium.refused()
            self._playback.async_update_listeners()
        return translated(error)

    def _refusal(
        self, error: CommandRefusedError, action: str | None
    ) -> HomeAssistantError:
        playback = self._playback.data.playback
        if action in _WORDED and playback is not None and action in playback.disallows:
            return invalid(_WORDED[action])
        return self._failure(error)
