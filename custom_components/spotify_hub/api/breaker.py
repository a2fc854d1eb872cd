"""When Spotify does not answer an account at all: stop asking, then ask once."""

from collections.abc import Callable
import time

from .errors import (
    ConnectionFailedError,
    DeadlineExceededError,
    OutageError,
    ServerFaultError,
    SpotifyApiError,
)

FAILURES = 3
OPEN_FOR = 60.0

# What says that Spotify is not there; every other answer says that it is.
OUTAGE = (
    ConnectionFailedError,
    DeadlineExceededError,
    OutageError,
    ServerFaultError,
)


class Breaker:
    """Opens after three failures in a row, and lets one probe through a minute later.

    Only time-outs, connection errors and 5xx are failures: an answer of 4xx or 429
    says that Spotify is there.
    """

    def __init__(
        self,
        changed: Callable[[SpotifyApiError | None], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Call `changed` with the last failure on opening, and with None on closing."""
        self._changed = changed
        self._clock = clock
        self._failures = 0
        self._until: float | None = None
        self._probing = False

    @property
    def opens_again(self) -> float | None:
        """Return in how many seconds the next call is let through; None while closed."""
        return None if self._until is None else max(0.0, self._until - self._clock())

    def check(self) -> None:
        """Raise OutageError with the time to wait if no call is let through now."""
        if self._until is None:
            return
        wait = self._until - self._clock()
        if wait > 0 or self._probing:
            raise OutageError("Spotify does not answer", max(wait, 1.0))

    def admit(self) -> bool:
        """Let a call through, True for a probe; raises as `check` does."""
        self.check()
        self._probing = self._until is not None
        return self._probing

    def record(self, error: SpotifyApiError | None, *, probe: bool) -> None:
        """Hear how an admitted call ended."""
        if not isinstance(error, OUTAGE):
            was_open, self._until, self._failures = self._until, None, 0
            self._probing = False
            if was_open is not None:
                self._changed(None)
            return
        if self._until is not None and not probe:
            # It was sent before the breaker opened, and says nothing new.
            return
        self._probing = False
        self._failures += 1
        if self._failures >= FAILURES:
            first, self._until = self._until is None, self._clock() + OPEN_FOR
            if first:
                self._changed(error)

    def abandon(self) -> None:
        """Hear that a probe ended without an outcome: its caller gave up."""
        self._probing = False
