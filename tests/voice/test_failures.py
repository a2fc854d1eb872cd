"""What is said when nothing comes of it: one plain sentence, at once and when somebody asks why."""

import re

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.spotify_hub.api.breaker import FAILURES
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.failures import invalid
from custom_components.spotify_hub.intent.failure import async_failure
from custom_components.spotify_hub.intent.language import load_languages
from tests.conftest import AccountEntry, Link
from tests.emulator.faults import QUOTA_EXCEEDED, Fault

from .conftest import House

PLAY = {"en": "play my liked songs", "de": "spiel meine Lieblingssongs"}
WHY = {"en": "why is the music not playing", "de": "warum läuft die Musik nicht"}
LANGUAGES = tuple(PLAY)
CLOCK = r"\d{1,2}:\d\d( [AP]M| Uhr)"


async def says(house: House, language: str, words: str, room: str = "Kitchen") -> None:
    """See to it that a start fails with a sentence, which is told again."""
    for text in (PLAY[language], WHY[language]):
        said = (await house.say(text, room, language=language)).words
        assert re.fullmatch(words, said), said
    assert not house.on("anna").playing


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Spotify can't reach Kitchen. Is it switched on?"),
        ("de", "Spotify erreicht Kitchen nicht. Ist er eingeschaltet?"),
    ],
)
async def test_a_speaker_that_is_off_is_named(
    house: House, anna: AccountEntry, language: str, words: str
) -> None:
    """Until something plays."""
    house.emulator.phone("anna").vanish("Kitchen")
    await says(house, language, re.escape(words))
    said = await house.say(PLAY[language], "Living room", language=language)
    assert "Living Room TV" in said.words
    assert house.on("anna").playing
    said = await house.say(WHY[language], language=language)
    assert (
        said.words
        == {
            "en": "It does play, on Living Room TV.",
            "de": "Es läuft doch, auf Living Room TV.",
        }[language]
    )


@pytest.mark.parametrize(
    ("fault", "english", "german"),
    [
        (
            Fault(".*", status=429, retry_after=30, times=None),
            rf"Spotify takes no orders before {CLOCK}, because there were too many\.",
            rf"Spotify nimmt vor {CLOCK} nichts an, weil es zu viele Aufträge waren\.",
        ),
        (
            Fault(".*", status=429, body=QUOTA_EXCEEDED, times=None),
            rf"What Spotify allows in a day is used up until about {CLOCK}\.",
            rf"Was Spotify an einem Tag erlaubt, ist bis etwa {CLOCK} aufgebraucht\.",
        ),
        (
            Fault("/play$", status=404, times=None),
            r"Spotify does not know this\.",
            r"Das kennt Spotify nicht\.",
        ),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_why_it_does_not_play_is_said(
    house: House,
    anna: AccountEntry,
    language: str,
    fault: Fault,
    english: str,
    german: str,
) -> None:
    """With the time from which on it works, where there is one."""
    house.emulator.faults.add(fault)
    await says(house, language, english if language == "en" else german)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", rf"Spotify does not answer\. I will ask again at {CLOCK}\."),
        ("de", rf"Spotify antwortet nicht\. Um {CLOCK} frage ich wieder\."),
    ],
)
async def test_an_outage_is_told_with_its_end(
    house: House, anna: AccountEntry, language: str, words: str
) -> None:
    """When it has been found to be one."""
    house.emulator.faults.add(Fault(".*", times=None))
    for _ in range(FAILURES):
        await anna.runtime_data.playback.async_refresh()
    await says(house, language, words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "For this Spotify wants a Premium subscription."),
        ("de", "Dafür verlangt Spotify ein Premium-Abo."),
    ],
)
async def test_free_accounts_hear_of_premium(
    rooms: None, house: House, link: Link, language: str, words: str
) -> None:
    """Each time they ask for what needs it, and when they ask why."""
    free = await link("free")
    house.settle(default=free.entry_id)
    for text in (PLAY[language], WHY[language]):
        assert (await house.say(text, None, language=language)).words == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "There is no Spotify speaker in Living room. Say where it shall play."),
        (
            "de",
            "In Living room ist kein Spotify-Lautsprecher. Sag dazu, wo es laufen soll.",
        ),
    ],
)
async def test_a_room_without_speakers(
    house: House, anna: AccountEntry, language: str, words: str
) -> None:
    """Says so, and plays nothing elsewhere."""
    house.put("Living Room TV", "Kitchen")
    said = await house.say(PLAY[language], "Living room", language=language)
    assert said.words == words
    assert not house.on("anna").playing


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Spotify sees no speaker. Switch one on, or open Spotify on it."),
        (
            "de",
            "Spotify sieht keinen Lautsprecher. Schalte einen ein oder öffne Spotify darauf.",
        ),
    ],
)
async def test_no_speaker_at_all(
    house: House, anna: AccountEntry, language: str, words: str
) -> None:
    """Told by a phone, which stands in no room; and when somebody asks why."""
    phone = house.emulator.phone("anna")
    for device in tuple(phone.player.devices):
        phone.vanish(device.name)
    for text in (PLAY[language], WHY[language]):
        assert (await house.say(text, None, language=language)).words == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "I don't know whose Spotify is meant: Anna, ben?"),
        ("de", "Ich weiß nicht, wessen Spotify gemeint ist: Anna, ben?"),
    ],
)
async def test_of_two_accounts_one_has_to_be_meant(
    house: House, ben: AccountEntry, language: str, words: str
) -> None:
    """If nothing tells which."""
    assert (await house.say(PLAY[language], language=language)).words == words
    assert not house.on("anna").playing
    assert not house.on("ben").playing


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "en",
            "play zzz qqq on spotify",
            "I have found nothing called zzz qqq.",
        ),
        (
            "de",
            "spiel zzz qqq auf Spotify",
            "Ich habe nichts gefunden, das zzz qqq heißt.",
        ),
    ],
)
async def test_nothing_is_found(
    house: House, anna: AccountEntry, language: str, text: str, words: str
) -> None:
    """Nothing else is played instead."""
    assert (await house.say(text, language=language)).words == words
    assert not house.on("anna").playing


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "en",
            "what did i listen to today",
            "Carla Núñez has not shared what was listened to. It can be shared in the settings.",
        ),
        (
            "de",
            "mir gefällt dieses Lied",
            "Carla Núñez hat die Bibliothek nicht freigegeben. In den Einstellungen geht das.",
        ),
    ],
)
async def test_what_was_not_granted_is_named(
    house: House, link: Link, language: str, text: str, words: str
) -> None:
    """With where it can be."""
    carla = await link("carla", features=[Feature.CONTROL])
    house.settle(default=carla.entry_id)
    assert (await house.say(text, None, language=language)).words == words


