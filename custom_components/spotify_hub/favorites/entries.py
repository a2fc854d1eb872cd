"""What a copy keeps of each thing that is saved: Spotify's own item, made lean.

Left out is what can be had again by an id (markets, addresses, all images but one)
and what changes by itself (popularity, where somebody stopped listening).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from ..api import fields
from ..api.models import Json

# Bytes that a song takes. What could be had again goes to keep to it, names never do.
MOST_BYTES = 900

_UNWANTED = frozenset(
    {
        "audio_preview_url",
        "available_markets",
        "chapters",
        "copyrights",
        "episodes",
        "external_urls",
        "followers",
        "genres",
        "href",
        "html_description",
        "is_playable",
        "popularity",
        "preview_url",
        "restrictions",
        "resume_point",
        "tracks",
    }
)
# Of a thing inside another the id says these too.
_TOLD_BY_ID = frozenset({"type", "uri"})
# What an oversized song goes without, one after another; its id is in its URI.
_DISPENSABLE: tuple[tuple[str, ...], ...] = (
    ("type",),
    ("album", "artists"),
    ("album", "images"),
    ("external_ids",),
    ("album", "release_date_precision"),
    ("album", "total_tracks"),
    ("album", "album_type"),
    ("id",),
    ("disc_number",),
    ("track_number",),
    ("album", "release_date"),
    ("album", "id"),
)


class Kind(StrEnum):
    """A list of the library that is copied; Liked Songs always are."""

    TRACKS = "tracks"
    ALBUMS = "albums"
    SHOWS = "shows"
    EPISODES = "episodes"
    AUDIOBOOKS = "audiobooks"
    PLAYLISTS = "playlists"

    @property
    def word(self) -> str:
        """Return the key under which an entry holds its thing."""
        return self.value.removesuffix("s")


type Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Song:
    """A liked song as a copy knows it.

    `uri` is empty where Spotify had nothing but the date. `added_at` is Spotify's
    own ISO time. `playable` is None where it was not told.
    """

    uri: str
    name: str
    artists: tuple[str, ...] = ()
    album: str | None = None
    added_at: str | None = None
    duration_ms: int | None = None
    playable: bool | None = None
    is_local: bool = False

    @property
    def is_savable(self) -> bool:
        """Tell whether Spotify lets an app save it: not a file of somebody's own."""
        return self.uri.startswith("spotify:track:") and not self.is_local


def entry_of(raw: Json, kind: Kind) -> bytes:
    """Return an entry of one of Spotify's lists as it is kept: JSON in one line."""
    content = raw.get(kind.word)
    if not isinstance(content, dict):
        # Audiobooks come bare to some apps.
        content = raw if kind is not Kind.TRACKS and "uri" in raw else None
    thing = None if content is None else _lean(content, inside=False)
    kept = {"added_at": raw.get("added_at"), kind.word: thing}
    line = orjson.dumps(kept)
    if kind is Kind.TRACKS and isinstance(thing, dict):
        for path in _DISPENSABLE:
            if len(line) <= MOST_BYTES:
                break
            _without(thing, path)
            line = orjson.dumps(kept)
    return line


def playlist_of(raw: Json, items: Iterable[Json] | None) -> bytes:
    """Return a playlist as it is kept; no items where Spotify does not show them."""
    entries = None if items is None else [_placed(one) for one in items]
    about = {key: value for key, value in raw.items() if key != "items"}
    return orjson.dumps({"playlist": _lean(about, inside=False), "items": entries})


def playlist_again(raw: Json, kept: Json) -> bytes:
    """Return a kept playlist by what Spotify says of it now, with the same items."""
    about = read(playlist_of(raw, None))
    return orjson.dumps({**about, "items": kept["items"]})


def key_of(entry: Json, kind: Kind) -> Key:
    """Return by what an entry is known in its list: when it came, and its URI."""
    content = entry.get(kind.word)
    content = content if isinstance(content, dict) else entry
    return fields.text(entry, "added_at") or "", fields.text(content, "uri") or ""


def keys_of(lines: Iterable[bytes], kind: Kind) -> list[Key]:
    """Return the keys of kept entries; raises ValueError for one that is none."""
    return [key_of(read(line), kind) for line in lines]


def read(line: bytes) -> Json:
    """Return a kept entry; raises ValueError for what is none."""
    match orjson.loads(line):
        case dict() as entry:
            return entry
    raise ValueError("An entry is a JSON object")


def song_of(line: bytes) -> Song:
    """Return the song that a kept entry is; raises ValueError for what is none."""
    entry = read(line)
    track = fields.mapping(entry, Kind.TRACKS.word)
    artists = fields.mappings(track, "artists")
    return Song(
        uri=fields.text(track, "uri") or "",
        name=fields.text(track, "name") or "",
        artists=tuple(fields.text(one, "name") or "" for one in artists),
        album=fields.text(fields.mapping(track, "album"), "name"),
        added_at=fields.text(entry, "added_at"),
        duration_ms=fields.integer(track, "duration_ms"),
        playable=fields.flag(entry, "is_playable"),
        is_local=fields.flag(track, "is_local") is True,
    )


def flag_of(raw: Json) -> bool | None:
    """Return whether an entry of Spotify's plays in the market it was asked for."""
    return fields.flag(fields.mapping(raw, Kind.TRACKS.word), "is_playable")


def flagged(lines: Sequence[bytes], flags: Iterable[bool | None]) -> list[bytes]:
    """Return kept songs that tell whether they play; None leaves it untold."""
    return [
        line if _flag(entry := read(line)) is flag else _with_flag(entry, flag)
        for line, flag in zip(lines, flags, strict=True)
    ]


def flags_by_uri(lines: Iterable[bytes]) -> dict[str, bool]:
    """Return which songs are known to play, and which not to."""
    return {
        key_of(entry, Kind.TRACKS)[1]: flag
        for entry in map(read, lines)
        if (flag := _flag(entry)) is not None
    }


def _placed(raw: Json) -> Json:
    """Return an entry of a playlist; old answers hold its item under two names."""
    item = fields.mapping(raw, "item") or fields.mapping(raw, "track")
    return {
        "added_at": raw.get("added_at"),
        "added_by": fields.text(fields.mapping(raw, "added_by"), "id"),
        "item": _lean(item, inside=False) if item else None,
    }


def _flag(entry: Json) -> bool | None:
    return fields.flag(entry, "is_playable")


def _with_flag(entry: Json, flag: bool | None) -> bytes:
    told = {key: value for key, value in entry.items() if key != "is_playable"}
    return orjson.dumps(told if flag is None else {**told, "is_playable": flag})


def _lean(value: Any, *, inside: bool) -> Any:
    match value:
        case dict():
            drop = _UNWANTED | _TOLD_BY_ID if inside and value.get("id") else _UNWANTED
            return {
                key: _images(one)
                if key == "images" and isinstance(one, list)
                else _lean(one, inside=True)
                for key, one in value.items()
                if key not in drop and (key == "id" or one not in (None, [], {}))
            }
        case list():
            return [_lean(one, inside=inside) for one in value]
    return value


def _images(images: Any) -> list[Json]:
    """Return the largest image alone."""
    known = [one for one in images if isinstance(one, dict)]
    known.sort(key=lambda one: fields.integer(one, "width") or 0)
    return known[-1:]


def _without(thing: Json, path: Sequence[str]) -> None:
    *outer, last = path
    for key in outer:
        thing = fields.mapping(thing, key)
    thing.pop(last, None)
