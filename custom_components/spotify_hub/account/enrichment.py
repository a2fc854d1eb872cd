"""What the archive lacks of items that it knows from an export, asked for little by little."""

from dataclasses import replace

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..api.client import SpotifyHubClient
from ..api.errors import BadRequestError, NotFoundError
from ..api.models import PlayingItem
from ..api.request import Lane, in_lane
from ..api.uri import InvalidUriError, UriType, parse_uri
from ..archive.errors import ArchiveError
from ..archive.news import News
from ..archive.records import Item
from ..archive.store import Archive
from ..const import LOGGER
from ..household_archive import HouseholdArchive
from .jobs import BackgroundJob
from .sightings import item_of

# 36 requests an hour for the whole household, one for each item.
AT_ONCE = 3
EVERY = 300.0


class Enrichment:
    """Asks Spotify for what the archive lacks, by one account of the household."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: SpotifyHubClient,
        history: HouseholdArchive,
    ) -> None:
        """Ask by `client` for `history`."""
        self.job = BackgroundJob(hass, entry, "enrichment", self._async_enrich)
        self._client = client
        self._entry = entry
        self._history = history

    @callback
    def async_start(self, *, paused: bool) -> None:
        """Look what is lacking whenever something was recorded."""
        self.job.async_pause(paused=paused)
        self._entry.async_on_unload(self._history.async_add_listener(self._async_heard))
        self._async_heard(None)

    @callback
    def _async_heard(self, _news: News | None) -> None:
        if self.job.next_run is None:
            self.job.async_run_in(self._interval)

    @property
    def _interval(self) -> float:
        """Return the seconds between two runs: all accounts share what is allowed."""
        return EVERY * max(1, self._history.accounts)

    async def _async_enrich(self) -> None:
        if (archive := self._history.archive) is None:
            return
        claimed = self._history.claimed
        try:
            lacking = await archive.lacking(AT_ONCE + len(claimed))
            uris = [uri for uri in lacking if uri not in claimed][:AT_ONCE]
            if not uris:
                return
            claimed.update(uris)
            try:
                await self._async_learn(archive, uris)
            finally:
                claimed.difference_update(uris)
        except ArchiveError as err:
            LOGGER.debug("The archive can't be enriched now: %s", err)
        self.job.async_run_in(self._interval)

    async def _async_learn(self, archive: Archive, uris: list[str]) -> None:
        """Ask for each; what was learnt before a failure is kept."""
        found: list[Item] = []
        missing: list[str] = []
        try:
            for uri in uris:
                if (item := await self._async_ask(uri)) is None:
                    missing.append(uri)
                else:
                    # Spotify may answer with another version of it.
                    found.append(replace(item, uri=uri))
        finally:
            for news in await archive.enriched(found, missing):
                self._history.async_tell(news)

    async def _async_ask(self, text: str) -> Item | None:
        """Return what Spotify tells of an item; None if it says that it has none.

        Raises:
            SpotifyApiError: it could not be asked now.
        """
        try:
            uri = parse_uri(text)
        except InvalidUriError:
            return None
        catalogue = self._client.catalogue
        answer: PlayingItem
        try:
            with in_lane(Lane.BACKGROUND):
                if uri.type is UriType.TRACK:
                    answer = await catalogue.track(uri.id)
                elif uri.type is UriType.EPISODE:
                    answer = await catalogue.episode(uri.id)
                else:
                    return None
        except NotFoundError, BadRequestError:
            # What it calls no id at all, it will never know.
            return None
        return item_of(answer)