PLAYED = {
    "en": "Kites at Dawn by {} is playing on Kitchen. There is one by {} too: say by whom it is to hear another.",
    "de": "Auf Kitchen läuft Kites at Dawn von {}. Es gibt auch eines von {}: Sag dazu, von wem, wenn du ein anderes meinst.",
}
QUEUED = {
    "en": "Velvet Morning by {} is in the queue. There is one by {} too: say by whom it is to add another.",
    "de": "Velvet Morning von {} ist in der Warteschlange. Es gibt auch eines von {}: Sag dazu, von wem, wenn du ein anderes meinst.",
}


def maker(house: House, uri: str | None) -> str:
    """Return by whom something is."""
    return str(house.emulator.world.catalogue[uri or ""]["artists"][0]["name"])


def made_by(template: str, words: str) -> tuple[str, str]:
    """Return by whom it was said to be, and by whom there is another."""
    pattern = re.escape(template).replace(re.escape("{}"), "(.+?)")
    found = re.fullmatch(pattern, words)
    assert found is not None, words
    return found[1], found[2]


@pytest.mark.parametrize(
    ("language", "play", "by"),
    [
        ("en", "play the album kites at dawn on spotify", "by"),
        ("de", "spiel das Album Kites at Dawn auf Spotify", "von"),
    ],
)
async def test_of_several_one_plays_and_the_other_can_be_asked_for(
    house: House, anna: AccountEntry, language: str, play: str, by: str
) -> None:
    """The answer tells by whom each is; with its maker the other one plays."""
    said = await house.say(play, language=language)
    first, second = made_by(PLAYED[language], said.words)
    assert first != second
    assert house.on("anna").playing
    assert maker(house, house.on("anna").context) == first
    how = play.replace("on spotify", "").replace("auf Spotify", "").strip()
    where = "on spotify" if language == "en" else "auf Spotify"
    said = await house.say(f"{how} {by} {second} {where}", language=language)
    assert maker(house, house.on("anna").context) == second
    assert said.words == PLAYED[language].partition(".")[0].format(second) + "."


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "queue the song velvet morning"), ("de", "reihe Velvet Morning ein")],
)
async def test_of_several_one_is_queued(
    house: House, anna: AccountEntry, language: str, text: str
) -> None:
    """And what plays goes on."""
    await house.play(anna, "anna", "Kitchen")
    before = house.on("anna")
    said = await house.say(text, language=language)
    first, second = made_by(QUEUED[language], said.words)
    assert first != second
    (queued,) = house.emulator.phone("anna").player.queue
    assert maker(house, queued) == first
    assert house.on("anna") == before


async def test_nothing_is_understood(
    hass: HomeAssistant, house: House, anna: AccountEntry
) -> None:
    """Though it is about Spotify: a time that there is none of."""
    said = await house.say("wake me up with my liked songs at 77 oclock")
    assert said.words == (
        "I know that this is about Spotify, but I did not understand it."
    )


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("16:49:00", "Spotify does not answer. I will ask again at 4:49 PM."),
        ("16:49:01", "Spotify does not answer. I will ask again at 4:50 PM."),
        ("2027-03-03 04:50", "Spotify does not answer. I will ask again at 4:50 AM."),
        ("soon", "Spotify does not answer. I will ask again at soon."),
    ],
)
async def test_times_are_told_as_the_language_does(
    hass: HomeAssistant, until: str, words: str
) -> None:
    """Without seconds; a minute rather too late than too early."""
    error = invalid("outage", until=until)
    assert await async_failure(hass, load_languages()["en"], error) == words


@pytest.mark.usefixtures("anna")
async def test_what_a_language_lacks_is_told_as_on_the_screen(
    hass: HomeAssistant,
) -> None:
    """With its names filled in; what has no text of its own speaks for itself."""
    french = load_languages()["fr"]
    assert "pin_not_found" not in french.failures
    error = invalid("pin_not_found", item="Blue", known="Red")
    said = await async_failure(hass, french, error)
    assert said.startswith("Nothing is pinned as Blue. Pinned are: Red.")
    plain = HomeAssistantError("Something else")
    assert await async_failure(hass, french, plain) == "Something else"
