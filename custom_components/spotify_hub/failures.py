"""Spotify's errors as Home Assistant's, with words that say what can be done."""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from .api.errors import (
    BadRequestError,
    NotFoundError,
    RateLimitedError,
    SpotifyApiError,
)
from .const import DOMAIN

# Spotify did not say how long; its window is rolling and 30 seconds long.
DEFAULT_RETRY_AFTER = 30.0

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
    if isinstance(error, RateLimitedError):
        until = dt_util.now().timestamp() + retry_after(error)
        values["until"] = (
            f"{dt_util.as_local(dt_util.utc_from_timestamp(until)):%H:%M:%S}"
        )
    return values


def retry_after(error: RateLimitedError) -> float:
    """Return the seconds to leave Spotify alone."""
    return DEFAULT_RETRY_AFTER if error.retry_after is None else error.retry_after
