"""Which speaker somebody means who names one."""

from ..coordinator import PlaybackCoordinator
from ..failures import invalid
from ..speaker_book import Speaker
from . import speakers
from .own_speakers import AccountSpeakers
from .sending import CommandSender
from .start_plan import GiveUp, meant


class SpeakerChoice:
    """Finds the speakers of the household, as one account can use them."""

    def __init__(
        self,
        sender: CommandSender,
        playback: PlaybackCoordinator,
        own_speakers: AccountSpeakers,
    ) -> None:
        """Look for speakers by `sender`."""
        self._sender = sender
        self._playback = playback
        self._speakers = own_speakers

    async def named(self, name: str) -> Speaker:
        """Return the speaker that a name, an area or an id in a registry means.

        Looks for it if nobody knows it yet. Of several it is the likeliest.

        Raises:
            ServiceValidationError: there is none, or which one can't be told.
        """
        found = self._find(name)
        if not found:
            await self._sender.look_for_speakers()
            found = self._find(name)
        known = ", ".join(self._sender.sources) or "-"
        if not found:
            raise invalid("unknown_speaker", speaker=name, known=known)
        chosen = meant(
            found,
            active=self._speakers.of_device(self._sender.active_speaker),
            default=self._speakers.default,
            last=self._speakers.of_device(self._playback.last_device),
            usable=[one for one in found if self._speakers.device(one)],
        )
        if isinstance(chosen, GiveUp):
            names = ", ".join(one.name for one in found)
            raise invalid("choose_speaker_of", speaker=name, known=names)
        return chosen

    def _find(self, name: str) -> tuple[Speaker, ...]:
        device = speakers.find(self._sender.sources, name)
        known = self._speakers.of_device(device)
        return (known,) if known else self._speakers.async_find(name)
