"""The service actions, by subject."""

from homeassistant.core import HomeAssistant, callback

from . import (
    cover,
    favorites,
    library,
    pins,
    player,
    playlists,
    routines,
    search,
    start,
)

_SUBJECTS = (
    start,
    player,
    routines,
    library,
    favorites,
    playlists,
    cover,
    search,
    pins,
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register every action, once for all accounts."""
    for subject in _SUBJECTS:
        for action in subject.ACTIONS:
            action.async_register(hass)
