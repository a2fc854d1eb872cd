"""What keeps an account's listening history."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..api.client import SpotifyHubClient
from ..coordinator import PlaybackCoordinator
from ..household import Household
from ..household_archive import name_of
from .enrichment import Enrichment
from .figures import Figures
from .jobs import BackgroundJob
from .listener import Listener
from .recent import RecentPlays
from .told import ContextName


@dataclass(frozen=True, slots=True)
class HistoryKeeping:
    """The parts that fill an account's history, and what is shown of it."""

    recent: RecentPlays
    listener: Listener
    enrichment: Enrichment
    figures: Figures

    @property
    def jobs(self) -> tuple[BackgroundJob, ...]:
        """Return the background work."""
        return self.recent.job, self.enrichment.job

    @callback
    def async_start(self, *, paused: bool) -> None:
        """Begin to keep; without this nothing is kept."""
        self.recent.async_start(paused=paused)
        self.enrichment.async_start(paused=paused)
        self.listener.async_start()


@callback
def async_make_keeping(
    hass: HomeAssistant,
    entry: ConfigEntry,
    client: SpotifyHubClient,
    playback: PlaybackCoordinator,
    household: Household,
    context_name: ContextName,
) -> HistoryKeeping:
    """Make an account's parts; they end with it."""
    history = household.history
    keeping = HistoryKeeping(
        RecentPlays(hass, entry, client, playback, history),
        Listener(playback, household, context_name),
        Enrichment(hass, entry, client, history),
        Figures(hass, history, name_of(entry)),
    )
    for job in keeping.jobs:
        entry.async_on_unload(job.async_close)
    return keeping
