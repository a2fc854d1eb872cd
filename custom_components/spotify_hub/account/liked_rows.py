"""What an account likes, handed to the household's archive after each copy of it."""

from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..archive.keeping import Like
from ..archive.records import Album, Artist, Item, Kind
from ..favorites.entries import Song
from ..favorites.snapshot import Snapshot
from ..favorites.sync import Tell
from ..household_archive import HouseholdArchive, name_of


def telling_archive(
    hass: HomeAssistant, entry: ConfigEntry, history: HouseholdArchive
) -> Tell:
    """Return what keeps an account's Liked Songs in the archive, in place of those before."""

    async def tell(snapshot: Snapshot) -> None:
        likes = await hass.async_add_executor_job(liked_in, snapshot)
        history.inbox.async_keep_likes(name_of(entry), likes)

    return tell


def liked_in(snapshot: Snapshot) -> list[Like]:
    """Return the liked songs of a copy that an archive can name, newest first."""
    return [
        Like(_item(song), _stamp(song.added_at))
        for song in snapshot.songs()
        if song.is_savable
    ]


def _item(song: Song) -> Item:
    return Item(
        Kind.TRACK,
        song.name or None,
        song.uri,
        tuple(Artist(name) for name in song.artists),
        Album(song.album) if song.album else None,
        song.duration_ms,
    )


def _stamp(added_at: str | None) -> int | None:
    """Return UTC milliseconds of Spotify's ISO time."""
    if added_at is None:
        return None
    try:
        return round(datetime.fromisoformat(added_at).timestamp() * 1000)
    except ValueError:
        return None
