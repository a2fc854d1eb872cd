"""Bringing Spotify's privacy export into the household's archive, in the background."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import (
    ServiceValidationError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers.storage import Store

from .archive.errors import ArchiveError, ClosedError
from .archive.imports import Import
from .archive.merge import REACH
from .archive.news import News
from .archive.records import Sighting
from .archive.store import Archive
from .archive.takeout.errors import TakeoutError
from .archive.takeout.person import Verdict
from .archive.takeout.preview import Preview
from .const import CONF_ACCOUNT_ID, CONF_USER_ID, DOMAIN, LOGGER
from .failures import invalid
from .household_archive import HouseholdArchive, name_of
from .import_job import (
    ImportJob,
    Progress,
    Status,
    dump_token,
    fingerprint_of,
    load,
    load_token,
    progress_of,
    vouched,
)
from .paths import allowed_path
from .takeout_reader import Takeout, opened_takeout

EVENT_IMPORT = f"{DOMAIN}_import"
STORAGE_VERSION = 1
# Seconds between two events that tell of progress.
TELL_EVERY = 5.0

# Why an import fails, beside the keys of the errors of exports and of the archive.
ACCOUNT_REMOVED = "account_removed"


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at an export found; `job` only where it is known whose it is."""

    preview: Preview
    job: ImportJob | None


