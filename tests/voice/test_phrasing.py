"""Numbers, lists, durations and times, as each language says them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.intent.language import load_languages
from custom_components.spotify_hub.intent.phrasing import (
    Template,
    Value,
    duration,
    listed,
    say,
    spoken,
    template,
    time,
)

MANNERS = {code: one.manner for code, one in load_languages().items()}


@pytest.mark.parametrize(
    ("code", "seconds", "words"),
    [
        ("en", 0, "0 seconds"),
        ("en", 1, "1 second"),
        ("en", 59.6, "1 minute"),
        ("en", 61, "1 minute and 1 second"),
        ("en", 3600, "1 hour"),
        ("en", 3661, "1 hour and 1 minute"),
        ("en", -90, "1 minute and 30 seconds"),
        ("en", 90_000, "25 hours"),
        ("de", 61, "1 Minute und 1 Sekunde"),
        ("de", 7320, "2 Stunden und 2 Minuten"),
        ("fr", 0, "0 seconde"),
        ("fr", 62, "1 minute et 2 secondes"),
        ("es", 3660, "1 hora y 1 minuto"),
        ("nl", 7200, "2 uur"),
        ("it", 7320, "2 ore e 2 minuti"),
    ],
)
def test_durations(code: str, seconds: float, words: str) -> None:
    """Singular and plural are right; seconds are not counted for hours."""
    assert duration(MANNERS[code], timedelta(seconds=seconds)) == words


NOUGHT, ONE, TWO = timedelta(), timedelta(minutes=1), timedelta(minutes=2)
LONGER = timedelta(minutes=61), timedelta(hours=25), timedelta(hours=2, minutes=1)
DURATIONS = {
    "en": ("1 hour and 1 minute", "25 hours", "2 hours and 1 minute"),
    "de": ("1 Stunde und 1 Minute", "25 Stunden", "2 Stunden und 1 Minute"),
    "fr": ("1 heure et 1 minute", "25 heures", "2 heures et 1 minute"),
    "es": ("1 hora y 1 minuto", "25 horas", "2 horas y 1 minuto"),
    "nl": ("1 uur en 1 minuut", "25 uur", "2 uur en 1 minuut"),
    "it": ("1 ora e 1 minuto", "25 ore", "2 ore e 1 minuto"),
}
MINUTES = {
    "en": ("0 seconds", "1 minute", "2 minutes"),
    "de": ("0 Sekunden", "1 Minute", "2 Minuten"),
    "fr": ("0 seconde", "1 minute", "2 minutes"),
    "es": ("0 segundos", "1 minuto", "2 minutos"),
    "nl": ("0 seconden", "1 minuut", "2 minuten"),
    "it": ("0 secondi", "1 minuto", "2 minuti"),
}


@pytest.mark.parametrize("code", MANNERS)
def test_every_language_counts_time(code: str) -> None:
    """Nought, one and two minutes; and an hour or more."""
    said = tuple(duration(MANNERS[code], length) for length in (NOUGHT, ONE, TWO))
    assert said == MINUTES[code]
    assert (
        tuple(duration(MANNERS[code], length) for length in LONGER) == (DURATIONS[code])
    )


LISTENED = {
    "en": (
        "You listened for 1 minute, to one song.",
        "You listened for 1 hour and 1 minute, to 2 songs.",
        "It was Björk, once, for 1 minute.",
        "It was Björk, 2 times, for 1 hour and 1 minute altogether.",
    ),
    "de": (
        "Du hast 1 Minute lang gehört, einen Titel.",
        "Du hast 1 Stunde und 1 Minute lang gehört, 2 Titel.",
        "Das war Björk, einmal, 1 Minute lang.",
        "Das war Björk, 2-mal, zusammen 1 Stunde und 1 Minute lang.",
    ),
    "fr": (
        "Tu as écouté pendant 1 minute, un titre.",
        "Tu as écouté pendant 1 heure et 1 minute, 2 titres.",
        "C'était Björk, une fois, pendant 1 minute.",
        "C'était Björk, 2 fois, 1 heure et 1 minute en tout.",
    ),
    "es": (
        "Escuchaste 1 minuto, una canción.",
        "Escuchaste 1 hora y 1 minuto, 2 canciones.",
        "Fue Björk, una vez, 1 minuto.",
        "Fue Björk, 2 veces, 1 hora y 1 minuto en total.",
    ),
    "nl": (
        "Je hebt 1 minuut geluisterd, naar één nummer.",
        "Je hebt 1 uur en 1 minuut geluisterd, naar 2 nummers.",
        "Dat was Björk, één keer, 1 minuut.",
        "Dat was Björk, 2 keer, samen 1 uur en 1 minuut.",
    ),
    "it": (
        "Hai ascoltato per 1 minuto, un brano.",
        "Hai ascoltato per 1 ora e 1 minuto, 2 brani.",
        "È stato Björk, una volta, per 1 minuto.",
        "È stato Björk, 2 volte, per 1 ora e 1 minuto in tutto.",
    ),
}


@pytest.mark.parametrize("code", MANNERS)
def test_every_language_counts_songs(code: str) -> None:
    """One and several, in whole answers."""
    language = load_languages()[code]
    amounts: tuple[dict[str, Value], ...] = (
        {"count": 1, "length": ONE},
        {"count": 2, "length": LONGER[0]},
    )
    said = [
        say(language.manner, language.answers[key], {**amount, "artist": "Björk"})
        for key in ("was_listened", "artist_was_first")
        for amount in amounts
    ]
    assert tuple(said) == LISTENED[code]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ("1 song from", "Blue by Björk is in the queue.", "2 songs from Blue")),
        ("de", ("1 Titel aus", "Blue von Björk ist", "2 Titel aus Blue")),
        ("fr", ("1 titre de", "Blue de Björk est", "2 titres de Blue")),
        ("es", ("1 canción", "Blue de Björk está", "2 canciones de Blue")),
        ("nl", ("1 nummer", "Blue van Björk staat", "2 nummers")),
        ("it", ("1 brano", "Blue di Björk è", "2 brani")),
    ],
)
def test_what_is_queued_is_counted(code: str, words: tuple[str, str, str]) -> None:
    """One is called by its name, several by what they are from."""
    language = load_languages()[code]
    never, one, several = words
    values = {"title": "Blue", "artists": ("Björk",)}
    said = say(language.manner, language.answers["queued"], {**values, "count": 1})
    assert one in said
    assert never not in said
    said = say(language.manner, language.answers["queued"], {**values, "count": 2})
    assert several in said


@given(st.sampled_from(sorted(MANNERS)), st.floats(0, 1e6))
def test_every_duration_can_be_said(code: str, seconds: float) -> None:
    """In one or two parts."""
    words = duration(MANNERS[code], timedelta(seconds=seconds))
    assert 1 <= sum(word.isdigit() for word in words.split()) <= 2


@pytest.mark.parametrize(
    ("code", "hour", "words"),
    [
        ("en", 0, "12:05 AM"),
        ("en", 12, "12:05 PM"),
        ("en", 19, "7:05 PM"),
        ("de", 19, "19:05 Uhr"),
        ("fr", 7, "7 h 05"),
        ("nl", 7, "7:05 uur"),
    ],
)
def test_times_of_day(code: str, hour: int, words: str) -> None:
    """On a dial of twelve hours or of a day."""
    moment = datetime(2026, 11, 27, hour, 5, tzinfo=UTC)
    assert time(MANNERS[code], moment) == words
    assert spoken(MANNERS[code], moment) == words


def test_names_in_a_row() -> None:
    """The last is joined by a word."""
    assert listed(MANNERS["en"], ["A"]) == "A"
    assert listed(MANNERS["en"], ["A", "B"]) == "A and B"
    assert listed(MANNERS["de"], ["A", "B", "C"]) == "A, B und C"


def test_what_is_not_known_is_left_unsaid() -> None:
    """The first text is taken for which there is all that it tells."""
    wanted = template(["{title} by {artists}", "{title}", "Something"])
    manner = MANNERS["en"]
    assert say(manner, wanted, {"title": "A", "artists": ("B", "C")}) == "A by B and C"
    assert say(manner, wanted, {"title": "A", "artists": ()}) == "A"
    assert say(manner, wanted, {"title": None, "artists": ""}) == "Something"
    with pytest.raises(ValueError, match="can't be said"):
        say(manner, template("{title}"), {"title": None})
    assert spoken(manner, None) == ""


def test_one_and_several() -> None:
    """As the language counts: in French nothing is singular too."""
    wanted = template({"one": "{count} song", "other": "{count} songs"})
    assert isinstance(wanted, Template)
    for code, number, words in (
        ("en", 1, "1 song"),
        ("en", 0, "0 songs"),
        ("fr", 0, "0 song"),
        ("fr", 2, "2 songs"),
    ):
        assert say(MANNERS[code], wanted, {"count": number}) == words
    with pytest.raises(KeyError):
        template({"one": "song"})


def test_braces_in_names_stay() -> None:
    """What Spotify tells is no text of ours."""
    assert say(MANNERS["en"], template("{title}"), {"title": "{x} {0}"}) == "{x} {0}"
