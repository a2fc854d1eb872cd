"""Spotify Hub: every Spotify account of a household, in Home Assistant."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.config_entry_oauth2_flow import (
    async_get_config_entry_implementation,
)

from .account import SpotifyHubConfigEntry, async_open_account

PLATFORMS = [Platform.MEDIA_PLAYER]


async def async_setup_entry(hass: HomeAssistant, entry: SpotifyHubConfigEntry) -> bool:
    """Set up one account."""
    implementation = await async_get_config_entry_implementation(hass, entry)
    entry.runtime_data = await async_open_account(hass, entry, implementation)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: SpotifyHubConfigEntry) -> bool:
    """Unload one account."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
