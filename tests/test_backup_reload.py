"""While a backup copies the archive nothing is opened or written, whatever accounts do."""

import asyncio
from typing import Protocol

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.spotify_hub.archive.errors import HeldError
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.backup import async_post_backup, async_pre_backup
from custom_components.spotify_hub.const import DOMAIN
from tests.archive.listening import live
from tests.emulator import Emulator

from .conftest import AccountEntry, EntryFor, Later, enter_credentials
from .frozen import until_done
from .histories import history_of, in_file, kept, path_of, threads, until


@pytest.fixture(autouse=True)
def _still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only by hand."""


class Meanwhile(Protocol):
    """Lets time pass while tasks that wait for the end of the backup go on waiting."""

    async def __call__(self, seconds: float) -> None:
        """Return when everything else that falls due is done."""


@pytest.fixture
def meanwhile(
    hass: HomeAssistant, emulator: Emulator, freezer: FrozenDateTimeFactory
) -> Meanwhile:
    """Let time pass during a backup."""

    async def run(seconds: float) -> None:
        freezer.tick(seconds)
        emulator.clock.advance(seconds)
        async_fire_time_changed(hass)
        await until_done(freezer, hass.async_block_till_done())
        for _ in range(50):
            # Threads get their turn too.
            await hass.async_add_executor_job(int)

    return run


def on_disk(hass: HomeAssistant) -> dict[str, bytes]:
    """Return what a backup would copy, and what SQLite has beside it."""
    folder = path_of(hass).parent
    files = [one for one in folder.glob("archive.db*") if one.suffix != ".db-shm"]
    return {one.name: one.read_bytes() for one in files if one.stat().st_size}


async def test_the_only_account_is_reloaded(
    hass: HomeAssistant, anna: AccountEntry, later: Later, meanwhile: Meanwhile
) -> None:
    """What is heard meanwhile is written when the backup is done."""
    await later(1)
    history_of(anna).inbox.async_add_live(live(0))
    await later(1)
    await async_pre_backup(hass)
    before = on_disk(hass)
    assert before.keys() == {"archive.db"}
    for number in range(1, 3):
        history_of(anna).inbox.async_add_live(live(1000 * number))
        assert await hass.config_entries.async_reload(anna.entry_id)
        history_of(anna).inbox.async_add_live(live(-1000 * number))
        await meanwhile(1)
        assert on_disk(hass) == before
    await async_post_backup(hass)
    await later(1)
    assert len(await kept(anna)) == 5
    assert len(threads()) == 2


async def test_the_last_account_goes(
    hass: HomeAssistant, anna: AccountEntry, later: Later, meanwhile: Meanwhile
) -> None:
    """All is written and closed when the backup is done."""
    await later(1)
    await async_pre_backup(hass)
    before = on_disk(hass)
    history_of(anna).inbox.async_add_live(live(0))
    assert await hass.config_entries.async_unload(anna.entry_id)
    await meanwhile(1)
    assert on_disk(hass) == before
    await async_post_backup(hass)
    assert len(await in_file(path_of(hass))) == 1
    assert threads() == []
    assert DOMAIN not in hass.data


async def test_the_first_account_comes(
    hass: HomeAssistant, entry_for: EntryFor, later: Later, meanwhile: Meanwhile
) -> None:
    """Nothing is opened; it is said why, and what is heard waits."""
    await enter_credentials(hass)
    await async_pre_backup(hass)
    entry = entry_for()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await meanwhile(100)
    history = history_of(entry)
    with pytest.raises(HomeAssistantError) as refused:
        await history.async_require()
    assert refused.value.translation_key == "archive_held"
    history.inbox.async_add_live(live(0))
    await meanwhile(100)
    assert on_disk(hass) == {}
    await async_post_backup(hass)
    await until(lambda: history.archive is not None)
    await later(1)
    assert [play for play in await kept(entry) if play.account == "anna"]


async def test_it_begins_while_the_archive_is_being_opened(
    hass: HomeAssistant, entry_for: EntryFor, later: Later, meanwhile: Meanwhile
) -> None:
    """Opening is given up, and begun anew when the backup is done."""
    await enter_credentials(hass)
    entry = entry_for()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await async_pre_backup(hass)
    history = history_of(entry)
    before = on_disk(hass)
    await meanwhile(1)
    assert on_disk(hass) == before
    await async_post_backup(hass)
    await later(1)
    assert history.archive is not None


async def test_an_archive_that_cant_be_opened_is_not_tried_meanwhile(
    hass: HomeAssistant, entry_for: EntryFor, later: Later, meanwhile: Meanwhile
) -> None:
    """Its next try waits for the end."""
    path_of(hass).mkdir(parents=True)
    await enter_credentials(hass)
    entry = entry_for()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await later(1)
    await async_pre_backup(hass)
    path_of(hass).rmdir()
    await meanwhile(3600)
    assert on_disk(hass) == {}
    await async_post_backup(hass)
    await until(lambda: history_of(entry).archive is not None)


async def test_it_can_be_moved_nowhere(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """Whoever asks is told to wait."""
    await later(1)
    await async_pre_backup(hass)
    with pytest.raises(HeldError):
        await history_of(anna).async_move("postgresql://nowhere/none")
    await async_post_backup(hass)


async def test_it_is_held_once_however_often_that_is_asked(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """And let go once, and not at all if it was not held."""
    await later(1)
    await async_post_backup(hass)
    for _ in range(2):
        await async_pre_backup(hass)
    for _ in range(2):
        await async_post_backup(hass)
    history_of(anna).inbox.async_add_live(live(0))
    await later(1)
    assert len(await kept(anna)) == 1


async def test_a_hold_that_fails_holds_nothing(
    hass: HomeAssistant,
    anna: AccountEntry,
    later: Later,
    meanwhile: Meanwhile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The backup fails, the history goes on."""
    await later(1)

    def refuse(_archive: Archive) -> None:
        raise OSError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "hold", refuse)
        with pytest.raises(OSError, match="disk"):
            await async_pre_backup(hass)
    history_of(anna).inbox.async_add_live(live(0))
    await meanwhile(1)
    assert len(await kept(anna)) == 1


async def test_home_assistant_stops_during_a_backup(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """No backup comes of it, so nothing that was heard is lost for it."""
    await later(1)
    await async_pre_backup(hass)
    history_of(anna).inbox.async_add_live(live(0))
    path = path_of(hass)
    await hass.async_stop(force=True)
    assert threads() == []
    assert len(await in_file(path)) == 1


async def test_closing_and_holding_at_once(
    hass: HomeAssistant, anna: AccountEntry, later: Later, meanwhile: Meanwhile
) -> None:
    """What waits is in the file before it is copied, or after."""
    await later(1)
    history_of(anna).inbox.async_add_live(live(0))
    unloading = asyncio.create_task(hass.config_entries.async_unload(anna.entry_id))
    for _ in range(5):
        await asyncio.sleep(0)
    await async_pre_backup(hass)
    await unloading
    before = on_disk(hass)
    await meanwhile(1)
    assert on_disk(hass) == before
    assert await hass.config_entries.async_setup(anna.entry_id)
    await meanwhile(1)
    assert on_disk(hass) == before
    await async_post_backup(hass)
    await until(lambda: history_of(anna).archive is not None)
    assert len(await kept(anna)) == 1
