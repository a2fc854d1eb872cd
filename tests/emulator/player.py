"""What the player tells: state, devices, queue and recent plays."""

from aiohttp import web

from .answers import app, query_int, refuse, require_scopes, token, user, world
from .playback import Playback
from .playback_json import device_json, now_playing, play_json, queue_json, whole_player

_ROOT = "/v1/me/player"


def routes() -> list[web.RouteDef]:
    """Return what this module serves."""
    return [
        web.get(_ROOT, state),
        web.get(f"{_ROOT}/currently-playing", current),
        web.get(f"{_ROOT}/devices", devices),
        web.get(f"{_ROOT}/queue", queue),
        web.get(f"{_ROOT}/recently-played", recently_played),
    ]


def _reading(request: web.Request, *scopes: str) -> Playback:
    """Return the playback to read, unless the token may not."""
    if not token(request).scopes.issuperset(scopes):
        refuse(401, "Permissions missing")
    return Playback(world(request), user(request))


def _with_episodes(request: web.Request) -> bool:
    return "episode" in request.query.get("additional_types", "").split(",")


async def state(request: web.Request) -> web.StreamResponse:
    """Answer GET /me/player."""
    playback = _reading(request, "user-read-playback-state")
    player = playback.player
    if player.active is None:
        return web.Response(status=204)
    return web.json_response(
        whole_player(
            world(request),
            app(request),
            player,
            player.active,
            with_episodes=_with_episodes(request),
        )
    )


async def current(request: web.Request) -> web.StreamResponse:
    """Answer GET /me/player/currently-playing."""
    player = _reading(request, "user-read-currently-playing").player
    if player.active is None:
        return web.Response(status=204)
    return web.json_response(
        now_playing(
            world(request),
            app(request),
            player,
            with_episodes=_with_episodes(request),
        )
    )


async def devices(request: web.Request) -> web.StreamResponse:
    """Answer GET /me/player/devices."""
    player = _reading(request, "user-read-playback-state").player
    return web.json_response(
        {"devices": [device_json(player, device) for device in player.devices]}
    )


async def queue(request: web.Request) -> web.StreamResponse:
    """Answer GET /me/player/queue."""
    player = _reading(
        request, "user-read-playback-state", "user-read-currently-playing"
    ).player
    if player.active is None:
        return web.json_response({"currently_playing": None, "queue": []})
    return web.json_response(queue_json(world(request), app(request), player))


async def recently_played(request: web.Request) -> web.StreamResponse:
    """Answer GET /me/player/recently-played: newest first, by cursors."""
    require_scopes(request, "user-read-recently-played")
    limit = query_int(request, "limit", 20, 1, 50)
    if {"after", "before"} <= request.query.keys():
        refuse(400, "Only one of after and before may be specified")
    after = query_int(request, "after", 0, 0, 10**15)
    before = query_int(request, "before", 10**15, 0, 10**15)
    recent = Playback(world(request), user(request)).user.recent
    found = [play for play in recent if after < play.played_at_ms < before]
    shown = found[:limit]
    base = str(request.url.with_query(None))
    oldest = shown[-1].played_at_ms if shown else 0
    more = len(found) > limit
    return web.json_response(
        {
            "items": [play_json(world(request), app(request), play) for play in shown],
            "next": f"{base}?before={oldest}&limit={limit}" if more else None,
            "cursors": {
                "after": str(shown[0].played_at_ms),
                "before": str(oldest),
            }
            if shown
            else None,
            "limit": limit,
            "href": str(request.url),
        }
    )
