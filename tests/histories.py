"""The household's archive as tests look into it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
import threading

from homeassistant.core import HomeAssistant

from custom_components.spotify_hub.archive.plays import Asked, plays
from custom_components.spotify_hub.archive.records import Play
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.household_archive import HouseholdArchive

from .conftest import AccountEntry


def history_of(entry: AccountEntry) -> HouseholdArchive:
    """Return the archive of an account's household."""
    return entry.runtime_data.household.history


def path_of(hass: HomeAssistant) -> Path:
    """Return the file that the archive is kept in."""
    return Path(hass.config.path("spotify_hub", "archive.db"))


def threads() -> list[str]:
    """Return the archive's threads."""
    return [one.name for one in threading.enumerate() if "archive" in one.name]


async def kept(entry: AccountEntry, account: str | None = None) -> list[Play]:
    """Return the plays that are kept, the first one first."""
    archive = history_of(entry).require()
    page = await archive.ask(plays, Asked(account), 1000)
    return list(reversed(page.plays))


async def in_file(path: Path) -> list[Play]:
    """Return the plays of a file that nobody has open."""
    archive = Archive(path)
    await archive.open()
    try:
        return list(reversed((await archive.ask(plays, Asked(), 1000)).plays))
    finally:
        await archive.close()


async def until(holds: Callable[[], bool]) -> None:
    """Wait, without the clock, for what a thread does."""
    while not holds():
        await asyncio.sleep(0)
