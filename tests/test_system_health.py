"""What the system information says."""

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.spotify_hub.const import DOMAIN
from tests.emulator import Emulator

from .conftest import EntryFor, Link

UNREACHABLE = {"type": "failed", "error": "unreachable"}


async def test_accounts_are_counted_and_spotify_is_tried(
    hass: HomeAssistant, emulator: Emulator, link: Link, entry_for: EntryFor
) -> None:
    """One account works, one is not set up; then Spotify goes away."""
    assert await async_setup_component(hass, "system_health", {})
    await link("anna")
    entry_for("ben")
    await hass.async_block_till_done()

    info = await get_system_health_info(hass, DOMAIN)
    assert info["accounts"] == 2
    assert info["loaded_accounts"] == 1
    assert await info["can_reach_accounts"] == "ok"
    assert await info["can_reach_api"] == "ok"

    await emulator.stop()
    info = await get_system_health_info(hass, DOMAIN)
    assert await info["can_reach_accounts"] == UNREACHABLE
    assert await info["can_reach_api"] == UNREACHABLE
