"""Trouble on demand: refusals, delays, dropped, stalled and cut answers."""

import asyncio
from collections.abc import Mapping
import contextlib
from dataclasses import dataclass, field
from http import HTTPStatus
import json
import re
from typing import Any

from aiohttp import web

_MESSAGES = {
    400: "Bad request",
    401: "The access token expired",
    403: "Forbidden",
    404: "Resource not found",
    429: "API rate limit exceeded",
}

QUOTA_EXCEEDED = {
    "error": {
        "status": 429,
        "message": "Too many requests",
        "reason": "QUOTA_EXCEEDED",
    }
}
"""What a spent quota of the developer account answers, for a fault of status 429."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the requests that match."""

    path: str
    """A regular expression, searched in the path."""

    method: str | None = None
    user: str | None = None
    times: int | None = 1
    """How many requests it hits; None is for ever."""

    status: int | None = 503
    """None lets Spotify's own answer through, only later (`delay`)."""

    body: str | dict[str, Any] | None = None
    """None is Spotify's usual body for the status."""

    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: int | str | None = None
    delay: float = 0.0
    """Real seconds before answering."""

    reset: bool = False
    """Drop the connection; with `truncate` in the middle of the body.

    aiohttp's client itself repeats a dropped GET, PUT or DELETE once: it takes
    `times=2` for such a caller to see one.
    """

    stall: bool = False
    """Send the headers and half of the body, then nothing more."""

    truncate: bool = False
    """Send half of the body as if it were the whole."""

    after: bool = False
    """Let the request have its effect before its answer is lost."""

    @property
    def reaches(self) -> bool:
        """Whether the request gets through to Spotify.

        An answer that is stalled or cut must come from somewhere: without a body
        of the fault's own it is Spotify's.
        """
        mangles = (self.stall or self.truncate) and self.body is None
        return self.after or self.status is None or mangles

    def answer(self, genuine: web.Response | None, *, api: bool) -> web.Response:
        """Return what the client shall get, before it is cut or stalled."""
        if genuine is not None and (
            self.status is None or ((self.stall or self.truncate) and self.body is None)
        ):
            genuine.headers.update(self._headers())
            return genuine
        status = self.status or 200
        body = self._default_body(status, api=api) if self.body is None else self.body
        if isinstance(body, str):
            kind = "text/html" if body.startswith("<") else "text/plain"
        else:
            body, kind = json.dumps(body), "application/json"
        return web.Response(
            status=status,
            text=body,
            content_type=self.content_type or kind,
            headers=self._headers(),
        )

    def _headers(self) -> dict[str, str]:
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return headers

    @staticmethod
    def _default_body(status: int, *, api: bool) -> dict[str, Any]:
        message = _MESSAGES.get(status) or HTTPStatus(status).phrase
        if api:
            return {"error": {"status": status, "message": message}}
        return {"error": "server_error", "error_description": message}


@dataclass
class _Armed:
    fault: Fault
    left: int | None


class Faults:
    """The faults in force; the first that matches a request applies."""

    def __init__(self) -> None:
        """Start without trouble."""
        self._armed: list[_Armed] = []

    def add(self, fault: Fault) -> None:
        """Put one into force."""
        re.compile(fault.path)
        self._armed.append(_Armed(fault, fault.times))

    def clear(self) -> None:
        """End all trouble."""
        self._armed.clear()

    def take(self, method: str, path: str, user: str | None) -> Fault | None:
        """Return the fault that hits this request, using it up by one."""
        for armed in self._armed:
            fault = armed.fault
            if (
                (fault.method is None or fault.method == method)
                and (fault.user is None or fault.user == user)
                and re.search(fault.path, path)
            ):
                if armed.left is not None:
                    armed.left -= 1
                    if armed.left <= 0:
                        self._armed.remove(armed)
                return fault
        return None


async def deliver(
    request: web.Request, response: web.Response, fault: Fault, stopping: asyncio.Event
) -> web.StreamResponse:
    """Send an answer the way the fault has it; a stopping server ends every wait."""
    if fault.delay:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), fault.delay)
    if stopping.is_set() or (fault.reset and not fault.truncate):
        _hang_up(request)
        return web.Response()
    if not (fault.truncate or fault.stall):
        return response
    whole = response.body if isinstance(response.body, bytes) else b""
    half = whole[: len(whole) // 2]
    if fault.truncate and not fault.reset:
        response.body = half
        return response
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    stream.content_length = max(len(whole), 1)
    await stream.prepare(request)
    await stream.write(half)
    if fault.stall:
        await stopping.wait()
    _hang_up(request)
    return stream


def _hang_up(request: web.Request) -> None:
    """Drop the connection without a word."""
    if isinstance(request.transport, asyncio.WriteTransport):
        request.transport.abort()
