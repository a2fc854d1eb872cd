"""How an account stands with Spotify, in numbers and times, and what it heard last."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .account import SpotifyHubConfigEntry
from .account.monitor import AccountMonitor, ApiHealth
from .api.errors import SpotifyApiError
from .api.families import Family
from .api.models import Play
from .api.scopes import Feature
from .entity import MonitoredEntity
from .favorites.status import State
from .history_sensors import SENSORS as HISTORY_SENSORS, HistorySensor
from .import_progress import ImportProgress
from .routine_sensors import NextWakeUp, SleepTimerEnds
from .sign_in import sign_in_ends

# Nothing is asked of Spotify.
PARALLEL_UPDATES = 0

# After so many failed fetches in a row, what was fetched before is no longer shown.
FAILURES = 2


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """What a diagnostic sensor shows of an account."""

    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC
    value_fn: Callable[[SpotifyHubConfigEntry], StateType | datetime]
    attributes_fn: Callable[[SpotifyHubConfigEntry], Mapping[str, Any]] | None = None


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SpotifyHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the account's sensors."""
    async_add_entities(DiagnosticSensor(entry, sensor) for sensor in SENSORS)
    async_add_entities([SleepTimerEnds(entry), NextWakeUp(entry)])
    if Feature.LIBRARY in entry.runtime_data.features:
        async_add_entities(FavoritesSensor(entry, sensor) for sensor in FAVORITES)
    async_add_entities([ImportProgress(entry)])
    if Feature.HISTORY in entry.runtime_data.features:
        async_add_entities([LastPlayed(entry)])
        async_add_entities(HistorySensor(entry, one) for one in HISTORY_SENSORS)


class DiagnosticSensor(MonitoredEntity, SensorEntity):
    """Something that is known here about the account."""

    entity_description: AccountSensorDescription
    _unrecorded_attributes = frozenset(
        {
            "at",
            "by_family",
            "by_kind",
            "family",
            "lowest_other",
            "lowest_other_family",
            "method",
        }
    )

    def __init__(
        self, entry: SpotifyHubConfigEntry, description: AccountSensorDescription
    ) -> None:
        """Show what the description says."""
        super().__init__(entry, description.key)
        self.entity_description = description
        self._entry = entry

    @property
    @override
    def available(self) -> bool:
        """Return True: through outages and a dead sign-in, as these explain them."""
        return True

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return the value at this moment."""
        return self.entity_description.value_fn(self._entry)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return the details."""
        details = self.entity_description.attributes_fn
        return details(self._entry) if details else None


class FavoritesSensor(DiagnosticSensor):
    """How the copies of Liked Songs stand."""

    _unrecorded_attributes = frozenset({"done", "kind", "next_run", "total"})

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of each step."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.account.favorites.async_add_listener(self.async_write_ha_state)
        )


