"""The page on which a user lets an app in (GET and POST /authorize)."""

from dataclasses import dataclass
import ipaddress
import re
import secrets

from aiohttp import hdrs, web
from yarl import URL

from .answers import RefusalError, world
from .consent_page import SCOPES, page
from .world import App, Code, World


@dataclass(frozen=True)
class Consent:
    """What an app asks for, checked."""

    app: App
    redirect_uri: str
    state: str | None
    scopes: list[str]
    challenge: str | None

    def back(self, **query: str) -> web.Response:
        """Send the browser back to the app."""
        if self.state is not None:
            query["state"] = self.state
        target = URL(self.redirect_uri).update_query(query)
        return web.Response(status=302, headers={hdrs.LOCATION: str(target)})


def routes() -> list[web.RouteDef]:
    """Return what this module serves."""
    return [web.get("/authorize", ask), web.post("/authorize", decide)]


async def ask(request: web.Request) -> web.StreamResponse:
    """Show who asks for what, and who may answer."""
    here = world(request)
    consent = _consent(request, here)
    if isinstance(consent, web.Response):
        return consent
    return page(consent.app, consent.scopes, list(here.users.values()))


async def decide(request: web.Request) -> web.StreamResponse:
    """Go back to the app with a code, or without."""
    here = world(request)
    consent = _consent(request, here)
    if isinstance(consent, web.Response):
        return consent
    form = await request.post()
    if form.get("action") == "cancel":
        return consent.back(error="access_denied")
    user = here.users.get(str(form.get("user")))
    if user is None:
        raise RefusalError(400, "Unknown user")
    granted = set(consent.scopes)
    if "scopes" in form:
        granted &= set(re.split(r"[ ,]+", " ".join(map(str, form.getall("scopes")))))
    code = Code(
        f"AQ{secrets.token_urlsafe(120)}",
        consent.app,
        user,
        frozenset(granted),
        consent.redirect_uri,
        consent.challenge,
        here.clock.now(),
    )
    here.codes[code.value] = code
    return consent.back(code=code.value)


def _consent(request: web.Request, here: World) -> Consent | web.Response:
    """Return what is asked; an error goes to the app once its address is trusted."""
    query = request.query
    app = here.apps.get(query.get("client_id", ""))
    if app is None:
        raise RefusalError(400, "INVALID_CLIENT: Invalid client")
    redirect_uri = query.get("redirect_uri", "")
    if problem := _redirect_problem(app, redirect_uri):
        raise RefusalError(400, f"INVALID_CLIENT: {problem}")
    scopes = [scope for scope in re.split(r"[ ,]+", query.get("scope", "")) if scope]
    consent = Consent(
        app, redirect_uri, query.get("state"), scopes, query.get("code_challenge")
    )
    if query.get("response_type") != "code":
        return consent.back(
            error="unsupported_response_type",
            error_description="response_type must be code",
        )
    if not SCOPES.keys() >= set(scopes):
        return consent.back(error="invalid_scope", error_description="Illegal scope")
    method = query.get("code_challenge_method")
    if (consent.challenge is None) != (method is None) or method not in {None, "S256"}:
        return consent.back(
            error="invalid_request",
            error_description="code_challenge_method must be S256",
        )
    return consent


def _redirect_problem(app: App, redirect_uri: str) -> str | None:
    """Say what is wrong with a redirect URI."""
    try:
        uri = URL(redirect_uri)
    except ValueError:
        return "Invalid redirect URI"
    loopback = uri.scheme == "http" and _is_loopback_literal(uri.host)
    registered = app.redirect_uris
    if registered is not None and redirect_uri not in registered:
        # A loopback address registered without a port stands for all of its ports.
        portless = str(uri.with_port(None)) if loopback else None
        if portless not in registered:
            return "Invalid redirect URI"
    if not uri.host:
        return "Invalid redirect URI"
    if uri.scheme != "https" and not loopback:
        return "Insecure redirect URI"
    return None


def _is_loopback_literal(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
