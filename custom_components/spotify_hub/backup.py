"""Home Assistant's backups hold the listening history whole."""

from homeassistant.core import HomeAssistant

from .household import async_hold_history, async_release_history


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Bring all into the one file that is copied, and write nothing meanwhile."""
    await async_hold_history(hass)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Write on; what came meanwhile has waited."""
    await async_release_history(hass)
