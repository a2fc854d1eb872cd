"""How the listening history stands, for whoever looks for a fault."""

from dataclasses import dataclass

from .archive.errors import ArchiveError
from .archive.size import Size
from .archive.writer import Status
from .archive_issues import LastError
from .household_archive import HouseholdArchive


@dataclass(frozen=True, slots=True)
class ArchiveHealth:
    """Counts, and what kind of place it is kept in; not where that is.

    `trouble` is the key of why it is not open, or can't be read; `writing`, `size` and
    `gaps` are None where that keeps them from being known. `waiting` is how much is to
    be written yet, whether it is open or not.
    """

    is_open: bool
    is_remote: bool
    is_held: bool
    waiting: int
    trouble: str | None = None
    writing: Status | None = None
    size: Size | None = None
    gaps: int | None = None
    last_error: LastError | None = None

    @property
    def state(self) -> str:
        """Return what is wrong, else how writing stands."""
        writing = self.writing or Status()
        return self.trouble or writing.state.value

    @property
    def place(self) -> str:
        """Return what it is kept in."""
        return "PostgreSQL" if self.is_remote else "SQLite"


async def async_health(history: HouseholdArchive) -> ArchiveHealth:
    """Return how a household's archive stands; every play in it is counted for that."""
    archive = history.archive
    trouble: str | None = None
    size: Size | None = None
    gaps: int | None = None
    if archive is None:
        trouble = history.failure.key
    else:
        try:
            size, gaps = await archive.size(), len(await archive.gaps())
        except ArchiveError as err:
            trouble = err.key
    return ArchiveHealth(
        is_open=archive is not None,
        is_remote=history.is_remote,
        is_held=history.is_held,
        waiting=history.waiting,
        trouble=trouble,
        writing=archive.status if archive else None,
        size=size,
        gaps=gaps,
        last_error=history.last_error,
    )
