"""The player's commands, with every refusal that Spotify has for them."""

import re
from typing import Any, NoReturn

from aiohttp import web

from . import clockwork
from .answers import query_int, refuse, require_scopes, user, world
from .contexts import Context, context_type, find
from .playback import Playback
from .world import Device, Json

_ROOT = "/v1/me/player"
_PLAYABLE = re.compile(r"spotify:(track|episode):[0-9A-Za-z]{22}")


def routes() -> list[web.RouteDef]:
    """Return what this module serves."""
    return [
        web.put(_ROOT, transfer),
        web.put(f"{_ROOT}/play", play),
        web.put(f"{_ROOT}/pause", pause),
        web.post(f"{_ROOT}/next", skip),
        web.post(f"{_ROOT}/previous", skip_back),
        web.put(f"{_ROOT}/seek", seek),
        web.put(f"{_ROOT}/repeat", repeat),
        web.put(f"{_ROOT}/shuffle", shuffle),
        web.put(f"{_ROOT}/volume", volume),
        web.post(f"{_ROOT}/queue", add_to_queue),
    ]


def _fail(status: int, what: str, reason: str) -> NoReturn:
    refuse(status, f"Player command failed: {what}", reason)


def _restricted() -> NoReturn:
    _fail(403, "Restriction violated", "UNKNOWN")


def _commanded(request: web.Request) -> Playback:
    """Return the playback to change, unless token or subscription forbid it."""
    require_scopes(request, "user-modify-playback-state")
    if user(request).product != "premium":
        _fail(403, "Premium required", "PREMIUM_REQUIRED")
    return Playback(world(request), user(request))


def _target(playback: Playback, device_id: str | None) -> Device:
    """Return the device that a command is for."""
    device = playback.player.active
    if device_id is not None:
        device = playback.device(device_id=device_id)
        if device is None:
            refuse(404, "Device not found")
    elif device is None:
        _fail(404, "No active device found", "NO_ACTIVE_DEVICE")
    if device.is_restricted:
        _fail(403, "Device not controllable", "DEVICE_NOT_CONTROLLABLE")
    return device


def _allow(playback: Playback, action: str) -> None:
    if clockwork.disallows(playback.player).get(action):
        _restricted()


def _command(request: web.Request, action: str | None = None) -> Playback:
    """Check a command; the device it names is woken and takes playback over."""
    playback = _commanded(request)
    device = _target(playback, request.query.get("device_id"))
    if action:
        _allow(playback, action)
    playback.activate(device)
    return playback


def _done() -> web.StreamResponse:
    return web.Response(status=204)


async def _object(request: web.Request) -> Json:
    """Return the JSON body; none at all is an empty one."""
    if not await request.read():
        return {}
    try:
        body = await request.json()
    except ValueError:
        refuse(400, "Malformed json")
    if not isinstance(body, dict):
        refuse(400, "Malformed json")
    return body


async def transfer(request: web.Request) -> web.StreamResponse:
    """Answer PUT /me/player."""
    body = await _object(request)
    playback = _commanded(request)
    wanted, start = body.get("device_ids"), body.get("play", False)
    if not isinstance(wanted, list) or not wanted:
        refuse(400, "Missing required field: device_ids")
    if len(wanted) != 1:
        refuse(400, "Only one device_id is supported")
    if not isinstance(wanted[0], str):
        refuse(400, "Invalid device_id")
    if not isinstance(start, bool):
        refuse(400, "Invalid play")
    device = _target(playback, wanted[0])
    _allow(playback, "transferring_playback")
    playback.activate(device)
    if start:
        playback.resume()
    return _done()


async def play(request: web.Request) -> web.StreamResponse:
    """Answer PUT /me/player/play: resume, or play something else."""
    body = await _object(request)
    playback = _commanded(request)
    position_ms = _position(body)
    wanted = _wanted(request, body)
    device = _target(playback, request.query.get("device_id"))
    if wanted is None:
        if "offset" in body:
            refuse(400, "Missing required field: context_uri")
        _resume(playback, device, position_ms)
        return _done()
    start = _start(body.get("offset"), wanted)
    if not wanted.uris:
        _restricted()
    _allow(playback, "interrupting_playback")
    playback.activate(device)
    uri = wanted.uri or None
    playback.load(uri, wanted.uris, start, position_ms or 0)
    return _done()