class LastPlayed(MonitoredEntity, SensorEntity):
    """When the account last played something, and what."""

    _attr_device_class = SensorDeviceClass.TIMESTAMP
    _attr_translation_key = "last_played"

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Show the newest of the account's recent plays."""
        super().__init__(entry, "last_played")
        self._seen_run: datetime | None = None
        self._failures = 0

    @property
    @override
    def available(self) -> bool:
        """Return whether what was fetched can still be believed."""
        signed_in = self.account.monitor.health is not ApiHealth.SIGN_IN
        return signed_in and self._failures < FAILURES

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return when the newest play was."""
        return self._play.played_at if self._play else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return what it was."""
        track = self._play.track if self._play else None
        return {
            "title": track.name if track else None,
            "artist": ", ".join(one.name for one in track.artists) if track else None,
            "uri": track.uri if track else None,
        }

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Count the fetches that failed in a row."""
        job = self.account.recent.job
        if job.last_run != self._seen_run:
            self._seen_run = job.last_run
            self._failures = 0 if job.last_result == "ok" else self._failures + 1
        super()._handle_coordinator_update()

    @property
    def _play(self) -> Play | None:
        plays = self.account.recent.plays
        return max(plays, key=lambda play: play.played_at) if plays else None


def _monitor(entry: SpotifyHubConfigEntry) -> AccountMonitor:
    return entry.runtime_data.monitor


def _requests(entry: SpotifyHubConfigEntry) -> dict[Family, int]:
    monitor = _monitor(entry)
    return monitor.book.counts.by_family(monitor.now, entry.entry_id)


def _percent_left(entry: SpotifyHubConfigEntry, family: Family) -> int:
    monitor = _monitor(entry)
    return round(100 * monitor.book.budget_left(family, monitor.now))


def _lowest_other(entry: SpotifyHubConfigEntry) -> dict[str, Any]:
    others = (family for family in Family if family is not Family.PLAYER)
    left, family = min((_percent_left(entry, other), other) for other in others)
    return {"lowest_other": left, "lowest_other_family": family.value}


def _last_error(entry: SpotifyHubConfigEntry) -> dict[str, Any]:
    if (error := _monitor(entry).last_error) is None:
        return {}
    return {"at": error.at, "method": error.method, "family": error.family.value}


def _sync_details(entry: SpotifyHubConfigEntry) -> dict[str, Any]:
    favorites = entry.runtime_data.favorites
    syncing = favorites.state is State.SYNCING
    return {
        "kind": favorites.kind.value if syncing else None,
        "done": favorites.done if syncing else None,
        "total": favorites.total if syncing else None,
        "reason": favorites.record.reason,
        "next_run": favorites.job.next_run,
    }


def _liked_details(entry: SpotifyHubConfigEntry) -> dict[str, Any]:
    record = entry.runtime_data.favorites.record
    return {
        "added": record.added,
        "removed": record.removed,
        "snapshot": record.snapshot,
        "unchanged_since": record.unchanged_since,
    }


def _keys(kind: type[SpotifyApiError] = SpotifyApiError) -> Iterator[str]:
    """Go through the keys of all errors."""
    yield kind.key
    for subclass in kind.__subclasses__():
        yield from _keys(subclass)


SENSORS = (
    AccountSensorDescription(
        key="api_health",
        translation_key="api_health",
        device_class=SensorDeviceClass.ENUM,
        options=[health.value for health in ApiHealth],
        value_fn=lambda entry: _monitor(entry).health.value,
    ),
    AccountSensorDescription(
        key="resumes_at",
        translation_key="resumes_at",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda entry: _monitor(entry).resumes_at,
    ),
    AccountSensorDescription(
        key="sign_in_expires",
        translation_key="sign_in_expires",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=sign_in_ends,
    ),
    AccountSensorDescription(
        key="token_expires",
        translation_key="token_expires",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        value_fn=lambda entry: dt_util.utc_from_timestamp(
            int(entry.data["token"]["expires_at"])
        ),
    ),
    AccountSensorDescription(
        key="last_error",
        translation_key="last_error",
        device_class=SensorDeviceClass.ENUM,
        options=sorted(set(_keys())),
        entity_registry_enabled_default=False,
        value_fn=lambda entry: (
            error.result if (error := _monitor(entry).last_error) else None
        ),
        attributes_fn=_last_error,
    ),
    AccountSensorDescription(
        key="requests",
        translation_key="requests",
        state_class=SensorStateClass.MEASUREMENT,
        entity_registry_enabled_default=False,
        value_fn=lambda entry: sum(_requests(entry).values()),
        attributes_fn=lambda entry: {
            "by_family": {
                family.value: count for family, count in _requests(entry).items()
            }
        },
    ),
    AccountSensorDescription(
        key="request_budget",
        translation_key="request_budget",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        entity_registry_enabled_default=False,
        value_fn=lambda entry: _percent_left(entry, Family.PLAYER),
        attributes_fn=_lowest_other,
    ),
    AccountSensorDescription(
        key="commands_tried",
        translation_key="commands_tried",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_registry_enabled_default=False,
        value_fn=lambda entry: _monitor(entry).commands.tried.total(),
        attributes_fn=lambda entry: {"by_kind": dict(_monitor(entry).commands.tried)},
    ),
    AccountSensorDescription(
        key="commands_failed",
        translation_key="commands_failed",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_registry_enabled_default=False,
        value_fn=lambda entry: _monitor(entry).commands.failed.total(),
        attributes_fn=lambda entry: {"by_kind": dict(_monitor(entry).commands.failed)},
    ),
)

FAVORITES = (
    AccountSensorDescription(
        key="favorites_sync",
        translation_key="favorites_sync",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in State],
        value_fn=lambda entry: entry.runtime_data.favorites.state.value,
        attributes_fn=_sync_details,
    ),
    AccountSensorDescription(
        key="favorites_synced",
        translation_key="favorites_synced",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda entry: entry.runtime_data.favorites.record.succeeded,
    ),
    AccountSensorDescription(
        key="liked_songs",
        translation_key="liked_songs",
        entity_category=None,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda entry: entry.runtime_data.favorites.record.total,
        attributes_fn=_liked_details,
    ),
)
