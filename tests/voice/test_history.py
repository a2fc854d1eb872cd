"""Asking for what was listened to, and playing it again, out of a real archive."""

from datetime import datetime
from random import Random
from typing import override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.spotify_hub.account import again
from custom_components.spotify_hub.archive.records import (
    Album,
    Artist,
    Item,
    Kind,
    Speaker,
)
from custom_components.spotify_hub.household_archive import name_of
from custom_components.spotify_hub.speaker_book import find
from tests.archive.listening import EVENING, SECOND, live
from tests.conftest import AccountEntry, Later
from tests.emulator.faults import Fault

from .conftest import ACTION_DONE, House

# A Tuesday, noon by the clock at home.
NOW = "2027-03-02 12:00"
HEARD = (
    ("2025-03-10 18:00", "Take Five"),
    ("2026-07-04 22:00", "Lithium"),
    ("2026-08-20 22:00", "Smells Like Teen Spirit"),
    ("2027-02-10 10:00", "Hunter"),
    ("2027-02-10 10:10", "Hunter"),
    ("2027-02-10 10:20", "Hunter"),
    ("2027-02-28 09:00", "So What"),
    ("2027-02-28 09:20", "Freddie Freeloader"),
    ("2027-02-28 09:40", "So What"),
    ("2027-02-28 19:00", "One More Time"),
    ("2027-03-01 21:30", "Get Lucky"),
    ("2027-03-02 08:00", "So What"),
)


def moment(text: str) -> datetime:
    """Return a time by the clock at home."""
    found = dt_util.parse_datetime(text)
    assert found is not None
    return found.replace(tzinfo=dt_util.get_default_time_zone())


