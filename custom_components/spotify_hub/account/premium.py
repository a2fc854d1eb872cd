"""Whether the account has Premium, as far as the player has said."""

from datetime import datetime, timedelta

from homeassistant.util import dt as dt_util

# People subscribe; Spotify's profile no longer tells, so the question is asked anew.
BELIEVED_FOR = timedelta(hours=24)


class PremiumVerdict:
    """Unknown until a command was refused; then known to be lacking for a day.

    The transport repeats the first refusal, so one that arrives here is the second.
    """

    def __init__(self) -> None:
        """Begin without a verdict, as after each new sign-in."""
        self._refused_at: datetime | None = None

    @property
    def lacking(self) -> bool:
        """Return whether the account is known to have no Premium."""
        refused_at = self._refused_at
        return refused_at is not None and dt_util.utcnow() - refused_at < BELIEVED_FOR

    def refused(self) -> None:
        """Hear that a command needed Premium."""
        self._refused_at = dt_util.utcnow()

    def confirmed(self) -> None:
        """Hear that a command was carried out."""
        self._refused_at = None
