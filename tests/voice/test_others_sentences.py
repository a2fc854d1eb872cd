"""What is meant for others is left to them: no sentence of ours takes it."""

from collections.abc import Sequence
from typing import Final

from hassil.intents import Intents, WildcardSlotList
from hassil.recognize import recognize_all
from homeassistant.components.conversation.default_agent import (
    _collect_list_references,
)
import pytest

from custom_components.spotify_hub.intent.ear import Grammar
from custom_components.spotify_hub.intent.grammar import own_sentences
from custom_components.spotify_hub.intent.language import load_languages
from custom_components.spotify_hub.intent.names import Names

from .corpus import made_from, of_home_assistant

LANGUAGES: Final = load_languages()
# A house whose names are words of everyday life.
NAMES: Final = Names(
    account=("Anna", "ben", "Carla Núñez"),
    speaker=("Kitchen", "Living Room TV", "Küche", "TV", "Living room", "Bedroom"),
    playlist=("Workout 2026", "Dinner Jazz", "Kitchen", "Good Morning", "Party"),
    pin=("Kids", "Bedtime stories"),
)
NEIGHBOURS: Final = {
    "en": (
        "add milk to the shopping list",
        "add workout to my to-do list",
        "add this to the shopping list",
        "play jazz",
        "play the next song",
        "play some music",
        "play dinner jazz in the kitchen",
        "play jazz next door",
        "set a timer for 5 minutes",
        "set a sleep timer for 30 minutes",
        "cancel the sleep timer",
        "turn off the music in 10 minutes",
        "stop",
        "next",
        "go back",
        "pause",
        "what's next on my calendar",
        "what is next",
        "what's up",
        "what is the temperature in the kitchen",
        "what time is it",
        "what is this",
        "who is this",
        "who is Anna",
        "what is Anna doing",
        "why is it so dark",
        "why is the light on",
        "i like this",
        "i like it",
        "like this",
        "save this",
        "start over",
        "repeat that",
        "again",
        "turn on shuffle",
        "turn shuffle off",
        "turn off repeat",
        "wake me up at 7",
        "wake me at 7 with the bedroom lights",
        "don't wake me up",
        "cancel my alarm",
        "move the blinds to 50 percent",
        "move it to the kitchen",
        "send the vacuum to the kitchen",
        "skip to the next song",
        "skip two songs",
        "skip forward",
        "put the kids to bed",
        "turn on the party lights",
        "turn on good morning",
        "good morning",
        "kitchen",
        "play radio on TV",
        "resume",
        "continue",
    ),
    "de": (
        "füge Milch zur Einkaufsliste hinzu",
        "setz Milch auf die Einkaufsliste",
        "spiele Jazz",
        "spiele den nächsten Titel",
        "spiel weiter",
        "stell einen Timer auf 5 Minuten",
        "stell einen Sleeptimer auf 30 Minuten",
        "weck mich um 7",
        "wie warm ist es in der Küche",
        "wer ist das",
        "was ist das",
        "ich mag das",
        "das gefällt mir",
        "mach das Licht in der Küche an",
        "schick den Staubsauger in die Küche",
        "was steht als nächstes im Kalender",
        "was kommt als nächstes",
        "warum ist es so dunkel",
        "warum geht das Licht nicht",
        "noch einmal",
        "von vorn",
        "wiederhole das",
        "guten Morgen",
        "überspringe den Titel",
        "lauter",
    ),
    "fr": (
        "ajoute du lait à la liste de courses",
        "joue du jazz",
        "réveille-moi à 7 heures",
        "suivant",
        "mets un minuteur de 5 minutes",
    ),
    "es": (
        "añade leche a la lista de la compra",
        "pon jazz",
        "despiértame a las 7",
        "siguiente",
        "pon un temporizador de 5 minutos",
    ),
    "nl": (
        "zet melk op de boodschappenlijst",
        "speel jazz",
        "maak me wakker om 7 uur",
        "volgende",
        "zet een timer voor 5 minuten",
    ),
    "it": (
        "aggiungi il latte alla lista della spesa",
        "metti un po' di jazz",
        "svegliami alle 7",
        "prossimo",
        "imposta un timer di 5 minuti",
    ),
}


def made(own: Sequence[str]) -> Intents:
    """Return sentences as Home Assistant's agent keeps those of triggers."""
    trigger = {"T": {"data": [{"sentences": [*own]}]}}
    found = Intents.from_dict({"language": "en", "intents": trigger})
    names: set[str] = set()
    for block in found.intents["T"].data:
        for sentence in block.sentences:
            _collect_list_references(sentence.expression, names)
    for name in names:
        found.slot_lists[name] = WildcardSlotList(name)
    return found


OURS: Final = made(
    [
        sentence
        for language in LANGUAGES.values()
        for sentence in own_sentences(language, NAMES)
    ]
)


def taken(text: str) -> str | None:
    """Return the sentence of ours that takes a text."""
    for found in recognize_all(text, OURS):
        assert found.intent_sentence is not None
        return found.intent_sentence.text
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_home_assistant_understands_is_left_to_it(language: str) -> None:
    """Every template that it ships, filled in several ways, by whatever languages we hear."""
    wrong = [
        (intent, text, ours)
        for intent, text in of_home_assistant(language)
        if (ours := taken(text)) is not None
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_is_tried(language: str) -> None:
    """The music it can be asked for is among them."""
    made = list(of_home_assistant(language))
    assert len(made) > 1000
    assert {"HassMediaSearchAndPlay", "HassListAddItem"} <= {name for name, _ in made}


@pytest.mark.parametrize(
    "text", [text for texts in NEIGHBOURS.values() for text in texts]
)
def test_what_sounds_alike_is_left_to_others(text: str) -> None:
    """By whatever language we hear."""
    assert taken(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_heard_is_understood(language: str) -> None:
    """Each sentence of ours, filled in several ways, reaches us and means what it should."""
    grammar = Grammar(LANGUAGES[language], NAMES)
    wrong = []
    for number, text in made_from(grammar.intents, times=12):
        wanted = grammar.patterns[int(number)]
        found = grammar.take_apart(text)
        meant = found[0].intent if found else None
        if meant != wanted.intent or taken(text) is None:
            wrong.append((text, wanted.intent, meant, taken(text)))
    assert wrong == []
