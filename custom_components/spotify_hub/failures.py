"""Spotify's errors as Home Assistant's, with words that say what can be done."""

from datetime import timedelta

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from .api.book import LONGEST_LIMIT, LONGEST_QUOTA, UNSAID_LIMIT, UNSAID_QUOTA
from .api.errors import (
    BadRequestError,
    NotFoundError,
    OutageError,
    QuotaExceededError,
    RateLimitedError,
    SpotifyApiError,
)
from .const import DOMAIN

_A_DAY = 86_400

_CALLER_CAN_MEND = (NotFoundError, BadRequestError)


def translated(error: SpotifyApiError) -> HomeAssistantError:
    """Return the error for whoever called: ServiceValidationError if they can mend it."""
    kind = (
        ServiceValidationError
        if isinstance(error, _CALLER_CAN_MEND)
        else HomeAssistantError
    )
    return kind(
        translation_domain=DOMAIN,
        translation_key=error.key,
        translation_placeholders=placeholders(error),
    )


def invalid(key: str, **values: str) -> ServiceValidationError:
    """Return a translated error that the caller can mend."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=values
    )


def placeholders(error: SpotifyApiError) -> dict[str, str]:
    """Return what the error's text refers to: Spotify's words, and until when."""
    values = {"detail": str(error)}
    if (wait := seconds_to_wait(error)) is not None:
        until = dt_util.now() + timedelta(seconds=wait)
        values["until"] = (
            f"{until:%H:%M:%S}" if wait < _A_DAY else f"{until:%Y-%m-%d %H:%M}"
        )
    return values


def seconds_to_wait(error: SpotifyApiError) -> float | None:
    """Return how long to leave Spotify alone; None where the error does not say."""
    match error:
        case QuotaExceededError(retry_after=wait):
            return _believable(wait, UNSAID_QUOTA, LONGEST_QUOTA)
        case RateLimitedError(retry_after=wait):
            return _believable(wait, UNSAID_LIMIT, LONGEST_LIMIT)
        case OutageError(retry_after=wait):
            return wait
    return None


def _believable(seconds: float | None, unsaid: float, longest: float) -> float:
    """Return how long the ledger will be closed for what Spotify said."""
    return unsaid if seconds is None else min(max(seconds, 1.0), longest)
