"""Making what plays louder little by little, in the background."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from ..coordinator import PlaybackCoordinator
from ..fading import Fade, Over, Turn, Turned, Wait, next_turn
from ..speaker_book import Speaker
from .jobs import BackgroundJob
from .loudness import Loudness

# A step that could not be made is made up for within so many seconds of the end.
_TOO_LATE = 60.0
_AGAIN = 5.0


class Fader:
    """Fades what one account plays; a new fade takes the place of the one before.

    Whoever pauses, moves what plays, or sets the volume by hand ends it.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        playback: PlaybackCoordinator,
        loudness: Loudness,
    ) -> None:
        """Set volumes by `loudness`, look by `playback`."""
        self._playback = playback
        self._loudness = loudness
        self._job = BackgroundJob(hass, entry, "fade", self._async_step)
        self._fade: tuple[Fade, Speaker, Turned] | None = None
        entry.async_on_unload(self._job.async_close)

    @callback
    def async_start(self, speaker: Speaker, fade: Fade, heard: int | None) -> None:
        """Fade a speaker that was told to begin so, and was `heard` last at a volume."""
        first = fade.start
        earlier = first if heard is None else heard
        self._fade = (fade, speaker, Turned(speaker.id, earlier, first, earlier))
        self._come_back(fade.next_step(fade.begins))

    @callback
    def async_stop(self) -> None:
        """Leave the volume as it is."""
        self._fade = None

    async def _async_step(self) -> None:
        if (begun := self._fade) is None:
            return
        fade, speaker, turned = begun
        await self._playback.async_refresh()
        now = dt_util.utcnow()
        at, sight = now.timestamp(), self._loudness.sight(now)
        if self._fade is not begun:
            return
        if self._playback.trouble is not None:
            self._async_put_off(fade, at)
            return
        match next_turn(fade, turned, sight, at):
            case Wait(until):
                self._come_back(until)
            case Over():
                self._fade = None
            case Turn(to):
                is_made = await self._turn(speaker, to, at >= fade.ends)
                if self._fade is not begun:
                    return
                turned = turned.to(to) if is_made else turned.perhaps_to(to)
                self._fade = (fade, speaker, turned)
                if not is_made:
                    self._async_put_off(fade, at)
                elif at < fade.ends:
                    self._come_back(fade.next_step(at))

    async def _turn(self, speaker: Speaker, to: int, is_last: bool) -> bool:
        try:
            await self._loudness.set(speaker, to, confirm=is_last)
        except HomeAssistantError as err:
            LOGGER.debug("The volume can't be turned to %s: %s", to, err)
            return False
        return True

    @callback
    def _async_put_off(self, fade: Fade, at: float) -> None:
        """Try again a little later; what takes too long is left as it is."""
        if at > fade.ends + _TOO_LATE:
            self._fade = None
        else:
            self._come_back(at + _AGAIN)

    def _come_back(self, at: float) -> None:
        self._job.async_run_in(max(0.0, at - dt_util.utcnow().timestamp()))
