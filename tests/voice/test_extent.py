"""Enough is tried in each language: of everybody, everywhere, and of everything."""

from importlib import import_module

import pytest

from custom_components.spotify_hub.intent.language import load_languages

from .languages.stage import Case

NAMES = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
}
FULL = ("en", "de")


def cases(code: str) -> list[Case]:
    """Return all sentences that are tried in a language."""
    module = import_module(f"tests.voice.languages.test_{NAMES[code]}")
    return [
        case
        for value in vars(module).values()
        if isinstance(value, tuple)
        for case in value
        if isinstance(case, Case)
    ]


@pytest.mark.parametrize("code", load_languages())
def test_enough_is_said(code: str) -> None:
    """Sixty sentences in English and German, twenty in each other language."""
    assert len({case.text.casefold() for case in cases(code)}) >= (
        60 if code in FULL else 20
    )


@pytest.mark.parametrize("code", FULL)
def test_it_is_said_everywhere_and_by_everybody(code: str) -> None:
    """In both rooms and on a phone, by people known and unknown, to both accounts."""
    tried = cases(code)
    assert {case.room for case in tried} == {"Kitchen", "Living room", None}
    assert {case.user for case in tried} == {"anna", "ben", None}
    changed = {subject.partition(".")[0] for case in tried for subject in case.change}
    assert changed == {"anna", "ben"}
