"""What a user has saved, follows and plays most."""

from collections.abc import Iterable, Sequence
import re
from typing import NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler

from .answers import app, page, query_int, refuse, require_scopes, user, world
from .catalogue import answer, answer_page, base62, served
from .moment import iso_now
from .records.objects import simplified
from .world import Json, Regime, User, World

_MOST = 40
_MOST_TRACKS = 50
_FOLLOWED = {"artist", "user"}
_SAVED = {"track", "album", "episode", "show", "audiobook"}
_LISTED_SHORT = {"show", "audiobook"}
_SPANS = ("short_term", "medium_term", "long_term")


class _Target(NamedTuple):
    """What a URI of a library call means."""

    kind: str
    uri: str


def routes() -> list[web.RouteDef]:
    """Return the routes of the library."""
    return [
        *(web.get(f"/v1/me/{kind}s", _list_of(kind)) for kind in sorted(_SAVED)),
        web.put("/v1/me/library", save),
        web.delete("/v1/me/library", remove),
        web.get("/v1/me/library/contains", contains),
        web.put("/v1/me/tracks", save_tracks),
        web.delete("/v1/me/tracks", remove_tracks),
        web.get("/v1/me/tracks/contains", contains_tracks),
        web.get("/v1/me/following", following),
        web.get("/v1/me/top/{type:artists|tracks}", top),
    ]


def _list_of(kind: str) -> Handler:
    scopes = ["user-library-read"]
    if kind == "episode":
        scopes.append("user-read-playback-position")

    async def get(request: web.Request) -> web.Response:
        require_scopes(request, *scopes)
        paging = page(request, list(user(request).saved.get(kind, {}).items()))
        bare = kind == "audiobook" and app(request).regime is Regime.REDUCED
        entries: list[Json] = []
        for uri, added_at in paging["items"]:
            obj = _in_market(request, uri)
            shown = simplified(obj) if kind in _LISTED_SHORT else served(obj)
            entries.append(shown if bare else {"added_at": added_at, kind: shown})
        return answer(request, {**paging, "items": entries})

    return get


def _in_market(request: web.Request, uri: str) -> Json:
    """Return what stands for a URI; for who asks for a market perhaps another version."""
    known = world(request)
    obj = known.catalogue[uri]
    other = known.relinked.get(uri) if "market" in request.query else None
    if other is None:
        return obj
    linked = {key: obj[key] for key in ("external_urls", "href", "id", "type", "uri")}
    return {**known.catalogue[other], "linked_from": linked}


async def save(request: web.Request) -> web.Response:
    """PUT /me/library."""
    targets = await _targets(request)
    _require_scopes_to_modify(request, targets)
    _keep(world(request), user(request), targets)
    return web.Response()


async def remove(request: web.Request) -> web.Response:
    """DELETE /me/library."""
    targets = await _targets(request)
    _require_scopes_to_modify(request, targets)
    _drop(user(request), targets)
    return web.Response()


async def contains(request: web.Request) -> web.Response:
    """GET /me/library/contains."""
    targets = await _targets(request)
    kinds = {target.kind for target in targets}
    scopes: set[str] = set()
    if kinds & _SAVED:
        scopes.add("user-library-read")
    if kinds & _FOLLOWED:
        scopes.add("user-follow-read")
    if "playlist" in kinds:
        scopes.add("playlist-read-private")
    require_scopes(request, *scopes)
    return web.json_response([_has(user(request), target) for target in targets])


async def save_tracks(request: web.Request) -> web.Response:
    """PUT /me/tracks, of old apps."""
    require_scopes(request, "user-library-modify")
    _keep(world(request), user(request), await _old_tracks(request))
    return web.Response()


async def remove_tracks(request: web.Request) -> web.Response:
    """DELETE /me/tracks, of old apps."""
    require_scopes(request, "user-library-modify")
    _drop(user(request), await _old_tracks(request))
    return web.Response()


async def contains_tracks(request: web.Request) -> web.Response:
    """GET /me/tracks/contains, of old apps."""
    require_scopes(request, "user-library-read")
    targets = await _old_tracks(request)
    return web.json_response([_has(user(request), target) for target in targets])


async def following(request: web.Request) -> web.Response:
    """GET /me/following: artists only, paged by the last one's id."""
    require_scopes(request, "user-follow-read")
    if request.query.get("type") != "artist":
        refuse(400, "Invalid type")
    known = world(request).catalogue
    artists = [known[uri] for uri in user(request).followed if uri in known]
    limit = query_int(request, "limit", 20, 1, 50)
    ids = [artist["id"] for artist in artists]
    start = 0
    if after := request.query.get("after"):
        start = ids.index(after) + 1 if base62(after) in ids else len(ids)
    shown = artists[start : start + limit]
    cursor = ids[start + limit - 1] if start + limit < len(ids) else None
    href = str(request.url.with_query(type="artist", limit=limit))
    paging = {
        "cursors": {"after": cursor},
        "href": href,
        "items": shown,
        "limit": limit,
        "next": f"{href}&after={cursor}" if cursor else None,
        "total": len(ids),
    }
    return answer(request, {"artists": paging})


