"""The account's recent plays, fetched when there is likely something new."""

import hashlib

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..api.client import SpotifyHubClient
from ..api.models import Play
from ..api.request import Lane, in_lane
from ..archive.records import Gap
from ..const import DOMAIN, LOGGER
from ..coordinator import PlaybackCoordinator
from ..household_archive import HouseholdArchive, name_of
from ..polling import next_recent_poll
from .jobs import BackgroundJob
from .sightings import listed

# Fired when plays may be missing between two answers.
EVENT_GAP = f"{DOMAIN}_history_gap"

# Seconds after the start: other things come first, and accounts one after another.
SETTLED = 30.0
SPREAD = 60.0


class RecentPlays:
    """Keeps the latest plays that Spotify lists, newest first."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: SpotifyHubClient,
        playback: PlaybackCoordinator,
        history: HouseholdArchive,
    ) -> None:
        """Ask by `client` when `playback` says that somebody listens, for `history`."""
        self.plays: tuple[Play, ...] = ()
        self._hass = hass
        self._entry = entry
        self._history = history
        self.job = BackgroundJob(hass, entry, "recent plays", self._async_fetch)
        self._client = client
        self._playback = playback
        # From the entry's id, so that it is the same after a restart.
        digest = hashlib.sha256(entry.entry_id.encode()).digest()
        self._phase = digest[0] / 256
        self._heard: str | None = None

    @callback
    def async_start(self, *, paused: bool) -> None:
        """Fetch what was played before, a little after the start, and follow playback."""
        self.job.async_pause(paused=paused)
        self.job.async_run_in(SETTLED + SPREAD * self._phase)

    @callback
    def async_follow(self) -> None:
        """Hear that playback may have changed."""
        state = self._playback.data
        heard = state.item_uri if state.is_playing else None
        changed = heard is not None and heard != self._heard
        if heard == self._heard and self.job.next_run is not None:
            return
        self._heard = heard
        now = dt_util.utcnow()
        last = self.job.last_run
        wait = next_recent_poll(
            active=state.is_playing,
            changed=changed,
            since_last=None if last is None else (now - last).total_seconds(),
            now=now.timestamp(),
            phase=self._phase,
        )
        if wait is not None:
            self.job.async_run_in(wait)

    async def _async_fetch(self) -> None:
        """Fetch the latest 50: overlap with the ones before shows that none was missed."""
        with in_lane(Lane.BACKGROUND):
            self.plays = await self._client.player.recently_played()
        self._playback.async_update_listeners()
        account = name_of(self._entry)
        rows = listed(account, self.plays)
        self._history.inbox.async_add_recent(account, rows, self._async_gap)

    @callback
    def _async_gap(self, gap: Gap) -> None:
        """Tell that plays may be missing: more were played than Spotify lists."""
        since, until = (
            dt_util.utc_from_timestamp(stamp / 1000) for stamp in (gap.since, gap.until)
        )
        LOGGER.debug("Plays of %s may be missing: %s", self._entry.title, gap)
        self._hass.bus.async_fire(
            EVENT_GAP,
            {
                "config_entry_id": self._entry.entry_id,
                "account": self._entry.title,
                "since": since.isoformat(),
                "until": until.isoformat(),
            },
        )
