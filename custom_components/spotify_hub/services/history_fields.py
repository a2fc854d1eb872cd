"""The fields that tell which time, and what, a question about the history is about."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..account.history import HistoryOperations
from ..account.periods import Period, Span, span_between
from ..failures import invalid
from .fields import ATTR_LIMIT, whole

ATTR_END: Final = "end"
ATTR_ITEM: Final = "item"
ATTR_PERIOD: Final = "period"
ATTR_START: Final = "start"

# Entries of one answer.
MOST: Final = 1_000
_WRITTEN_DAY: Final = len("2026-10-31")


def moment(value: Any) -> date | datetime:
    """Return a day, or a day and time, of what is written so."""
    if isinstance(value, date):
        return value
    text = cv.string(value).strip()
    parse = dt_util.parse_date if len(text) <= _WRITTEN_DAY else dt_util.parse_datetime
    if (found := parse(text)) is None:
        raise vol.Invalid("expected a date, or a date and time")
    return found


TIME: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_PERIOD): vol.Coerce(Period),
    vol.Optional(ATTR_START): moment,
    vol.Optional(ATTR_END): moment,
}


def limit(usual: int) -> dict[vol.Marker, Any]:
    """Return the field that says how many entries are wanted."""
    bounds = vol.All(whole, vol.Range(min=1, max=MOST))
    return {vol.Optional(ATTR_LIMIT, default=usual): bounds}


def check_time(data: Mapping[str, Any]) -> None:
    """See to it that a period and bounds don't contradict each other."""
    if ATTR_PERIOD in data and (ATTR_START in data or ATTR_END in data):
        raise invalid("period_or_bounds")


def span_in(data: Mapping[str, Any], history: HistoryOperations) -> Span:
    """Return which time is meant; all of it if nothing is said.

    Raises:
        ServiceValidationError: it ends before it begins.
    """
    if (period := data.get(ATTR_PERIOD)) is not None:
        return history.span(period)
    try:
        return span_between(data.get(ATTR_START), data.get(ATTR_END), history.zone)
    except (OverflowError, ValueError) as err:
        raise invalid("end_before_start") from err
