"""Spotify's OAuth server, and the apps that people registered there."""

from typing import Any, override

from homeassistant.components.application_credentials import ClientCredential
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import OAuth2TokenRequestConnectionError
from homeassistant.helpers.config_entry_oauth2_flow import (
    AUTH_CALLBACK_PATH,
    MY_AUTH_CALLBACK_PATH,
    LocalOAuth2ImplementationWithPkce,
)
from homeassistant.helpers.network import NoURLAvailableError, get_url

from .const import SPOTIFY_ACCOUNTS_URL


class SpotifyOAuth2Implementation(LocalOAuth2ImplementationWithPkce):
    """One registered app; its name tells several apart in the flow."""

    def __init__(
        self, hass: HomeAssistant, auth_domain: str, credential: ClientCredential
    ) -> None:
        """Use the credential at Spotify's OAuth server."""
        super().__init__(
            hass,
            auth_domain,
            credential.client_id,
            f"{SPOTIFY_ACCOUNTS_URL}/authorize",
            f"{SPOTIFY_ACCOUNTS_URL}/api/token",
            credential.client_secret,
        )
        self._name = credential.name or credential.client_id

    @override
    async def _token_request(self, data: dict[str, str]) -> dict[str, Any]:
        """Ask for tokens; an answer that was cut off is as good as none."""
        try:
            return await super()._token_request(data)
        except ValueError as err:
            raise OAuth2TokenRequestConnectionError(domain=self.domain) from err

    @property
    @override
    def name(self) -> str:
        """Return the name that the person gave the app."""
        return self._name


async def async_get_auth_implementation(
    hass: HomeAssistant, auth_domain: str, credential: ClientCredential
) -> SpotifyOAuth2Implementation:
    """Return the OAuth implementation with PKCE for a credential."""
    return SpotifyOAuth2Implementation(hass, auth_domain, credential)


async def async_get_description_placeholders(hass: HomeAssistant) -> dict[str, str]:
    """Return what the credentials dialog's text refers to."""
    return {
        "dashboard_url": "https://developer.spotify.com/dashboard",
        "redirect_uri": _redirect_uri(hass),
    }


def _redirect_uri(hass: HomeAssistant) -> str:
    """Return the URI to register at Spotify, as Home Assistant's flow will send it."""
    if "my" in hass.config.components:
        return MY_AUTH_CALLBACK_PATH
    try:
        return f"{get_url(hass, require_current_request=True)}{AUTH_CALLBACK_PATH}"
    except NoURLAvailableError:
        return f"https://…{AUTH_CALLBACK_PATH}"
