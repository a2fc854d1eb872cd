"""The household's listening history: there while any account is, whatever breaks."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
)

from .archive.errors import (
    ArchiveError,
    ClosedError,
    HeldError,
)
from .archive.news import News
from .archive.store import Archive
from .archive_inbox import ArchiveInbox
from .archive_issues import ArchiveIssues, LastError
from .archive_memory import ArchiveMemory
from .archive_opener import ArchiveOpener
from .const import CONF_ACCOUNT_ID, CONF_USER_ID, DOMAIN, LOGGER

type NewsListener = Callable[[News | None], None]


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
        self._issues = ArchiveIssues(hass)
        self.memory = ArchiveMemory(hass)
        self._opener = ArchiveOpener(
            hass,
            self.memory,
            self._issues,
            opened=self._async_use,
            damaged=self._async_damaged,
        )
        self._members: dict[str, ConfigEntry] = {}
        self._listeners: list[NewsListener] = []
        self.inbox = ArchiveInbox(hass, lambda: self.archive, self.async_tell)
        self._stopping: CALLBACK_TYPE | None = None
        self._closing = False
        self._moving = asyncio.Lock()
        # A backup copies it: nothing is opened, written, moved or closed.
        self.is_held = False
        self._held = AsyncExitStack()
        # URIs that an account is asking Spotify about.
        self.claimed: set[str] = set()

    @property
    def is_remote(self) -> bool:
        """Tell whether it is kept in a database by URL rather than in a file."""
        return self.memory.url is not None

    @property
    def waiting(self) -> int:
        """Return how much waits to be written."""
        written_later = self.archive.status.waiting if self.archive else 0
        return self.inbox.waiting + written_later

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
        return self._opener.path

    @property
    def failure(self) -> ArchiveError:
        """Return why it is not open, while it is not."""
        return HeldError() if self.is_held else self._opener.failure

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
        if self.archive is None:
            await self._opener.async_wait()
        return self.require()

    @callback
    def async_join(self, entry: ConfigEntry) -> CALLBACK_TYPE:
        """Take an account in until the returned call; nothing is waited for."""
        self._members[entry.entry_id] = entry
        if self.archive is not None:
            self.inbox.async_run(self._async_adopt(self.archive, entry))
        elif not self._closing:
            self._async_open_soon()
        return partial(self._async_part, entry.entry_id)

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

    async def async_move(self, url: str | None) -> None:
        """Keep the archive elsewhere from now on: in a database, or by None in the file.

        What was kept until now stays where it is.

        Raises:
            ArchiveError: it can't be opened there; it stays where it was.
        """
        async with self._moving:
            if url == self.memory.url and self.archive is not None:
                return
            if self.is_held:
                raise HeldError("A backup is being made")
            archive = await self._opener.async_open(url)
            await self._opener.async_give_up()
            former, self.archive = self.archive, None
            if former is not None:
                await self._async_shut(former)
            self.memory.url = url
            await self.memory.async_save()
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
                    await self._opener.async_give_up()
                else:
                    await self._held.enter_async_context(self.archive.hold())
        except BaseException:
            # Whatever ends it, a stop as well: writing would be held for ever.
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
            await self.memory.async_save()
        finally:
            self._closing = False
        # An account that was set up meanwhile has joined.
        if self._members:
            self._async_open_soon()

    @callback
    def _async_part(self, entry_id: str) -> None:
        del self._members[entry_id]

    @callback
    def _async_open_soon(self) -> None:
        if self.is_held:
            return
        if self._stopping is None:
            self._stopping = self._hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_stop
            )
        self._opener.async_begin()

    @callback
    def _async_use(self, archive: Archive) -> None:
        self.archive = archive
        self._issues.async_all_well()
        for entry in self._members.values():
            self.inbox.async_run(self._async_adopt(archive, entry))
        self.inbox.async_opened(archive)
        self.async_tell(None)

    async def _async_adopt(self, archive: Archive, entry: ConfigEntry) -> None:
        """Let an account go by its immutable name, if it was first known by another."""
        try:
            if await archive.rename_account(entry.data[CONF_USER_ID], name_of(entry)):
                self.async_tell(None)
        except ArchiveError as err:
            LOGGER.debug("The archive's name of %s stays: %s", entry.title, err)

    @callback
    def _async_damaged(self, file: str) -> None:
        self._issues.async_damaged(file)
        self.async_tell(None)

    async def _async_stop(self, _event: Event) -> None:
        self._stopping = None
        await self._async_end()

    async def _async_end(self) -> None:
        if self.inbox.waiting:
            await self._opener.async_wait()
        await self._opener.async_give_up()
        if self._stopping is not None:
            self._stopping()
            self._stopping = None
        archive, self.archive = self.archive, None
        self._opener.failure = ClosedError()
        if archive is not None:
            await self._async_shut(archive)
        await self.inbox.async_end()
        self._issues.async_all_well()
        self.async_tell(None)

    async def _async_shut(self, archive: Archive) -> None:
        await self._held.aclose()
        await archive.close()


def translated(error: ArchiveError) -> HomeAssistantError:
    """Return the error for whoever called; a database's own words are handed on."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=error.key,
        translation_placeholders={"reason": str(error)},
    )
