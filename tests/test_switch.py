"""The switch of an account's background work."""

from homeassistant.components.switch import DOMAIN as SWITCH
from homeassistant.const import STATE_UNAVAILABLE, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from tests.emulator import Emulator, Fault

from .conftest import AccountEntry, Later

BACKGROUND = "switch.spotify_anna_background_work"

pytestmark = pytest.mark.usefixtures("freezer", "anna")


def is_on(hass: HomeAssistant) -> bool:
    """Tell whether the switch is on."""
    return hass.states.is_state(BACKGROUND, "on")


async def turn(hass: HomeAssistant, way: str) -> None:
    """Turn the switch."""
    await hass.services.async_call(
        SWITCH, f"turn_{way}", {"entity_id": BACKGROUND}, blocking=True
    )


async def test_the_work_stops_and_goes_on(
    hass: HomeAssistant, emulator: Emulator, later: Later
) -> None:
    """What fell due meanwhile is done when it may be."""
    entity = er.async_get(hass).async_get(BACKGROUND)
    assert entity is not None
    assert entity.entity_category is EntityCategory.CONFIG
    assert is_on(hass)
    await turn(hass, "off")
    assert not is_on(hass)
    await later(1000)
    assert not emulator.calls(path="recently-played")
    assert emulator.calls(path="/me/player$")

    await turn(hass, "on")
    assert is_on(hass)
    await later(1)
    assert len(emulator.calls(path="recently-played")) == 1


async def test_it_outlives_a_restart(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """The household is made anew from what it stored."""
    await turn(hass, "off")
    household = anna.runtime_data.household
    assert await hass.config_entries.async_unload(anna.entry_id)
    assert await hass.config_entries.async_setup(anna.entry_id)
    assert anna.runtime_data.household is not household
    assert not is_on(hass)
    await later(1000)
    assert not emulator.calls(path="recently-played")


async def test_it_works_through_an_outage(
    hass: HomeAssistant, emulator: Emulator, later: Later
) -> None:
    """It asks nothing of Spotify."""
    emulator.faults.add(Fault("/v1/", status=503, times=None))
    for _ in range(12):
        await later(61)
    await turn(hass, "off")
    assert hass.states.is_state(BACKGROUND, "off")


async def test_it_goes_with_the_sign_in(
    hass: HomeAssistant, emulator: Emulator, later: Later
) -> None:
    """There is no work without one."""
    emulator.revoke("anna")
    emulator.expire_access_tokens("anna")
    await later(61)
    assert hass.states.is_state(BACKGROUND, STATE_UNAVAILABLE)
