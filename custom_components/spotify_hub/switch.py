"""One switch per account: whether work is done that nobody waits for."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import SpotifyHubConfigEntry, async_pause_background
from .account.monitor import ApiHealth
from .entity import MonitoredEntity

# Nothing is asked of Spotify.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SpotifyHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the account's switch."""
    async_add_entities([BackgroundWork(entry)])


class BackgroundWork(MonitoredEntity, SwitchEntity):
    """Whether the account's background work runs."""

    _attr_entity_category = EntityCategory.CONFIG
    _attr_translation_key = "background_work"

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Belong to the account."""
        super().__init__(entry, "background_work")
        self._entry_id = entry.entry_id

    @property
    @override
    def available(self) -> bool:
        """Return whether there is work to switch; an outage does not matter to the switch."""
        return self.account.monitor.health is not ApiHealth.SIGN_IN

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the work runs."""
        return not self.account.household.is_background_paused(self._entry_id)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the work go on."""
        self._switch(paused=False)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Hold the work until it is switched on again."""
        self._switch(paused=True)

    def _switch(self, *, paused: bool) -> None:
        async_pause_background(self.account, self._entry_id, paused=paused)
        self.async_write_ha_state()
