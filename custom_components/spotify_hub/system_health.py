"""What Home Assistant's system information says about the integration."""

from typing import Any

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    async_check_can_reach_url,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .archive_health import async_health
from .const import DOMAIN, SPOTIFY_ACCOUNTS_URL, SPOTIFY_API_URL
from .household import async_get_history


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what is told."""
    register.async_register_info(async_system_health_info)


async def async_system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return how many accounts there are, how the history is, and whether Spotify answers."""
    return {
        "accounts": len(hass.config_entries.async_entries(DOMAIN)),
        "loaded_accounts": len(hass.config_entries.async_loaded_entries(DOMAIN)),
        "can_reach_accounts": async_check_can_reach_url(hass, SPOTIFY_ACCOUNTS_URL),
        "can_reach_api": async_check_can_reach_url(hass, SPOTIFY_API_URL),
        **await _history(hass),
    }


async def _history(hass: HomeAssistant) -> dict[str, Any]:
    """Return how the listening history stands; nothing while no account is loaded."""
    if (history := async_get_history(hass)) is None:
        return {}
    health = await async_health(history)
    told: dict[str, Any] = {
        "history": health.state,
        "history_database": health.place,
        "history_waiting": health.waiting,
    }
    if (size := health.size) is not None:
        told["history_plays"] = size.plays
        told["history_size"] = f"{size.bytes / 1_000_000:.1f} MB"
        told["history_gaps"] = health.gaps
    if (last := health.last_error) is not None:
        when = f"{dt_util.as_local(last.at):%Y-%m-%d %H:%M}"
        told["history_last_error"] = f"{when} {last.key}: {last.reason}"
    return told
