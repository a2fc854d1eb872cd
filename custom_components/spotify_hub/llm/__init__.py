"""What an assistant with a language model is offered: a few tools, each for one thing."""

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.components.llm import LLMTools
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.json import json_dumps
from homeassistant.helpers.llm import LLM_API_ASSIST, LLMContext

from ..callers import async_likely_accounts
from ..const import DOMAIN
from ..spoken import async_room
from . import history, library, music
from .tool import AccountTool

OFFERS = (*music.OFFERS, *library.OFFERS, *history.OFFERS)
_PROMPT = (
    "For music and podcasts on Spotify use the tools that begin with spotify_hub. "
    "They know the user's own playlists and look everything up by its name, so "
    "spotify_hub__play needs no search before it. Say that something plays only "
    "if the answer has confirmed: true."
)
_WHOSE = (
    "Accounts: {names}. Name one only if the user does; without a name the right "
    "one is taken."
)


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return the tools for whoever speaks; None while there is nothing to use them on.

    What the account has not been granted is not offered.
    """
    if api_id != LLM_API_ASSIST or not _is_exposed(hass, llm_context.assistant):
        return None
    context = llm_context.context or Context()
    room = async_room(hass, llm_context.device_id)
    accounts = async_likely_accounts(hass, context, (room,))
    granted = {one for entry in accounts for one in entry.runtime_data.features}
    names = [entry.title for entry in hass.config_entries.async_loaded_entries(DOMAIN)]
    several = names if len(names) > 1 else []
    tools = [
        AccountTool(offer, several)
        for offer in OFFERS
        if offer.feature is None or offer.feature in granted
    ]
    # As strings of JSON: what somebody calls themselves is not to be taken for a text.
    quoted = ", ".join(map(json_dumps, several))
    prompt = [_PROMPT, *([_WHOSE.format(names=quoted)] if several else [])]
    return LLMTools(tools=[*tools], prompt=" ".join(prompt)) if accounts else None


def _is_exposed(hass: HomeAssistant, assistant: str | None) -> bool:
    """Tell whether an assistant may know of anything of this integration."""
    return assistant is not None and any(
        async_should_expose(hass, assistant, entity.entity_id)
        for entity in er.async_get(hass).entities.values()
        if entity.platform == DOMAIN and entity.domain == "media_player"
    )
