"""What clients have asked the emulator, as tests look it up."""

from collections import deque
from dataclasses import dataclass
import json
import re
from typing import Any

from aiohttp import web

from .faults import Fault
from .world import World


@dataclass(frozen=True)
class ReceivedRequest:
    """One request and how it was answered."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    """Parsed JSON, the fields of a form, other text as it came, or None."""

    user_id: str | None
    status: int
    """0 where the connection was dropped without an answer."""

    at: float
    """Seconds since the epoch on the emulator's clock."""

    fault: Fault | None
    took: float
    """Seconds of real time that the emulator spent on the answer."""

    def matches(self, method: str | None, path: str | None, user: str | None) -> bool:
        """Say whether the request is of this method, path (a regex) and user."""
        return (
            (method is None or method == self.method)
            and (path is None or re.search(path, self.path) is not None)
            and (user is None or user == self.user_id)
        )


class Received(deque[ReceivedRequest]):
    """The latest requests, oldest first."""

    def __init__(self) -> None:
        """Keep enough for a long benchmark."""
        super().__init__(maxlen=20_000)


async def body_of(request: web.Request) -> Any:
    """Return the body as a reader of the log wants it."""
    if request.content_type == "application/x-www-form-urlencoded":
        return {name: str(value) for name, value in (await request.post()).items()}
    text = (await request.read()).decode(errors="replace")
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def sender_of(request: web.Request, body: Any, world: World) -> str | None:
    """Return whose token or code the request shows, if it is a known one."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token := world.access_tokens.get(bearer):
        return token.user.id
    if not isinstance(body, dict):
        return None
    if refresh := world.refresh_tokens.get(body.get("refresh_token", "")):
        return refresh.user.id
    if code := world.codes.get(body.get("code", "")):
        return code.user.id
    return None
