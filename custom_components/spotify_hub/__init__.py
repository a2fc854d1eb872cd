"""Spotify Hub: every Spotify account of a household, in Home Assistant."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.config_entry_oauth2_flow import (
    async_get_config_entry_implementation,
)
from homeassistant.helpers.typing import ConfigType

from .account import SpotifyHubConfigEntry, async_open_account
from .const import DOMAIN
from .household import async_forget_account
from .issues import (
    AccountIssues,
    async_open_for_failed_start,
    async_withdraw_issues,
)
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [
    Platform.BUTTON,
    Platform.EVENT,
    Platform.MEDIA_PLAYER,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register the actions, once for all accounts."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: SpotifyHubConfigEntry) -> bool:
    """Set up one account."""
    implementation = await async_get_config_entry_implementation(hass, entry)
    try:
        account = await async_open_account(hass, entry, implementation)
    except ConfigEntryNotReady as err:
        async_open_for_failed_start(hass, entry, err.translation_key)
        raise
    entry.runtime_data = account
    AccountIssues(hass, entry).async_start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: SpotifyHubConfigEntry) -> bool:
    """Unload one account."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: SpotifyHubConfigEntry) -> None:
    """Forget what the household kept for the account."""
    async_withdraw_issues(hass, entry.entry_id)
    await async_forget_account(hass, entry.entry_id)
