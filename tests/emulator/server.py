"""The emulator itself: one server that is both accounts.spotify.com and the Web API."""

import asyncio
from collections.abc import Iterable
import json
import re
import socket
import time
from typing import Self

from aiohttp import hdrs, web, web_app
from aiohttp.typedefs import Handler

from . import (
    accounts,
    catalogue,
    commands,
    consent,
    control,
    covers,
    data,
    library,
    me,
    player,
    playlists,
    search,
)
from .answers import TOKEN, WORLD, RefusalError, refuse
from .faults import Faults, deliver
from .phone import Phone
from .received import Received, ReceivedRequest, body_of, sender_of
from .records.hoard import hoard
from .regimes import REMOVED_ROUTES
from .tokens import check_bearer, expire_access, issue_access, issue_refresh, revoke
from .world import Clock, Json, Regime, World

_PARTS = (
    accounts,
    catalogue,
    commands,
    consent,
    covers,
    library,
    me,
    player,
    playlists,
    search,
)
_RECORDED = ("/v1/", "/api/token", "/authorize")


class Emulator:
    """Spotify on a port of this machine."""

    # Bound here: a test that freezes Python's clock must not stop this one.
    _seconds = staticmethod(time.perf_counter)

    def __init__(
        self, world: World | None = None, port: int = 0, host: str = "127.0.0.1"
    ) -> None:
        """Take a world, or make the standard one when the address is known."""
        self._world = world
        self._port = port
        self._host = host
        self._runner: web.AppRunner | None = None
        self._stopping = asyncio.Event()
        self.faults = Faults()
        self.received = Received()

    @property
    def url(self) -> str:
        """The address that both hosts of Spotify stand at."""
        return f"http://{self._host}:{self._port}"

    @property
    def world(self) -> World:
        """What Spotify knows."""
        if self._world is None:
            raise RuntimeError("The standard world is made by start()")
        return self._world

    @property
    def clock(self) -> Clock:
        """Spotify's clock."""
        return self.world.clock

    async def start(self) -> Self:
        """Serve; after a stop on the same port as before."""
        listener = socket.create_server((self._host, self._port))
        self._port = listener.getsockname()[1]
        if self._world is None:
            self._world = data.build_world(Clock(), self.url)
        self._stopping = asyncio.Event()
        app = web.Application(middlewares=[self._serve], client_max_size=2**23)
        app[WORLD] = self._world
        for part in _PARTS:
            app.add_routes(part.routes())
        app.add_routes(control.routes(self))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        return self

    async def stop(self) -> None:
        """Hang up on everybody."""
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            # It holds on to the last thousand routes, and by them to whole worlds.
            web_app._cached_build_middleware.cache_clear()

    async def __aenter__(self) -> Self:
        """Start."""
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Every request to the API and to the accounts host, oldest first."""
        return list(self.received)

    def calls(
        self,
        method: str | None = None,
        path: str | None = None,
        user: str | None = None,
    ) -> list[ReceivedRequest]:
        """Return the requests of this method, path (a regex, searched) and user."""
        return [one for one in self.received if one.matches(method, path, user)]

    def forget_requests(self) -> None:
        """Start the list of requests anew."""
        self.received.clear()

    def grant(
        self,
        user_id: str,
        scopes: Iterable[str],
        app: str = "demo-client-id",
        lifetime: int = 3600,
    ) -> Json:
        """Return tokens as if the user had just consented."""
        world = self.world
        grant = issue_refresh(world, world.apps[app], world.users[user_id], scopes)
        return {
            **issue_access(world, grant, lifetime),
            "refresh_token": grant.value,
        }

    def revoke(self, user_id: str) -> None:
        """Take away what the user has granted, to every app."""
        revoke(self.world, user_id)

    def expire_access_tokens(self, user_id: str) -> None:
        """Let the user's access tokens be past their hour."""
        expire_access(self.world, user_id)

    def phone(self, user_id: str) -> Phone:
        """Return the user's phone, which does what no app has asked for."""
        return Phone(self.world, self.world.users[user_id])

    def hoard(self, user_id: str, count: int) -> list[str]:
        """Let a user like so many songs and no others; returns them, newest first."""
        return hoard(self.world, self.world.users[user_id], count)

    @web.middleware
    async def _serve(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Record, let things go wrong, check, and answer."""
        if not request.path.startswith(_RECORDED):
            return await handler(request)
        body = await body_of(request)
        began = self._seconds()
        sender = sender_of(request, body, self.world)
        fault = self.faults.take(request.method, request.path, sender)
        response: web.Response | None = None
        if fault is None or fault.reaches:
            response = await self._genuine(request, handler)
        if fault is not None:
            api = request.path.startswith("/v1/")
            response = fault.answer(response, api=api)
        assert response is not None
        dropped = fault is not None and fault.reset and not fault.truncate
        self.received.append(
            ReceivedRequest(
                request.method,
                request.path,
                dict(request.query),
                body,
                sender,
                0 if dropped else response.status,
                self.clock.now(),
                fault,
                self._seconds() - began,
            )
        )
        if fault is None:
            return response
        return await deliver(request, response, fault, self._stopping)

    async def _genuine(self, request: web.Request, handler: Handler) -> web.Response:
        """Answer as Spotify does when nothing is wrong with it."""
        try:
            if request.path.startswith("/v1/"):
                self._admit(request)
            response = await handler(request)
        except RefusalError as refusal:
            return _refused(request, refusal)
        except web.HTTPNotFound:
            return _refused(request, _error(404, "Service not found"))
        except web.HTTPMethodNotAllowed as wrong:
            response = _refused(request, _error(405, "Method not allowed"))
            response.headers[hdrs.ALLOW] = ",".join(sorted(wrong.allowed_methods))
        assert isinstance(response, web.Response)
        return response

    def _admit(self, request: web.Request) -> None:
        """Check token and route; the handlers find the token in the request."""
        token = check_bearer(request, self.world)
        request[TOKEN] = token
        if token.app.regime is Regime.REDUCED and any(
            request.method == method and re.fullmatch(pattern, request.path)
            for method, pattern in REMOVED_ROUTES
        ):
            refuse(403, "Forbidden")


def _error(status: int, message: str) -> RefusalError:
    return RefusalError(status, {"error": {"status": status, "message": message}})


def _refused(request: web.Request, refusal: RefusalError) -> web.Response:
    """Return an error answer; the player spaces its JSON in a way of its own."""
    headers = {}
    if refusal.retry_after is not None:
        headers[hdrs.RETRY_AFTER] = str(refusal.retry_after)
    if isinstance(refusal.body, str):
        return web.Response(status=refusal.status, text=refusal.body, headers=headers)
    text = (
        json.dumps(refusal.body, indent=2, separators=(",", " : "))
        if request.path.startswith("/v1/me/player")
        else json.dumps(refusal.body)
    )
    return web.json_response(text=text, status=refusal.status, headers=headers)
