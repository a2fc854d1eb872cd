"""The least that Spotify could send of a thing, and the models of that."""

from typing import Any

from custom_components.spotify_hub.api.models import Episode, Json, Track

TRACK = Track("spotify:track:1", "1", "Name", 0)
EPISODE = Episode("spotify:episode:1", "1", "Name", 0)


def least(kind: str, name: str = "Name", **more: Any) -> Json:
    """Return the least object of a kind, and what is given besides."""
    return {
        "type": kind,
        "id": "1",
        "uri": f"spotify:{kind}:1",
        "name": name,
        **more,
    }
