"""When sentences of ours are heard, by which names, and what is said when nothing comes of them."""

from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
from homeassistant.setup import async_setup_component
import pytest

from custom_components.spotify_hub.api.uri import parse_uri
from tests.conftest import AccountEntry, Later

from .conftest import ERROR, House


def heard(hass: HomeAssistant) -> str:
    """Return all sentences that Home Assistant gives to triggers."""
    return "\n".join(get_agent_manager(hass).trigger_sentences)


async def test_sentences_are_heard_while_an_account_is_there(
    hass: HomeAssistant,
    house: House,
    anna: AccountEntry,
    ben: AccountEntry,
    later: Later,
) -> None:
    """From the first that is loaded until the last that goes."""
    await later(2)
    assert "(anna|ben)" in heard(hass)
    await hass.config_entries.async_unload(anna.entry_id)
    assert heard(hass)
    await hass.config_entries.async_unload(ben.entry_id)
    assert not heard(hass)
    assert (await house.say("what song is this", None)).kind is ERROR
    await hass.config_entries.async_setup(ben.entry_id)
    await hass.async_block_till_done()
    assert "{account}" not in heard(hass)
    assert "ben" in heard(hass)


async def test_nothing_is_registered_without_an_agent(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """And as soon as there is one, it is."""
    assert not heard(hass)
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    await hass.async_block_till_done()
    assert "anna" in heard(hass)


async def test_other_names_are_heard_soon(
    hass: HomeAssistant, house: House, anna: AccountEntry, later: Later
) -> None:
    """Pins, playlists, speakers and accounts, without a restart."""
    assert "dinner jazz" not in heard(hass)
    await later(6)
    await later(2)
    assert "dinner jazz" in heard(hass)
    assert "lullabies" not in heard(hass)
    anna.runtime_data.pins.pin(parse_uri(house.uri("album", "Debut")), name="Lullabies")
    await later(2)
    assert "lullabies" in heard(hass)
    hass.config_entries.async_update_entry(anna, title="Anneliese")
    await later(2)
    assert "anneliese" in heard(hass)
    assert "pantry" not in heard(hass)
    house.put("Kitchen", "Living room")
    assert await house.say("what is playing in the living room") is not None


async def test_names_that_stay_register_nothing_anew(
    hass: HomeAssistant, house: House, anna: AccountEntry, later: Later
) -> None:
    """Whatever is polled, Home Assistant's sentences are not made again."""
    await later(6)
    await later(2)
    before = get_agent_manager(hass)._trigger_callback_counter
    await house.look(anna)
    await later(2)
    assert get_agent_manager(hass)._trigger_callback_counter == before


async def test_every_intent_is_described(hass: HomeAssistant, house: House) -> None:
    """For assistants that choose by descriptions."""
    own = [
        one
        for one in intent.async_get(hass)
        if one.intent_type.startswith("SpotifyHub")
    ]
    assert len(own) > 25
    assert all(one.description and one.slot_schema for one in own)


async def test_an_intent_works_without_a_sentence(
    hass: HomeAssistant, house: House, anna: AccountEntry
) -> None:
    """Home Assistant's intents API reaches the same handlers."""
    await house.play(anna, "anna", "Kitchen")
    response = await intent.async_handle(hass, "test", "SpotifyHubWhatPlays")
    assert response.response_type is intent.IntentResponseType.QUERY_ANSWER
    words = response.speech["plain"]["speech"]
    assert words == "So What by Miles Davis is playing on Kitchen."
    with pytest.raises(
        intent.IntentHandleError, match="There is no Spotify account called Eve"
    ):
        await intent.async_handle(
            hass,
            "test",
            "SpotifyHubShuffle",
            {"on": {"value": True}, "account": {"value": "Eve"}},
        )


async def test_the_account_of_the_room_plays(
    house: House, anna: AccountEntry, ben: AccountEntry
) -> None:
    """That is set for the satellite's area."""
    house.settle(default=anna.entry_id, areas={house.area("Kitchen"): ben.entry_id})
    await house.say("play my liked songs", "Kitchen")
    assert house.on("ben").playing
    assert not house.on("anna").playing
