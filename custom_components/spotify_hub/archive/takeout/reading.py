"""An export in batches of sightings, and how to go on after a restart."""

from collections.abc import Collection, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice, takewhile

from ..records import Sighting
from .errors import ChangedExportError, ForeignAccountError
from .file import File
from .files import Export, part_of
from .json_rows import json_rows
from .person import folded, names_in
from .rows import (
    AccountData,
    Ignored,
    Row,
    extended,
    forget_items,
    is_extended,
    username,
)

# Rows in a batch.
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Token:
    """How far an export was read: `row` rows of `file`, `done` rows in all."""

    file: str
    row: int
    done: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Sightings, and where to go on after them: `done` of `total` rows are read.

    One sighting may come twice, as it does in exports.
    """

    sightings: tuple[Sighting, ...]
    token: Token
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """What some rows of a file say, in their order.

    `row` is how many of its rows are read by then, `names` whom they are of, folded.
    """

    file: File
    row: int
    said: tuple[Sighting | Ignored, ...]
    names: frozenset[str]

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """Return what is to be kept."""
        return tuple(one for one in self.said if isinstance(one, Sighting))


def batches(
    export: Export,
    account: str,
    total: int,
    *,
    own_names: Collection[str] | None = None,
    after: Token | None = None,
) -> Generator[Batch]:
    """Read an export for `account`, going on after a token that an earlier run reached.

    `total` is the number of rows that the preview counted. `own_names` are Spotify's
    ids of the account; None reads whatever name the export bears.

    Raises:
        ForeignAccountError: it bears the name of somebody else.
        ChangedExportError: what the token tells of is no longer there.
        TakeoutError: a file has become unreadable since the preview.
    """
    own = None if own_names is None else frozenset(map(folded, own_names))
    _check_owner(names_in(export), own)
    done = after.done if after else 0
    for stretch in stretches(export, account, after):
        _check_owner(stretch.names, own)
        done += len(stretch.said)
        token = Token(stretch.file.name, stretch.row, done)
        yield Batch(stretch.sightings, token, done, total)


def stretches(
    export: Export, account: str, after: Token | None = None
) -> Generator[Stretch]:
    """Go through all rows of an export, or through those after a token.

    Raises:
        ChangedExportError: what the token tells of is no longer there.
        BrokenFileError, UnreadableFileError: see `json_rows`.
    """
    reached = after is None
    if after and after.file not in {file.name for file in export.history}:
        raise ChangedExportError(f"{after.file} is no longer in the export")
    try:
        for _, parts in groupby(export.history, lambda file: part_of(file.name)[:2]):
            data = AccountData()
            for file in parts:
                if after and not reached and file.name != after.file:
                    _go_past(file, data)
                    continue
                skip = after.row if after and not reached else 0
                reached = True
                yield from _stretches(file, account, data, skip)
    finally:
        forget_items()


def _stretches(
    file: File, account: str, data: AccountData, skip: int
) -> Generator[Stretch]:
    """Go through the rows of one file after the first `skip`."""
    with closing(json_rows(file.open(), file.name)) as rows:
        at = _replay(islice(rows, skip), data)
        if at < skip:
            raise ChangedExportError(f"{file.name} has become shorter")
        while True:
            said: list[Sighting | Ignored] = []
            names: set[str] = set()
            # Each row is let go before the next is read: that is twice as fast.
            for row in islice(rows, BATCH):
                said.append(_said(row, account, data))
                if (name := username(row)) is not None:
                    names.add(folded(name))
            if not said:
                return
            at += len(said)
            yield Stretch(file, at, tuple(said), frozenset(names))


def _said(row: Row, account: str, data: AccountData) -> Sighting | Ignored:
    return extended(row, account) if is_extended(row) else data.read(row, account)


def _go_past(file: File, data: AccountData) -> None:
    """Learn what the next part of the same list needs of this one: account data only."""
    with closing(json_rows(file.open(), file.name)) as rows:
        _replay(takewhile(lambda row: not is_extended(row), rows), data)


def _replay(rows: Iterable[Row], data: AccountData) -> int:
    count = 0
    for row in rows:
        count += 1
        if not is_extended(row):
            data.read(row, "")
    return count


def _check_owner(names: frozenset[str], own: frozenset[str] | None) -> None:
    if own is not None and not names <= own:
        raise ForeignAccountError("The export is of another account")
