"""Points in time as Spotify writes them."""

from datetime import UTC, datetime

from .world import Clock


def iso_now(clock: Clock) -> str:
    """Return the clock's time, to the second."""
    return datetime.fromtimestamp(clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
