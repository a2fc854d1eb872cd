"""Search over the catalogue and everybody's public playlists."""

from collections.abc import Iterator
from typing import Any

from aiohttp import web
from yarl import URL

from .answers import page, query_int, refuse, world
from .catalogue import answer, small_pages
from .matching import Candidate, Query, parse, rank
from .playlist_json import simplified_json
from .records.objects import simplified
from .world import Json, World

_TYPES = ("album", "artist", "playlist", "track", "show", "episode", "audiobook")
_SHOWN_WHOLE = {"artist", "track"}
_LAST = 1000


def routes() -> list[web.RouteDef]:
    """Return the route of search."""
    return [web.get("/v1/search", search)]


async def search(request: web.Request) -> web.Response:
    """GET /search: a page of each type that was asked for."""
    text = request.query.get("q", "").strip()
    if not text:
        refuse(400, "No search query")
    types = [one for one in request.query.get("type", "").split(",") if one]
    if not types:
        refuse(400, "Missing parameter type")
    if not set(types) <= set(_TYPES):
        refuse(400, "Bad search type field")
    limits = small_pages(request)
    limit = query_int(request, "limit", limits["default"], 1, limits["highest"])
    if query_int(request, "offset", 0, 0, _LAST) + limit > _LAST:
        refuse(400, "Invalid offset")
    query = parse(text)
    pages: Json = {}
    for kind in types:
        paging = page(request, _find(world(request), kind, query), **limits)
        paging["items"] = [_shown(request, kind, key) for key in paging["items"]]
        for link in ("href", "next", "previous"):
            if paging[link]:
                paging[link] = str(URL(paging[link]).update_query(q=text, type=kind))
        pages[f"{kind}s"] = paging
    return answer(request, pages)


def _find(known: World, kind: str, query: Query) -> list[str]:
    """Return the keys of what matches, best first."""
    candidates = _playlists(known) if kind == "playlist" else _objects(known, kind)
    ranked = ((rank(query, one, near=known.finds_near), one.key) for one in candidates)
    return [key for _, key in sorted(one for one in ranked if one[0] is not None)]


def _playlists(known: World) -> Iterator[Candidate]:
    for playlist in known.playlists.values():
        if playlist.public:
            yield Candidate(playlist.id, playlist.name, "", len(playlist.entries))


def _objects(known: World, kind: str) -> Iterator[Candidate]:
    for uri, obj in known.catalogue.items():
        if obj["type"] == kind:
            yield Candidate(
                uri,
                obj["name"],
                _credits(obj),
                obj.get("popularity", 0),
                _fields(obj),
            )


def _credits(obj: Json) -> str:
    """Return who made it."""
    makers = [*obj.get("artists", []), *obj.get("authors", [])]
    names = [maker["name"] for maker in makers]
    publisher = obj.get("show", obj).get("publisher")
    return " ".join([*names, *filter(None, [publisher])])


def _fields(obj: Json) -> dict[str, str]:
    artists = _credits(obj)
    match obj["type"]:
        case "artist":
            return {"artist": obj["name"]}
        case "album":
            return {
                "artist": artists,
                "album": obj["name"],
                "year": obj["release_date"],
            }
        case "track":
            return {
                "artist": artists,
                "album": obj["album"]["name"],
                "track": obj["name"],
                "year": obj["album"]["release_date"],
            }
        case _:
            return {}


def _shown(request: web.Request, kind: str, key: str) -> Any:
    """Return the object as search lists it; null for a playlist Spotify made."""
    if kind == "playlist":
        playlist = world(request).playlists[key]
        return None if playlist.made_by_spotify else simplified_json(request, playlist)
    obj = world(request).catalogue[key]
    return obj if kind in _SHOWN_WHOLE else simplified(obj)
