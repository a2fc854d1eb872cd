"""How names are said, and what is meant by them."""

import pytest

from custom_components.spotify_hub.intent.names import (
    OWN,
    Names,
    own_name,
    plain,
    spoken_names,
)


def said(*names: str) -> dict[str, str]:
    """Return how playlists are said in English."""
    return dict(spoken_names(Names(playlist=names), "and").of("playlist"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Workout 2026", "workout 2026"),
        ('Odds & "Ends" <i>(mixed)</i>', "odds and ends i mixed i"),
        ("Für die Kinder 🎈", "für die kinder"),
        ("Ben\N{RIGHT SINGLE QUOTATION MARK}s Nineties", "ben's nineties"),
        ("{a}|[b]", "a b"),
        ("🎈", ""),
    ],
)
def test_signs_are_not_spoken(name: str, words: str) -> None:
    """Nor may they mean anything in a sentence."""
    assert plain(name, "and") == words


def test_a_number_at_the_end_need_not_be_said() -> None:
    """Unless several differ in nothing else."""
    assert said("Workout 2026") == {
        "workout 2026": "Workout 2026",
        "workout": "Workout 2026",
    }
    assert "summer" not in said("Summer 2024", "Summer 2025")
    assert said("Workout 2026", "Workout")["workout"] == "Workout"


def test_accents_need_not_be_typed() -> None:
    """Both ways mean the same."""
    assert said("Für Ann") == {"für ann": "Für Ann", "fur ann": "Für Ann"}


def test_what_can_not_be_said_is_left_out() -> None:
    """A name of signs, or of one letter, would be heard everywhere."""
    assert said("🎈", "X", "()") == {}


def test_of_equal_names_the_first_is_meant() -> None:
    """Accounts come in order, and an account's own playlists first."""
    assert said("Jazz", "jazz")["jazz"] == "Jazz"


def test_names_of_several_accounts_are_joined() -> None:
    """Each once; what can be played by name are playlists and pins."""
    names = Names(playlist=("A1", "B1")) + Names(playlist=("B1",), pin=("Kids",))
    assert names == Names(playlist=("A1", "B1"), pin=("Kids",))
    assert spoken_names(names, "and").of(OWN) == {
        "a1": "A1",
        "b1": "B1",
        "kids": "Kids",
    }
    assert spoken_names(names, "and").of("nothing") == {}


def test_ones_own_is_meant_before_anothers() -> None:
    """What Ben calls "Workout" is his, and "Workout 2026" is what Anna calls so."""
    assert own_name("Workout", ("Workout 2026",)) == "Workout 2026"
    assert own_name("Party", ("Workout 2026",)) is None
