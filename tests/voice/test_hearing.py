"""When sentences of ours are heard, by which names, and what is said when nothing comes of them."""

from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
from homeassistant.setup import async_setup_component
import pytest

from custom_components.spotify_hub.account import alarm_clock
from custom_components.spotify_hub.api.breaker import FAILURES
from custom_components.spotify_hub.api.uri import parse_uri
from tests.conftest import AccountEntry, Later, Link
from tests.emulator.faults import Fault

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


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "en",
            "play my liked songs",
            "I don't know whose Spotify is meant: Anna, ben?",
        ),
        (
            "de",
            "spiel meine Lieblingssongs",
            "Ich weiß nicht, wessen Spotify gemeint ist: Anna, ben?",
        ),
    ],
)
async def test_of_two_accounts_one_has_to_be_meant(
    house: House, ben: AccountEntry, language: str, text: str, words: str
) -> None:
    """If nothing tells which."""
    assert (await house.say(text, language=language)).words == words


async def test_the_account_of_the_room_plays(
    house: House, anna: AccountEntry, ben: AccountEntry
) -> None:
    """That is set for the satellite's area."""
    house.settle(default=anna.entry_id, areas={house.area("Kitchen"): ben.entry_id})
    await house.say("play my liked songs", "Kitchen")
    assert house.on("ben").playing
    assert not house.on("anna").playing


async def test_a_speaker_that_is_off_is_named(house: House, anna: AccountEntry) -> None:
    """Nothing is said to play that does not; asked why, it is said again."""
    house.emulator.phone("anna").vanish("Kitchen")
    words = "Spotify can't reach Kitchen. Is it switched on?"
    assert (await house.say("play my liked songs")).words == words
    assert not house.on("anna").playing
    assert (await house.say("why is the music not playing")).words == words
    assert (await house.say("play my liked songs", "Living room")).words.startswith(
        "Your liked songs are playing"
    )
    assert (await house.say("why is the music not playing")).words == (
        "It does play, on Living Room TV."
    )


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            Fault(".*", status=429, retry_after=30, times=None),
            "Spotify takes no orders before",
        ),
        (Fault("/play$", status=404, times=None), "Spotify does not know this."),
    ],
)
async def test_why_it_does_not_play_is_said(
    house: House, anna: AccountEntry, fault: Fault, words: str
) -> None:
    """In one plain sentence, at once and when somebody asks."""
    house.emulator.faults.add(fault)
    said = await house.say("play my liked songs")
    assert said.words.startswith(words)
    assert not house.on("anna").playing
    assert (await house.say("why is the music not playing")).words.startswith(words)


async def test_an_outage_is_told_with_its_end(house: House, anna: AccountEntry) -> None:
    """When it has been found to be one: at once, and when somebody asks."""
    house.emulator.faults.add(Fault(".*", times=None))
    for _ in range(FAILURES):
        await anna.runtime_data.playback.async_refresh()
    words = "Spotify does not answer. I will ask again at"
    assert (await house.say("play my liked songs")).words.startswith(words)
    assert not house.on("anna").playing
    assert (await house.say("why is the music not playing")).words.startswith(words)


async def test_free_accounts_hear_of_premium(
    hass: HomeAssistant, rooms: None, house: House, link: Link
) -> None:
    """Each time they ask for what needs it, and when they ask why."""
    free = await link("free")
    house.settle(default=free.entry_id)
    words = "For this Spotify wants a Premium subscription."
    assert (await house.say("play my liked songs", None)).words == words
    assert (await house.say("why does spotify not play", None)).words == words


async def test_a_room_without_speakers(house: House, anna: AccountEntry) -> None:
    """Says so, and plays nothing elsewhere."""
    house.put("Living Room TV", "Kitchen")
    said = await house.say("play my liked songs", "Living room")
    assert (
        said.words
        == "There is no Spotify speaker in Living room. Say where it shall play."
    )
    assert not house.on("anna").playing


async def test_what_is_ambiguous_is_said(house: House, anna: AccountEntry) -> None:
    """It plays the likeliest, and tells of the other."""
    said = await house.say("play the album greatest hits on spotify")
    assert "is playing on Kitchen" in said.words


async def test_somebody_is_woken_once(
    hass: HomeAssistant,
    house: House,
    anna: AccountEntry,
    later: Later,
) -> None:
    """At the time that was said, on the speaker of the room, by the music that was named."""
    await later(6)
    await later(2)
    said = await house.say("wake me up with dinner jazz at 7:30 am")
    assert said.words.startswith(
        "I will wake you at 7:30 AM on Kitchen with Dinner Jazz"
    )
    (alarm,) = anna.runtime_data.routines.alarm_clock.alarms
    assert not house.on("anna").playing
    left = alarm.at - house.now()
    await hass.config_entries.async_reload(anna.entry_id)
    await hass.async_block_till_done()
    await later(left + 1)
    await later(1)
    assert house.on("anna").playing
    assert house.on("anna").speaker == "Kitchen"
    assert not anna.runtime_data.routines.alarm_clock.alarms
    assert alarm_clock.VOLUME <= 100
