"""Plays as text that other programs read: JSON Lines and CSV, a piece at a time."""

from collections.abc import Iterable, Iterator
import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
import json
from typing import Any

from .records import Play

COLUMNS = (
    "account",
    "started",
    "listened_ms",
    "paused_ms",
    "heard",
    "skipped",
    "sources",
    "start_estimated",
    "listened_estimated",
    "kind",
    "uri",
    "name",
    "artists",
    "album",
    "album_uri",
    "duration_ms",
    "isrc",
    "speaker",
    "context",
)
"""What is told of a play; `started` is UTC in ISO 8601."""

# What a table calculator would run as a formula begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def json_lines(plays: Iterable[Play]) -> Iterator[str]:
    """Go through plays, each as a JSON object on a line of its own."""
    for play in plays:
        yield json.dumps(_row(play), ensure_ascii=False) + "\n"


def csv_lines(plays: Iterable[Play]) -> Iterator[str]:
    """Go through a heading and plays, each as a line of CSV; lists are parted by semicolons."""
    yield _line(COLUMNS)
    for play in plays:
        yield _line(_text(value) for value in _row(play).values())


def _row(play: Play) -> dict[str, Any]:
    item, album = play.item, play.item.album
    started = _EPOCH + timedelta(milliseconds=play.started)
    values = (
        play.account,
        started.isoformat(timespec="milliseconds"),
        play.listened_ms,
        play.paused_ms,
        play.heard,
        play.skipped,
        sorted(play.sources),
        play.start_estimated,
        play.listened_estimated,
        item.kind,
        item.uri,
        item.name,
        [artist.name for artist in item.artists],
        album.name if album else None,
        album.uri if album else None,
        item.duration_ms,
        item.isrc,
        play.speaker.name if play.speaker else None,
        play.context.uri if play.context else None,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = "; ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(values: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
