"""The service actions, by subject."""

from homeassistant.core import HomeAssistant, callback

from . import cover, library, pins, player, playlists, routines, search, start


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register every action, once for all accounts."""
    subjects = (start, player, routines, library, playlists, cover, search, pins)
    for subject in subjects:
        for action in subject.ACTIONS:
            action.async_register(hass)