@pytest.fixture(autouse=True)
def _tuesday(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let it be a Tuesday before anything begins."""
    freezer.move_to(moment(NOW))


@pytest.fixture
async def unheard(hass: HomeAssistant, house: House, anna: AccountEntry) -> House:
    """A house in which nobody has listened to anything."""
    # What Spotify lists would come in between.
    anna.runtime_data.recent.job.async_close()
    await hass.async_block_till_done(wait_background_tasks=True)
    return house


@pytest.fixture
async def listened(unheard: House, anna: AccountEntry) -> House:
    """A house in which Anna has listened for two years, and nobody else has."""
    for at, name in HEARD:
        await hear(unheard, anna, at, name)
    return unheard


async def hear(
    house: House,
    entry: AccountEntry,
    at: str,
    name: str,
    *,
    skipped: bool = False,
    speaker: str = "Kitchen",
) -> None:
    """Let an account have heard a song on a speaker, or skipped it."""
    item = song(house, name)
    (known,) = find(house.household.speakers.book, speaker)
    start = moment(at).timestamp() - EVENING / SECOND
    await house.household.history.require().add_live(
        live(
            start,
            item,
            account=name_of(entry),
            listened=2 if skipped else None,
            skipped=skipped,
            speaker=Speaker(known.id, known.name),
        )
    )


def song(house: House, name: str) -> Item:
    """Return a song of the catalogue in the archive's words."""
    data = house.emulator.world.catalogue[house.uri("track", name)]
    artists = [Artist(one["name"], one["uri"]) for one in data["artists"]]
    album = Album(data["album"]["name"], data["album"]["uri"])
    return Item(
        Kind.TRACK, name, data["uri"], tuple(artists), album, data["duration_ms"]
    )


def playing(house: House, user: str) -> str | None:
    """Return the name of what a user's account plays."""
    uri = house.on(user).item
    return str(house.emulator.world.catalogue[uri]["name"]) if uri else None


NOTHING = "I know of nothing that you listened to then."
ENGLISH = (
    (
        "what did I play on Sunday morning?",
        "You listened to So What and Freddie Freeloader.",
    ),
    (
        "what did I listen to on sunday",
        "You listened to So What, Freddie Freeloader and One More Time.",
    ),
    ("which songs did I hear sunday evening", "You listened to One More Time."),
    ("what did I play last night", "You listened to Get Lucky."),
    ("what did I listen to yesterday evening", "You listened to Get Lucky."),
    ("what did I listen to yesterday morning", NOTHING),
    ("what did I listen to this morning", "You listened to So What."),
    ("which songs did I hear tonight", NOTHING),
    (
        "what did I play at the weekend",
        "You listened to So What, Freddie Freeloader and One More Time.",
    ),
    (
        "what did I listen to last summer",
        "You listened to Smells Like Teen Spirit and Lithium.",
    ),
    (
        "what did I listen to in the summer of 2026",
        "You listened to Smells Like Teen Spirit and Lithium.",
    ),
    ("what did I listen to in March 2025", "You listened to Take Five."),
    ("what did I listen to in 2025", "You listened to Take Five."),
    ("what did I listen to in august", "You listened to Smells Like Teen Spirit."),
    (
        "what did I listen to in february",
        "You listened to 7 songs, most of all Hunter, So What and Freddie Freeloader.",
    ),
    (
        "how long did I listen this week?",
        "You listened for 15 minutes and 31 seconds, to 2 songs.",
    ),
    (
        "how long did I listen to music today",
        "You listened for 9 minutes and 22 seconds, to one song.",
    ),
    ("how much music did I listen to on saturday", NOTHING),
    (
        "who is my top artist of last month?",
        "It was Miles Davis, 3 times, for 28 minutes and 30 seconds altogether.",
    ),
    (
        "what is my favorite artist",
        "It was Miles Davis, 4 times, for 37 minutes and 52 seconds altogether.",
    ),
    (
        "what was my top artist of 2025",
        "It was Dave Brubeck, once, for 5 minutes and 24 seconds.",
    ),
)
OTHERS = (
    (
        "de",
        "Was habe ich am Sonntagmorgen gehört?",
        "Du hast So What und Freddie Freeloader gehört.",
    ),
    (
        "de",
        "was habe ich gestern Abend auf Spotify gehört",
        "Du hast Get Lucky gehört.",
    ),
    ("de", "welche Lieder habe ich letzte Nacht gehört", "Du hast Get Lucky gehört."),
    ("de", "was habe ich heute Morgen gehört", "Du hast So What gehört."),
    ("de", "was habe ich im März 2025 gehört", "Du hast Take Five gehört."),
    ("de", "was habe ich 2025 gehört", "Du hast Take Five gehört."),
    (
        "de",
        "was habe ich am Samstag gehört",
        "Ich weiß von nichts, das du da gehört hast.",
    ),
    (
        "de",
        "was habe ich letzten Sommer gehört",
        "Du hast Smells Like Teen Spirit und Lithium gehört.",
    ),
    (
        "de",
        "was habe ich im Februar gehört",
        "Du hast 7 Titel gehört, am meisten Hunter, So What und Freddie Freeloader.",
    ),
    (
        "de",
        "Wie lange habe ich diese Woche Musik gehört",
        "Du hast 15 Minuten und 31 Sekunden lang gehört, 2 Titel.",
    ),
    (
        "de",
        "wie lange habe ich heute gehört",
        "Du hast 9 Minuten und 22 Sekunden lang gehört, einen Titel.",
    ),
    (
        "de",
        "Wer war mein Lieblingskünstler vom letzten Monat?",
        "Das war Miles Davis, 3-mal, zusammen 28 Minuten und 30 Sekunden lang.",
    ),
    (
        "de",
        "wen habe ich im Jahr 2025 am meisten gehört",
        "Das war Dave Brubeck, einmal, 5 Minuten und 24 Sekunden lang.",
    ),
    ("fr", "Qu'est-ce que j'ai écouté hier soir ?", "Tu as écouté Get Lucky."),
    (
        "fr",
        "qu'est-ce que j'ai écouté dimanche matin",
        "Tu as écouté So What et Freddie Freeloader.",
    ),
    ("fr", "qu'est-ce que j'ai écouté en mars 2025", "Tu as écouté Take Five."),
    (
        "fr",
        "combien de temps ai-je écouté de la musique cette semaine",
        "Tu as écouté pendant 15 minutes et 31 secondes, 2 titres.",
    ),
    (
        "fr",
        "qui était mon artiste préféré du mois dernier",
        "C'était Miles Davis, 3 fois, 28 minutes et 30 secondes en tout.",
    ),
    ("es", "¿Qué escuché anoche?", "Escuchaste Get Lucky."),
    (
        "es",
        "qué escuché el domingo por la mañana",
        "Escuchaste So What y Freddie Freeloader.",
    ),
    ("es", "qué canciones he escuchado esta mañana", "Escuchaste So What."),
    (
        "es",
        "cuánto tiempo he escuchado música esta semana",
        "Escuchaste 15 minutos y 31 segundos, 2 canciones.",
    ),
    (
        "es",
        "cuál fue mi artista favorito del mes pasado",
        "Fue Miles Davis, 3 veces, 28 minutos y 30 segundos en total.",
    ),
    ("nl", "Wat heb ik gisteravond gehoord?", "Je hebt naar Get Lucky geluisterd."),
    (
        "nl",
        "welke nummers heb ik op zondagochtend gehoord",
        "Je hebt naar So What en Freddie Freeloader geluisterd.",
    ),
    ("nl", "wat heb ik vanochtend gehoord", "Je hebt naar So What geluisterd."),
    (
        "nl",
        "hoe lang heb ik deze week naar muziek geluisterd",
        "Je hebt 15 minuten en 31 seconden geluisterd, naar 2 nummers.",
    ),
    (
        "nl",
        "wie was mijn favoriete artiest van vorige maand",
        "Dat was Miles Davis, 3 keer, samen 28 minuten en 30 seconden.",
    ),
    ("it", "Cosa ho ascoltato ieri sera?", "Hai ascoltato Get Lucky."),
    (
        "it",
        "che canzoni ho ascoltato domenica mattina",
        "Hai ascoltato So What e Freddie Freeloader.",
    ),
    ("it", "cosa ho ascoltato stamattina", "Hai ascoltato So What."),
    (
        "it",
        "quanto tempo ho ascoltato musica questa settimana",
        "Hai ascoltato per 15 minuti e 31 secondi, 2 brani.",
    ),
    (
        "it",
        "chi è stato il mio artista preferito del mese scorso",
        "È stato Miles Davis, 3 volte, per 28 minuti e 30 secondi in tutto.",
    ),
)
QUESTIONS = (*(("en", *one) for one in ENGLISH), *OTHERS)


async def test_questions_are_answered_from_the_archive(
    listened: House, subtests: pytest.Subtests
) -> None:
    """In the language that they are asked in; nothing at Spotify becomes otherwise."""
    before = listened.on("anna")
    for language, text, words in QUESTIONS:
        with subtests.test(text, language=language):
            said = await listened.say(text, None, language=language)
            assert said.words == words
    assert listened.on("anna") == before


@pytest.mark.parametrize(
    ("language", "text", "heard"),
    [
        (
            "en",
            "play something I listened to last summer",
            {"Lithium", "Smells Like Teen Spirit"},
        ),
        (
            "en",
            "play something that I listened to a lot lately",
            {"Hunter", "So What", "Freddie Freeloader", "One More Time", "Get Lucky"},
        ),
        ("en", "play songs I heard yesterday evening on spotify", {"Get Lucky"}),
        ("en", "play music I listened to in march 2025", {"Take Five"}),
        (
            "de",
            "spiel etwas das ich letzten Sommer gehört habe",
            {"Lithium", "Smells Like Teen Spirit"},
        ),
        ("de", "spiele Musik die ich gestern gehört habe", {"Get Lucky"}),
        ("fr", "mets des morceaux que j'ai écoutés hier soir", {"Get Lucky"}),
        ("es", "pon música que escuché ayer", {"Get Lucky"}),
        ("nl", "speel iets wat ik gisteren gehoord heb", {"Get Lucky"}),
        ("it", "metti qualcosa che ho ascoltato ieri sera", {"Get Lucky"}),
    ],
)
async def test_what_was_heard_plays_again(
    listened: House, language: str, text: str, heard: set[str]
) -> None:
    """Mixed, in the room; the answer names what plays, once it does."""
    said = await listened.say(text, language=language)
    player = listened.emulator.phone("anna").player
    catalogue = listened.emulator.world.catalogue
    assert {catalogue[uri]["name"] for uri in player.context_uris} == heard
    assert listened.on("anna").speaker == "Kitchen"
    assert listened.on("anna").playing
    assert said.kind is ACTION_DONE
    name = playing(listened, "anna")
    assert name in heard
    assert name in said.words
    assert "Kitchen" in said.words


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "en",
            "play something I listened to on saturday",
            "I know of nothing yet that you listened to then.",
        ),
        (
            "de",
            "spiel etwas das ich am Samstag gehört habe",
            "Ich weiß noch von nichts, das du da gehört hast.",
        ),
    ],
)
async def test_nothing_plays_of_a_time_without_music(
    listened: House, language: str, text: str, words: str
) -> None:
    """And the answer says so."""
    assert (await listened.say(text, language=language)).words == words
    assert not listened.on("anna").playing


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "play something I like"),
        ("de", "spiel etwas das mir gefällt"),
        ("fr", "mets quelque chose que j'aime"),
        ("es", "pon algo que me guste"),
        ("nl", "draai iets wat ik leuk vind"),
        ("it", "metti qualcosa che mi piace"),
    ],
)
async def test_something_that_is_liked_plays(
    listened: House, anna: AccountEntry, language: str, text: str
) -> None:
    """Chosen from what was heard; neither what was skipped nor what was just heard."""
    for at in ("2027-02-26 12:00", "2027-02-27 12:00"):
        await hear(listened, anna, at, "CUFF IT", skipped=True)
    said = await listened.say(text, language=language)
    catalogue = listened.emulator.world.catalogue
    player = listened.emulator.phone("anna").player
    chosen = {catalogue[uri]["name"] for uri in player.context_uris}
    # So What was heard this morning.
    assert chosen == {name for _, name in HEARD} - {"So What"}
    assert listened.on("anna").playing
    assert str(playing(listened, "anna")) in said.words


