"""What somebody hands over: Spotify's ZIPs, a folder with them or what they hold, or JSON.

Nothing is unpacked to disk. Links are not followed: they would lead out of the folder
that may be read.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
import io
from pathlib import Path, PurePosixPath
import re
import stat
from typing import NamedTuple

from .errors import (
    READ_ERRORS,
    NotAnExportError,
    TooLargeError,
    UnreadableFileError,
    UnsafeArchiveError,
)
from .file import File
from .zips import MAX_FILES, open_zip

# Both kinds of export, as Spotify has named them over the years.
_HISTORY = re.compile(r"(streaming_?history|endsong|end_?video).*\.json", re.IGNORECASE)
_USER_DATA = "userdata.json"
# A longer number is none of Spotify's.
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Export:
    """An open export: the files with plays, and those that say whose they are.

    The parts that Spotify splits one list into stand side by side, in its order.
    """

    history: tuple[File, ...]
    user_data: tuple[File, ...] = ()


@contextmanager
def open_export(*paths: Path) -> Iterator[Export]:
    """Open what was handed over; it can be read until the context is left.

    Raises:
        NotAnExportError: there is no history in it.
        UnreadableFileError: something is missing, damaged, or may not be read.
        UnsafeArchiveError: it is made as no export is.
    """
    with ExitStack() as stack:
        files = [file for path in paths for file in _files(path, stack)]
        if len({file.name for file in files}) < len(files):
            raise UnsafeArchiveError("Two files have one name")
        yield _sorted_out(files, named={path.name for path in paths})


class Part(NamedTuple):
    """What a file's name says: which part of which list, in which copy of an export.

    Spotify never splits one list into parts that overlap; two copies may.
    """

    copy: str
    list: str
    number: int


def part_of(name: str) -> Part:
    """Read a file's name: "MyData/endsong_3 (1).json" is part 3 of a copy's endsong_."""
    folder, _, stem = name.rpartition("/")
    while stem.lower().endswith(".json"):
        stem = stem[: -len(".json")]
    download = ""
    if stem.endswith(")"):
        stem, _, download = stem.rpartition("(")
        stem = stem.rstrip()
    prefix = stem.rstrip("0123456789")
    number = stem[len(prefix) :][:_DIGITS]
    return Part(f"{folder}/({download}", prefix, int(number or 0))


def _sorted_out(files: Iterable[File], named: set[str]) -> Export:
    """Tell the files apart by name; one that was `named` itself may have any."""
    listed = sorted(files, key=_order)
    user_data = tuple(file for file in listed if _base(file).lower() == _USER_DATA)
    history = tuple(
        file
        for file in listed
        if file not in user_data
        and (file.name in named or _HISTORY.fullmatch(_base(file)))
    )
    if not history:
        raise NotAnExportError("There is no streaming history in it")
    return Export(history, user_data)


def _files(path: Path, stack: ExitStack) -> Iterator[File]:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            found = list(_regular_files(path))
        elif stat.S_ISREG(mode):
            found = [path]
        else:
            raise UnreadableFileError(path.name)
        for file in found:
            name = file.relative_to(path).as_posix() if file != path else path.name
            if file.suffix.lower() == ".zip":
                yield from stack.enter_context(open_zip(file, name))
            else:
                yield File(name, file.stat().st_size, partial(io.FileIO, file))
    except READ_ERRORS as err:
        raise UnreadableFileError(path.name, err) from err


def _regular_files(folder: Path) -> Iterator[Path]:
    visited = 0
    for root, _, names in folder.walk(on_error=_raise):
        visited += 1 + len(names)
        if visited > MAX_FILES:
            raise TooLargeError(f"{folder.name} has more than {MAX_FILES} files")
        for name in names:
            file = root / name
            if file.suffix.lower() in {".json", ".zip"} and stat.S_ISREG(
                file.lstat().st_mode
            ):
                yield file


def _raise(error: OSError) -> None:
    raise error


def _order(file: File) -> tuple[str, str, int, str]:
    return *part_of(file.name), file.name


def _base(file: File) -> str:
    return PurePosixPath(file.name).name
