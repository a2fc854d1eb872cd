"""A file of an export, on disk or in a ZIP."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from .errors import READ_ERRORS, UnreadableFileError


@dataclass(frozen=True, slots=True)
class File:
    """A file in what was handed over; `size` in bytes, unpacked."""

    name: str
    size: int
    _open: Callable[[], IO[bytes]] = field(repr=False, compare=False)

    def open(self) -> IO[bytes]:
        """Open it for reading; raises UnreadableFileError."""
        try:
            return self._open()
        except READ_ERRORS as err:
            raise UnreadableFileError(self.name, err) from err
