"""Why something did not come about, in words of the language that it was asked in."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from .language import Language
from .phrasing import Value, say

UNAUTHORIZED = "unauthorized"
NOT_UNDERSTOOD = "not_understood"


async def async_failure(
    hass: HomeAssistant, language: Language, error: HomeAssistantError
) -> str:
    """Return what is said of an error: one plain sentence, where the language has it.

    Otherwise it is what Home Assistant shows, translated if there is a translation.
    """
    key = UNAUTHORIZED if isinstance(error, Unauthorized) else error.translation_key
    values = error.translation_placeholders or {}
    if key is not None and (spoken := language.failures.get(key)) is not None:
        return say(language.manner, spoken, {**values, **_until(values)})
    if key is None or error.translation_domain is None:
        return str(error)
    return await _async_translated(hass, language.code, error, values)


async def _async_translated(
    hass: HomeAssistant,
    code: str,
    error: HomeAssistantError,
    values: Mapping[str, str],
) -> str:
    domain = error.translation_domain or DOMAIN
    texts = await async_get_translations(hass, code, "exceptions", {domain})
    text = texts.get(f"component.{domain}.exceptions.{error.translation_key}.message")
    return text.format(**values) if text else str(error)


def _until(values: Mapping[str, str]) -> dict[str, Value]:
    """Return until when to wait as a time of day, a minute rather too late than too early.

    No limit of Spotify's lasts longer than a day.
    """
    told = values.get("until", "")
    if (clock := dt_util.parse_time(told)) is not None:
        at = datetime.combine(dt_util.now(), clock)
    elif (moment := dt_util.parse_datetime(told)) is not None:
        at = moment
    else:
        return {}
    return {"until": at + timedelta(seconds=-at.second % 60)}
