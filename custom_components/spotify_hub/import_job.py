"""What an import is about, and how far it came. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
import hashlib
from itertools import pairwise
import json
import re
from typing import Any

from .archive.imports import Import
from .archive.takeout.files import Export, part_of
from .archive.takeout.preview import FilePreview, Preview
from .archive.takeout.reading import Token

# Lists of all that was played: those of the extended history since 2023 and of account
# data are in order, the older ones are not. What else there is (videos) is told beside them.
_IN_ORDER = re.compile(
    r"streaming_history_audio_.*|streaminghistory(_music)?_?", re.IGNORECASE
)
_IN_NO_ORDER = re.compile(r"endsong_", re.IGNORECASE)


class Status(StrEnum):
    """What becomes of an import."""

    STARTED = "started"
    PROGRESS = "progress"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ImportJob:
    """An import that is to be done; a store keeps it, so that it goes on after a restart.

    `fingerprint` tells whether `path` still holds what was looked at. `total` is the
    number of rows, `covers` are stretches of time (UTC ms) of which every play is told.
    """

    entry_id: str
    path: str
    file: str
    fingerprint: str
    total: int
    covers: tuple[tuple[int, int], ...]

    @property
    def name(self) -> str:
        """Return by what the archive knows it: the same export goes on where it was."""
        return f"{self.file} {self.fingerprint}"

    def dump(self) -> dict[str, Any]:
        """Return what a store keeps."""
        return {
            "entry_id": self.entry_id,
            "path": self.path,
            "file": self.file,
            "fingerprint": self.fingerprint,
            "total": self.total,
            "covers": [list(cover) for cover in self.covers],
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import came: `done` of `total` rows; `added` and `known` are plays told."""

    entry_id: str
    file: str
    done: int
    total: int
    added: int = 0
    known: int = 0

    @property
    def percent(self) -> int:
        """Return it in percent; only what is all done is 100."""
        return 100 * self.done // self.total if self.total else 100


def load(data: Mapping[str, Any]) -> ImportJob:
    """Read what `ImportJob.dump` returned.

    Raises:
        LookupError, TypeError, ValueError: it is something else.
    """
    return ImportJob(
        data["entry_id"],
        data["path"],
        data["file"],
        data["fingerprint"],
        int(data["total"]),
        tuple((int(since), int(until)) for since, until in data["covers"]),
    )


def progress_of(job: ImportJob, reached: Import) -> Progress:
    """Return how far a job came, by what the archive knows of it."""
    return Progress(
        job.entry_id,
        job.file,
        reached.done,
        job.total,
        reached.added,
        reached.known,
    )


def fingerprint_of(export: Export) -> str:
    """Return what tells an export from another: the names and sizes of its lists."""
    listed = sorted((file.name, file.size) for file in export.history)
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:16]


def dump_token(token: Token) -> str:
    """Return a place in an export as the archive keeps it."""
    return json.dumps([token.file, token.row, token.done])


def load_token(text: str | None) -> Token | None:
    """Read what `dump_token` returned; None is the beginning."""
    if text is None:
        return None
    file, row, done = json.loads(text)
    return Token(file, row, done)


def vouched(preview: Preview) -> tuple[tuple[int, int], ...]:
    """Return the stretches of time (UTC ms) of which an export tells every play.

    Of lists in order each part does so, and parts that follow each other do so
    together; of lists in no order only all parts do, from the first.
    """
    in_order: dict[str, list[FilePreview]] = {}
    in_none: dict[str, list[FilePreview]] = {}
    for file in preview.files:
        part = part_of(file.name)
        if _IN_ORDER.fullmatch(part.list):
            # Parts of the extended history have years in their names.
            kind = "extended" if "_audio_" in part.list.lower() else part.list
            in_order.setdefault(f"{part.copy}/{kind}", []).append(file)
        elif _IN_NO_ORDER.fullmatch(part.list):
            in_none.setdefault(part.copy, []).append(file)
    runs = [run for files in in_order.values() for run in _runs(files)]
    runs += [
        files
        for files in in_none.values()
        if [_number(file) for file in files] == [*range(len(files))]
    ]
    return tuple(span for run in runs if (span := _span(run)) is not None)


def _runs(files: Iterable[FilePreview]) -> list[list[FilePreview]]:
    """Part files where a number is missing between them."""
    ordered = sorted(files, key=_number)
    runs = [ordered[:1]]
    for before, file in pairwise(ordered):
        if _number(file) > _number(before) + 1:
            runs.append([])
        runs[-1].append(file)
    return runs


def _number(file: FilePreview) -> int:
    return part_of(file.name).number


def _span(files: Iterable[FilePreview]) -> tuple[int, int] | None:
    firsts = [file.first for file in files if file.first is not None]
    lasts = [file.last for file in files if file.last is not None]
    return (min(firsts), max(lasts)) if firsts else None
