"""What somebody has to mend about the archive, in Home Assistant's list of repairs."""

from dataclasses import dataclass
from datetime import datetime

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .archive.errors import ArchiveError
from .archive.writer import State, Status
from .const import DOMAIN

DAMAGED = "archive_damaged"
DELAYED = "archive_delayed"
LOST = "archive_lost"
NOT_OPENED = "archive_not_opened"


@dataclass(frozen=True, slots=True)
class LastError:
    """What went wrong last: the key of its text, what the disk or database said, and when."""

    key: str
    reason: str
    at: datetime


class ArchiveIssues:
    """Opens the archive's issues, and withdraws them when they are over."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with all well."""
        self._hass = hass
        self.last: LastError | None = None

    @callback
    def async_damaged(self, file: str) -> None:
        """Tell that a broken file was set aside under this name, until somebody has read it."""
        self._open(f"{DAMAGED}_{file}", DAMAGED, fixable=True, file=file)

    @callback
    def async_status(self, status: Status) -> None:
        """Hear how writing stands."""
        match status.state:
            case State.OK:
                self._withdraw(DELAYED, LOST)
            case State.DELAYED:
                self._open(DELAYED, DELAYED, reason=status.reason or "")
            case State.FAILED:
                self._open(
                    LOST, LOST, reason=status.reason or "", lost=str(status.lost)
                )

    @callback
    def async_not_opened(self, error: ArchiveError) -> None:
        """Tell why the archive can't be opened."""
        self._open(NOT_OPENED, error.key, reason=str(error))

    @callback
    def async_all_well(self) -> None:
        """Hear that the archive is open, or closed for good: nothing is wrong."""
        self._withdraw(NOT_OPENED, DELAYED, LOST)

    def _open(
        self, issue_id: str, key: str, *, fixable: bool = False, **values: str
    ) -> None:
        reason = values.get("reason") or values.get("file") or ""
        self.last = LastError(key, reason, dt_util.utcnow())
        # Only somebody's having read it ends what is fixable, so restarts don't.
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            is_fixable=fixable,
            is_persistent=fixable,
            severity=ir.IssueSeverity.WARNING
            if key == DELAYED
            else ir.IssueSeverity.ERROR,
            translation_key=key,
            translation_placeholders=values,
        )

    def _withdraw(self, *issue_ids: str) -> None:
        for issue_id in issue_ids:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
