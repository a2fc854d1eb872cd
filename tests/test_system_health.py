"""What the system information says."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.spotify_hub.const import DOMAIN
from tests.emulator import Emulator

from .conftest import AccountEntry, EntryFor, Later, Link
from .histories import history_of, path_of, until

UNREACHABLE = {"type": "failed", "error": "unreachable"}


@pytest.fixture(autouse=True)
def _still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only by hand."""


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


async def test_the_history_is_told(
    hass: HomeAssistant, link: Link, later: Later, emulator: Emulator
) -> None:
    """How it stands, in what, how much it holds, and what went wrong last."""
    assert await async_setup_component(hass, "system_health", {})
    path_of(hass).mkdir(parents=True)
    anna = await link()
    await later(100)
    info = await get_system_health_info(hass, DOMAIN)
    told = {key: info[key] for key in info if key.startswith("history")}
    last = told.pop("history_last_error")
    assert last.endswith("archive_unavailable: Is a directory")
    # The latest 50, and nothing else.
    assert told == {
        "history": "archive_unavailable",
        "history_database": "SQLite",
        "history_waiting": 1,
    }

    path_of(hass).rmdir()
    await later(600)
    await until(lambda: history_of(anna).archive is not None)
    await later(1)
    info = await get_system_health_info(hass, DOMAIN)
    told = {key: info[key] for key in info if key.startswith("history")}
    assert told.pop("history_last_error") == last
    assert told.pop("history_size").endswith(" MB")
    assert told == {
        "history": "ok",
        "history_database": "SQLite",
        "history_waiting": 0,
        "history_plays": 50,
        "history_gaps": 0,
    }
    await hass.config_entries.async_unload(anna.entry_id)
    info = await get_system_health_info(hass, DOMAIN)
    assert not [key for key in info if key.startswith("history")]


async def test_a_database_is_told_without_its_url(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """It holds a password."""
    assert await async_setup_component(hass, "system_health", {})
    await later(1)
    history_of(anna).memory.url = "postgresql://anna:secret@somewhere/archive"
    info = await get_system_health_info(hass, DOMAIN)
    assert info["history_database"] == "PostgreSQL"
    assert "secret" not in repr(info)
    assert "somewhere" not in repr(info)
