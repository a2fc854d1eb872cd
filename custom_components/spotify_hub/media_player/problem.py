"""What a command to a player would meet."""

from ..account import SpotifyAccount
from ..api.errors import OutageError, QuotaExceededError, RateLimitedError
from ..api.families import Family

# What a deadline must be for to hold a player: everything, or one of these.
_PLAYERS = frozenset({None, Family.PLAYER, Family.COMMANDS})


def problem_of(account: SpotifyAccount) -> str | None:
    """Return the key of what keeps commands of an account from Spotify."""
    holding = [
        closed
        for family, closed in account.monitor.deadlines.items()
        if family in _PLAYERS
    ]
    if any(closed.quota for closed in holding):
        return QuotaExceededError.key
    if holding:
        return RateLimitedError.key
    if (trouble := account.playback.trouble) is not None:
        return trouble.error.key
    return None if account.breaker.opens_again is None else OutageError.key
