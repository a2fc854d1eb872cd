"""What happens on an account, as events."""

from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import SpotifyHubConfigEntry
from .account.happenings import Happening, What
from .account.listening import Heard
from .api.scopes import Feature
from .coordinator import PlaybackCoordinator
from .entity import AccountEntity

# Nothing is asked of Spotify.
PARALLEL_UPDATES = 0

PLAYED = "played"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SpotifyHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the account's events."""
    async_add_entities([PlaybackEvents(entry)])
    if Feature.HISTORY in entry.runtime_data.features:
        async_add_entities([PlayedEvents(entry)])


class PlaybackEvents(AccountEntity[PlaybackCoordinator], EventEntity):
    """The latest of what happened; Home Assistant restores it after a restart."""

    _attr_translation_key = "playback"

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Belong to the account."""
        super().__init__(entry, entry.runtime_data.playback, "playback_events")
        self._attr_event_types = [what.value for what in What]

    @property
    @override
    def available(self) -> bool:
        """Return whether what happens would be heard of."""
        return self.coordinator.answering

    @override
    async def async_added_to_hass(self) -> None:
        """Hear what happens."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.account.happenings.async_add_listener(self._async_heard)
        )

    @callback
    def _async_heard(self, happening: Happening) -> None:
        self._trigger_event(happening.what.value, dict(happening.data))
        self.async_write_ha_state()


class PlayedEvents(AccountEntity[PlaybackCoordinator], EventEntity):
    """The latest play, once it is over; Home Assistant restores it after a restart."""

    _attr_translation_key = "played"

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Belong to the account."""
        super().__init__(entry, entry.runtime_data.playback, "played")
        self._attr_event_types = [PLAYED]

    @property
    @override
    def available(self) -> bool:
        """Return whether plays would be seen."""
        return self.coordinator.answering

    @override
    async def async_added_to_hass(self) -> None:
        """Hear what was listened to."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.account.keeping.listener.async_add_listener(self._async_heard)
        )

    @callback
    def _async_heard(self, heard: Heard) -> None:
        self._trigger_event(PLAYED, self.account.keeping.listener.told(heard))
        self.async_write_ha_state()
