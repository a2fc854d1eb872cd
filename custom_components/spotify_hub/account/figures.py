"""What the archive says of an account's day and month, for sensors to show."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import async_track_time_change
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from ..archive.errors import ArchiveError
from ..archive.news import News
from ..archive.statistics.days import amount
from ..archive.statistics.scope import Amount, Scope
from ..archive.statistics.tops import Top, top_artists, top_tracks
from ..archive.store import Archive
from ..const import LOGGER
from ..household_archive import HouseholdArchive
from .sightings import milliseconds

# Seconds for which several news are answered by one look into the archive.
SOON = 5.0
# Home Assistant's states hold no more.
_MOST_LETTERS = 255


class Figure(StrEnum):
    """What can be shown; what is not watched is not asked for."""

    PLAYS_TODAY = "plays_today"
    MINUTES_TODAY = "minutes_today"
    TOP_ARTIST = "top_artist"
    TOP_TRACK = "top_track"
    PLAYS_ARCHIVED = "plays_archived"
    ARCHIVE_SIZE = "archive_size"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure's value, and what more is known of it; `since` is when it began to count."""

    value: StateType = None
    details: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None


class Figures:
    """Looks into the archive when something was recorded, and when the day changes."""

    def __init__(
        self, hass: HomeAssistant, history: HouseholdArchive, account: str
    ) -> None:
        """Ask `history` about the account of this name."""
        self._hass = hass
        self._history = history
        self._account = account
        self._shown: dict[Figure, Shown] = {}
        self._watchers: dict[Figure, list[Callable[[], None]]] = {}
        self._stops: list[CALLBACK_TYPE] = []
        self._looking = self._debouncer()

    def _debouncer(self) -> Debouncer[Coroutine[Any, Any, None]]:
        return Debouncer(
            self._hass,
            LOGGER,
            cooldown=SOON,
            immediate=False,
            function=self._async_look,
            background=True,
        )

    @property
    def available(self) -> bool:
        """Return whether the archive is open."""
        return self._history.archive is not None

    def shown(self, figure: Figure) -> Shown:
        """Return a figure as it was when the archive was last asked."""
        return self._shown.get(figure, Shown())

    @callback
    def async_watch(self, figure: Figure, watcher: Callable[[], None]) -> CALLBACK_TYPE:
        """Keep a figure up to date until the returned call; call `watcher` after each look."""
        self._watchers.setdefault(figure, []).append(watcher)
        if not self._stops:
            self._stops = [
                self._history.async_add_listener(self._async_heard),
                async_track_time_change(
                    self._hass, self._async_midnight, hour=0, minute=0, second=0
                ),
            ]
        self._looking.async_schedule_call()
        return partial(self._async_unwatch, figure, watcher)

    @callback
    def _async_unwatch(self, figure: Figure, watcher: Callable[[], None]) -> None:
        self._watchers[figure].remove(watcher)
        if not any(self._watchers.values()):
            while self._stops:
                self._stops.pop()()
            # For good: a look under way would set a timer when it is done.
            self._looking.async_shutdown()
            self._looking = self._debouncer()

    @callback
    def _async_heard(self, news: News | None) -> None:
        if news is None:
            # It was opened or closed, which shows at once.
            self._async_tell()
        self._looking.async_schedule_call()

    @callback
    def _async_midnight(self, _now: datetime) -> None:
        self._looking.async_schedule_call()

    @callback
    def _async_tell(self) -> None:
        for watchers in self._watchers.values():
            for watcher in tuple(watchers):
                watcher()

    async def _async_look(self) -> None:
        if (archive := self._history.archive) is None:
            return
        try:
            for figure in [one for one, many in self._watchers.items() if many]:
                self._shown[figure] = await _LOOKS[figure](archive, self._account)
        except ArchiveError as err:
            LOGGER.debug("The archive can't be asked now: %s", err)
        self._async_tell()


async def _today(archive: Archive, account: str) -> tuple[Amount, datetime]:
    day = dt_util.start_of_local_day()
    found = await archive.ask(amount, Scope(account, milliseconds(day)))
    return found, day


async def _plays_today(archive: Archive, account: str) -> Shown:
    found, day = await _today(archive, account)
    return Shown(found.plays, since=day)


async def _minutes_today(archive: Archive, account: str) -> Shown:
    found, day = await _today(archive, account)
    return Shown(_minutes(found), since=day)


def _this_month(account: str) -> Scope:
    first = dt_util.now().date().replace(day=1)
    return Scope(account, milliseconds(dt_util.start_of_local_day(first)))


async def _top_artist(archive: Archive, account: str) -> Shown:
    tops = await archive.ask(top_artists, _this_month(account), limit=1)
    return _top(tops[0], tops[0].what.name, tops[0].what.uri) if tops else Shown()


async def _top_track(archive: Archive, account: str) -> Shown:
    tops = await archive.ask(top_tracks, _this_month(account), limit=1)
    if not tops:
        return Shown()
    track = tops[0].what
    shown = _top(tops[0], track.name or track.uri or "", track.uri)
    artists = ", ".join(artist.name for artist in track.artists)
    return Shown(shown.value, {"artist": artists or None, **shown.details})


async def _plays_archived(archive: Archive, account: str) -> Shown:
    return Shown((await archive.ask(amount, Scope(account))).starts)


async def _archive_size(archive: Archive, _account: str) -> Shown:
    return Shown((await archive.size()).bytes)


def _top[T](top: Top[T], name: str, uri: str | None) -> Shown:
    details = {"plays": top.amount.plays, "minutes": _minutes(top.amount), "uri": uri}
    return Shown(name[:_MOST_LETTERS], details)


def _minutes(found: Amount) -> float:
    return round(found.listened_ms / 60_000, 1)


_LOOKS: Mapping[Figure, Callable[[Archive, str], Awaitable[Shown]]] = {
    Figure.PLAYS_TODAY: _plays_today,
    Figure.MINUTES_TODAY: _minutes_today,
    Figure.TOP_ARTIST: _top_artist,
    Figure.TOP_TRACK: _top_track,
    Figure.PLAYS_ARCHIVED: _plays_archived,
    Figure.ARCHIVE_SIZE: _archive_size,
}
