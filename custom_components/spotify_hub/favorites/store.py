"""The copies of one account in a folder, for its owner's eyes only.

Everything here reads and writes files, so it belongs into a thread. It raises
OSError where the disk fails.
"""

from collections.abc import Iterable
import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import os
from pathlib import Path
import tempfile
from urllib.parse import quote

import orjson

from .snapshot import (
    NAME,
    Snapshot,
    SnapshotError,
    day_of,
    name_of,
    order_of,
    parsed,
    written,
)
from .status import Reason, Record, dumped, loaded

FOLDER = "favorites_raw"
# Days for which each day's copy is kept; of older ones one a month.
KEPT_DAYS = 31
_STATUS = "status.json"


class MissingSnapshotError(SnapshotError):
    """There is no such copy."""


def folder_of(base: Path, account: str) -> Path:
    """Return where the copies of an account are, which Spotify names by `account`."""
    # Names of users may hold anything.
    name = quote(account, safe="").replace(".", "%2E")
    return base / FOLDER / "spotify" / name


class SnapshotFolder:
    """Keeps an account's copies by day."""

    def __init__(self, path: Path) -> None:
        """Keep them in `path`, which is made when there is something to keep."""
        self.path = path

    def adopt(self, earlier: Path) -> None:
        """Take over the copies that were kept for the account under another name."""
        if earlier.is_dir() and not self.path.exists():
            earlier.rename(self.path)

    def names(self) -> list[str]:
        """Return the names of all copies, newest first."""
        if not self.path.is_dir():
            return []
        found = (file.stem for file in self.path.glob("*.json"))
        return sorted(
            filter(NAME.fullmatch, found),
            key=order_of,
            reverse=True,
        )

    def file(self, name: str) -> Path:
        """Return the file of a copy."""
        return self.path / f"{name}.json"

    def read(self, name: str) -> Snapshot:
        """Return a copy.

        Raises:
            MissingSnapshotError, DamagedSnapshotError, OtherSchemaError
        """
        try:
            with self.file(name).open("rb") as lines:
                return parsed(lines)
        except FileNotFoundError as err:
            raise MissingSnapshotError(name) from err

    def latest(self) -> tuple[str, Snapshot] | None:
        """Return the newest copy that can be read."""
        for name in self.names():
            try:
                return name, self.read(name)
            except SnapshotError:
                continue
        return None

    def write(self, snapshot: Snapshot, *, aside: bool) -> tuple[str, str | None]:
        """Write a copy, all of it or nothing; returns its name.

        `aside`: a copy of the same day is kept beside it, by a name that is
        returned too.
        """
        name = name_of(snapshot)
        self.make()
        file = self.file(name)
        fresh = self._write(written(snapshot))
        earlier: str | None = None
        try:
            if aside and file.exists():
                earlier = self._free(name, file.stat().st_mtime)
                # Never without a copy of the day, whatever ends the process here.
                self._put([file.read_bytes()], self.file(earlier))
            fresh.replace(file)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        return name, earlier

    def thin(self, today: date, days: int, spared: Iterable[str] = ()) -> None:
        """Remove copies older than so many days, but the last one of each month."""
        spare = set(spared)
        names = self.names()
        months: set[str] = set()
        for name in names:
            old = day_of(name) <= today - timedelta(days=days)
            last = name[:7] not in months
            months.add(name[:7])
            if old and not last and name not in spare:
                self.file(name).unlink(missing_ok=True)

    def record(self) -> Record:
        """Return what is known of earlier runs; what can't be read is begun anew."""
        try:
            return loaded(orjson.loads((self.path / _STATUS).read_bytes()))
        except AttributeError, LookupError, OSError, TypeError, ValueError:
            return Record()

    def keep(self, record: Record) -> None:
        """Remember what became of a run."""
        self.make()
        self._put([orjson.dumps(dumped(record))], self.path / _STATUS)

    def failed(self, reason: Reason) -> Record:
        """Remember why a run failed, as far as that can be written; returns all."""
        record = replace(self.record(), reason=reason)
        with contextlib.suppress(OSError):
            self.keep(record)
        return record

    def make(self) -> None:
        """See to it that the folder is there, and closed to others.

        So are those above it that are made for it; what was there is not ours to close.
        """
        made = [one for one in self.path.parents if not one.exists()]
        self.path.mkdir(parents=True, exist_ok=True)
        for folder in (self.path, *made):
            folder.chmod(0o700)

    def _free(self, day: str, written_at: float) -> str:
        """Return a name for a copy that is set aside, which no other has."""
        at = datetime.fromtimestamp(written_at, UTC)
        while self.file(name := f"{day}T{at:%H%M%S}").exists():
            at += timedelta(seconds=1)
        return name

    def _put(self, lines: Iterable[bytes], path: Path) -> None:
        """Write a file into its place, all of it or nothing."""
        fresh = self._write(lines)
        try:
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise

    def _write(self, lines: Iterable[bytes]) -> Path:
        """Write a file of its own, for the owner only, to be put in its place."""
        with tempfile.NamedTemporaryFile(dir=self.path, delete=False) as file:
            path = Path(file.name)
            try:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                path.unlink(missing_ok=True)
                raise
        return path
