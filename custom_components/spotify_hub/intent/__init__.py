"""What can be said to Spotify Hub, in several languages.

An intent is handled for an account and answered in words, by whatever way Home
Assistant comes to it; the sentences for them are in `sentences/`, a language a file.
"""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
from homeassistant.setup import async_when_setup

from . import evening, history, library, playing, starting, steering
from .ear import Ear
from .handler import AccountIntent, AccountIntentHandler
from .language import load_languages

INTENTS: tuple[AccountIntent, ...] = (
    *playing.INTENTS,
    *library.INTENTS,
    *starting.INTENTS,
    *steering.INTENTS,
    *evening.INTENTS,
    *history.INTENTS,
)


async def async_setup_intents(hass: HomeAssistant) -> None:
    """Register every intent, and hear the sentences that mean them.

    Home Assistant calls this once, when it has both this integration and intents.
    """
    languages = await hass.async_add_executor_job(load_languages)
    for definition in INTENTS:
        intent.async_register(hass, AccountIntentHandler(definition, languages))
    ear = Ear(hass, languages)

    async def listen(_hass: HomeAssistant, _component: str) -> None:
        ear.async_start()

    async_when_setup(hass, "conversation", listen)
