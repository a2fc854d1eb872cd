"""What is listened to by the hour, in Home Assistant's long-term statistics."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.components.recorder.models import (
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfTime
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import UnsupportedStorageVersionError
from homeassistant.helpers.event import async_call_later, async_track_utc_time_change
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util, slugify
from homeassistant.util.unit_conversion import DurationConverter

from .archive.errors import ArchiveError
from .archive.news import News
from .archive.statistics.days import amount, per_hour
from .archive.statistics.scope import Amount, Scope
from .archive.store import Archive
from .const import DOMAIN, LOGGER
from .household_archive import HouseholdArchive, name_of
from .recorder_rows import async_rows, async_write_rows
from .statistic_rows import HOUR_MS, hour_of, slug_for, sum_before, wrong_rows

STORAGE_VERSION = 1
SAVE_DELAY = 5.0
# The minute in which each hour is written; what played at its end is recorded by then.
MINUTE = 5
# Seconds until a change of what is long past is written, counted from the last of many.
SOON = 60.0
# What began longer ago is long past (milliseconds).
_PAST_MS = 24 * HOUR_MS
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is counted: `key` ends its id, `name` its name."""

    key: str
    name: str
    unit: str
    unit_class: str | None

    def of(self, amount: Amount) -> float:
        """Return it of an amount."""
        if self.unit_class is None:
            return float(amount.plays)
        return amount.listened_ms / _MINUTE_MS


_MEASURES = (
    _Measure(
        "minutes", "listening time", UnitOfTime.MINUTES, DurationConverter.UNIT_CLASS
    ),
    _Measure("plays", "plays", "plays", None),
)


@dataclass(frozen=True, slots=True)
class _Offset:
    """From an hour on, a statistic's sums are by so much more than the archive's."""

    since: int
    more: float


