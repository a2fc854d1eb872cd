"""How long background work rests after a failure: decisions only."""

from datetime import timedelta
from enum import StrEnum

from ..api.breaker import OUTAGE
from ..api.errors import SignInRequiredError, SpotifyApiError, TokenRejectedError
from ..failures import seconds_to_wait


class FailureKind(StrEnum):
    """What a failure says about when to try again."""

    AUTH = "auth"
    """A 401 that a fresh token did not cure."""

    NETWORK = "network"
    UNKNOWN = "unknown"


_FIRST_AND_LONGEST = {
    FailureKind.AUTH: (timedelta(minutes=30), timedelta(hours=4)),
    FailureKind.NETWORK: (timedelta(minutes=10), timedelta(hours=1)),
    FailureKind.UNKNOWN: (timedelta(minutes=20), timedelta(hours=3)),
}


def kind_of(error: SpotifyApiError | OSError) -> FailureKind:
    """Return the kind of a failure."""
    if isinstance(error, TokenRejectedError):
        return FailureKind.AUTH
    return FailureKind.NETWORK if isinstance(error, OUTAGE) else FailureKind.UNKNOWN


def rest_after(error: SpotifyApiError | OSError, failures: int) -> timedelta | None:
    """Return how long to rest after the failure that makes `failures` in a row.

    None is until the account is signed in again. Where Spotify said how long, that
    is it.
    """
    if isinstance(error, SignInRequiredError):
        return None
    said = seconds_to_wait(error) if isinstance(error, SpotifyApiError) else None
    if said is not None:
        return timedelta(seconds=said)
    first, longest = _FIRST_AND_LONGEST[kind_of(error)]
    # A year of failures must not overflow.
    return min(first * (1 << min(failures - 1, 10)), longest)
