"""Steering what plays: pause, skip, seek, volume, order."""

import asyncio

from homeassistant.const import (
    SERVICE_MEDIA_NEXT_TRACK,
    SERVICE_MEDIA_PAUSE,
    SERVICE_MEDIA_PREVIOUS_TRACK,
    SERVICE_MEDIA_SEEK,
    SERVICE_VOLUME_SET,
)
from homeassistant.util import dt as dt_util

from .. import expectation as expect
from ..api.client import SpotifyHubClient
from ..api.errors import NoActiveDeviceError
from ..api.models import Device, Repeat
from ..coordinator import PlaybackCoordinator, SpeakersCoordinator
from ..failures import invalid, translated
from ..linked_players import LinkedPlayer
from ..playback_state import PlaybackState
from . import speakers
from .own_speakers import AccountSpeakers
from .sending import CommandSender, Send

# Seconds in which one sentence reaches all players of a room; tests let them pass.
_TOGETHER = 0.1
pause = asyncio.sleep


class Steering:
    """Commands to what one account plays, wherever it plays.

    What the Web API can't do on a restricted speaker, Home Assistant's own player of
    it does, if one is linked. Every method returns when the command was accepted, and
    raises a translated HomeAssistantError (ServiceValidationError where the caller can
    mend it) when it was not.
    """

    def __init__(
        self,
        client: SpotifyHubClient,
        playback: PlaybackCoordinator,
        speakers_seen: SpeakersCoordinator,
        own_speakers: AccountSpeakers,
        sender: CommandSender,
    ) -> None:
        """Command through `sender`, show the effect on `playback`."""
        self._own = own_speakers
        self._sender = sender
        self.commands = sender.queue
        self._api = client.player
        self._playback = playback
        self._speakers = speakers_seen
        self._muted: dict[str, int] = {}

    @property
    def sources(self) -> dict[str, Device]:
        """Return the devices that can be chosen, and the one that plays, by name."""
        return self._sender.sources

    @property
    def active_speaker(self) -> Device | None:
        """Return the device that plays or is paused."""
        return self._sender.active_speaker

    @property
    def active_source(self) -> str | None:
        """Return the name by which the active device stands among the sources."""
        active = self.active_speaker
        return speakers.name_of(active, self.sources) if active else None

    def name_of(self, speaker: Device) -> str:
        """Return the name by which a speaker is chosen, or else is known."""
        return speakers.name_of(speaker, self.sources) or speaker.name

    async def look(self) -> PlaybackState:
        """Ask Spotify what plays now, and return it; raises why that can't be known."""
        await self._playback.async_refresh()
        if self._playback.trouble is not None:
            raise translated(self._playback.trouble.error)
        return self._playback.data

    async def look_for_speakers(self) -> tuple[Device, ...]:
        """Ask Spotify which speakers it sees now; raises why that can't be known."""
        await self._sender.look_for_speakers()
        return self._speakers.data

    async def pause(self) -> None:
        """Pause; a start in progress is given up."""
        self.commands.interrupt()
        if (linked := self._linked()) is not None:
            await self._sender.send_by_link(
                "pause", linked, SERVICE_MEDIA_PAUSE, expect.paused()
            )
            return
        await self._sender.send(
            "pause",
            lambda device_id: self._api.pause(device_id=device_id),
            expect.paused(),
            action="pausing",
        )

    async def next(self) -> None:
        """Skip to the next item."""
        await self._skip(
            "next",
            lambda device_id: self._api.next(device_id=device_id),
            "skipping_next",
            SERVICE_MEDIA_NEXT_TRACK,
        )

    async def previous(self) -> None:
        """Go back to the previous item."""
        await self._skip(
            "previous",
            lambda device_id: self._api.previous(device_id=device_id),
            "skipping_prev",
            SERVICE_MEDIA_PREVIOUS_TRACK,
        )

    async def _skip(self, kind: str, send: Send, action: str, by_link: str) -> None:
        """Skip once, though the linked player may have been asked to skip as well."""
        expected = expect.other_item(self._playback.data.item_uri)
        if self._own.linked(self.active_speaker) is not None:
            # Home Assistant asks all players of a room one after another.
            await pause(_TOGETHER)
            if self._own.is_skipped_elsewhere(self.active_speaker, by_link):
                self._playback.async_expect(expected)
                self._playback.async_confirm()
                return
        if (linked := self._linked()) is not None:
            await self._sender.send_by_link(kind, linked, by_link, expected)
            return
        await self._sender.send(kind, send, expected, action=action)

    def _linked(self, *, for_volume: bool = False) -> LinkedPlayer | None:
        """Return the player that does what the Web API can't do on the active speaker."""
        device = self.active_speaker
        if device is None:
            return None
        able = speakers.takes_commands(device)
        if able and (device.supports_volume or not for_volume):
            return None
        return self._own.linked(device)

    async def seek(self, seconds: float) -> None:
        """Go to a position in the item."""
        position_ms = round(seconds * 1000)
        expected = expect.position(position_ms)
        if (linked := self._linked()) is not None:
            await self._sender.send_by_link(
                "seek", linked, SERVICE_MEDIA_SEEK, expected, seek_position=seconds
            )
            return
        await self._sender.send(
            "seek",
            lambda device_id: self._api.seek(position_ms, device_id=device_id),
            expected,
            action="seeking",
        )

    async def seek_by(self, seconds: float) -> float:
        """Go forward or back in the item, as far as it reaches; returns the position."""
        state = await self.look()
        progress_ms = state.progress_ms(dt_util.utcnow())
        item = state.playback.item if state.playback else None
        if progress_ms is None or item is None:
            raise invalid("nothing_playing")
        position = max(0.0, progress_ms / 1000 + seconds)
        if item.duration_ms is not None:
            position = min(position, item.duration_ms / 1000)
        await self.seek(position)
        return position

    async def set_volume(self, level: float, device: Device | None = None) -> None:
        """Set the volume of the active speaker or another, 0.0 to 1.0.

        Never above the most that is allowed on the speaker.
        """
        where = device or self.active_speaker
        level = min(level, self._own.bounds(where)[1])
        percent = round(level * 100)
        if device is None and (linked := self._linked(for_volume=True)) is not None:
            await self._sender.send_by_link(
                "volume",
                linked,
                SERVICE_VOLUME_SET,
                expect.volume(percent),
                volume_level=level,
            )
            return
        is_active = where is self.active_speaker
        await self._sender.send(
            "volume",
            lambda device_id: self._api.set_volume(percent, device_id=device_id),
            expect.volume(percent) if is_active else None,
            device=device,
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

    async def set_shuffle(self, shuffle: bool, device: Device | None = None) -> None:
        """Shuffle or not, on the active speaker or another."""
        await self._sender.send(
            "shuffle",
            lambda device_id: self._api.set_shuffle(shuffle, device_id=device_id),
            expect.shuffled(shuffle),
            action="toggling_shuffle",
            device=device,
        )

    async def set_repeat(self, repeat: Repeat, device: Device | None = None) -> None:
        """Repeat the item, the context or nothing, on the active speaker or another."""
        await self._sender.send(
            "repeat",
            lambda device_id: self._api.set_repeat(repeat, device_id=device_id),
            expect.repeating(repeat),
            action="toggling_repeat_context",
            device=device,
        )