class HouseholdStatistics:
    """Writes an account's hours when they are over, and again when they change.

    The archive is what is true: rows that are lacking or wrong are written. An archive
    that was begun anew continues the sums; it does not take away what was before it.
    """

    def __init__(self, hass: HomeAssistant, history: HouseholdArchive) -> None:
        """Write what `history` tells."""
        self._hass = hass
        self._history = history
        # By account's name: from and to when what changed began. None is all of it.
        self._changed: dict[str, tuple[int, int]] = {}
        self._all_changed = True
        self._offsets: dict[str, _Offset] = {}
        self._slugs: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None
        self._cancel_soon: CALLBACK_TYPE | None = None
        self._stop: list[CALLBACK_TYPE] = []
        self._store: Store[dict[str, Any]] = Store(
            hass, STORAGE_VERSION, f"{DOMAIN}.statistics", private=True
        )

    async def async_load(self) -> None:
        """Read by what names the statistics go; what can't be read is forgotten."""
        try:
            if (data := await self._store.async_load()) is not None:
                self._slugs = {
                    str(key): str(slug) for key, slug in data["slugs"].items()
                }
                self._changed = {
                    str(key): (int(since), int(until))
                    for key, (since, until) in data["changed"].items()
                }
        except (
            AttributeError,
            LookupError,
            TypeError,
            UnsupportedStorageVersionError,
            ValueError,
        ) as err:
            LOGGER.warning("What %s kept can't be read: %r", self._store.key, err)

    @callback
    def async_start(self) -> None:
        """Follow the archive."""
        if not self._stop:
            self._stop = [
                self._history.async_add_listener(self._async_heard),
                async_track_utc_time_change(
                    self._hass, self._async_begin, minute=MINUTE, second=0
                ),
            ]

    async def async_close(self) -> None:
        """Write no more."""
        for stop in self._stop:
            stop()
        self._stop = []
        self._async_unschedule()
        if (task := self._task) is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._task = None
        await self._store.async_save(self._dump())

    @callback
    def _async_heard(self, news: News | None) -> None:
        """Remember what changed; what is long past is written soon, not by the hour."""
        if news is None:
            self._all_changed = True
            if self._history.archive is not None:
                self._async_run_soon()
            return
        since, until = self._changed.get(news.account, (news.since, news.until))
        span = min(since, news.since), max(until, news.until)
        self._changed[news.account] = span
        if news.since < _now() - _PAST_MS:
            self._store.async_delay_save(self._dump, SAVE_DELAY)
            self._async_run_soon()

    @callback
    def _async_run_soon(self) -> None:
        self._async_unschedule()
        self._cancel_soon = async_call_later(
            self._hass, SOON, HassJob(self._async_begin, cancel_on_shutdown=True)
        )

    @callback
    def _async_unschedule(self) -> None:
        if self._cancel_soon is not None:
            self._cancel_soon()
            self._cancel_soon = None

    @callback
    def _async_begin(self, _now: datetime) -> None:
        self._async_unschedule()
        archive = self._history.archive
        recorded = "recorder" in self._hass.config.components
        if archive is not None and recorded and self._task is None:
            self._task = self._hass.async_create_background_task(
                self._async_run(archive), "Spotify Hub statistics", eager_start=False
            )

    async def _async_run(self, archive: Archive) -> None:
        """Write what changed; what can't be read now is for the next hour."""
        now = hour_of(_now())
        whole, self._all_changed = self._all_changed, False
        try:
            for entry in self._accounts:
                span = self._changed.get(name_of(entry))
                if whole or span is not None:
                    await self._async_write(archive, entry, span, now, whole=whole)
                    self._async_written(name_of(entry), span, now)
            await self._store.async_save(self._dump())
            whole = False
        except ArchiveError as err:
            LOGGER.debug("Statistics wait: %s", err)
        finally:
            self._all_changed = self._all_changed or whole
            self._task = None

    @callback
    def _async_written(self, name: str, span: tuple[int, int] | None, now: int) -> None:
        """Forget a change that is written, unless there was another meanwhile."""
        if span is None or self._changed[name] != span:
            return
        if span[1] < now:
            del self._changed[name]
        else:
            # The hour is not over.
            self._changed[name] = now, span[1]

    async def _async_write(
        self,
        archive: Archive,
        entry: ConfigEntry,
        span: tuple[int, int] | None,
        now: int,
        *,
        whole: bool,
    ) -> None:
        """Write an account's hours until `now`: all of the archive, or from a change on."""
        name = name_of(entry)
        since = hour_of(span[0]) if span else None
        if whole:
            hours = await archive.ask(per_hour, Scope(name, None, now))
            begins = [hour for hour, _ in hours[:1]]
            since = min(begins if since is None else [*begins, since], default=None)
        if since is None or since >= now:
            return
        hours = await archive.ask(per_hour, Scope(name, since, now))
        before = await archive.ask(amount, Scope(name, None, since))
        for measure in _MEASURES:
            statistic = self._id(entry, measure)
            if whole:
                self._offsets.pop(statistic, None)
            rows = wrong_rows(
                [(hour, measure.of(one)) for hour, one in hours],
                await async_rows(self._hass, statistic, since, now),
                await self._async_sum_before(statistic, since, measure.of(before)),
            )
            metadata = self._metadata(entry, measure)
            await async_write_rows(self._hass, metadata, rows)

    async def _async_sum_before(
        self, statistic: str, since: int, archived: float
    ) -> float:
        """Return the sum until an hour, where the archive has so much until then."""
        known = self._offsets.get(statistic)
        if known is None or since < known.since:
            found = await async_rows(self._hass, statistic, 0, since)
            known = _Offset(since, sum_before(found, since) - archived)
            self._offsets[statistic] = known
        return known.more + archived

    @property
    def _accounts(self) -> list[ConfigEntry]:
        return self._hass.config_entries.async_entries(DOMAIN, include_ignore=False)

    def _metadata(self, entry: ConfigEntry, measure: _Measure) -> StatisticMetaData:
        return StatisticMetaData(
            mean_type=StatisticMeanType.NONE,
            has_sum=True,
            name=f"Spotify {entry.title} {measure.name}",
            source=DOMAIN,
            statistic_id=self._id(entry, measure),
            unit_class=measure.unit_class,
            unit_of_measurement=measure.unit,
        )

    def _id(self, entry: ConfigEntry, measure: _Measure) -> str:
        """Return a statistic's id, which stays when the account is renamed."""
        there = {one.entry_id for one in self._accounts}
        self._slugs = {key: slug for key, slug in self._slugs.items() if key in there}
        slug = slug_for(slugify(entry.title), self._slugs, entry.entry_id)
        self._slugs[entry.entry_id] = slug
        return f"{DOMAIN}:{slug}_{measure.key}"

    def _dump(self) -> dict[str, Any]:
        return {
            "slugs": self._slugs,
            "changed": {name: list(span) for name, span in self._changed.items()},
        }


def _now() -> int:
    return int(dt_util.utcnow().timestamp() * 1000)