def _resume(playback: Playback, device: Device, position_ms: int | None) -> None:
    if device is playback.player.active and position_ms is None:
        _allow(playback, "resuming")
    playback.activate(device)
    if not playback.resume():
        _restricted()
    if position_ms is not None:
        playback.seek(position_ms)


def _position(body: Json) -> int | None:
    if "position_ms" not in body:
        return None
    value = body["position_ms"]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse(400, "Invalid position_ms")
    return value


def _wanted(request: web.Request, body: Json) -> Context | None:
    """Return what to play; None is what was on."""
    context_uri, uris = body.get("context_uri"), body.get("uris")
    if context_uri is not None and uris is not None:
        refuse(400, "Can't specify both context_uri and uris")
    if context_uri is not None:
        if not isinstance(context_uri, str) or context_type(context_uri) is None:
            refuse(400, "Non supported context uri")
        context = find(world(request), user(request), context_uri)
        if context is None:
            refuse(404, "Resource not found")
        return context
    if uris is None:
        return None
    if not isinstance(uris, list) or not uris:
        refuse(400, "Invalid uris")
    for uri in uris:
        _check_playable(request, uri)
    return Context("", "uris", uris)


def _check_playable(request: web.Request, uri: Any) -> None:
    if not isinstance(uri, str) or not _PLAYABLE.fullmatch(uri):
        refuse(400, f"Invalid track uri: {uri}")
    if uri not in world(request).catalogue:
        refuse(404, "Resource not found")


def _start(offset: Any, wanted: Context) -> int | None:
    """Return the entry that an offset means."""
    if offset is None:
        return None
    if wanted.type in {"artist", "show"}:
        refuse(400, f"Can't have offset for context type: {wanted.type.upper()}")
    match offset:
        case {"position": _, "uri": _}:
            refuse(400, "Can't specify both position and uri")
        case {"position": int(at)} if not isinstance(at, bool) and at >= 0:
            known = at < len(wanted.uris)
        case {"uri": str(uri)}:
            known = uri in wanted.uris
            at = wanted.uris.index(uri) if known else 0
        case _:
            refuse(400, "Invalid offset")
    if not known:
        refuse(404, "Resource not found")
    return at


async def pause(request: web.Request) -> web.StreamResponse:
    """Answer PUT /me/player/pause."""
    _command(request, "pausing").pause()
    return _done()


async def skip(request: web.Request) -> web.StreamResponse:
    """Answer POST /me/player/next."""
    _command(request, "skipping_next").next()
    return _done()


async def skip_back(request: web.Request) -> web.StreamResponse:
    """Answer POST /me/player/previous."""
    _command(request, "skipping_prev").previous()
    return _done()


def _required(request: web.Request, name: str) -> str:
    value = request.query.get(name)
    if not value:
        refuse(400, f"Missing required field: {name}")
    return value


async def seek(request: web.Request) -> web.StreamResponse:
    """Answer PUT /me/player/seek."""
    _required(request, "position_ms")
    position_ms = query_int(request, "position_ms", 0, 0, 10**9)
    _command(request, "seeking").seek(position_ms)
    return _done()


async def repeat(request: web.Request) -> web.StreamResponse:
    """Answer PUT /me/player/repeat."""
    wanted = _required(request, "state")
    if wanted not in {"track", "context", "off"}:
        refuse(400, "Invalid state")
    kind = "track" if wanted == "track" else "context"
    _command(request, f"toggling_repeat_{kind}").set_repeat(wanted)
    return _done()


async def shuffle(request: web.Request) -> web.StreamResponse:
    """Answer PUT /me/player/shuffle."""
    wanted = _required(request, "state")
    if wanted not in {"true", "false"}:
        refuse(400, "Invalid state")
    _command(request, "toggling_shuffle").set_shuffle(on=wanted == "true")
    return _done()


async def volume(request: web.Request) -> web.StreamResponse:
    """Answer PUT /me/player/volume; it leaves playback where it is."""
    _required(request, "volume_percent")
    percent = query_int(request, "volume_percent", 0, 0, 100)
    playback = _commanded(request)
    device = _target(playback, request.query.get("device_id"))
    if not device.supports_volume:
        _fail(403, "Cannot control device volume", "VOLUME_CONTROL_DISALLOW")
    playback.changed()
    device.volume_percent = percent
    return _done()


async def add_to_queue(request: web.Request) -> web.StreamResponse:
    """Answer POST /me/player/queue: everything stands in the query."""
    uri = _required(request, "uri")
    _check_playable(request, uri)
    _command(request).player.queue.append(uri)
    return _done()
