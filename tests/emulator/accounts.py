"""The token endpoint of accounts.spotify.com."""

import base64
import binascii
from collections.abc import Mapping
import hashlib
import secrets
from typing import NoReturn
from urllib.parse import unquote

from aiohttp import hdrs, web

from .answers import RefusalError, world
from .tokens import issue_access, issue_refresh
from .world import App, Code, Json, World

CODE_LIFETIME = 600
REFRESH_TOKEN_LIFETIME = 182 * 24 * 3600
"""Spotify says six months."""


def routes() -> list[web.RouteDef]:
    """Return what this module serves."""
    return [web.post("/api/token", exchange)]


async def exchange(request: web.Request) -> web.StreamResponse:
    """Give tokens for a code or a refresh token."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise RefusalError(415, "Unsupported Media Type")
    form = {name: str(value) for name, value in (await request.post()).items()}
    here = world(request)
    client, secret_shown = _client(request, form, here)
    match form.get("grant_type"):
        case "authorization_code":
            answer = _by_code(here, client, form, secret_shown=secret_shown)
        case "refresh_token":
            answer = _by_refresh_token(here, client, form, secret_shown=secret_shown)
        case _:
            _refuse(
                "unsupported_grant_type",
                "grant_type must be client_credentials, authorization_code or refresh_token",
            )
    return web.json_response(answer, headers={hdrs.CACHE_CONTROL: "no-store"})


def _refuse(error: str, description: str) -> NoReturn:
    raise RefusalError(400, {"error": error, "error_description": description})


def _client(
    request: web.Request, form: Mapping[str, str], here: World
) -> tuple[App, bool]:
    """Return who asks and whether they proved it; a wrong proof is refused."""
    client_id, secret = form.get("client_id"), form.get("client_secret")
    scheme, _, value = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme == "Basic":
        try:
            pair = base64.b64decode(value, validate=True).decode()
        except binascii.Error, UnicodeDecodeError:
            _refuse("invalid_client", "Invalid client")
        client_id, _, secret = map(unquote, pair.partition(":"))
    app = here.apps.get(client_id or "")
    if app is None:
        _refuse("invalid_client", "Invalid client")
    if secret is not None and not secrets.compare_digest(
        secret.encode(), app.client_secret.encode()
    ):
        _refuse("invalid_client", "Invalid client secret")
    return app, secret is not None


def _by_code(
    here: World, client: App, form: Mapping[str, str], *, secret_shown: bool
) -> Json:
    code = here.codes.get(form.get("code", ""))
    if code is None or code.app is not client:
        _refuse("invalid_grant", "Invalid authorization code")
    if code.challenge is None and not secret_shown:
        _refuse("invalid_client", "Invalid client secret")
    # A code is good for one attempt, right or wrong.
    del here.codes[code.value]
    if here.clock.now() - code.issued >= CODE_LIFETIME:
        _refuse("invalid_grant", "Authorization code expired")
    if form.get("redirect_uri") != code.redirect_uri:
        _refuse("invalid_grant", "Invalid redirect URI")
    _check_verifier(code, form.get("code_verifier"))
    grant = issue_refresh(
        here,
        client,
        code.user,
        code.scopes,
        authorized=code.issued,
        by_pkce=not secret_shown,
    )
    return {
        **issue_access(here, grant, client.token_lifetime),
        "refresh_token": grant.value,
    }


def _check_verifier(code: Code, verifier: str | None) -> None:
    if code.challenge is None:
        return
    if not verifier:
        _refuse("invalid_request", "code_verifier required")
    digest = hashlib.sha256(verifier.encode()).digest()
    if base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.challenge:
        _refuse("invalid_grant", "code_verifier was incorrect")


def _by_refresh_token(
    here: World, client: App, form: Mapping[str, str], *, secret_shown: bool
) -> Json:
    shown = form.get("refresh_token")
    if not shown:
        _refuse("invalid_request", "refresh_token must be supplied")
    grant = here.refresh_tokens.get(shown)
    if grant is None or grant.app is not client:
        _refuse("invalid_grant", "Invalid refresh token")
    if not (secret_shown or grant.by_pkce):
        _refuse("invalid_client", "Invalid client secret")
    if grant.revoked:
        _refuse("invalid_grant", "Refresh token revoked")
    if here.clock.now() - grant.authorized >= REFRESH_TOKEN_LIFETIME:
        _refuse("invalid_grant", "Refresh token expired")
    answer = issue_access(here, grant, client.token_lifetime)
    if client.rotates_refresh_tokens:
        grant.revoked = True
        successor = issue_refresh(
            here,
            client,
            grant.user,
            grant.scopes,
            authorized=grant.authorized,
            by_pkce=grant.by_pkce,
        )
        answer["refresh_token"] = successor.value
    return answer