class HouseholdImport:
    """One import at a time; it goes on after a reload or a restart."""

    def __init__(self, hass: HomeAssistant, history: HouseholdArchive) -> None:
        """Import into the archive of `history`."""
        self._hass = hass
        self._history = history
        self.progress: Progress | None = None
        self._job: ImportJob | None = None
        self._task: asyncio.Task[None] | None = None
        self._listeners: set[Callable[[], None]] = set()
        self._told_at = 0.0
        # By account: from when to when what was not told yet began (UTC ms).
        self._changed: dict[str, tuple[int, int]] = {}
        self._store: Store[dict[str, Any]] = Store(
            hass, STORAGE_VERSION, f"{DOMAIN}.import", private=True
        )

    async def async_load(self) -> None:
        """Read what was not done yet; what can't be read is forgotten."""
        try:
            if (data := await self._store.async_load()) is not None:
                self._job = load(data)
        except (
            LookupError,
            TypeError,
            UnsupportedStorageVersionError,
            ValueError,
        ) as err:
            LOGGER.warning("What %s kept can't be read: %r", self._store.key, err)

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` whenever the progress may be another."""
        self._listeners.add(listener)
        return partial(self._listeners.discard, listener)

    @callback
    def async_resume(self) -> None:
        """Go on with what was not done yet."""
        if self._job is not None and self._task is None:
            self._async_begin(self._job)

    async def async_look(self, path: str, named: ConfigEntry | None = None) -> Look:
        """Tell what an export would bring, and whose it is; changes nothing.

        Raises:
            ServiceValidationError: it can't be reached or read, or is not the named
                account's, or of nobody who is linked.
            ArchiveError, HomeAssistantError: the archive can't be read.
        """
        archive = await self._history.async_require()
        real = await self._hass.async_add_executor_job(allowed_path, self._hass, path)
        account = name_of(named) if named else None
        try:
            async with opened_takeout(self._hass, real) as takeout:
                accounts = {name_of(one): ids_of(one) for one in self._accounts}
                found = await takeout.preview(archive, accounts, account)
                return Look(found, self._job_for(real, takeout, found, named))
        except TakeoutError as err:
            raise refused(err) from err

    async def async_start(self, job: ImportJob) -> None:
        """Begin an import; it goes on in the background.

        Raises:
            ServiceValidationError: another is under way.
        """
        if self._job is not None:
            progress = self.progress
            raise invalid(
                "import_under_way",
                file=self._job.file,
                percent=str(progress.percent if progress else 0),
            )
        self._job = job
        try:
            await self._store.async_save(job.dump())
        finally:
            self._async_begin(job)

    async def async_cancel(self) -> Progress | None:
        """Call off what is under way, and return how far it came; that much stays."""
        if (job := self._job) is None:
            return None
        reached = self.progress or Progress(job.entry_id, job.file, 0, job.total)
        await self._async_stop()
        await self._async_end(job, Status.CANCELLED)
        return reached

    async def async_forget_account(self, entry_id: str) -> None:
        """Call off what is under way for an account that is removed."""
        if self._job is not None and self._job.entry_id == entry_id:
            job = self._job
            await self._async_stop()
            await self._async_end(job, Status.FAILED, ACCOUNT_REMOVED)

    async def async_close(self) -> None:
        """Stop; what is not done goes on later."""
        await self._async_stop()
        self._async_show(None)

    @property
    def under_way(self) -> ImportJob | None:
        """Return the import that is under way."""
        return self._job

    @property
    def _accounts(self) -> list[ConfigEntry]:
        return self._hass.config_entries.async_entries(DOMAIN, include_ignore=False)

    def _job_for(
        self, path: Path, takeout: Takeout, found: Preview, named: ConfigEntry | None
    ) -> ImportJob | None:
        """Return what is to be done, if it is known for whom.

        Raises:
            ServiceValidationError: it is not for the account that was named.
        """
        owner = found.owner
        if owner.verdict is Verdict.FOREIGN:
            raise invalid("foreign_account")
        entry = named
        if owner.account is not None:
            (entry,) = (one for one in self._accounts if name_of(one) == owner.account)
            if named is not None and named.entry_id != entry.entry_id:
                raise invalid(
                    "import_of_other_account", account=entry.title, named=named.title
                )
        if entry is None:
            return None
        return ImportJob(
            entry.entry_id,
            str(path),
            path.name,
            fingerprint_of(takeout.export),
            found.rows,
            vouched(found),
        )

    @callback
    def _async_begin(self, job: ImportJob) -> None:
        self._task = self._hass.async_create_background_task(
            self._async_run(job), "Spotify Hub import", eager_start=False
        )

    async def _async_stop(self) -> None:
        if (task := self._task) is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._task = None

    async def _async_run(self, job: ImportJob) -> None:
        """Import until it is done or can't be; the archive may be closed meanwhile."""
        reason: str | None = None
        try:
            while True:
                try:
                    await self._async_import(await self._async_archive(), job)
                except ClosedError:
                    continue
                break
        except (ArchiveError, TakeoutError) as err:
            LOGGER.debug("The import of %s failed: %s", job.file, err)
            reason = err.key
        except ServiceValidationError as err:
            reason = err.translation_key
        self._task = None
        status = Status.FAILED if reason else Status.FINISHED
        await self._async_end(job, status, reason)

    async def _async_archive(self) -> Archive:
        """Wait until the archive is open."""
        opened = asyncio.Event()
        stop = self._history.async_add_listener(lambda _: opened.set())
        try:
            while (archive := self._history.archive) is None:
                opened.clear()
                await opened.wait()
        finally:
            stop()
        return archive

    async def _async_import(self, archive: Archive, job: ImportJob) -> None:
        """Read the export from where it was left into the archive.

        Raises:
            TakeoutError, ArchiveError, ServiceValidationError: it can't be done.
        """
        entry = self._hass.config_entries.async_get_entry(job.entry_id)
        if entry is None:
            raise invalid(ACCOUNT_REMOVED)
        account, own = name_of(entry), ids_of(entry)
        path = await self._hass.async_add_executor_job(
            allowed_path, self._hass, job.path
        )
        async with opened_takeout(self._hass, path) as takeout:
            if fingerprint_of(takeout.export) != job.fingerprint:
                raise invalid("changed_export")
            reached = await archive.begin_import(account, job.name)
            self._async_reached(Status.STARTED, job, reached)
            after = load_token(reached.token)
            reading = takeout.batches(account, job.total, own, after)
            async with aclosing(reading):
                async for batch in reading:
                    # Before it is written, which goes on though this be stopped.
                    self._async_changed(_around(account, batch.sightings))
                    reached = await archive.import_batch(
                        reached.id,
                        batch.sightings,
                        dump_token(batch.token),
                        batch.done,
                        batch.total,
                    )
                    self._async_changed(reached.united)
                    self._async_reached(Status.PROGRESS, job, reached)
        reached = await archive.end_import(reached.id, job.covers)
        self._async_tell_news()

    @callback
    def _async_reached(self, status: Status, job: ImportJob, reached: Import) -> None:
        """Show how far an import came, and tell of it now and then."""
        self._async_show(progress_of(job, reached))
        now = self._hass.loop.time()
        if status is Status.STARTED or now - self._told_at >= TELL_EVERY:
            self._told_at = now
            self._async_fire(status, job)
            self._async_tell_news()

    @callback
    def _async_changed(self, news: Iterable[News]) -> None:
        """Remember around when plays may have become different."""
        for one in news:
            before = self._changed.get(one.account, (one.since, one.until))
            span = min(one.since, before[0]), max(one.until, before[1])
            self._changed[one.account] = span

    @callback
    def _async_tell_news(self) -> None:
        changed, self._changed = self._changed, {}
        for account, span in changed.items():
            self._history.async_tell(News(account, *span))

    async def _async_end(
        self, job: ImportJob, status: Status, reason: str | None = None
    ) -> None:
        self._async_tell_news()
        self._async_fire(status, job, reason)
        self._job = None
        self._async_show(None)
        await self._store.async_remove()

    @callback
    def _async_fire(
        self, status: Status, job: ImportJob, reason: str | None = None
    ) -> None:
        progress = self.progress or Progress(job.entry_id, job.file, 0, job.total)
        entry = self._hass.config_entries.async_get_entry(job.entry_id)
        self._hass.bus.async_fire(
            EVENT_IMPORT,
            {
                "config_entry_id": job.entry_id,
                "account": entry.title if entry else None,
                "status": status.value,
                "reason": reason,
                "file": job.file,
                "done": progress.done,
                "total": progress.total,
                "added": progress.added,
                "known": progress.known,
            },
        )

    @callback
    def _async_show(self, progress: Progress | None) -> None:
        self.progress = progress
        for listener in tuple(self._listeners):
            listener()


def _around(account: str, sightings: Sequence[Sighting]) -> Iterator[News]:
    """Tell around when plays of sightings may begin; nothing where there are none."""
    if sightings:
        stamps = [one.stamp for one in sightings]
        yield News(account, min(stamps) - REACH, max(stamps) + REACH)


def ids_of(entry: ConfigEntry) -> frozenset[str]:
    """Return the names by which Spotify knows an account."""
    ids = (entry.data[CONF_USER_ID], entry.data.get(CONF_ACCOUNT_ID))
    return frozenset(name for name in ids if name)


def refused(error: TakeoutError) -> ServiceValidationError:
    """Return the error for whoever handed over what is no export, or a broken one."""
    values = {
        "file": getattr(error, "file", ""),
        "row": str(getattr(error, "row", "")),
    }
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=error.key,
        translation_placeholders=values,
    )
