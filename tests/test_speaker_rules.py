"""Which speakers are shown, by rules and by what was said of one of them."""

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.speaker_book import Speaker
from custom_components.spotify_hub.speaker_rules import SpeakerRules, load

NAMES = st.text(max_size=20) | st.text("ab[]!-*? ", max_size=12)
MOMENTS = st.floats(min_value=0, max_value=1e11, allow_nan=False)
RULES = st.builds(
    SpeakerRules,
    hidden_types=st.frozensets(st.sampled_from(["Speaker", "TV", "Smartphone"])),
    hidden=st.lists(NAMES, max_size=4).map(tuple),
    allowed=st.lists(NAMES, max_size=4).map(tuple),
    new_hidden_since=st.none() | MOMENTS,
)


def speaker(name: str = "Kitchen", kind: str = "Speaker", first: float = 0) -> Speaker:
    """Return a speaker that was first seen then."""
    return Speaker("s", name, kind, first_seen=first)


def test_everything_is_shown_at_first() -> None:
    """Nobody has hidden anything."""
    assert SpeakerRules().shows(speaker(), None)


def test_a_type_is_hidden_but_for_what_is_allowed() -> None:
    """No phones, except for the one in the hall."""
    rules = SpeakerRules(
        hidden_types=frozenset({"Smartphone"}), allowed=("hall *", "Tablet")
    )
    assert not rules.shows(speaker("Anna's Phone", "Smartphone"), None)
    assert rules.shows(speaker("Hall Phone", "Smartphone"), None)
    assert rules.shows(speaker("Kitchen"), None)


@pytest.mark.parametrize(
    ("pattern", "name", "hides"),
    [
        ("Kitchen", "Kitchen", True),
        ("kitchen", "KITCHEN", True),
        ("kuche", "Küche", True),
        ("  living   room ", "Living Room", True),
        ("Kitchen", "Kitchen TV", False),
        ("Web Player*", "Web Player (Chrome)", True),
        ("*phone*", "Anna's iPhone 17", True),
        ("TV ?", "TV 2", True),
        ("TV ?", "TV 12", False),
        ("[TV] Samsung*", "[TV] Samsung 8 Series", True),
        ("[TV]", "T", False),
        ("Room [!a]", "Room [!a]", True),
    ],
)
def test_names_are_hidden_as_people_write_them(
    pattern: str, name: str, hides: bool
) -> None:
    """Only the asterisk and the question mark stand for something else."""
    rules = SpeakerRules(hidden=(pattern,))
    assert rules.shows(speaker(name), None) is not hides


@given(NAMES)
def test_every_name_is_its_own_pattern(name: str) -> None:
    """Whatever Spotify lets people call a speaker."""
    assert not SpeakerRules(hidden=(name,)).shows(speaker(name), None)


@pytest.mark.parametrize(("first", "shown"), [(99, True), (100, False), (101, False)])
def test_new_speakers_are_hidden_from_then_on(first: float, shown: bool) -> None:
    """What was there before stays; what is allowed is never new."""
    rules = SpeakerRules(new_hidden_since=100)
    assert rules.shows(speaker(first=first), None) is shown
    allowing = SpeakerRules(new_hidden_since=100, allowed=("Kitchen",))
    assert allowing.shows(speaker(first=first), None)


@given(RULES, NAMES, MOMENTS, st.booleans())
def test_what_was_said_of_a_speaker_itself_holds(
    rules: SpeakerRules, name: str, first: float, chosen: bool
) -> None:
    """Whatever the rules are."""
    assert rules.shows(speaker(name, first=first), chosen) is chosen


@given(RULES)
def test_what_is_kept_is_read_again(rules: SpeakerRules) -> None:
    """By way of JSON, as the store writes it."""
    assert load(json.loads(json.dumps(rules.dump()))) == rules


@pytest.mark.parametrize(
    "damage",
    [
        {"hidden_types": None},
        {"hidden": 3},
        {"allowed": None},
        {"new_hidden_since": "soon"},
        {"new_hidden_since": []},
    ],
)
def test_damage_is_told(damage: dict[str, Any]) -> None:
    """By one of the errors that whoever reads it expects."""
    with pytest.raises((LookupError, TypeError, ValueError)):
        load({**SpeakerRules().dump(), **damage})
    with pytest.raises(LookupError):
        load({})
