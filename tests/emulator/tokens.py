"""Tokens: giving them out, taking them back, and the check of every API request."""

from collections.abc import Iterable
import secrets

from aiohttp import web

from .answers import RefusalError, refuse
from .world import App, Json, Token, User, World

NOT_REGISTERED = "User not registered in the Developer Dashboard"
OWNER_WITHOUT_PREMIUM = (
    "Active premium subscription required for the owner of the app. When the "
    "subscription status changes, it can take a few hours before requests are "
    "allowed again."
)


def issue_access(world: World, grant: Token, lifetime: int) -> Json:
    """Make an access token of a grant, answered as the token endpoint does."""
    value = f"BQ{secrets.token_urlsafe(60)}"
    world.access_tokens[value] = Token(
        value,
        grant.app,
        grant.user,
        grant.scopes,
        expires=world.clock.now() + lifetime,
        authorized=grant.authorized,
        by_pkce=grant.by_pkce,
    )
    return {
        "access_token": value,
        "token_type": "Bearer",
        "scope": " ".join(sorted(grant.scopes)),
        "expires_in": lifetime,
    }


def issue_refresh(
    world: World,
    app: App,
    user: User,
    scopes: Iterable[str],
    *,
    authorized: float | None = None,
    by_pkce: bool = False,
) -> Token:
    """Make a refresh token; it lives from the authorization, not from now."""
    grant = Token(
        f"AQ{secrets.token_urlsafe(90)}",
        app,
        user,
        frozenset(scopes),
        expires=None,
        authorized=world.clock.now() if authorized is None else authorized,
        by_pkce=by_pkce,
    )
    world.refresh_tokens[grant.value] = grant
    return grant


def revoke(world: World, user_id: str) -> None:
    """Take an account's access away from every app, as its owner can."""
    for value, token in list(world.access_tokens.items()):
        if token.user.id == user_id:
            del world.access_tokens[value]
    for grant in world.refresh_tokens.values():
        if grant.user.id == user_id:
            grant.revoked = True


def expire_access(world: World, user_id: str) -> None:
    """Let every access token of an account be past its hour."""
    for token in world.access_tokens.values():
        if token.user.id == user_id:
            token.expires = world.clock.now()


def check_bearer(request: web.Request, world: World) -> Token:
    """Return the token of an API request that may pass."""
    header = request.headers.get("Authorization")
    if not header:
        refuse(401, "No token provided")
    scheme, _, value = header.partition(" ")
    if scheme != "Bearer":
        refuse(400, "Only valid bearer authentication supported")
    token = world.access_tokens.get(value)
    if token is None:
        refuse(401, "Invalid access token")
    if token.expires is not None and token.expires <= world.clock.now():
        refuse(401, "The access token expired")
    if not token.app.owner_has_premium:
        raise RefusalError(403, OWNER_WITHOUT_PREMIUM)
    allowed = token.app.allowed_users
    if allowed is not None and token.user.id not in allowed:
        raise RefusalError(403, NOT_REGISTERED)
    return token
