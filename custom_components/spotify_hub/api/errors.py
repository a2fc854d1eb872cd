"""What can go wrong between us and Spotify: a small typed tree.

Every failure of this package is one of these. `key` is a stable name by which
the doors find the text that tells a person what to do.
"""

from typing import ClassVar


class SpotifyApiError(Exception):
    """A call to Spotify did not do what it was asked."""

    key: ClassVar[str] = "unexpected"


class ConnectionFailedError(SpotifyApiError):
    """No answer was received: DNS, refused, reset."""

    key = "unreachable"

    def __init__(self, message: str, *, arrived: bool = True) -> None:
        """Keep whether the request may have reached Spotify all the same."""
        super().__init__(message)
        self.arrived = arrived


class DeadlineExceededError(SpotifyApiError):
    """Spotify did not answer within the time the call had."""

    key = "timed_out"


class ServerFaultError(SpotifyApiError):
    """Spotify answered with 5xx, or with a fault that is its own."""

    key = "server_fault"


class InvalidAnswerError(SpotifyApiError):
    """Spotify said success, but its answer cannot be read."""

    key = "invalid_answer"


class BadRequestError(SpotifyApiError):
    """Spotify did not understand the request (400)."""

    key = "bad_request"


class SignInError(SpotifyApiError):
    """Spotify does not accept the account's sign-in."""

    key = "sign_in"


class TokenRejectedError(SignInError):
    """The access token is expired or not accepted; a fresh one may be."""


class SignInRequiredError(SignInError):
    """The sign-in is over; only the account's owner can renew it."""


class AccessTokenMissingError(ServerFaultError):
    """Spotify said a token it was sent is missing: a fault of its servers in 2026."""


class TokenUnavailableError(ServerFaultError):
    """No token could be had for now, so the request was not sent."""


class ScopeMissingError(SpotifyApiError):
    """The account has not granted what the call needs."""

    key = "scope_missing"


class NotOnAllowListError(SpotifyApiError):
    """The app's owner has not put this account on the app's list of users."""

    key = "not_on_allow_list"


class AppOwnerNotPremiumError(SpotifyApiError):
    """The owner of the Spotify app has no Premium, so the app is switched off."""

    key = "app_owner_not_premium"


class PremiumRequiredError(SpotifyApiError):
    """The account has no Premium, which every command of the player needs."""

    key = "premium_required"


class ForbiddenError(SpotifyApiError):
    """Spotify does not serve this to this app or this account."""

    key = "forbidden"


class CommandRefusedError(SpotifyApiError):
    """The player refuses the command in its present state.

    `reason` is Spotify's code, for example ALREADY_PAUSED or UNKNOWN.
    """

    key = "not_allowed_now"

    def __init__(self, message: str, reason: str) -> None:
        """Keep Spotify's reason code."""
        super().__init__(message)
        self.reason = reason


class VolumeNotControllableError(CommandRefusedError):
    """The speaker's volume can't be set from outside."""

    key = "volume_not_controllable"


class SpeakerNotControllableError(CommandRefusedError):
    """The speaker takes no commands from the Web API."""

    key = "speaker_not_controllable"


class NotFoundError(SpotifyApiError):
    """Spotify does not know the item, or hides it (playlists of its own making)."""

    key = "not_found"


class NoActiveDeviceError(NotFoundError):
    """Nothing is active to play on."""

    key = "no_active_speaker"


class DeviceNotFoundError(NotFoundError):
    """The speaker's id is no longer known to Spotify."""

    key = "speaker_gone"


class RateLimitedError(SpotifyApiError):
    """Too many requests (429).

    `retry_after` is in seconds; None when Spotify did not say.
    """

    key = "rate_limited"

    def __init__(self, message: str, retry_after: float | None) -> None:
        """Keep how long Spotify asks to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class HeldBackError(RateLimitedError):
    """We have sent as many requests as is wise, and send no more for a moment."""

    key = "held_back"


class OutageError(SpotifyApiError):
    """Spotify did not answer several times in a row; it is asked again later.

    `retry_after` is in seconds.
    """

    key = "outage"

    def __init__(self, message: str, retry_after: float) -> None:
        """Keep when the next try is made."""
        super().__init__(message)
        self.retry_after = retry_after


class QuotaExceededError(RateLimitedError):
    """The developer account's quota is used up, often for hours (429)."""

    key = "quota_exceeded"
