"""How far a run has come, kept page by page: one that was ended goes on at its page.

A file of one JSON object a line is only ever appended to, so that whatever ends the
process costs the page under way at most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from ..api.models import Json
from .entries import Kind

_FILE = "progress.jsonl"


@dataclass(slots=True)
class Walk:
    """How far a list has been read from its beginning; `total` is None before that."""

    lines: list[bytes] = field(default_factory=list)
    offset: int = 0
    total: int | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether its end has been seen."""
        return self.total is not None and self.offset >= self.total


@dataclass(slots=True)
class Look:
    """How far it was looked which songs of a list play in a market."""

    market: str
    of: str
    """Which list it was, see `sync`."""

    flags: list[bool | None] = field(default_factory=list)


class Progress:
    """What a run has learnt so far; its methods read and write a file (OSError)."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep it in the folder of an account's copies, which is there; or only here."""
        self._file = folder and folder / _FILE
        self._size = 0
        self.walks: dict[Kind, Walk] = {}
        self.look: Look | None = None
        # Playlists by id, as they are kept.
        self.playlists: dict[str, bytes] = {}

    @property
    def exists(self) -> bool:
        """Tell whether a run was ended midway."""
        return self._file is not None and self._file.exists()

    def load(self) -> None:
        """Take back what was kept, as far as it can be read."""
        self.walks, self.look, self.playlists, self._size = {}, None, {}, 0
        if self._file is None or not self._file.exists():
            return
        content = self._file.read_bytes()
        for row in content[: content.rfind(b"\n") + 1].splitlines(keepends=True):
            try:
                self._take(orjson.loads(row))
            except AttributeError, LookupError, TypeError, ValueError:
                # Torn, or of another version: what stands before it holds.
                return
            self._size += len(row)

    def page(self, kind: Kind, lines: Sequence[bytes], offset: int, total: int) -> None:
        """Keep a page of a list; `offset` is where the next one begins."""
        self._add(
            b'{"kind":"%b","offset":%d,"total":%d,"items":[%b]}'
            % (kind.encode(), offset, total, b",".join(lines))
        )

    def front(
        self, kind: Kind, lines: Sequence[bytes], offset: int, total: int
    ) -> None:
        """Keep what has come in front of what was read."""
        self._add(
            b'{"kind":"%b","front":true,"offset":%d,"total":%d,"items":[%b]}'
            % (kind.encode(), offset, total, b",".join(lines))
        )

    def again(self, kind: Kind) -> None:
        """Begin a list anew."""
        self._add(orjson.dumps({"kind": kind, "again": True}))

    def playlist(self, playlist_id: str, line: bytes) -> None:
        """Keep a playlist with its items."""
        self._add(b'{"playlist":%b,"line":%b}' % (orjson.dumps(playlist_id), line))

    def looked(self, market: str, of: str, flags: Iterable[bool | None]) -> None:
        """Keep which of the next songs of a list play."""
        about = {"look": market, "of": of, "flags": list(flags)}
        self._add(orjson.dumps(about))

    def clear(self) -> None:
        """Forget it all: the run is over."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)
        self.walks, self.look, self.playlists, self._size = {}, None, {}, 0

    def _add(self, row: bytes) -> None:
        if self._file is not None:
            self._append(self._file, row + b"\n")
        self._take(orjson.loads(row))

    def _append(self, path: Path, row: bytes) -> None:
        if not self._size:
            path.touch(mode=0o600)
        with path.open("r+b") as file:
            # A write that was cut off, or belongs to a run that was ended, goes.
            file.truncate(self._size)
            file.seek(self._size)
            file.write(row)
        self._size += len(row)

    def _take(self, row: Json) -> None:
        match row:
            case {"look": str(market), "of": str(of), "flags": list(flags)}:
                if self.look is None or (self.look.market, self.look.of) != (
                    market,
                    of,
                ):
                    self.look = Look(market, of)
                self.look.flags += flags
            case {"playlist": str(playlist_id), "line": dict(line)}:
                self.playlists[playlist_id] = orjson.dumps(line)
            case {"kind": kind, "again": True}:
                self.walks[Kind(kind)] = Walk()
            case {"kind": kind, "offset": int(offset), "total": int(total)}:
                walk = self.walks.setdefault(Kind(kind), Walk())
                lines = [orjson.dumps(item) for item in row["items"]]
                at = 0 if row.get("front") else len(walk.lines)
                walk.lines[at:at] = lines
                walk.offset, walk.total = offset, total
            case _:
                raise ValueError("Unknown row")
