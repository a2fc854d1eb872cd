"""Liked Songs stand in the archive after each copy."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.spotify_hub.archive import keeping
from custom_components.spotify_hub.favorites.entries import Kind, entry_of
from custom_components.spotify_hub.favorites.snapshot import Saved, Snapshot
from custom_components.spotify_hub.household_archive import name_of
from tests.conftest import AccountEntry

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def liked(number: int, added_at: str | None = "2026-10-31T10:00:00Z") -> dict[str, Any]:
    """Return an entry of Liked Songs as Spotify sends it."""
    track = {
        "type": "track",
        "uri": f"spotify:track:{number:022d}",
        "id": f"{number:022d}",
        "name": f"Song {number}",
        "artists": [{"name": "Somebody"}],
        "album": {"name": "Album", "uri": "spotify:album:" + "a" * 22},
        "duration_ms": 200_000,
    }
    return {"added_at": added_at, "track": track}


def copy_of(*entries: dict[str, Any]) -> Snapshot:
    """Return a copy of these."""
    lines = [entry_of(entry, Kind.TRACKS) for entry in entries]
    return Snapshot(taken_at=NOW, lists={Kind.TRACKS: Saved(lines, len(lines))})


async def rows(hass: HomeAssistant, entry: AccountEntry) -> dict[str | None, Any]:
    """Return since when songs are liked, as the archive has it."""
    await hass.async_block_till_done(wait_background_tasks=True)
    archive = entry.runtime_data.household.history.require()
    kept = await archive.ask(keeping.likes, name_of(entry))
    return {like.item.uri: like.added_at for like in kept}


async def test_the_archive_knows_what_is_liked(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """All of it; what is liked no more goes, and files of one's own have no place."""
    tell = partial(anna.runtime_data.likes.songs.async_copied, began=NOW)
    local = liked(9)
    local["track"] |= {"uri": "spotify:local:a:b:c:1", "is_local": True}
    await tell(copy_of(liked(1), liked(2, None), liked(3, "yesterday"), local))
    assert await rows(hass, anna) == {
        liked(1)["track"]["uri"]: 1_793_440_800_000,
        liked(2)["track"]["uri"]: None,
        liked(3)["track"]["uri"]: None,
    }
    await tell(copy_of(liked(2)))
    assert await rows(hass, anna) == {
        liked(2)["track"]["uri"]: 1_793_440_800_000,
    }
