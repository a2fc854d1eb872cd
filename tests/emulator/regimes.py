"""What Spotify took away from apps made since 2026-02-11, and how it renamed the rest."""

import re
from typing import Any

from .world import App, Json, Regime

_ID = "[^/]+"

_REMOVED_FIELDS = {
    "album": {"album_group", "available_markets", "genres", "label", "popularity"},
    "artist": {"followers", "genres", "popularity"},
    "audiobook": {"available_markets", "publisher"},
    "chapter": {"audio_preview_url", "available_markets"},
    "episode": {"audio_preview_url", "language"},
    "playlist": {"followers", "tracks"},
    "show": {"available_markets", "publisher"},
    "track": {"available_markets", "linked_from", "popularity", "preview_url"},
    "user": {"country", "email", "explicit_content", "followers", "product"},
}


def _routes(method: str, *paths: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(method, re.compile(f"^/v1/{path}$")) for path in paths]


REMOVED_ROUTES: list[tuple[str, re.Pattern[str]]] = [
    *_routes(
        "GET",
        "(albums|artists|tracks|shows|episodes|audiobooks|chapters)",
        f"artists/{_ID}/(top-tracks|related-artists)",
        "browse/new-releases",
        "browse/featured-playlists",
        f"browse/categories(/{_ID}(/playlists)?)?",
        "markets",
        "recommendations(/available-genre-seeds)?",
        f"audio-features(/{_ID})?",
        f"audio-analysis/{_ID}",
        f"users/{_ID}",
        f"users/{_ID}/playlists",
        f"playlists/{_ID}/tracks",
        "me/(tracks|albums|episodes|shows|audiobooks|following)/contains",
        f"playlists/{_ID}/followers/contains",
    ),
    *_routes("POST", f"users/{_ID}/playlists", f"playlists/{_ID}/tracks"),
    *(
        route
        for method in ("PUT", "DELETE")
        for route in _routes(
            method,
            "me/(tracks|albums|episodes|shows|audiobooks|following)",
            f"playlists/{_ID}/(tracks|followers)",
        )
    ),
]
"""Method and path of what an app of the reduced regime is refused."""


def present(app: App, obj: Json) -> Json:
    """Return the full legacy object as this app is served it."""
    return obj if app.regime is Regime.LEGACY else _reduced_object(obj)


def without_market(value: Any) -> Any:
    """Leave out what tracks tell only to those who ask for a market."""
    if isinstance(value, list):
        return (
            [without_market(one) for one in value] if _holds_objects(value) else value
        )
    if not isinstance(value, dict):
        return value
    hidden = {"is_playable"} if value.get("type") == "track" else set()
    return {key: without_market(one) for key, one in value.items() if key not in hidden}


def _reduced(value: Any) -> Any:
    if isinstance(value, dict):
        return _reduced_object(value)
    if isinstance(value, list):
        return [_reduced(item) for item in value] if _holds_objects(value) else value
    return value


def _holds_objects(values: list[Any]) -> bool:
    """Return whether a list is one of objects; the long lists are of countries."""
    return any(not isinstance(value, str) for value in values[:1])


def _reduced_object(obj: Json) -> Json:
    removed: set[str] = _REMOVED_FIELDS.get(str(obj.get("type")), set())
    if "added_at" in obj and "item" in obj:
        # An entry of a playlist; `track` inside its item is a flag and stays.
        removed = {"track"}
    return {key: _reduced(value) for key, value in obj.items() if key not in removed}
