"""Liked songs in the archive's words."""

from datetime import datetime

from ..archive.keeping import Like
from ..archive.records import Album, Artist, Item, Kind
from ..favorites.entries import Song
from ..favorites.snapshot import Snapshot
from .liked_list import LikedSong


def liked_in(snapshot: Snapshot) -> list[Like]:
    """Return the liked songs of a copy that an archive can name, newest first."""
    return [
        like_of(song.uri, named(song), _stamp(song.added_at))
        for song in snapshot.songs()
        if song.is_savable
    ]


def like_of(uri: str, song: LikedSong, added_at: int | None) -> Like:
    """Return a liked song, and since when (UTC ms), as the archive keeps it."""
    return Like(
        Item(
            Kind.TRACK,
            song.name or None,
            uri,
            tuple(map(Artist, song.artists)),
            Album(song.album) if song.album else None,
            song.duration_ms or None,
        ),
        added_at,
    )


def named(song: Song) -> LikedSong:
    """Return the names of a song of a copy."""
    return LikedSong(song.name, song.artists, song.album, song.duration_ms or 0)


def song_in(item: Item) -> LikedSong:
    """Return the names of a song as far as the archive knows them."""
    return LikedSong(
        item.name or "",
        tuple(artist.name for artist in item.artists),
        item.album.name if item.album else None,
        item.duration_ms or 0,
    )


def _stamp(added_at: str | None) -> int | None:
    """Return UTC milliseconds of Spotify's ISO time."""
    if added_at is None:
        return None
    try:
        return round(datetime.fromisoformat(added_at).timestamp() * 1000)
    except ValueError:
        return None
