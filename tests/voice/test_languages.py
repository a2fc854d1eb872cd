"""Each language's file says what the code can do, in a form that can be said."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.spotify_hub.intent import INTENTS
from custom_components.spotify_hub.intent.grammar import (
    COMMON,
    ITEM,
    NUMBERS,
    TIME,
    expanded,
)
from custom_components.spotify_hub.intent.language import (
    ENGLISH,
    PREFIX,
    SENTENCES,
    Language,
    closest,
    load_languages,
    read,
)
from custom_components.spotify_hub.intent.names import LISTS
from custom_components.spotify_hub.intent.phrasing import Template, placeholders, say
from tests.project import INTEGRATION, load_json, modules

LANGUAGES = load_languages()
FULL = ("en", "de")
DEFINED = {PREFIX + one.name: one for one in INTENTS}
COMMONEST = {
    "AddToPlaylist",
    "Like",
    "Move",
    "Play",
    "PlayLiked",
    "Repeat",
    "Shuffle",
    "SkipBy",
    "WhatPlays",
    "WhoSings",
}
ERRORS = load_json(INTEGRATION / "translations" / "en.json")["exceptions"]
# Failures that are no translated errors.
OWN_FAILURES = {"not_understood", "unauthorized"}


def answers_in_code() -> set[str]:
    """Return the keys by which the code answers."""
    found: set[str] = set()
    for name, tree in modules().items():
        if not name.startswith("intent."):
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="Answer"), args=[first, *_]):
                    found |= {
                        leaf.value
                        for leaf in ast.walk(first)
                        if isinstance(leaf, ast.Constant)
                        and isinstance(leaf.value, str)
                    }
    return found


def texts(template: Template) -> Iterator[str]:
    """Go through all texts of a template."""
    yield from (*template.texts, *template.singular)


def needed(template: Template) -> set[str]:
    """Return every placeholder of a template."""
    return {name for text in texts(template) for name in placeholders(text)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_sentences_mean_something(code: str) -> None:
    """Their intents, rules, lists and slots are known."""
    language = LANGUAGES[code]
    known = {*LISTS, *NUMBERS, *COMMON, *language.lists, ITEM}
    for pattern in language.patterns:
        intent = DEFINED[pattern.intent]
        slots = {str(slot) for slot in intent.slots} | {"account"}
        said = placeholders_of(expanded(pattern.text, language.rules))
        assert said <= known, pattern
        assert said | pattern.slots.keys() <= slots, pattern


def placeholders_of(sentence: str) -> set[str]:
    """Return the lists that a sentence refers to."""
    return placeholders(sentence)


@pytest.mark.parametrize("code", LANGUAGES)
def test_rules_are_used(code: str) -> None:
    """No rule and no list stands there for nothing."""
    language = LANGUAGES[code]
    said = [pattern.text for pattern in language.patterns]
    all_text = " ".join([*said, *language.rules.values()])
    for rule in language.rules:
        assert f"<{rule}>" in all_text, rule
    for name in language.lists:
        assert f"{{{name}}}" in all_text, name


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_commonest_can_be_said(code: str) -> None:
    """In every language; in English and German everything can."""
    spoken = {one.intent.removeprefix(PREFIX) for one in LANGUAGES[code].patterns}
    wanted = {one.name for one in INTENTS} if code in FULL else COMMONEST
    assert wanted <= spoken


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_answer_is_one_of_the_code(code: str) -> None:
    """And what the code answers has words, at least in English and German."""
    language = LANGUAGES[code]
    english = LANGUAGES[ENGLISH]
    assert language.answers.keys() <= english.answers.keys()
    assert language.failures.keys() <= ERRORS.keys() | OWN_FAILURES
    assert answers_in_code() <= english.answers.keys()
    if code in FULL:
        assert language.answers.keys() == english.answers.keys()
        assert language.failures.keys() == english.failures.keys()


@pytest.mark.parametrize("code", LANGUAGES)
def test_answers_tell_the_same(code: str) -> None:
    """Placeholders are equal in every language, and known to the error that fails."""
    language, english = LANGUAGES[code], LANGUAGES[ENGLISH]
    for key, template in language.answers.items():
        assert needed(template) == needed(english.answers[key]), key
        assert bool(template.singular) is bool(english.answers[key].singular), key
    for key, template in language.failures.items():
        if key in ERRORS:
            assert needed(template) <= placeholders(ERRORS[key]["message"]), key
        else:
            assert not needed(template), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_answers_can_be_said(code: str) -> None:
    """With all there is to tell, and with as little as an answer needs."""
    language = LANGUAGES[code]
    for key, template in language.answers.items():
        values: dict[str, Any] = dict.fromkeys(needed(template), "Blue")
        values |= {
            "count": 2,
            "length": timedelta(minutes=61),
            "position": timedelta(seconds=9),
            "time": datetime(2026, 11, 27, 19, 5, tzinfo=UTC),
        }
        assert "{" not in say(language.manner, template, values), key
        if template.singular:
            say(language.manner, template, {**values, "count": 1})


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("de", "de"), ("de-AT", "de"), ("EN", "en"), ("en-GB", "en"), ("sv", "en")],
)
def test_the_closest_language_answers(wanted: str, found: str) -> None:
    """English where there is none."""
    assert closest(LANGUAGES, wanted) is LANGUAGES[found]


def test_a_file_is_enough_for_a_language(tmp_path: Path) -> None:
    """Anybody can add one."""
    (tmp_path / "xx.yaml").write_text((SENTENCES / "en.yaml").read_text())
    assert [*load_languages(tmp_path)] == ["xx"]


@pytest.mark.parametrize(
    "missing", ["and", "one", "units", "time", "intents", "answers"]
)
def test_a_file_that_lacks_something_is_refused(missing: str) -> None:
    """Its author hears of it by the tests, before anybody speaks."""
    data = dict(load_yaml_dict(SENTENCES / "en.yaml"))
    del data[missing]
    with pytest.raises(KeyError, match=missing):
        read("xx", data)


def test_a_language_is_what_its_file_says() -> None:
    """With rules and lists or without."""
    data = {
        "and": "and",
        "one": [1],
        "units": {"second": ["second", "seconds"]},
        "time": "{hour}",
        "intents": {"Like": ["like this song"]},
        "answers": {"liked": "Yes."},
        "failures": {},
    }
    language = read("xx", data)
    assert isinstance(language, Language)
    assert [one.intent for one in language.patterns] == ["SpotifyHubLike"]
    assert TIME not in language.rules
