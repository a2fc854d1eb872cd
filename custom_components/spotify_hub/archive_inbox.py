"""What is handed over to the archive: written as soon as it can be, and told of then."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from functools import partial
from typing import Any

from homeassistant.core import HomeAssistant, callback

from .archive.errors import ArchiveError
from .archive.ingest import Recorded
from .archive.keeping import Change, Like
from .archive.news import News
from .archive.records import Gap, Sighting
from .archive.store import Archive
from .archive.writer import MOST_WAITING
from .const import LOGGER

type Writing[T] = Callable[[Archive], Coroutine[Any, Any, T]]


class ArchiveInbox:
    """Takes what is to be kept; whoever hands it over need not wait."""

    def __init__(
        self,
        hass: HomeAssistant,
        archive: Callable[[], Archive | None],
        tell: Callable[[News], None],
    ) -> None:
        """Write into what `archive` returns; call `tell` with plays that became different."""
        self._hass = hass
        self._archive = archive
        self._tell = tell
        # What is to be written once it is open, each under a name of its own.
        self._waiting: dict[object, Callable[[Archive], None]] = {}
        # How much more than that there was.
        self._lost = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """Return how much waits until the archive is open."""
        return len(self._waiting)

    @callback
    def async_opened(self, archive: Archive) -> None:
        """Write what has waited."""
        self._say_what_is_lost()
        waiting, self._waiting = self._waiting, {}
        for begin in waiting.values():
            begin(archive)

    @callback
    def async_add_live(self, sighting: Sighting) -> None:
        """Keep a play that was watched."""
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
        """Keep an answer of the recent list."""

        @callback
        def done(recorded: Recorded) -> None:
            self._async_recorded(account, recorded)
            if recorded.gap is not None:
                on_gap(recorded.gap)

        self._async_keep(lambda archive: archive.add_recent(account, rows), done)

    @callback
    def async_add_change(self, change: Change) -> None:
        """Keep a change of a library or playlist."""
        self._async_keep(lambda archive: archive.add_change(change))

    @callback
    def async_keep_likes(self, account: str, likes: Sequence[Like]) -> None:
        """Keep what an account likes now; of what waits only the last is held."""
        self._async_keep(
            lambda archive: archive.keep_likes(account, likes),
            self._async_tell_all,
            name=("likes", account),
        )

    @callback
    def async_change_likes(
        self, account: str, liked: Sequence[Like], unliked: Collection[str]
    ) -> None:
        """Keep what an account likes since, and by URI what it likes no more."""
        self._async_keep(
            lambda archive: archive.change_likes(account, liked, unliked),
            self._async_tell_all,
        )

    @callback
    def async_run(self, doing: Coroutine[Any, Any, None]) -> None:
        """Do something to the archive that is waited for before all ends."""
        task = self._hass.async_create_background_task(doing, "Spotify Hub archive")
        if not task.done():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def async_end(self) -> None:
        """Wait for what was begun; what never could be is lost, and that is said."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lost += len(self._waiting)
        self._waiting.clear()
        self._say_what_is_lost()

    @callback
    def _async_keep[T](
        self,
        writing: Writing[T],
        done: Callable[[T], None] = lambda _done: None,
        *,
        name: object = None,
    ) -> None:
        """Write something; of a name what waits gives way to what comes later."""

        @callback
        def begin(archive: Archive) -> None:
            self.async_run(_async_write(archive, writing, done))

        if (archive := self._archive()) is not None:
            begin(archive)
            return
        if name is not None:
            self._waiting.pop(name, None)
        if len(self._waiting) < MOST_WAITING:
            self._waiting[name or object()] = begin
        else:
            self._lost += 1

    def _say_what_is_lost(self) -> None:
        if self._lost:
            LOGGER.warning(
                "The listening history could not be opened: %s plays and changes are lost",
                self._lost,
            )
            self._lost = 0

    @callback
    def _async_recorded(self, account: str, recorded: Recorded) -> None:
        if recorded.since is not None and recorded.until is not None:
            self._tell(News(account, recorded.since, recorded.until))
        self._async_tell_all(recorded.united)

    @callback
    def _async_tell_all(self, news: Iterable[News]) -> None:
        for one in news:
            self._tell(one)


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
