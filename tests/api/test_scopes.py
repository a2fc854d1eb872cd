"""What each feature needs, and what a grant lacks."""

from itertools import combinations

from custom_components.spotify_hub.api.scopes import (
    SCOPES,
    Feature,
    missing_scopes,
    scopes_of,
)


def test_no_scope_belongs_to_two_features() -> None:
    """A refused feature must not be granted by way of another."""
    for one, other in combinations(Feature, 2):
        assert not SCOPES[one] & SCOPES[other]


def test_control_is_always_asked_for() -> None:
    """Without it there is no player."""
    assert scopes_of([]) == SCOPES[Feature.CONTROL]
    assert scopes_of([Feature.LIBRARY]) == (
        SCOPES[Feature.CONTROL] | SCOPES[Feature.LIBRARY]
    )


def test_missing_scopes_are_named() -> None:
    """As the token endpoint lists what was granted."""
    granted = " ".join(scopes_of([Feature.HISTORY]) - {"user-top-read"})
    assert missing_scopes([Feature.HISTORY], granted) == {"user-top-read"}
    assert missing_scopes([], granted) == frozenset()
    assert missing_scopes([], "") == SCOPES[Feature.CONTROL]
