"""When an account's music ends, and when it wakes somebody (for sensor.py)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.util import dt as dt_util

from .account import SpotifyHubConfigEntry
from .coordinator import PlaybackCoordinator
from .entity import AccountEntity


class SleepTimerEnds(AccountEntity[PlaybackCoordinator], SensorEntity):
    """When the account's music ends."""

    _attr_device_class = SensorDeviceClass.TIMESTAMP
    _attr_translation_key = "sleep_timer_ends"

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Show the account's sleep timer."""
        super().__init__(entry, entry.runtime_data.playback, "sleep_timer_ends")

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of another timer."""
        await super().async_added_to_hass()
        sleep_timer = self.account.routines.sleep_timer
        self.async_on_remove(
            sleep_timer.async_add_listener(self._handle_coordinator_update)
        )

    @property
    @override
    def available(self) -> bool:
        """Return True: the timer runs on through everything."""
        return True

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return when it ends; None without one, or while that can't be told."""
        return self.account.routines.sleep_timer.ends


class NextWakeUp(AccountEntity[PlaybackCoordinator], SensorEntity):
    """When the account next wakes somebody."""

    _attr_device_class = SensorDeviceClass.TIMESTAMP
    _attr_translation_key = "next_wake_up"

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Show the account's alarms."""
        super().__init__(entry, entry.runtime_data.playback, "next_wake_up")

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of other alarms."""
        await super().async_added_to_hass()
        alarm_clock = self.account.routines.alarm_clock
        self.async_on_remove(
            alarm_clock.async_add_listener(self._handle_coordinator_update)
        )

    @property
    @override
    def available(self) -> bool:
        """Return True: alarms are kept here, and stay set through everything."""
        return True

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return when the next alarm rings."""
        alarms = self.account.routines.alarm_clock.alarms
        return dt_util.utc_from_timestamp(alarms[0].at) if alarms else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return with what and where, and how many alarms there are."""
        alarm_clock = self.account.routines.alarm_clock
        first = next(iter(alarm_clock.alarms), None)
        return {
            "title": first.title if first else None,
            "speaker": alarm_clock.speaker_of(first) if first else None,
            "alarms": len(alarm_clock.alarms),
        }
