"""Paths that somebody names: only what Home Assistant may reach is touched."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from .failures import invalid

_MEDIA = "media-source://media_source/"


def allowed_path(hass: HomeAssistant, text: str) -> Path:
    """Return the path that a text names, links resolved; blocks, so not for the loop.

    What stands in Home Assistant's media may be named as the media browser does.

    Raises:
        ServiceValidationError: Home Assistant may not reach it.
    """
    try:
        path = Path(_in_media(hass, text))
        # Of what does not exist yet only the folder is looked at, so the rest must be plain.
        if path.is_absolute() and hass.config.is_allowed_path(str(path)):
            resolved = path.resolve()
            if hass.config.is_allowed_path(str(resolved)):
                return resolved
    except (OSError, RuntimeError, ValueError) as err:
        raise invalid("path_not_allowed", path=text) from err
    raise invalid("path_not_allowed", path=text)


def _in_media(hass: HomeAssistant, text: str) -> str:
    if not text.startswith(_MEDIA):
        return text
    name, _, rest = text.removeprefix(_MEDIA).partition("/")
    if (folder := hass.config.media_dirs.get(name)) is None:
        raise ValueError("There is no such media folder")
    return str(Path(folder, *rest.split("/")))
