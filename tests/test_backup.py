"""A backup of Home Assistant holds the listening history whole."""

import asyncio
from pathlib import Path
import shutil

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.backup import async_post_backup, async_pre_backup
from tests.archive.listening import live

from .conftest import AccountEntry, Later
from .histories import history_of, in_file, kept, path_of


@pytest.fixture(autouse=True)
def _still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only by hand."""


def copied(hass: HomeAssistant, folder: Path) -> Path:
    """Copy the archive as a backup does, which leaves out what only helps SQLite."""
    shutil.copy(path_of(hass), folder / "copy.db")
    return folder / "copy.db"


async def test_what_was_written_is_in_the_copy_and_what_comes_waits(
    hass: HomeAssistant, anna: AccountEntry, later: Later, tmp_path: Path
) -> None:
    """Copied in the middle of writing."""
    await later(1)
    history = history_of(anna)
    archive = history.require()
    writing = [
        asyncio.create_task(archive.add_live(live(1000 * number)))
        for number in range(50)
    ]
    await writing[20]
    await async_pre_backup(hass)
    written = sum(task.done() for task in writing)
    assert written > 20
    history.inbox.async_add_live(live(-5000))
    first = copied(hass, tmp_path)
    # Half of the copy, then the rest: nothing moved in between.
    assert first.read_bytes() == path_of(hass).read_bytes()
    held = await in_file(first)
    assert len(held) == sum(task.done() for task in writing)
    await async_post_backup(hass)
    await asyncio.gather(*writing)
    await later(1)
    assert len(await kept(anna)) == 51


async def test_an_account_may_go_during_a_backup(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """Nothing is stuck, and what waited is written."""
    await later(1)
    await async_pre_backup(hass)
    history_of(anna).inbox.async_add_live(live(0))
    assert await hass.config_entries.async_unload(anna.entry_id)
    await async_post_backup(hass)
    assert len(await in_file(path_of(hass))) == 1


async def test_a_backup_without_accounts(hass: HomeAssistant) -> None:
    """There is nothing to hold."""
    await async_pre_backup(hass)
    await async_post_backup(hass)
