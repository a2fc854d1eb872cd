"""How the copying of an account's lists stands, and what is remembered of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
import errno
from typing import Any

from ..api.breaker import OUTAGE
from ..api.errors import (
    ForbiddenError,
    InvalidAnswerError,
    NotOnAllowListError,
    QuotaExceededError,
    RateLimitedError,
    ScopeMissingError,
    SignInError,
    SpotifyApiError,
)


class State(StrEnum):
    """Where a run is."""

    IDLE = "idle"
    QUEUED = "queued"
    SYNCING = "syncing"
    DONE = "done"
    ERROR = "error"


class Reason(StrEnum):
    """Why a run failed."""

    SIGN_IN = "sign_in"
    NOT_GRANTED = "not_granted"
    REFUSED = "refused"
    OUTAGE = "outage"
    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    INVALID_ANSWER = "invalid_answer"
    LIST_CHANGES = "list_changes"
    DISK_FULL = "disk_full"
    NOT_WRITABLE = "not_writable"
    UNEXPECTED = "unexpected"


class ListChangesError(SpotifyApiError):
    """A list changed again and again while it was read."""


# The first that applies.
_REASONS: tuple[tuple[type[SpotifyApiError] | tuple[type, ...], Reason], ...] = (
    (SignInError, Reason.SIGN_IN),
    (ScopeMissingError, Reason.NOT_GRANTED),
    ((ForbiddenError, NotOnAllowListError), Reason.REFUSED),
    (QuotaExceededError, Reason.QUOTA),
    (RateLimitedError, Reason.RATE_LIMITED),
    (InvalidAnswerError, Reason.INVALID_ANSWER),
    (ListChangesError, Reason.LIST_CHANGES),
    (OUTAGE, Reason.OUTAGE),
)


def reason_of(error: SpotifyApiError | OSError) -> Reason:
    """Return why a run failed that ended with this error."""
    if isinstance(error, OSError):
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        return Reason.DISK_FULL if full else Reason.NOT_WRITABLE
    for kinds, reason in _REASONS:
        if isinstance(error, kinds):
            return reason
    return Reason.UNEXPECTED


@dataclass(frozen=True, slots=True)
class Vanished:
    """Much of Liked Songs that was gone at once: `count` of `of`, by a copy's name."""

    snapshot: str
    count: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What became of the runs of an account.

    `began` is when the latest run did, `succeeded` when the latest that succeeded
    ended. `whole_at` is when Liked Songs were last read from beginning to end,
    `looked_at` when it was last looked which of them play in country `looked_for`.
    `added` and `removed` are what that run found to differ from the copy before.
    """

    began: datetime | None = None
    succeeded: datetime | None = None
    whole_at: datetime | None = None
    looked_at: datetime | None = None
    looked_for: str | None = None
    unchanged_since: datetime | None = None
    snapshot: str | None = None
    total: int | None = None
    added: int = 0
    removed: int = 0
    reason: Reason | None = None
    vanished: Vanished | None = None


def dumped(record: Record) -> dict[str, Any]:
    """Return a record as JSON."""
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in asdict(record).items()
    }


def loaded(data: Mapping[str, Any]) -> Record:
    """Return what was dumped; raises LookupError, TypeError, ValueError for other data."""
    vanished = data["vanished"]
    reason = data["reason"]
    return Record(
        **{key: _time(data[key]) for key in _TIMES},
        looked_for=data["looked_for"],
        snapshot=data["snapshot"],
        total=data["total"],
        added=int(data["added"]),
        removed=int(data["removed"]),
        reason=None if reason is None else Reason(reason),
        vanished=None if vanished is None else Vanished(**vanished),
    )


_TIMES = ("began", "succeeded", "whole_at", "looked_at", "unchanged_since")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
