"""What the household's archive says of an account, as sensors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfInformation, UnitOfTime
from homeassistant.helpers.typing import StateType

from .account import SpotifyHubConfigEntry
from .account.figures import Figure, Shown
from .coordinator import PlaybackCoordinator
from .entity import AccountEntity


@dataclass(frozen=True, kw_only=True)
class HistorySensorDescription(SensorEntityDescription):
    """Which figure a sensor shows."""

    figure: Figure


class HistorySensor(AccountEntity[PlaybackCoordinator], SensorEntity):
    """A figure of the archive; it changes when something is recorded, or the day does."""

    entity_description: HistorySensorDescription

    def __init__(
        self, entry: SpotifyHubConfigEntry, description: HistorySensorDescription
    ) -> None:
        """Show what the description says."""
        super().__init__(entry, entry.runtime_data.playback, description.key)
        self.entity_description = description
        self._figures = entry.runtime_data.keeping.figures

    @override
    async def async_added_to_hass(self) -> None:
        """Hear the archive; what Spotify answers changes nothing here."""
        self.async_on_remove(
            self._figures.async_watch(
                self.entity_description.figure, self.async_write_ha_state
            )
        )

    @property
    @override
    def available(self) -> bool:
        """Return whether the archive is open, whatever Spotify says."""
        return self._figures.available

    @property
    @override
    def native_value(self) -> StateType:
        """Return the figure."""
        return self._shown.value

    @property
    @override
    def last_reset(self) -> datetime | None:
        """Return when what is counted by day began to be counted."""
        return self._shown.since

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return what more is known."""
        return self._shown.details or None

    @property
    def _shown(self) -> Shown:
        return self._figures.shown(self.entity_description.figure)


SENSORS = (
    HistorySensorDescription(
        key="plays_today",
        translation_key="plays_today",
        state_class=SensorStateClass.TOTAL,
        figure=Figure.PLAYS_TODAY,
    ),
    HistorySensorDescription(
        key="minutes_today",
        translation_key="minutes_today",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        state_class=SensorStateClass.TOTAL,
        figure=Figure.MINUTES_TODAY,
    ),
    HistorySensorDescription(
        key="top_artist",
        translation_key="top_artist",
        figure=Figure.TOP_ARTIST,
    ),
    HistorySensorDescription(
        key="top_track",
        translation_key="top_track",
        figure=Figure.TOP_TRACK,
    ),
    HistorySensorDescription(
        key="plays_archived",
        translation_key="plays_archived",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        figure=Figure.PLAYS_ARCHIVED,
    ),
    # Every row is counted for it.
    HistorySensorDescription(
        key="archive_size",
        translation_key="archive_size",
        device_class=SensorDeviceClass.DATA_SIZE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.MEGABYTES,
        suggested_display_precision=1,
        state_class=SensorStateClass.MEASUREMENT,
        figure=Figure.ARCHIVE_SIZE,
    ),
)
