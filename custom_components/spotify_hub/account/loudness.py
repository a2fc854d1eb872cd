"""How loud an account's speakers are, and making them louder or quieter."""

from dataclasses import replace
from datetime import datetime

from homeassistant.components.media_player import ATTR_MEDIA_VOLUME_LEVEL
from homeassistant.const import SERVICE_VOLUME_SET

from ..api.models import Device
from ..coordinator import PlaybackCoordinator
from ..fading import Sight
from ..failures import invalid
from ..linked_players import LinkedPlayer
from ..speaker_book import Speaker
from .own_speakers import AccountSpeakers
from .player import PlayerOperations
from .speakers import takes_commands


class Loudness:
    """The volumes of one account's speakers, in percent.

    Where the Web API can't set it, the linked player of a speaker does.
    """

    def __init__(
        self,
        player: PlayerOperations,
        playback: PlaybackCoordinator,
        speakers: AccountSpeakers,
    ) -> None:
        """Command by `player`, see what `playback` shows."""
        self._player = player
        self._playback = playback
        self._speakers = speakers

    def sight(self, now: datetime) -> Sight:
        """Return what plays, where and how loud, as Spotify said it last.

        What is only expected counts while Spotify can't be asked.
        """
        seen = self._playback.seen if self._playback.trouble is None else None
        state = seen or self._playback.data
        device = state.playback.device if state.playback else None
        speaker = self._speakers.of_device(device)
        return Sight(
            playing=state.is_playing,
            speaker=speaker.id if speaker else None,
            volume=self._of_device(device),
            item=state.item_uri,
            remaining=state.remaining(now),
        )

    def of(self, speaker: Speaker) -> int | None:
        """Return how loud a speaker is; None if nobody knows, or it can't be set."""
        return self._of_device(self._active(speaker) or self._device(speaker))

    def can_be_set(self, speaker: Speaker) -> bool:
        """Tell whether anything can set the volume of a speaker."""
        device = self._active(speaker) or self._device(speaker)
        linked = self._linked(device)
        return linked.can(SERVICE_VOLUME_SET) if linked else _has_volume(device)

    async def set(
        self, speaker: Speaker, percent: int, *, confirm: bool = True
    ) -> None:
        """Make a speaker louder or quieter, never louder than it is allowed to be.

        Without `confirm` it is neither shown nor looked at what becomes of it.

        Raises:
            HomeAssistantError: it can't be; says why.
        """
        level = min(percent / 100, self._speakers.settings(speaker).max_volume)
        active = self._active(speaker)
        device = active or self._device(speaker)
        linked = self._linked(device)
        if linked is None and device.id is None:
            raise invalid("speaker_restricted", speaker=speaker.name)
        if linked is None:
            # The player shows and confirms it of the active device, not of a copy.
            there = device if confirm else replace(device)
            await self._player.set_volume(level, there)
        elif active is not None:
            await self._player.set_volume(level)
        else:
            await linked.call(SERVICE_VOLUME_SET, volume_level=level)

    def _active(self, speaker: Speaker) -> Device | None:
        """Return the speaker as what plays tells it, which is newer than any list."""
        active = self._player.active_speaker
        known = self._speakers.of_device(active)
        return active if known is not None and known.id == speaker.id else None

    def _device(self, speaker: Speaker) -> Device:
        """Return the speaker as it is listed; else by the id that it had."""
        return self._speakers.device(speaker) or Device(
            next(iter(speaker.device_ids), None),
            speaker.name,
            speaker.type,
            is_restricted=speaker.restricted,
            supports_volume=speaker.supports_volume,
        )

    def _of_device(self, device: Device | None) -> int | None:
        if device is None:
            return None
        if (linked := self._linked(device)) is None:
            return device.volume_percent if _has_volume(device) else None
        if linked.state is None or not linked.can(SERVICE_VOLUME_SET):
            return None
        level = linked.state.attributes.get(ATTR_MEDIA_VOLUME_LEVEL)
        return None if level is None else round(100 * level)

    def _linked(self, device: Device) -> LinkedPlayer | None:
        return None if _has_volume(device) else self._speakers.linked(device)


def _has_volume(device: Device) -> bool:
    """Tell whether the Web API can set the volume."""
    return takes_commands(device) and device.supports_volume