async def top(request: web.Request) -> web.Response:
    """GET /me/top/{type}."""
    require_scopes(request, "user-top-read")
    span = request.query.get("time_range", "medium_term")
    if span not in _SPANS:
        refuse(400, "Invalid time range")
    uris = user(request).top.get(f"{request.match_info['type']}/{span}", [])
    known = world(request).catalogue
    return answer_page(request, [known[uri] for uri in uris])


async def _targets(request: web.Request) -> list[_Target]:
    """Return what the URIs stand for; they belong into the query and nowhere else."""
    if (await request.read()).strip():
        refuse(400, "Unexpected body: uris belong into the query")
    uris = [one for one in request.query.get("uris", "").split(",") if one]
    if not uris:
        refuse(400, "Missing required field: uris")
    if len(uris) > _MOST:
        refuse(400, f"Too many uris: at most {_MOST}")
    reading = request.method == "GET"
    return [_target(world(request), uri, reading=reading) for uri in uris]


def _target(known: World, uri: str, *, reading: bool) -> _Target:
    found = re.fullmatch(r"spotify:([a-z]+):([^:]+)", uri)
    if not found:
        refuse(400, f"Invalid uri: {uri}")
    kind, identifier = found.groups()
    if kind == "user":
        exists = identifier in known.users
    elif kind == "playlist":
        exists = base62(identifier) in known.playlists
    elif kind in _SAVED or kind == "artist":
        base62(identifier)
        # An audiobook's own URI says "show".
        word = "show" if kind == "audiobook" else kind
        uri = f"spotify:{word}:{identifier}"
        obj = known.catalogue.get(uri)
        exists = obj is not None
        kind = obj["type"] if obj else kind
    else:
        refuse(400, f"Unsupported uri type: {kind}")
    if kind not in {*_SAVED, *_FOLLOWED, "playlist"}:
        refuse(400, f"Unsupported uri type: {kind}")
    if not exists and not reading:
        refuse(404, "Resource not found")
    return _Target(kind, uri)


def _require_scopes_to_modify(request: web.Request, targets: Iterable[_Target]) -> None:
    kinds = {target.kind for target in targets}
    scopes: set[str] = set()
    if kinds & _SAVED:
        scopes.add("user-library-modify")
    if kinds & _FOLLOWED:
        scopes.add("user-follow-modify")
    if "playlist" in kinds:
        scopes.add("playlist-modify-public")
    require_scopes(request, *scopes)


async def _old_tracks(request: web.Request) -> list[_Target]:
    """Return the tracks of an old app's call, by ids in the query or the body."""
    ids = [one for one in request.query.get("ids", "").split(",") if one]
    if not ids and await request.read():
        body = await request.json()
        ids = body.get("ids", []) if isinstance(body, dict) else body
    if not ids or len(ids) > _MOST_TRACKS:
        refuse(400, "Invalid ids")
    return [
        _target(world(request), f"spotify:track:{one}", reading=request.method == "GET")
        for one in ids
    ]


def _keep(known: World, owner: User, targets: Sequence[_Target]) -> None:
    """Put what is new in front of the lists it belongs to."""
    added_at = iso_now(known.clock)
    for kind, uri in reversed(targets):
        if _has(owner, _Target(kind, uri)):
            continue
        if kind == "playlist":
            owner.playlists.insert(0, uri.rpartition(":")[2])
        elif kind in _FOLLOWED:
            owner.followed.insert(0, uri)
        else:
            owner.saved[kind] = {uri: added_at, **owner.saved.get(kind, {})}


def _drop(owner: User, targets: Iterable[_Target]) -> None:
    for target in targets:
        kind, uri = target
        if not _has(owner, target):
            continue
        if kind == "playlist":
            owner.playlists.remove(uri.rpartition(":")[2])
        elif kind in _FOLLOWED:
            owner.followed.remove(uri)
        else:
            del owner.saved[kind][uri]


def _has(owner: User, target: _Target) -> bool:
    kind, uri = target
    if kind == "playlist":
        return uri.rpartition(":")[2] in owner.playlists
    if kind in _FOLLOWED:
        return uri in owner.followed
    return uri in owner.saved.get(kind, {})
