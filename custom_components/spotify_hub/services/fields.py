"""Fields that several actions share."""

from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..account.start_plan import LONGEST_PATIENCE, PATIENCE

ATTR_DRY_RUN: Final = "dry_run"
ATTR_ITEMS: Final = "items"
ATTR_LIMIT: Final = "limit"
ATTR_MEDIA_TYPE: Final = "media_type"
ATTR_PLAYLIST: Final = "playlist"
ATTR_SPEAKER: Final = "speaker"
ATTR_WAIT_TIMEOUT: Final = "wait_timeout"

# In seconds: nothing on Spotify lasts for longer than a week.
LONGEST: Final = 7 * 24 * 60 * 60
# In seconds, too: whoever wants more of it does not hear that it changes.
LONGEST_FADE: Final = 60 * 60


def whole(value: Any) -> int:
    """Return a whole number, which infinity is not."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError) as err:
        raise vol.CoerceInvalid("expected int") from err


NAME: Final = vol.All(cv.string, str.strip, vol.Length(min=1))
TEXTS: Final = vol.All(cv.ensure_list, [cv.string])
ITEMS: Final[dict[vol.Marker, Any]] = {vol.Required(ATTR_ITEMS): TEXTS}
PLAYLIST: Final[dict[vol.Marker, Any]] = {vol.Required(ATTR_PLAYLIST): cv.string}
DRY_RUN: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_DRY_RUN, default=False): cv.boolean
}


def wait_timeout(default: float) -> dict[vol.Marker, Any]:
    """Return for how long a start is tried before it is given up, in seconds."""
    return {
        vol.Optional(ATTR_WAIT_TIMEOUT, default=default): vol.All(
            vol.Coerce(float), vol.Range(min=1, max=LONGEST_PATIENCE)
        )
    }


WAIT_TIMEOUT: Final = wait_timeout(PATIENCE)
# How many entries of a list are wanted; all of them without it.
LIMIT: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_LIMIT): vol.All(whole, vol.Range(min=1))
}
