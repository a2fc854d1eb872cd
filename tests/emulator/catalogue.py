"""What everybody can find: albums, artists, tracks, shows, episodes, audiobooks."""

from collections.abc import Iterable, Sequence
import re
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from .answers import app, page, refuse, require_scopes, world
from .records.objects import simplified
from .regimes import present, without_market
from .world import Json, Regime

_PAGE = 50
_POSITION = "user-read-playback-position"

# Type → the word its URIs use, the full object's list, and the scopes to read it.
_KINDS: dict[str, tuple[str, str | None, tuple[str, ...]]] = {
    "album": ("album", "tracks", ()),
    "artist": ("artist", None, ()),
    "track": ("track", None, ()),
    "show": ("show", "episodes", (_POSITION,)),
    "episode": ("episode", None, (_POSITION,)),
    "audiobook": ("show", "chapters", ()),
    "chapter": ("episode", None, ()),
}
# Old apps ask for several at a time: type → most of them.
_SEVERAL = {"album": 20, "artist": 50, "track": 50}
_GROUPS = ("album", "single", "appears_on", "compilation")


def routes() -> list[web.RouteDef]:
    """Return the routes of the catalogue."""
    return [
        *(web.get(f"/v1/{kind}s/{{id}}", _one(kind)) for kind in _KINDS),
        *(
            web.get(f"/v1/{kind}s/{{id}}/{inside}", _inside(kind, inside))
            for kind, (_, inside, _) in _KINDS.items()
            if inside
        ),
        *(web.get(f"/v1/{kind}s", _several(kind)) for kind in _SEVERAL),
        web.get("/v1/artists/{id}/albums", artist_albums),
    ]


def answer(request: web.Request, body: Json, status: int = 200) -> web.Response:
    """Answer with an object as the app's regime serves it."""
    market = request.query.get("market")
    if market is None:
        body = without_market(body)
    elif not re.fullmatch("[A-Z]{2}|from_token", market):
        refuse(400, "Invalid market code")
    return web.json_response(present(app(request), body), status=status)


def answer_page(
    request: web.Request, items: Sequence[Any], *, default: int = 20, highest: int = 50
) -> web.Response:
    """Answer with one page of these items."""
    return answer(request, page(request, items, default=default, highest=highest))


def small_pages(request: web.Request) -> dict[str, int]:
    """Return the limits of the two lists that new apps get in small pages."""
    if app(request).regime is Regime.REDUCED:
        return {"default": 5, "highest": 10}
    return {"default": 20, "highest": 50}


def base62(identifier: str) -> str:
    """Return the id, refusing what can't be one."""
    if not re.fullmatch("[0-9A-Za-z]{22}", identifier):
        refuse(400, "Invalid base62 id")
    return identifier


def look_up(request: web.Request, kind: str, identifier: str) -> Json:
    """Return a full object, refusing an id that is malformed or unknown."""
    word, _, _ = _KINDS[kind]
    found = world(request).catalogue.get(f"spotify:{word}:{base62(identifier)}")
    if found is None or found["type"] != kind:
        refuse(404, "Resource not found")
    return found


def served(obj: Json) -> Json:
    """Return a full object with the first page of its list only."""
    _, inside, _ = _KINDS[obj["type"]]
    if inside is None or obj[inside]["total"] <= _PAGE:
        return obj
    paging = obj[inside]
    following = f"{paging['href']}?offset={_PAGE}&limit={_PAGE}"
    first = {**paging, "items": paging["items"][:_PAGE], "next": following}
    return {**obj, inside: first}


def _one(kind: str) -> Handler:
    _, _, scopes = _KINDS[kind]

    async def get(request: web.Request) -> web.Response:
        require_scopes(request, *scopes)
        return answer(request, served(look_up(request, kind, request.match_info["id"])))

    return get


def _inside(kind: str, inside: str) -> Handler:
    _, _, scopes = _KINDS[kind]

    async def get(request: web.Request) -> web.Response:
        require_scopes(request, *scopes)
        obj = look_up(request, kind, request.match_info["id"])
        return answer_page(request, obj[inside]["items"])

    return get


def _several(kind: str) -> Handler:
    word, _, _ = _KINDS[kind]

    async def get(request: web.Request) -> web.Response:
        ids = [one for one in request.query.get("ids", "").split(",") if one]
        if not ids:
            refuse(400, "Invalid id")
        if len(ids) > _SEVERAL[kind]:
            refuse(400, "Too many ids requested")
        known = world(request).catalogue
        found = [known.get(f"spotify:{word}:{base62(one)}") for one in ids]
        return answer(request, {f"{kind}s": [obj and served(obj) for obj in found]})

    return get


async def artist_albums(request: web.Request) -> web.Response:
    """GET /artists/{id}/albums: by group, newest first."""
    artist = look_up(request, "artist", request.match_info["id"])
    asked = request.query.get("include_groups")
    groups = asked.split(",") if asked else _GROUPS
    if not set(groups) <= set(_GROUPS):
        refuse(400, "Invalid album_type")
    albums = [
        {**simplified(album), "album_group": group}
        for album in world(request).catalogue.values()
        if album["type"] == "album" and (group := _group(album, artist["id"])) in groups
    ]
    albums.sort(key=lambda album: str(album["release_date"]), reverse=True)
    albums.sort(key=lambda album: _GROUPS.index(album["album_group"]))
    return answer_page(request, albums, **small_pages(request))


def _group(album: Json, artist_id: str) -> str | None:
    """Return what the album is to the artist; None if nothing."""
    if _credited(album["artists"], artist_id):
        return str(album["album_type"]).lower()
    tracks = album["tracks"]["items"]
    featured = any(_credited(track["artists"], artist_id) for track in tracks)
    return "appears_on" if featured else None


def _credited(artists: Iterable[Json], artist_id: str) -> bool:
    return any(artist["id"] == artist_id for artist in artists)
