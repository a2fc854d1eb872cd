"""What Home Assistant's system information says about the integration."""

from typing import Any

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    async_check_can_reach_url,
)
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN, SPOTIFY_ACCOUNTS_URL, SPOTIFY_API_URL


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what is told."""
    register.async_register_info(async_system_health_info)


async def async_system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return how many accounts there are, and whether Spotify can be reached."""
    return {
        "accounts": len(hass.config_entries.async_entries(DOMAIN)),
        "loaded_accounts": len(hass.config_entries.async_loaded_entries(DOMAIN)),
        "can_reach_accounts": async_check_can_reach_url(hass, SPOTIFY_ACCOUNTS_URL),
        "can_reach_api": async_check_can_reach_url(hass, SPOTIFY_API_URL),
    }
