"""What entities of an account have in common."""

from typing import Any, override

from homeassistant.core import Context
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .account import SpotifyHubConfigEntry
from .account.changes import Caller, Door
from .callers import async_check_permission
from .const import DOMAIN
from .coordinator import PlaybackCoordinator, SpotifyCoordinator


class AccountEntity[C: SpotifyCoordinator[Any]](CoordinatorEntity[C]):
    """An entity of one account's device."""

    _attr_has_entity_name = True

    def __init__(self, entry: SpotifyHubConfigEntry, coordinator: C, key: str) -> None:
        """Belong to the account; `key` tells its entities apart."""
        super().__init__(coordinator)
        self.entry = entry
        self.account = entry.runtime_data
        # From the entry, never from Spotify, whose ids change.
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            entry_type=DeviceEntryType.SERVICE,
            name=f"Spotify {entry.title}",
            manufacturer="Spotify AB",
            model="Account",
            configuration_url="https://open.spotify.com",
        )

    async def async_caller(self) -> Caller:
        """Return on whose behalf a command runs; to be awaited before anything else.

        Raises:
            Unauthorized: the account is somebody else's.
        """
        # Read before another command can take its place.
        context = self._context or Context()
        await async_check_permission(self.hass, context, self.entry)
        return Caller(context, Door.ENTITY)


class MonitoredEntity(AccountEntity[PlaybackCoordinator]):
    """An entity that follows how the account stands with Spotify."""

    def __init__(self, entry: SpotifyHubConfigEntry, key: str) -> None:
        """Belong to the account; `key` tells its entities apart."""
        super().__init__(entry, entry.runtime_data.playback, key)

    @override
    async def async_added_to_hass(self) -> None:
        """Hear the monitor too: it also says when a deadline is over."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.account.monitor.async_add_listener(self._handle_coordinator_update)
        )


class CommandEntity[C: SpotifyCoordinator[Any]](AccountEntity[C]):
    """An entity that takes commands.

    Home Assistant drops commands to an unavailable entity without a word, so it
    stays available while it can still answer with the reason why not.
    """

    @property
    @override
    def available(self) -> bool:
        """Return whether commands are answered."""
        return self.coordinator.answering
