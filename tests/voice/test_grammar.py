"""Sentences as Home Assistant is told them: all that can be said, in few words."""

import pytest

from custom_components.spotify_hub.intent.grammar import (
    expanded,
    merged,
    own_sentences,
)
from custom_components.spotify_hub.intent.language import load_languages
from custom_components.spotify_hub.intent.names import Names


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (
            ["play {item} here", "queue {item}", "play {item} there"],
            ["play {item} here", "queue {item}", "play {item} there"],
        ),
        (
            ["save it as {pin} now", "stop", "keep (it|this) as {pin} now"],
            ["(save it as|keep (it|this) as) {pin} now", "stop"],
        ),
        (
            ["play [on [the] {speaker}]", "go [on [the] {speaker}]"],
            ["(play|go) [on [the] {speaker}]"],
        ),
        (["{pin} please", "play {pin} please"], ["{pin} please", "play {pin} please"]),
        (["stop", "wait", "stop"], ["stop", "wait"]),
    ],
)
def test_what_goes_on_alike_is_one_sentence(texts: list[str], told: list[str]) -> None:
    """Whose list is told once; optional parts of it are left whole."""
    assert [*merged(texts)] == told


def test_a_rule_stands_in_parentheses_once() -> None:
    """Each more is read through once more."""
    rules = {"this": "it|this <song>", "song": "song|track"}
    assert expanded("like (<this>)", rules) == "like (it|this (song|track))"
    assert expanded("like <this>", rules) == "like (it|this (song|track))"


@pytest.mark.parametrize("code", load_languages())
def test_names_are_told_seldom(code: str) -> None:
    """Home Assistant reads all of them in its event loop."""
    names = Names(account=("Anna",), speaker=("Zorkroom",), playlist=("Quuxmix",))
    told = " ".join(own_sentences(load_languages()[code], names))
    assert 0 < told.count("quuxmix") <= 8
    assert 0 < told.count("zorkroom") <= 20
