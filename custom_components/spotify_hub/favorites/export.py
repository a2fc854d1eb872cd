"""Liked Songs in files for other programs."""

from collections.abc import Iterable
import csv
from enum import StrEnum
import io

import orjson

from .entries import Song

_COLUMNS = (
    "uri",
    "name",
    "artists",
    "album",
    "added_at",
    "duration",
    "playable",
    "local",
)
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Form(StrEnum):
    """What a file is."""

    CSV = "csv"
    JSON = "json"
    M3U = "m3u"


def exported(songs: Iterable[Song], form: Form) -> str:
    """Return songs as a file's text."""
    match form:
        case Form.CSV:
            return _csv(songs)
        case Form.JSON:
            rows = [dict(zip(_COLUMNS, _row(song), strict=True)) for song in songs]
            return orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode()
    return _m3u(songs)


def _csv(songs: Iterable[Song]) -> str:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for song in songs:
        row = _row(song)
        cells = (", ".join(one) if isinstance(one, list) else one for one in row)
        table.writerow(map(_cell, cells))
    return text.getvalue()


def _row(song: Song) -> tuple[object, ...]:
    return (
        song.uri,
        song.name,
        list(song.artists),
        song.album,
        song.added_at,
        None if song.duration_ms is None else song.duration_ms / 1000,
        song.playable,
        song.is_local,
    )


def _cell(value: object) -> object:
    """Return what a spreadsheet shows and does not reckon with."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _m3u(songs: Iterable[Song]) -> str:
    lines = ["#EXTM3U"]
    for song in songs:
        if song.uri:
            seconds = -1 if song.duration_ms is None else round(song.duration_ms / 1000)
            title = " ".join(f"{', '.join(song.artists)} - {song.name}".split())
            lines += [f"#EXTINF:{seconds},{title}", song.uri]
    return "\n".join(lines) + "\n"
