"""What can be wrong with what somebody hands over as Spotify's export: a small typed tree.

`key` is a stable name by which the doors find the text that tells a person what to do.
Messages name files of the export, never what stands in them.
"""

import struct
from typing import ClassVar
import zipfile
import zlib

# What opening and reading files, ZIPs and their members can end in.
READ_ERRORS = (
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class TakeoutError(Exception):
    """The export can't be read, or must not be."""

    key: ClassVar[str] = "unreadable_export"


class NotAnExportError(TakeoutError):
    """There is no streaming history in it."""

    key = "not_an_export"


class EmptyExportError(TakeoutError):
    """It has a streaming history without a single play."""

    key = "empty_export"


class UnreadableFileError(TakeoutError):
    """A file is missing, may not be read, or is a damaged ZIP.

    `file` is its name.
    """

    key = "unreadable_file"

    def __init__(self, file: str, error: Exception | None = None) -> None:
        """Keep which file it is; an operating system's own words name its whole path."""
        why = error.strerror if isinstance(error, OSError) else error
        super().__init__(f"{file} can't be read: {why}")
        self.file = file


class BrokenFileError(TakeoutError):
    """A file of the history is no list of plays, or is cut off.

    `file` is its name, `row` how many plays could be read before the fault.
    """

    key = "broken_file"

    def __init__(self, file: str, row: int, why: str) -> None:
        """Keep where the fault is."""
        super().__init__(f"{file} is broken after {row} plays: {why}")
        self.file = file
        self.row = row


class UnsafeArchiveError(TakeoutError):
    """It is made as no export of Spotify's is: names that lead elsewhere, say."""

    key = "unsafe_archive"


class TooLargeError(UnsafeArchiveError):
    """It holds more, or unpacks to more, than any history of a person."""

    key = "too_large"


class EncryptedArchiveError(UnsafeArchiveError):
    """The ZIP asks for a password."""

    key = "encrypted_archive"


class NestedArchiveError(UnsafeArchiveError):
    """The ZIP holds further ZIPs; they are to be handed over one by one."""

    key = "nested_archive"


class ForeignAccountError(TakeoutError):
    """The export is of somebody else's account."""

    key = "foreign_account"


class ChangedExportError(TakeoutError):
    """A file from which an import was to go on is no longer there."""

    key = "changed_export"
