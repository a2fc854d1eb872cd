"""What is in a playlist: listing, adding, replacing, moving and removing."""

import re
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from .answers import app, page, refuse, require_scopes, user, world
from .catalogue import answer
from .moment import iso_now
from .playlist_access import edited_playlist, json_body, only_fields, read_playlist
from .playlist_json import entry_json, may_list, snapshot_id
from .world import Json, Playlist, PlaylistEntry, Regime

_MOST = 100
_REORDER = ("range_start", "insert_before", "range_length")


def routes() -> list[web.RouteDef]:
    """Return the routes; old apps may also say `tracks`."""
    return [
        route
        for word in ("items", "tracks")
        for route in (
            web.get(f"/v1/playlists/{{id}}/{word}", entries),
            web.post(f"/v1/playlists/{{id}}/{word}", add),
            web.put(f"/v1/playlists/{{id}}/{word}", replace_or_move),
            web.delete(f"/v1/playlists/{{id}}/{word}", _remover(word)),
        )
    ]


async def entries(request: web.Request) -> web.Response:
    """GET /playlists/{id}/items."""
    require_scopes(request, "playlist-read-private")
    playlist = read_playlist(request)
    if not may_list(request, playlist):
        refuse(403, "Forbidden")
    highest = 100 if app(request).regime is Regime.LEGACY else 50
    paging = page(request, playlist.entries, highest=highest)
    paging["items"] = [entry_json(request, entry) for entry in paging["items"]]
    return answer(request, only_fields(request, paging))


async def add(request: web.Request) -> web.Response:
    """POST /playlists/{id}/items."""
    playlist = edited_playlist(request)
    body = await json_body(request)
    added = _new_entries(request, _uris(request, body))
    if not added:
        refuse(400, "No uris provided")
    position = _whole(
        {**body, **request.query}, "position", len(playlist.entries), default=-1
    )
    start = position if position >= 0 else len(playlist.entries)
    playlist.entries[start:start] = added
    return _changed(playlist, 201)


async def replace_or_move(request: web.Request) -> web.Response:
    """PUT /playlists/{id}/items: either `uris`, or a range and where it goes."""
    playlist = edited_playlist(request)
    body = await json_body(request)
    uris = _uris(request, body)
    moves = any(key in body for key in _REORDER)
    if moves and uris is not None:
        refuse(400, "Replacing and reordering exclude each other")
    if uris is not None:
        playlist.entries[:] = _new_entries(request, uris)
        return _changed(playlist)
    if not moves:
        refuse(400, "No uris provided")
    _check_snapshot(playlist, body)
    _move(playlist, body)
    return _changed(playlist)


def _remover(word: str) -> Handler:
    async def remove(request: web.Request) -> web.Response:
        playlist = edited_playlist(request)
        body = await json_body(request)
        listed = body.get(word)
        if not isinstance(listed, list) or not listed:
            refuse(400, "No uris provided")
        if len(listed) > _MOST:
            refuse(400, f"Too many uris: at most {_MOST}")
        uris = {one.get("uri") for one in listed if isinstance(one, dict)}
        if not all(isinstance(uri, str) for uri in uris):
            refuse(400, "No uris provided")
        _check_snapshot(playlist, body)
        left = [entry for entry in playlist.entries if entry.uri not in uris]
        playlist.entries[:] = left
        return _changed(playlist)

    return remove


def _uris(request: web.Request, body: Json) -> list[Any] | None:
    """Return the URIs to be put in; those of the query win. None: none were named."""
    if "uris" in request.query:
        uris: Any = [one for one in request.query["uris"].split(",") if one]
    else:
        uris = body.get("uris")
    if uris is None:
        return None
    if not isinstance(uris, list):
        refuse(400, "Error parsing JSON.")
    if len(uris) > _MOST:
        refuse(400, f"You can add a maximum of {_MOST} tracks per request.")
    return uris


def _new_entries(request: web.Request, uris: list[Any] | None) -> list[PlaylistEntry]:
    known = world(request).catalogue
    added_at = iso_now(world(request).clock)
    for uri in uris or []:
        if not re.fullmatch(r"spotify:(track|episode):[0-9A-Za-z]{22}", str(uri)):
            refuse(400, f"Invalid track uri: {uri}")
        if uri not in known:
            refuse(400, "Payload contains a non-existing ID")
    return [PlaylistEntry(uri, added_at, user(request).id) for uri in uris or []]


def _move(playlist: Playlist, body: Json) -> None:
    entries = playlist.entries
    start = _whole(body, "range_start", len(entries) - 1)
    before = _whole(body, "insert_before", len(entries))
    length = _whole(body, "range_length", len(entries) - start, default=1)
    moved = entries[start : start + length]
    rest = entries[:start] + entries[start + length :]
    target = before if before <= start else max(start, before - length)
    playlist.entries[:] = rest[:target] + moved + rest[target:]


def _whole(values: Json, name: str, highest: int, default: int | None = None) -> int:
    """Return a whole number from 0 to `highest`; an absent one needs a default."""
    raw = values.get(name)
    if raw is None and default is not None:
        return default
    if not re.fullmatch("[0-9]+", str(raw)) or int(str(raw)) > highest:
        refuse(400, f"Invalid {name}")
    return int(str(raw))


def _check_snapshot(playlist: Playlist, body: Json) -> None:
    """Refuse a version that the playlist never had; older ones are taken."""
    named = body.get("snapshot_id")
    versions = range(1, playlist.snapshot + 1)
    if named is not None and named not in {
        snapshot_id(playlist, version) for version in versions
    }:
        refuse(400, "Invalid snapshot id")


def _changed(playlist: Playlist, status: int = 200) -> web.Response:
    playlist.snapshot += 1
    return web.json_response({"snapshot_id": snapshot_id(playlist)}, status=status)
