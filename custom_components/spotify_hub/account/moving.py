"""Moving what plays to another speaker, where it is no louder than it may be."""

from contextlib import suppress
from dataclasses import dataclass

from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..speaker_book import Speaker
from .loudness import Loudness
from .own_speakers import AccountSpeakers
from .player import PlayerOperations
from .start_plan import PATIENCE
from .starting import Started


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move.

    `volume` is how loud the speaker is, in percent, if that is known and can be set;
    `adjusted` says that it was not within the bounds set for it before.
    """

    started: Started
    volume: int | None
    adjusted: bool = False


class MoveOperations:
    """Lets what one account plays follow somebody."""

    def __init__(
        self,
        player: PlayerOperations,
        loudness: Loudness,
        speakers: AccountSpeakers,
    ) -> None:
        """Move by `player`."""
        self._player = player
        self._loudness = loudness
        self._speakers = speakers

    async def move(
        self,
        named: str | Speaker,
        *,
        play: bool | None = None,
        patience: float = PATIENCE,
    ) -> Moved:
        """Move what plays to a speaker, within the volumes that are allowed there.

        It plays on if it played; `play` lets it play even if it did not.

        Raises:
            HomeAssistantError: it can't be moved, or be as loud as it should; says why.
        """
        speaker = named
        if not isinstance(speaker, Speaker):
            speaker = await self._player.speaker_named(speaker)
        loud = self._beyond(speaker)
        if loud is not None and loud > self._allowed(speaker, loud):
            # Before anybody is startled; what sleeps may take it only afterwards.
            with suppress(HomeAssistantError):
                allowed = self._allowed(speaker, loud)
                await self._loudness.set(speaker, allowed, confirm=False)
        started = await self._player.select_speaker(
            speaker, play=play, patience=patience
        )
        beyond = self._beyond(speaker)
        if beyond is None:
            volume = self._loudness.of(speaker)
            return Moved(started, volume, adjusted=loud is not None)
        allowed = self._allowed(speaker, beyond)
        try:
            await self._loudness.set(speaker, allowed)
        except HomeAssistantError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="moved_otherwise",
                translation_placeholders={
                    "speaker": speaker.name,
                    "reason": str(err),
                },
            ) from err
        return Moved(started, allowed, adjusted=True)

    def _beyond(self, speaker: Speaker) -> int | None:
        """Return the volume of a speaker if it is not allowed there."""
        volume = self._loudness.of(speaker)
        if volume is None or volume == self._allowed(speaker, volume):
            return None
        return volume

    def _allowed(self, speaker: Speaker, volume: int) -> int:
        settings = self._speakers.settings(speaker)
        return round(100 * settings.within_bounds(volume / 100))
