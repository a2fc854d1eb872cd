"""Opening the archive in the background, and again as long as it can't be reached."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.requirements import (
    RequirementsNotFound,
    async_process_requirements,
)

from .archive.errors import ArchiveError, ClosedError, DriverError, UnavailableError
from .archive.store import Archive
from .archive_issues import ArchiveIssues
from .archive_memory import ArchiveMemory
from .const import DOMAIN

# Seconds until an archive that can't be reached is tried again; doubled each time.
FIRST_RETRY = 60.0
LONGEST_RETRY = 600.0
# Seconds for which whoever needs the archive waits while it is being opened.
PATIENCE = 10.0
# Needed by nobody but who keeps the archive in PostgreSQL.
POSTGRESQL = ["psycopg[binary]>=3.2,<4"]


class ArchiveOpener:
    """Opens the archive where the memory says that it is; one try at a time.

    `failure` is why it is not open.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        memory: ArchiveMemory,
        issues: ArchiveIssues,
        *,
        opened: Callable[[Archive], None],
        damaged: Callable[[str], None],
    ) -> None:
        """Hand what was opened to `opened`; `damaged` hears the name of a broken file."""
        self.failure: ArchiveError = ClosedError()
        self._hass = hass
        self._memory = memory
        self._issues = issues
        self._opened = opened
        self._damaged = damaged
        self._opening: asyncio.Task[None] | None = None
        self._cancel_retry: CALLBACK_TYPE | None = None
        self._retry = FIRST_RETRY

    @property
    def path(self) -> Path:
        """Return the file that it is kept in, if nobody chose a database."""
        return Path(self._hass.config.path(DOMAIN, "archive.db"))

    @callback
    def async_begin(self) -> None:
        """Open it in the background, unless that is under way."""
        self._async_unschedule()
        if self._opening is None:
            # Not at once: what failed before it is noted here would stay under way for ever.
            self._opening = self._hass.async_create_background_task(
                self._async_open(), "open Spotify Hub archive", eager_start=False
            )

    async def async_wait(self) -> None:
        """Wait until a try that is under way has ended, but not for long."""
        if self._opening is not None:
            await asyncio.wait({self._opening}, timeout=PATIENCE)

    async def async_give_up(self) -> None:
        """Try no more."""
        self._async_unschedule()
        if (opening := self._opening) is not None:
            # Once is enough: a second time it could not clean up after itself.
            if not opening.cancelling():
                opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            # What never began could not say so itself.
            if self._opening is opening:
                self._opening = None

    async def async_open(self, url: str | None) -> Archive:
        """Return the archive of a URL or of the file, open.

        Raises:
            ArchiveError: it can't be opened.
        """
        if url is not None:
            try:
                await async_process_requirements(self._hass, DOMAIN, POSTGRESQL)
            except RequirementsNotFound as err:
                raise DriverError("The driver can't be installed") from err
        archive = Archive(
            self.path if url is None else url,
            on_status=self._issues.async_status,
            on_damage=self._damaged,
        )
        try:
            await archive.open()
        except OSError as err:
            raise UnavailableError(err.strerror) from err
        return archive

    async def _async_open(self) -> None:
        try:
            archive = await self.async_open(self._memory.url)
        except ArchiveError as err:
            self.failure = err
            self._issues.async_not_opened(err)
            if isinstance(err, UnavailableError):
                self._async_retry()
        else:
            self._retry = FIRST_RETRY
            self._opened(archive)
        finally:
            self._opening = None

    @callback
    def _async_retry(self) -> None:
        @callback
        def again(_now: datetime) -> None:
            self.async_begin()

        self._cancel_retry = async_call_later(
            self._hass, self._retry, HassJob(again, cancel_on_shutdown=True)
        )
        self._retry = min(2 * self._retry, LONGEST_RETRY)

    @callback
    def _async_unschedule(self) -> None:
        if self._cancel_retry is not None:
            self._cancel_retry()
            self._cancel_retry = None
