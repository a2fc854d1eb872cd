"""ZIPs from elsewhere: read in place, and refused when they are made to do harm.

A member never yields more than its declared size, which `zipfile` sees to; so the
declared sizes are what is judged.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
import io
from pathlib import Path, PurePosixPath
from typing import override
import zipfile

from .errors import (
    READ_ERRORS,
    EncryptedArchiveError,
    NestedArchiveError,
    TooLargeError,
    UnreadableFileError,
    UnsafeArchiveError,
)
from .file import File

# Ten million plays are 8 GB.
MAX_BYTES = 1 << 35
MAX_FILES = 10_000
# A history unpacks to 30 times its size. Below so many bytes any ratio is harmless.
MAX_RATIO = 200
HARMLESS_BYTES = 10 << 20
# The list of members is read whole; Spotify's has some 2 KB.
MAX_DIRECTORY = 2 << 20

_ENCRYPTED = 0x1 | 0x40
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@contextmanager
def open_zip(path: Path, name: str) -> Iterator[tuple[File, ...]]:
    """Open a ZIP that is called `name`; its files, named after both, can be read inside.

    Raises:
        UnreadableFileError: it is damaged, or no ZIP.
        UnsafeArchiveError: it is made to do harm, or can't be read as it is.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(_BoundedFile(path))
            archive = stack.enter_context(zipfile.ZipFile(file))
        except READ_ERRORS as err:
            raise UnreadableFileError(name, err) from err
        members = [info for info in archive.infolist() if not info.is_dir()]
        _check_sizes(name, members)
        for info in members:
            _check_member(name, info)
        yield tuple(
            File(f"{name}/{one.filename}", one.file_size, partial(archive.open, one))
            for one in members
        )


class _BoundedFile(io.FileIO):
    """A file of which no more is read at once than a list of members may have."""

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        wanted = MAX_DIRECTORY + 1 if size is None or size < 0 else size
        found = super().read(min(wanted, MAX_DIRECTORY + 1))
        if len(found) > MAX_DIRECTORY:
            raise TooLargeError("The ZIP has too many members")
        return found


def _check_sizes(name: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_FILES:
        raise TooLargeError(f"{name} has {len(members)} files")
    if (total := sum(info.file_size for info in members)) > MAX_BYTES:
        raise TooLargeError(f"{name} unpacks to {total} bytes")
    for info in members:
        allowed = max(HARMLESS_BYTES, MAX_RATIO * info.compress_size)
        if info.file_size > allowed:
            raise TooLargeError(f"{name} unpacks to more than {MAX_RATIO} times itself")


def _check_member(name: str, info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or info.filename[1:2] == ":":
        raise UnsafeArchiveError(f"{name} has names that lead out of it")
    if path.suffix.lower() == ".zip":
        raise NestedArchiveError(f"{name} has a ZIP in it")
    if info.flag_bits & _ENCRYPTED:
        raise EncryptedArchiveError(f"{name} is encrypted")
    if info.compress_type not in _METHODS:
        raise UnsafeArchiveError(f"{name} is packed as no export is")
