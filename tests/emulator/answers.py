"""Spotify's answers: JSON, its error shapes, and paging."""

from collections.abc import Sequence
from typing import Any, NoReturn, override

from aiohttp import web

from .world import App, Json, Token, User, World

WORLD: web.AppKey[World] = web.AppKey("world", World)
TOKEN: web.RequestKey[Token] = web.RequestKey("token", Token)


class RefusalError(Exception):
    """An error answer; the server's middleware sends it."""

    def __init__(
        self, status: int, body: Json | str, retry_after: int | None = None
    ) -> None:
        """Keep what to send: a dict goes out as JSON, a text as plain text."""
        super().__init__(body)
        self.status = status
        self.body = body
        self.retry_after = retry_after

    @override
    def __str__(self) -> str:
        """Say status and body."""
        return f"{self.status} {self.body}"


def refuse(status: int, message: str, reason: str | None = None) -> NoReturn:
    """Answer `{"error": {"status", "message"[, "reason"]}}`."""
    error: Json = {"status": status, "message": message}
    if reason:
        error["reason"] = reason
    raise RefusalError(status, {"error": error})


def world(request: web.Request) -> World:
    """Return the world the request speaks to."""
    return request.app[WORLD]


def token(request: web.Request) -> Token:
    """Return the bearer token; the server's middleware has checked it."""
    return request[TOKEN]


def user(request: web.Request) -> User:
    """Return the user the token stands for."""
    return token(request).user


def app(request: web.Request) -> App:
    """Return the app the token was given to."""
    return token(request).app


def require_scopes(request: web.Request, *scopes: str) -> None:
    """Refuse a token that lacks one of these scopes, as Spotify does."""
    if not token(request).scopes.issuperset(scopes):
        refuse(403, "Insufficient client scope")


def query_int(
    request: web.Request, name: str, default: int, lowest: int, highest: int
) -> int:
    """Return a whole number of the query, refusing one out of bounds."""
    raw = request.query.get(name)
    if raw is None:
        return default
    try:
        value = int(raw)
    except ValueError:
        refuse(400, f"Invalid {name}")
    if not lowest <= value <= highest:
        refuse(400, f"Invalid {name}")
    return value


def page(
    request: web.Request, items: Sequence[Any], *, default: int = 20, highest: int = 50
) -> Json:
    """Return one offset page of Spotify's paging object."""
    limit = query_int(request, "limit", default, 1, highest)
    offset = query_int(request, "offset", 0, 0, 100_000)
    base = str(request.url.with_query(None))

    def link(start: int) -> str:
        return f"{base}?offset={start}&limit={limit}"

    return {
        "href": link(offset),
        "items": list(items[offset : offset + limit]),
        "limit": limit,
        "next": link(offset + limit) if offset + limit < len(items) else None,
        "offset": offset,
        "previous": link(max(0, offset - limit)) if offset else None,
        "total": len(items),
    }