class NeverByChance(Random):
    """Chance that prefers nothing."""

    @override
    def random(self) -> float:
        """Return the same each time."""
        return 0.5


@pytest.mark.parametrize(
    ("text", "room", "wanted"),
    [
        ("play something I like", "Kitchen", "Hunter"),
        ("play something I like", "Living room", "Take Five"),
        ("play something I like in the living room", "Kitchen", "Take Five"),
        ("play something I like on living room tv", None, "Take Five"),
        ("play something I like in the kitchen", "Living room", "Hunter"),
    ],
)
async def test_in_each_room_its_music_comes_first(
    unheard: House,
    anna: AccountEntry,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    room: str | None,
    wanted: str,
) -> None:
    """What was heard on its speakers, in the room that is named or else one's own."""
    monkeypatch.setattr(again, "random", NeverByChance())
    for name, speaker in (("Hunter", "Kitchen"), ("Take Five", "Living Room TV")):
        await hear(unheard, anna, "2027-03-01 12:00", name, speaker=speaker)
    await later(2)
    await unheard.say(text, room)
    assert playing(unheard, "anna") == wanted


@pytest.mark.parametrize(
    ("language", "asked", "wanted", "words"),
    [
        (
            "en",
            "how long did I listen today",
            "play something I like",
            "The listening history is not open at the moment.",
        ),
        (
            "de",
            "wie lange habe ich heute gehört",
            "spiel etwas das mir gefällt",
            "Der Hörverlauf ist gerade nicht offen.",
        ),
    ],
)
async def test_a_closed_archive_is_said_to_be_closed(
    listened: House,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    asked: str,
    wanted: str,
    words: str,
) -> None:
    """Nothing is invented, and nothing plays."""
    with monkeypatch.context() as closed:
        closed.setattr(listened.household.history, "archive", None)
        for text in (asked, wanted):
            assert (await listened.say(text, language=language)).words == words
    assert not listened.on("anna").playing


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "en",
            "what did I listen to today",
            "This Spotify account is somebody else's.",
        ),
        (
            "de",
            "was habe ich heute gehört",
            "Dieses Spotify-Konto gehört jemand anderem.",
        ),
    ],
)
async def test_what_somebody_else_heard_is_nobodys_business(
    listened: House,
    anna: AccountEntry,
    ben: AccountEntry,
    language: str,
    text: str,
    words: str,
) -> None:
    """Each asks for their own; who has no account hears nothing of another's."""
    users = {
        await listened.person("Anna"): anna.entry_id,
        await listened.person("Ben"): ben.entry_id,
    }
    listened.settle(users=users, default=anna.entry_id)
    guest = await listened.person("Guest")
    said = await listened.say(text, None, user=guest, language=language)
    assert said.words == words
    told = [
        (await listened.say("what did I listen to today", None, user=user)).words
        for user in users
    ]
    assert told == ["You listened to So What.", NOTHING]


async def test_a_moment_of_skipping_is_no_song(
    listened: House, ben: AccountEntry
) -> None:
    """It took time all the same."""
    listened.settle(default=ben.entry_id)
    await hear(listened, ben, "2027-03-02 09:00", "Hunter", skipped=True)
    said = await listened.say("how long did I listen today", None)
    assert said.words == "You listened for 2 seconds."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "I have asked Spotify for it, but can't see yet that it plays.",
        ),
        (
            "de",
            "Ich habe Spotify darum gebeten, sehe aber noch nicht, dass es läuft.",
        ),
    ],
)
async def test_nothing_is_said_to_play_before_it_is_seen_to(
    listened: House, language: str, words: str
) -> None:
    """Spotify has taken the order, and tells nobody what plays."""
    text = {"en": "play something I like", "de": "spiel etwas das mir gefällt"}
    listened.emulator.faults.add(Fault("/me/player$", method="GET", times=None))
    assert (await listened.say(text[language], language=language)).words == words
