"""Which error an answer of Spotify is.

Sources: https://developer.spotify.com/documentation/web-api/concepts/api-calls
(statuses), …/concepts/rate-limits and …/concepts/quota-modes (429). The texts of
401 and 403 are not documented; they are recognised as Spotify sends them.
"""

import math
from typing import Any

import orjson

from .errors import (
    AccessTokenMissingError,
    AppOwnerNotPremiumError,
    BadRequestError,
    CommandRefusedError,
    DeviceNotFoundError,
    ForbiddenError,
    InvalidAnswerError,
    NoActiveDeviceError,
    NotFoundError,
    NotOnAllowListError,
    PremiumRequiredError,
    QuotaExceededError,
    RateLimitedError,
    ScopeMissingError,
    ServerFaultError,
    SpeakerNotControllableError,
    SpotifyApiError,
    TokenRejectedError,
    VolumeNotControllableError,
)

# A body may be a page of HTML; nobody needs more of it in a message.
_LONGEST_MESSAGE = 200
# Two days; the longest that Spotify was ever seen to ask for is one.
_LONGEST_RETRY_AFTER = 172_800.0


def classify(
    status: int, body: str, retry_after: str | None = None
) -> SpotifyApiError | None:
    """Return the error that an answer stands for; None for any 2xx.

    `body` may be JSON in Spotify's shape, plain text, HTML or empty.
    `retry_after` is the header as received.
    """
    if 200 <= status < 300:
        return None
    message, reason = _read_body(body)
    text = f"{status} {message}".strip()
    match status:
        case 401:
            return _unauthorized(text)
        case 403:
            return _forbidden(text, reason)
        case 404:
            return _not_found(text, reason)
        case 429:
            wait = _seconds(retry_after)
            if reason == "QUOTA_EXCEEDED":
                return QuotaExceededError(text, wait)
            return RateLimitedError(text, wait)
    if 400 <= status < 500:
        return BadRequestError(text)
    if 300 <= status < 400:
        return InvalidAnswerError(text)
    return ServerFaultError(text)


def _read_body(body: str) -> tuple[str, str]:
    """Return message and reason of an error body, whatever its shape."""
    try:
        content: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.strip()[:_LONGEST_MESSAGE], ""
    error = content.get("error") if isinstance(content, dict) else None
    if not isinstance(error, dict):
        return str(error or "")[:_LONGEST_MESSAGE], ""
    message = str(error.get("message") or "")[:_LONGEST_MESSAGE]
    return message, str(error.get("reason") or "")


def _seconds(retry_after: str | None) -> float | None:
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    if not math.isfinite(seconds) or seconds < 0:
        return None
    return min(seconds, _LONGEST_RETRY_AFTER)


def _unauthorized(text: str) -> SpotifyApiError:
    folded = text.casefold()
    if "access token missing" in folded:
        return AccessTokenMissingError(text)
    if "permissions missing" in folded:
        return ScopeMissingError(text)
    return TokenRejectedError(text)


def _forbidden(text: str, reason: str) -> SpotifyApiError:
    folded = text.casefold()
    if "insufficient client scope" in folded:
        return ScopeMissingError(text)
    if "developer dashboard" in folded or "not approved for app" in folded:
        return NotOnAllowListError(text)
    if "owner of the app" in folded:
        return AppOwnerNotPremiumError(text)
    if reason == "PREMIUM_REQUIRED" or "premium required" in folded:
        return PremiumRequiredError(text)
    if reason == "VOLUME_CONTROL_DISALLOW":
        return VolumeNotControllableError(text, reason)
    if reason in {
        "DEVICE_NOT_CONTROLLABLE",
        "UNSUPPORTED_DEVICE",
        "REMOTE_CONTROL_DISALLOW",
    }:
        return SpeakerNotControllableError(text, reason)
    if reason or "player command failed" in folded:
        return CommandRefusedError(text, reason or "UNKNOWN")
    return ForbiddenError(text)


def _not_found(text: str, reason: str) -> SpotifyApiError:
    folded = text.casefold()
    if reason == "NO_ACTIVE_DEVICE" or "no active device" in folded:
        return NoActiveDeviceError(text)
    if "device not found" in folded:
        return DeviceNotFoundError(text)
    return NotFoundError(text)
