"""The household's listening history: there while any account is, whatever breaks."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.storage import Store
from homeassistant.requirements import (
    RequirementsNotFound,
    async_process_requirements,
)

from .archive.errors import (
    ArchiveError,
    ClosedError,
    DriverError,
    HeldError,
    UnavailableError,
)
from .archive.ingest import Recorded
from .archive.keeping import Change, Like
from .archive.news import News
from .archive.records import Gap, Sighting
from .archive.store import Archive
from .archive.writer import MOST_WAITING
from .archive_issues import ArchiveIssues, LastError
from .const import CONF_ACCOUNT_ID, CONF_USER_ID, DOMAIN, LOGGER

STORAGE_VERSION = 1
SAVE_DELAY = 5.0
# Seconds until an archive that can't be reached is tried again; doubled each time.
FIRST_RETRY = 60.0
LONGEST_RETRY = 600.0
# Seconds for which whoever needs the archive waits while it is being opened.
OPENING_PATIENCE = 10.0
# Needed by nobody but who keeps the archive in PostgreSQL.
POSTGRESQL = ["psycopg[binary]>=3.2,<4"]


type NewsListener = Callable[[News | None], None]
type Writing[T] = Callable[[Archive], Coroutine[Any, Any, T]]


def name_of(entry: ConfigEntry) -> str:
    """Return the archive's name of an account: what Spotify never changes, if it told it."""
    name: str = entry.data.get(CONF_ACCOUNT_ID) or entry.data[CONF_USER_ID]
    return name


