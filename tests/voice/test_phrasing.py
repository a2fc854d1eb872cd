"""Numbers, lists, durations and times, as each language says them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.intent.language import load_languages
from custom_components.spotify_hub.intent.phrasing import (
    Template,
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
