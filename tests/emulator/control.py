"""The tests' own door into the emulator, for other processes (/_emulator/…)."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
import re
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .faults import Fault
from .phone import DOINGS
from .playback import Playback
from .world import Device, Json, Regime, User

if TYPE_CHECKING:
    from .server import Emulator

type _Control = Callable[[Json], Any]


def routes(emulator: Emulator) -> list[web.RouteDef]:
    """Return the routes that work on this emulator."""
    control = Control(emulator)
    return [
        web.get("/_emulator/state", _answer(control.state)),
        web.get("/_emulator/users", _answer(control.users)),
        web.get("/_emulator/requests", _answer(control.requests)),
        web.delete("/_emulator/requests", _answer(control.forget_requests)),
        web.post("/_emulator/faults", _answer(control.add_fault)),
        web.delete("/_emulator/faults", _answer(control.clear_faults)),
        web.post("/_emulator/phone", _answer(control.phone)),
        web.post("/_emulator/clock", _answer(control.clock)),
        web.post("/_emulator/regime", _answer(control.regime)),
        web.post("/_emulator/grant", _answer(control.grant)),
        web.post("/_emulator/revoke", _answer(control.revoke)),
        web.post("/_emulator/expire", _answer(control.expire)),
        web.post("/_emulator/hoard", _answer(control.hoard)),
    ]


def _answer(
    control: _Control,
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Make a handler of it: JSON in, JSON out, 400 for what makes no sense."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json() if await request.read() else {}
            return web.json_response(control(body))
        except (LookupError, TypeError, ValueError, re.PatternError) as wrong:
            return web.json_response({"error": repr(wrong)}, status=400)

    return handle


class Control:
    """What can be asked and done from outside."""

    def __init__(self, emulator: Emulator) -> None:
        """Work on this emulator."""
        self._emulator = emulator

    def state(self, _: Json) -> Json:
        """Tell every user's player, caught up with the clock."""
        world = self._emulator.world
        return {
            user.id: asdict(Playback(world, user).player)
            for user in world.users.values()
        }

    def users(self, _: Json) -> list[Json]:
        """Tell who can sign in."""

        def about(user: User) -> Json:
            return {
                "id": user.id,
                "account_id": user.account_id,
                "display_name": user.display_name,
                "product": user.product,
            }

        return [about(user) for user in self._emulator.world.users.values()]

    def requests(self, _: Json) -> list[Json]:
        """Tell what clients have asked."""
        return [asdict(one) for one in self._emulator.requests]

    def forget_requests(self, _: Json) -> Json:
        """Start that list anew."""
        self._emulator.forget_requests()
        return {}

    def add_fault(self, body: Json) -> Json:
        """Put a fault into force; the body names its fields."""
        self._emulator.faults.add(Fault(**body))
        return {}

    def clear_faults(self, _: Json) -> Json:
        """End all trouble."""
        self._emulator.faults.clear()
        return {}

    def phone(self, body: Json) -> Json:
        """Do something on a user's phone: `{"user", "do", "args"}`."""
        if body["do"] not in DOINGS:
            raise LookupError(body["do"])
        do = getattr(self._emulator.phone(body["user"]), body["do"])
        args = body.get("args") or {}
        if body["do"] == "appear":
            do(Device(**args))
        elif isinstance(args, dict):
            do(**args)
        else:
            do(*args)
        return {}

    def clock(self, body: Json) -> Json:
        """Let time pass: `{"advance": seconds}`."""
        clock = self._emulator.clock
        clock.advance(float(body.get("advance", 0)))
        return {"now": clock.now()}

    def regime(self, body: Json) -> Json:
        """Move an app to the other regime: `{"client_id", "regime"}`."""
        app = self._emulator.world.apps[body["client_id"]]
        app.regime = Regime(body["regime"])
        return {}

    def grant(self, body: Json) -> Json:
        """Give tokens: the arguments of Emulator.grant."""
        return self._emulator.grant(**body)

    def revoke(self, body: Json) -> Json:
        """Take a user's grants away: `{"user"}`."""
        self._emulator.revoke(body["user"])
        return {}

    def expire(self, body: Json) -> Json:
        """Let a user's access tokens be past their hour: `{"user"}`."""
        self._emulator.expire_access_tokens(body["user"])
        return {}

    def hoard(self, body: Json) -> Json:
        """Let a user like many songs: `{"user", "count"}`."""
        liked = self._emulator.hoard(body["user"], int(body["count"]))
        return {"count": len(liked)}
