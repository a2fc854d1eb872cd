"""The service actions, by subject."""

from homeassistant.core import HomeAssistant, callback

from . import (
    cover,
    history,
    history_import,
    history_statistics,
    library,
    pins,
    player,
    playlists,
    routines,
    search,
    start,
)

SUBJECTS = (
    start,
    player,
    routines,
    library,
    playlists,
    cover,
    search,
    pins,
    history,
    history_statistics,
    history_import,
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register every action, once for all accounts."""
    for subject in SUBJECTS:
        for action in subject.ACTIONS:
            action.async_register(hass)
