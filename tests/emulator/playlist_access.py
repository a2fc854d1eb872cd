"""Which playlist a request means, who may change it, and what the body asks for."""

import json
from typing import Any

from aiohttp import web

from .answers import refuse, require_scopes, user, world
from .catalogue import base62
from .playlist_json import may_edit
from .world import Json, Playlist


def read_playlist(request: web.Request) -> Playlist:
    """Return the playlist to be read, refusing unknown ones and Spotify's own."""
    playlist = _find(request)
    if not playlist.public:
        require_scopes(request, "playlist-read-private")
    return playlist


def edited_playlist(request: web.Request, *, owned: bool = False) -> Playlist:
    """Return the playlist to be changed, refusing whoever may not change it."""
    playlist = _find(request)
    require_modify(request, public=bool(playlist.public))
    mine = playlist.owner == user(request).id
    if not mine and (owned or not may_edit(request, playlist)):
        refuse(403, "Forbidden")
    return playlist


def require_modify(request: web.Request, *, public: bool) -> None:
    """Refuse a token that can't change playlists of this visibility."""
    require_scopes(request, f"playlist-modify-{'public' if public else 'private'}")


async def json_body(request: web.Request) -> Json:
    """Return the body, which is a JSON object or nothing."""
    raw = await request.read()
    if not raw.strip():
        return {}
    try:
        body: Any = json.loads(raw)
    except ValueError:
        refuse(400, "Error parsing JSON.")
    if not isinstance(body, dict):
        refuse(400, "Error parsing JSON.")
    return body


def only_fields(request: web.Request, obj: Json) -> Json:
    """Return the object with the top-level keys that `fields` asks for."""
    wanted = request.query.get("fields")
    if not wanted:
        return obj
    depth = 0
    top_level = ""
    for letter in wanted:
        depth -= letter == ")"
        if not depth and letter != ")":
            top_level += letter
        depth += letter == "("
    names = {name.strip("( ").partition(".")[0] for name in top_level.split(",")}
    return {key: value for key, value in obj.items() if key in names}


def _find(request: web.Request) -> Playlist:
    playlist = world(request).playlists.get(base62(request.match_info["id"]))
    if playlist is None or playlist.made_by_spotify:
        refuse(404, "Resource not found")
    return playlist
