"""Features a person grants, and the scopes that each of them needs.

Source: https://developer.spotify.com/documentation/web-api/concepts/scopes
"""

from collections.abc import Iterable
from enum import StrEnum


class Feature(StrEnum):
    """A group of scopes that is granted or refused together."""

    CONTROL = "control"
    HISTORY = "history"
    LIBRARY = "library"
    PLAYLISTS = "playlists"


SCOPES: dict[Feature, frozenset[str]] = {
    Feature.CONTROL: frozenset(
        {
            "user-read-playback-state",
            "user-modify-playback-state",
            "user-read-currently-playing",
            "user-read-playback-position",
        }
    ),
    Feature.HISTORY: frozenset({"user-read-recently-played", "user-top-read"}),
    Feature.LIBRARY: frozenset(
        {
            "user-library-read",
            "user-library-modify",
            "user-follow-read",
            "user-follow-modify",
        }
    ),
    Feature.PLAYLISTS: frozenset(
        {
            "playlist-read-private",
            "playlist-read-collaborative",
            "playlist-modify-public",
            "playlist-modify-private",
            "ugc-image-upload",
        }
    ),
}


def scopes_of(features: Iterable[Feature]) -> frozenset[str]:
    """Return every scope that these features and control, which always is one, need."""
    return SCOPES[Feature.CONTROL].union(*(SCOPES[feature] for feature in features))


def missing_scopes(features: Iterable[Feature], granted: str) -> frozenset[str]:
    """Return what `granted`, the token's space-separated scopes, lacks for the features."""
    return scopes_of(features) - frozenset(granted.split())
