"""Which playlist a name means."""

from homeassistant.exceptions import ServiceValidationError
from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account.playlists.names import (
    Candidate,
    find,
    fold,
    near,
    playlist_uri,
)

KNOWN = [
    Candidate("uri:1", "Road Trip"),
    Candidate("uri:2", "Año Nuevo"),
    Candidate("uri:3", "road trip"),
    Candidate("uri:4", "Straße"),
]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("Road Trip", "uri:1"),
        ("road trip", "uri:3"),
        ("ano  NUEVO", "uri:2"),
        ("strasse", "uri:4"),
        ("Ano", None),
        ("", None),
    ],
)
def test_exact_then_folded(name: str, uri: str | None) -> None:
    """A part of a name is none."""
    assert find(name, KNOWN) == uri


def test_several() -> None:
    """None of two is taken for the other."""
    with pytest.raises(ServiceValidationError) as refusal:
        find("ROAD TRIP", KNOWN)
    assert refusal.value.translation_key == "playlist_ambiguous"
    assert "uri:1, uri:3" in str(refusal.value.translation_placeholders)


def test_one_thing_by_two_names_is_one() -> None:
    """A pin and the playlist itself."""
    assert find("a", [Candidate("uri:1", "A"), Candidate("uri:1", "Á")]) == "uri:1"


def test_near_names() -> None:
    """Likeliest first, and nothing that is like nothing."""
    assert near("rode trip", KNOWN)[0] in {"Road Trip", "road trip"}
    assert near("qqqq", KNOWN) == []
    assert near("anything", []) == []


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """So that folded names can be compared."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("text", ["Road Trip", "spotify", "37i9"])
def test_names_are_no_links(text: str) -> None:
    """They are looked up."""
    assert playlist_uri(text) is None