class HouseholdArchive:
    """Opens the archive with the first account, and closes it with the last."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin closed."""
        self._hass = hass
        self.archive: Archive | None = None
        self._url: str | None = None
        self._failure: ArchiveError = ClosedError()
        self._issues = ArchiveIssues(hass)
        self._members: dict[str, ConfigEntry] = {}
        self._listeners: list[NewsListener] = []
        # What each account that is not loaded was in the middle of.
        self._unfinished: dict[str, Mapping[str, Any]] = {}
        self._opening: asyncio.Task[None] | None = None
        self._cancel_retry: CALLBACK_TYPE | None = None
        self._retry = FIRST_RETRY
        # What is to be written once it is open.
        self._waiting: list[Callable[[Archive], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping: CALLBACK_TYPE | None = None
        self._closing = False
        self._moving = asyncio.Lock()
        # A backup copies it: nothing is opened, written, moved or closed.
        self.is_held = False
        self._held = AsyncExitStack()
        # URIs that an account is asking Spotify about.
        self.claimed: set[str] = set()
        self._store: Store[dict[str, Any]] = Store(
            hass, STORAGE_VERSION, f"{DOMAIN}.history", private=True
        )

    async def async_load(self) -> None:
        """Read where the archive is; what can't be read is forgotten."""
        try:
            if (data := await self._store.async_load()) is not None:
                self._url = data["url"]
                self._unfinished = dict(data["unfinished"])
        except (
            LookupError,
            TypeError,
            UnsupportedStorageVersionError,
            ValueError,
        ) as err:
            LOGGER.warning("What %s kept can't be read: %r", self._store.key, err)

    @property
    def is_remote(self) -> bool:
        """Tell whether it is kept in a database by URL rather than in a file."""
        return self._url is not None

    @property
    def waiting(self) -> int:
        """Return how much waits to be written."""
        written_later = self.archive.status.waiting if self.archive else 0
        return len(self._waiting) + written_later

    @property
    def last_error(self) -> LastError | None:
        """Return what went wrong last, though it may be over."""
        return self._issues.last

    @property
    def accounts(self) -> int:
        """Return how many accounts are loaded."""
        return len(self._members)

    @property
    def path(self) -> Path:
        """Return the file that it is kept in, if nobody chose a database."""
        return Path(self._hass.config.path(DOMAIN, "archive.db"))

    @property
    def failure(self) -> ArchiveError:
        """Return why it is not open, while it is not."""
        return HeldError() if self.is_held else self._failure

    def require(self) -> Archive:
        """Return the archive.

        Raises:
            HomeAssistantError: it is not open; the text says why.
        """
        if self.archive is None:
            raise translated(self.failure)
        return self.archive

    async def async_require(self) -> Archive:
        """Return the archive as `require` does; one that is being opened is waited for."""
        if self.archive is None and self._opening is not None:
            await asyncio.wait({self._opening}, timeout=OPENING_PATIENCE)
        return self.require()

    @callback
    def async_join(self, entry: ConfigEntry) -> CALLBACK_TYPE:
        """Take an account in until the returned call; nothing is waited for."""
        self._members[entry.entry_id] = entry
        if self.archive is not None:
            self._async_run(self._async_adopt(self.archive, entry))
        elif not self._closing:
            self._async_open_soon()
        return partial(self._async_part, entry.entry_id)

    @callback
    def async_forget_account(self, entry_id: str) -> None:
        """Forget what an account that is removed was in the middle of; its plays stay."""
        if self._unfinished.pop(entry_id, None) is not None:
            self._async_save()

    @callback
    def async_put_aside(self, entry_id: str, unfinished: Mapping[str, Any]) -> None:
        """Keep what an account is in the middle of until it is loaded again."""
        self._unfinished[entry_id] = unfinished
        self._async_save()

    @callback
    def async_take_up(self, entry_id: str) -> Mapping[str, Any] | None:
        """Return what an account was in the middle of, and forget it."""
        return self._unfinished.pop(entry_id, None)

    @callback
    def async_add_listener(self, listener: NewsListener) -> CALLBACK_TYPE:
        """Call `listener` with what was recorded; with None when all may be different."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    @callback
    def async_tell(self, news: News | None) -> None:
        """Tell the listeners what became different in the archive."""
        for listener in tuple(self._listeners):
            listener(news)

    @callback
    def async_add_live(self, sighting: Sighting) -> None:
        """Keep a play that was watched, as soon as that can be done."""
        self._async_keep(
            lambda archive: archive.add_live(sighting),
            partial(self._async_recorded, sighting.account),
        )

    @callback
    def async_add_recent(
        self,
        account: str,
        rows: Sequence[Sighting],
        on_gap: Callable[[Gap], None],
    ) -> None:
        """Keep an answer of the recent list, as soon as that can be done."""

        @callback
        def done(recorded: Recorded) -> None:
            self._async_recorded(account, recorded)
            if recorded.gap is not None:
                on_gap(recorded.gap)

        self._async_keep(lambda archive: archive.add_recent(account, rows), done)

    @callback
    def async_add_change(self, change: Change) -> None:
        """Keep a change of a library or playlist, as soon as that can be done."""
        self._async_keep(lambda archive: archive.add_change(change))

    @callback
    def async_keep_likes(self, account: str, likes: Sequence[Like]) -> None:
        """Keep what an account likes now, as soon as that can be done."""
        self._async_keep(
            lambda archive: archive.keep_likes(account, likes), self._async_tell_all
        )

    async def async_move(self, url: str | None) -> None:
        """Keep the archive elsewhere from now on: in a database, or by None in the file.

        What was kept until now stays where it is.

        Raises:
            ArchiveError: it can't be opened there; it stays where it was.
        """
        async with self._moving:
            if url == self._url and self.archive is not None:
                return
            if self.is_held:
                raise HeldError("A backup is being made")
            archive = await self._async_opened(url)
            await self._async_give_up_opening()
            former, self.archive = self.archive, None
            if former is not None:
                await self._async_shut(former)
            self._url = url
            await self._store.async_save(self._dump())
            if self._members:
                self._async_use(archive)
            else:
                await archive.close()

    async def async_hold(self) -> None:
        """Let nothing be opened or written, for the file is being copied; all is in it."""
        if self.is_held:
            return
        self.is_held = True
        try:
            # What moves or closes it is over before it is copied.
            async with self._moving:
                if self.archive is None:
                    await self._async_give_up_opening()
                else:
                    await self._held.enter_async_context(self.archive.hold())
        except BaseException:
            await self.async_release()
            raise

    async def async_release(self) -> None:
        """Let opening and writing go on; whoever has no more accounts may close it."""
        if not self.is_held:
            return
        self.is_held = False
        await self._held.aclose()
        if self._members and self.archive is None and not self._closing:
            self._async_open_soon()

    async def async_close(self) -> None:
        """Write what waits, and close; not while there are accounts, nor while it is held."""
        if self._members or self._closing or self.is_held:
            return
        self._closing = True
        try:
            async with self._moving:
                await self._async_end()
            await self._store.async_save(self._dump())
        finally:
            self._closing = False
        # An account that was set up meanwhile has joined.
        if self._members:
            self._async_open_soon()

    @callback
    def _async_part(self, entry_id: str) -> None:
        del self._members[entry_id]

    @callback
    def _async_open_soon(self, _now: datetime | None = None) -> None:
        self._cancel_retry = None
        if self._opening is not None or self.is_held:
            return
        if self._stopping is None:
            self._stopping = self._hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_stop
            )
        self._opening = self._hass.async_create_background_task(
            self._async_open(), "open Spotify Hub archive"
        )

    async def _async_open(self) -> None:
        try:
            archive = await self._async_opened(self._url)
        except ArchiveError as err:
            self._failure = err
            self._issues.async_not_opened(err)
            if isinstance(err, UnavailableError):
                self._async_retry()
        else:
            self._async_use(archive)
        finally:
            self._opening = None

    async def _async_opened(self, url: str | None) -> Archive:
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
            on_damage=self._async_damaged,
        )
        try:
            await archive.open()
        except OSError as err:
            raise UnavailableError(err.strerror) from err
        return archive

    @callback
    def _async_retry(self) -> None:
        self._cancel_retry = async_call_later(
            self._hass,
            self._retry,
            HassJob(self._async_open_soon, cancel_on_shutdown=True),
        )
        self._retry = min(2 * self._retry, LONGEST_RETRY)

    @callback
    def _async_use(self, archive: Archive) -> None:
        self.archive, self._retry = archive, FIRST_RETRY
        self._issues.async_all_well()
        for entry in self._members.values():
            self._async_run(self._async_adopt(archive, entry))
        waiting, self._waiting = self._waiting, []
        for begin in waiting:
            begin(archive)
        self.async_tell(None)

    async def _async_adopt(self, archive: Archive, entry: ConfigEntry) -> None:
        """Let an account go by its immutable name, if it was first known by another."""
        try:
            if await archive.rename_account(entry.data[CONF_USER_ID], name_of(entry)):
                self.async_tell(None)
        except ArchiveError as err:
            LOGGER.debug("The archive's name of %s stays: %s", entry.title, err)

    @callback
    def _async_keep[T](
        self, writing: Writing[T], done: Callable[[T], None] = lambda _done: None
    ) -> None:
        """Write as soon as the archive is open; whoever hands it over need not wait."""

        @callback
        def begin(archive: Archive) -> None:
            self._async_run(_async_write(archive, writing, done))

        if self.archive is not None:
            begin(self.archive)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting.append(begin)
        else:
            LOGGER.debug("Not kept in the archive, for too much waits already")

    @callback
    def _async_run(self, doing: Coroutine[Any, Any, None]) -> None:
        task = self._hass.async_create_background_task(doing, "Spotify Hub archive")
        if not task.done():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @callback
    def _async_recorded(self, account: str, recorded: Recorded) -> None:
        if recorded.since is not None and recorded.until is not None:
            self.async_tell(News(account, recorded.since, recorded.until))
        self._async_tell_all(recorded.united)

    @callback
    def _async_tell_all(self, news: Iterable[News]) -> None:
        for one in news:
            self.async_tell(one)

    @callback
    def _async_damaged(self, file: str) -> None:
        self._issues.async_damaged(file)
        self.async_tell(None)

    async def _async_stop(self, _event: Event) -> None:
        self._stopping = None
        await self._async_end()

    async def _async_end(self) -> None:
        if self._waiting and self._opening is not None:
            await asyncio.wait({self._opening}, timeout=OPENING_PATIENCE)
        await self._async_give_up_opening()
        if self._stopping is not None:
            self._stopping()
            self._stopping = None
        archive, self.archive = self.archive, None
        self._failure = ClosedError()
        if archive is not None:
            await self._async_shut(archive)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._waiting:
            LOGGER.warning(
                "The listening history could not be opened: %s plays and changes are lost",
                len(self._waiting),
            )
            self._waiting.clear()
        self._issues.async_all_well()
        self.async_tell(None)

    async def _async_shut(self, archive: Archive) -> None:
        await self._held.aclose()
        await archive.close()

    async def _async_give_up_opening(self) -> None:
        if self._cancel_retry is not None:
            self._cancel_retry()
            self._cancel_retry = None
        if (opening := self._opening) is not None:
            # Once is enough: a second time it could not clean up after itself.
            if not opening.cancelling():
                opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)

    @callback
    def _async_save(self) -> None:
        self._store.async_delay_save(self._dump, SAVE_DELAY)

    def _dump(self) -> dict[str, Any]:
        return {"url": self._url, "unfinished": dict(self._unfinished)}


async def _async_write[T](
    archive: Archive, writing: Writing[T], done: Callable[[T], None]
) -> None:
    try:
        result = await writing(archive)
    except ArchiveError as err:
        # Somebody is told of it by the archive's status.
        LOGGER.debug("Not kept in the archive: %s", err)
    else:
        done(result)


def translated(error: ArchiveError) -> HomeAssistantError:
    """Return the error for whoever called; a database's own words are handed on."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=error.key,
        translation_placeholders={"reason": str(error)},
    )
