"""The dialog in which a person enters the app they made at Spotify."""

from homeassistant.components.application_credentials import ClientCredential
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.spotify_hub.application_credentials import (
    async_get_auth_implementation,
    async_get_description_placeholders,
)
from custom_components.spotify_hub.const import DOMAIN


async def test_without_an_app_linking_leads_to_the_dialog(hass: HomeAssistant) -> None:
    """The reason is the one at which the frontend opens it."""
    assert await async_setup_component(hass, "application_credentials", {})
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "missing_credentials"
    assert result["translation_domain"] == "homeassistant"


async def test_the_dialog_knows_where_and_what_to_register(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    """Spotify compares the redirect URI to the letter."""
    hass.config.components.add("my")
    assert await async_setup_component(hass, "application_credentials", {})
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "application_credentials/config"})
    answer = await client.receive_json()
    assert DOMAIN in answer["result"]["domains"]
    assert answer["result"]["integrations"][DOMAIN] == {
        "description_placeholders": {
            "dashboard_url": "https://developer.spotify.com/dashboard",
            "redirect_uri": "https://my.home-assistant.io/redirect/oauth",
        }
    }


@pytest.mark.usefixtures("current_request")
async def test_without_my_home_assistant_the_own_address_is_registered(
    hass: HomeAssistant,
) -> None:
    """It is the one that the flow will send."""
    await async_process_ha_core_config(hass, {"external_url": "https://example.com"})
    placeholders = await async_get_description_placeholders(hass)
    assert placeholders["redirect_uri"] == "https://example.com/auth/external/callback"


async def test_an_unknown_address_is_left_open(hass: HomeAssistant) -> None:
    """Outside of a request nobody knows how the person came here."""
    placeholders = await async_get_description_placeholders(hass)
    assert placeholders["redirect_uri"] == "https://…/auth/external/callback"


@pytest.mark.parametrize(("name", "shown"), [("Mine", "Mine"), (None, "an-id")])
async def test_an_app_is_called_what_its_owner_calls_it(
    hass: HomeAssistant, name: str | None, shown: str
) -> None:
    """The client id stands in for a missing name; PKCE is used in any case."""
    credential = ClientCredential("an-id", "a-secret", name)
    app = await async_get_auth_implementation(hass, "an-app", credential)
    assert (app.name, app.domain) == (shown, "an-app")
    assert app.extra_authorize_data["code_challenge_method"] == "S256"
