"""Playlists: listing, reading, making and describing them, and their covers."""

from base64 import b64decode
import binascii
from zlib import crc32

from aiohttp import web

from . import playlist_entries
from .answers import refuse, require_scopes, token, user, world
from .catalogue import answer, answer_page
from .playlist_access import (
    edited_playlist,
    json_body,
    only_fields,
    read_playlist,
    require_modify,
)
from .playlist_json import playlist_json, simplified_json
from .records.objects import spotify_id
from .world import Json, Playlist

_LARGEST_COVER = 256 * 1024
_TYPES = {"name": str, "description": str, "public": bool, "collaborative": bool}


def routes() -> list[web.RouteDef]:
    """Return the routes of playlists and of what is in them."""
    return [
        web.get("/v1/me/playlists", mine),
        web.post("/v1/me/playlists", create),
        web.post("/v1/users/{user}/playlists", create),
        web.get("/v1/playlists/{id}", read),
        web.put("/v1/playlists/{id}", describe),
        web.get("/v1/playlists/{id}/images", covers),
        web.put("/v1/playlists/{id}/images", set_cover),
        *playlist_entries.routes(),
    ]


async def mine(request: web.Request) -> web.Response:
    """GET /me/playlists; those that Spotify made are null."""
    require_scopes(request, "playlist-read-private")
    joined = "playlist-read-collaborative" in token(request).scopes
    known = world(request).playlists
    playlists = [known[one] for one in user(request).playlists]
    return answer_page(
        request,
        [
            None if playlist.made_by_spotify else simplified_json(request, playlist)
            for playlist in playlists
            if joined or not playlist.collaborative
        ],
    )


async def create(request: web.Request) -> web.Response:
    """POST /me/playlists."""
    owner = user(request)
    if request.match_info.get("user", owner.id) != owner.id:
        refuse(403, "You cannot create a playlist for another user")
    details = _details(await json_body(request))
    if not details.get("name"):
        refuse(400, "Missing required field: name")
    public = details.get("public", True)
    require_modify(request, public=public)
    _check_collaborative(details, public=public)
    playlists = world(request).playlists
    playlist = Playlist(
        spotify_id("playlist", owner.id, details["name"], str(len(playlists))),
        details["name"],
        owner.id,
        details.get("description", ""),
        public,
        details.get("collaborative", False),
        images=None,
    )
    playlists[playlist.id] = playlist
    owner.playlists.insert(0, playlist.id)
    return answer(request, playlist_json(request, playlist), 201)


async def read(request: web.Request) -> web.Response:
    """GET /playlists/{id}."""
    obj = playlist_json(request, read_playlist(request))
    return answer(request, only_fields(request, obj))


async def describe(request: web.Request) -> web.Response:
    """PUT /playlists/{id}."""
    playlist = edited_playlist(request, owned=True)
    details = _details(await json_body(request))
    if not details or details.get("name") == "":
        refuse(400, "Invalid playlist details")
    if "public" in details:
        require_modify(request, public=details["public"])
    _check_collaborative(details, public=details.get("public", playlist.public))
    for key, value in details.items():
        setattr(playlist, key, value)
    playlist.snapshot += 1
    return web.Response()


async def covers(request: web.Request) -> web.Response:
    """GET /playlists/{id}/images."""
    return web.json_response(read_playlist(request).images or [])


async def set_cover(request: web.Request) -> web.Response:
    """PUT /playlists/{id}/images: a JPEG, as base64 text."""
    require_scopes(request, "ugc-image-upload")
    playlist = edited_playlist(request, owned=True)
    if request.content_type != "image/jpeg":
        refuse(400, "Content type must be image/jpeg")
    raw = await request.read()
    if len(raw) > _LARGEST_COVER:
        refuse(413, "Maximum image size exceeded")
    try:
        picture = b64decode(raw, validate=True)
    except binascii.Error:
        refuse(400, "Image is not base64 encoded")
    if not picture.startswith(b"\xff\xd8"):
        refuse(400, "Image is not a JPEG")
    image = spotify_id("cover", playlist.id, str(crc32(picture)))
    url = request.url.origin() / "image" / image % {"t": playlist.name}
    playlist.images = [{"url": str(url), "height": None, "width": None}]
    return web.Response(status=202)


def _details(body: Json) -> Json:
    """Return the fields that describe a playlist, refusing wrong types."""
    details = {key: body[key] for key in _TYPES if body.get(key) is not None}
    if any(type(value) is not _TYPES[key] for key, value in details.items()):
        refuse(400, "Error parsing JSON.")
    return details


def _check_collaborative(details: Json, *, public: bool | None) -> None:
    if details.get("collaborative") and public:
        refuse(400, "Collaborative playlists can only be private")
