"""How an account's sign-in stands, when it ends, and at which step new ones failed."""

import calendar
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import CONF_AUTHORIZED_AT, DOMAIN

# Source: https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens
SIGN_IN_MONTHS = 6
KEPT_FAILURES = 10

_FAILURES: HassKey[deque[FailedSignIn]] = HassKey(f"{DOMAIN}.failed_sign_ins")


@dataclass(frozen=True, slots=True)
class FailedSignIn:
    """A sign-in that came to nothing: where in the flow, and why. Whose it was is not kept."""

    at: datetime
    source: str | None
    step: str | None
    reason: str


@callback
def async_note_failure(
    hass: HomeAssistant, source: str | None, step: str | None, reason: str
) -> None:
    """Remember that a sign-in failed, until Home Assistant stops."""
    failures = hass.data.setdefault(_FAILURES, deque(maxlen=KEPT_FAILURES))
    failures.append(FailedSignIn(dt_util.utcnow(), source, step, reason))


@callback
def async_failures(hass: HomeAssistant) -> list[FailedSignIn]:
    """Return the sign-ins that failed lately, oldest first."""
    return list(hass.data.get(_FAILURES, ()))


def sign_in_ends(entry: ConfigEntry) -> datetime:
    """Return when Spotify ends the sign-in: refreshing its tokens does not prolong it."""
    begun = dt_util.utc_from_timestamp(entry.data[CONF_AUTHORIZED_AT])
    years, month = divmod(begun.month - 1 + SIGN_IN_MONTHS, 12)
    year, month = begun.year + years, month + 1
    day = min(begun.day, calendar.monthrange(year, month)[1])
    return begun.replace(year=year, month=month, day=day, microsecond=0)
