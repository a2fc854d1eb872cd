"""Spotify Hub: every Spotify account of a household, in Home Assistant."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.config_entry_oauth2_flow import (
    async_get_config_entry_implementation,
)
from homeassistant.helpers.device_registry import DeviceEntry
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
from .speaker_devices import speaker_of_device

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


async def async_remove_config_entry_device(
    _hass: HomeAssistant, entry: SpotifyHubConfigEntry, device: DeviceEntry
) -> bool:
    """Forget a speaker that somebody removes; one that is there would come back at once."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    speakers = entry.runtime_data.household.speakers
    speaker = speaker_of_device(speakers.book, device)
    if speaker is None or speakers.is_seen(speaker.id):
        return False
    speakers.async_forget(speaker.id)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: SpotifyHubConfigEntry) -> None:
    """Forget what the household kept for the account."""
    async_withdraw_issues(hass, entry.entry_id)
    await async_forget_account(hass, entry.entry_id)
