"""Playing again what an account has listened to."""

from collections.abc import Collection
from datetime import datetime
from random import Random, SystemRandom

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..archive.plays import Asked
from ..archive.statistics.tops import top_tracks
from ..failures import invalid
from ..speaker_book import Speaker
from .history import HistoryOperations
from .moments import Moment, span_said
from .periods import Span
from .player import PlayerOperations
from .start import Start
from .starting import Started
from .taste import chosen

# Tracks that are started at once; and plays that tell what somebody likes.
_MOST = 50
_PLAYS = 5_000

# What decides by chance.
random: Random = SystemRandom()


class AgainOperations:
    """Starts what one account has heard before."""

    def __init__(
        self, hass: HomeAssistant, history: HistoryOperations, player: PlayerOperations
    ) -> None:
        """Choose from `history`, start by `player`."""
        self._hass = hass
        self._history = history
        self._player = player

    def span(self, said: Moment) -> Span:
        """Return which time is meant by what people say; see `moments`."""
        return span_said(
            said,
            dt_util.utcnow(),
            self._history.zone,
            south=self._hass.config.latitude < 0,
        )

    async def play_from(
        self, span: Span, speaker: str | Speaker | None = None
    ) -> Started:
        """Play what was heard most in a span, mixed.

        Raises:
            HomeAssistantError: it can't be played, or nothing was heard then.
            ArchiveError: the archive can't be read.
        """
        tops = await self._history.ask(top_tracks, span, limit=_MOST)
        uris = [top.what.uri for top in tops if top.what.uri is not None]
        return await self._start(random.sample(uris, len(uris)), speaker)

    async def play_to_taste(
        self,
        speaker: str | Speaker | None = None,
        *,
        speakers: Collection[str] = (),
        now: datetime | None = None,
    ) -> Started:
        """Play what is liked at this hour, on such a day, and on the `speakers` of a room.

        Raises:
            HomeAssistantError: it can't be played, or nothing is known yet.
            ArchiveError: the archive can't be read.
        """
        page = await self._history.plays(Asked(), _PLAYS)
        uris = chosen(
            page.plays, now or dt_util.utcnow(), self._history.zone, speakers, random
        )
        return await self._start(uris, speaker)

    async def _start(
        self, uris: Collection[str], speaker: str | Speaker | None
    ) -> Started:
        if not uris:
            raise invalid("nothing_heard")
        return await self._player.start(Start(uris=tuple(uris)), speaker, shuffle=False)
