"""Spotify's errors as Home Assistant's, with words that say what can be done."""

from datetime import timedelta

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from .api.book import believable_wait
from .api.errors import (
    BadRequestError,
    NotFoundError,
    OutageError,
    RateLimitedError,
    SpotifyApiError,
)
from .const import DOMAIN

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


def partly_done(error: SpotifyApiError, done: int, total: int) -> HomeAssistantError:
    """Return the error of a change that Spotify ended midway, saying what was done."""
    if not done:
        return translated(error)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="partly_done",
        translation_placeholders={
            "done": str(done),
            "total": str(total),
            "reason": str(translated(error)),
        },
    )


def placeholders(error: SpotifyApiError) -> dict[str, str]:
    """Return what the error's text refers to: Spotify's words, and until when."""
    values = {"detail": str(error)}
    if (wait := seconds_to_wait(error)) is not None:
        until = (now := dt_util.now()) + timedelta(seconds=wait)
        today = until.date() == now.date()
        values["until"] = f"{until:%H:%M:%S}" if today else f"{until:%Y-%m-%d %H:%M}"
    return values


def seconds_to_wait(error: SpotifyApiError) -> float | None:
    """Return how long to leave Spotify alone; None where the error does not say."""
    match error:
        case RateLimitedError():
            return believable_wait(error)
        case OutageError(retry_after=wait):
            return wait
    return None
