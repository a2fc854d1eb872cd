"""What can go wrong with the archive; `key` names each error's text."""


class ArchiveError(Exception):
    """Something about the archive; the text says what, never where it is kept."""

    key = "archive_failed"


class UnavailableError(ArchiveError):
    """It can't be written now: locked, disk full, database out of reach."""

    key = "archive_unavailable"


class OverfullError(ArchiveError):
    """It could not be written for so long that memory holds no more."""

    key = "archive_overfull"


class ClosedError(ArchiveError):
    """It is closed, or was before this could be done."""

    key = "archive_closed"


class HeldError(ArchiveError):
    """It is being copied, and can't be opened or moved until that is done."""

    key = "archive_held"


class NewerArchiveError(ArchiveError):
    """It was written by a newer version of this integration."""

    key = "archive_newer"


class DriverError(ArchiveError):
    """The database at a URL is not supported, or its driver is not installed."""

    key = "archive_driver"


class UnknownAccountError(ArchiveError):
    """The archive has never heard of an account."""

    key = "archive_account"


class UnknownImportError(ArchiveError):
    """There is no such import, or it has ended."""

    key = "archive_import"
