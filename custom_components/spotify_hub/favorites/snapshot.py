"""A dated copy of an account's lists, and its form in a file.

The file is JSON with one entry in a line, so that ten thousand songs are read and
written without ever being all in memory as objects.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
import re
from typing import Any

import orjson

from ..api import fields
from .entries import Kind, Song, read, song_of

SCHEMA = 1
# A day; with a time of day for a copy of it that was superseded on that day.
NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(T\d{6})?")

_LISTS = b',"lists":{'
_LIST = re.compile(rb'"(\w+)":\{"total":(\d+),"items":\[')
_END_OF_LIST = b"]}"
_END = b"}}"


class SnapshotError(Exception):
    """A copy can't be used."""


class DamagedSnapshotError(SnapshotError):
    """It is not what was written."""


class OtherSchemaError(SnapshotError):
    """It was written by another version of this integration."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A list: its entries, newest first, and how many Spotify counts."""

    lines: Sequence[bytes]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An account's lists at a time.

    `market` is the country for which songs tell whether they play there, as it was
    looked up at `looked_at`; without one they do not tell.
    """

    taken_at: datetime
    market: str | None = None
    looked_at: datetime | None = None
    lists: Mapping[Kind, Saved] = field(default_factory=dict)

    @property
    def liked(self) -> Saved:
        """Return Liked Songs."""
        return self.lists.get(Kind.TRACKS, Saved((), 0))

    def songs(self) -> Iterator[Song]:
        """Go through Liked Songs, newest first."""
        return map(song_of, self.liked.lines)


def name_of(snapshot: Snapshot) -> str:
    """Return by which name a copy is kept: its day, by UTC."""
    return f"{snapshot.taken_at.astimezone(UTC):%Y-%m-%d}"


def day_of(name: str) -> date:
    """Return the day of a copy; raises ValueError for what is no name of one."""
    found = NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"No copy is called {name}")
    return date.fromisoformat(found[1])


def order_of(name: str) -> tuple[str, bool, str]:
    """Return what copies are sorted by: of one day the plain name is the last."""
    return name[:10], "T" not in name, name


def written(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the lines of a copy's file."""
    about = orjson.dumps(
        {
            "schema": SCHEMA,
            "taken_at": snapshot.taken_at.isoformat(),
            "market": snapshot.market,
            "looked_at": snapshot.looked_at and snapshot.looked_at.isoformat(),
        }
    )
    yield about.removesuffix(b"}") + _LISTS + b"\n"
    for place, (kind, saved) in enumerate(snapshot.lists.items(), 1):
        yield b'"%b":{"total":%d,"items":[\n' % (kind.encode(), saved.total)
        last = len(saved.lines) - 1
        for at, line in enumerate(saved.lines):
            yield line + (b"\n" if at == last else b",\n")
        yield _END_OF_LIST + (b"\n" if place == len(snapshot.lists) else b",\n")
    yield _END + b"\n"


def parsed(lines: Iterable[bytes]) -> Snapshot:
    """Return the copy that a file holds.

    Raises:
        OtherSchemaError: another version of this integration wrote it.
        DamagedSnapshotError: it is not what was written.
    """
    rows = (line.rstrip(b"\n") for line in lines)
    about = _about(next(rows, b""))
    lists: dict[Kind, Saved] = {}
    try:
        while (row := next(rows)) != _END:
            begin = _LIST.fullmatch(row)
            if begin is None:
                raise DamagedSnapshotError(f"Not a list: {row[:40]!r}")
            kind = Kind(begin[1].decode())
            lists[kind] = Saved(tuple(_entries(rows)), int(begin[2]))
        return Snapshot(
            taken_at=_time(about, "taken_at") or _missing("taken_at"),
            market=fields.text(about, "market"),
            looked_at=_time(about, "looked_at"),
            lists=lists,
        )
    except StopIteration:
        raise DamagedSnapshotError("It ends too early") from None
    except ValueError as err:
        raise DamagedSnapshotError(str(err)) from err


def _about(row: bytes) -> dict[str, Any]:
    if not row.endswith(_LISTS):
        raise DamagedSnapshotError("It does not begin as a copy does")
    try:
        about = read(row.removesuffix(_LISTS) + b"}")
    except ValueError as err:
        raise DamagedSnapshotError(str(err)) from err
    if about.get("schema") != SCHEMA:
        raise OtherSchemaError(str(about.get("schema")))
    return about


def _entries(rows: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the entries of a list to its end; each is looked at, none is kept apart."""
    while not (row := _next(rows)).startswith(_END_OF_LIST):
        line = row.removesuffix(b",")
        read(line)
        yield line


def _next(rows: Iterator[bytes]) -> bytes:
    row = next(rows, None)
    if row is None:
        raise DamagedSnapshotError("It ends too early")
    return row


def _time(about: dict[str, Any], key: str) -> datetime | None:
    return fields.time(about, key)


def _missing(key: str) -> datetime:
    raise DamagedSnapshotError(f"It does not tell {key}")
