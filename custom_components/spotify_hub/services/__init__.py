"""The service actions, by subject."""

from homeassistant.core import HomeAssistant, callback

from . import cover, favorites, library, pins, player, playlists, search, start


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register every action, once for all accounts."""
    for subject in (start, player, library, favorites, playlists, cover, search, pins):
        for action in subject.ACTIONS:
            action.async_register(hass)
