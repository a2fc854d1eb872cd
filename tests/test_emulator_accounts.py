"""Signing in to the emulated Spotify, and who may call its API."""

import base64
from collections.abc import AsyncIterator
import hashlib
from typing import Any

import aiohttp
import pytest
from yarl import URL

from tests.emulator import Emulator
from tests.emulator.asking import Answer, Asking

REDIRECT = "https://my.home-assistant.io/redirect/oauth"
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .decode()
    .rstrip("=")
)
DEMO = {"client_id": "demo-client-id", "client_secret": "demo-client-secret"}
MONTH = 30 * 24 * 3600


@pytest.fixture
async def emulator(socket_enabled: None) -> AsyncIterator[Emulator]:
    """Run an emulator with the standard world."""
    async with Emulator() as running:
        yield running


@pytest.fixture
def ask(emulator: Emulator) -> Asking:
    """Ask without a bearer token."""
    return Asking(emulator)


def authorize(**query: str) -> str:
    """Return the address that an app sends the browser to."""
    asked = {
        "client_id": "demo-client-id",
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "user-read-private user-library-read",
        "state": "a state",
    }
    return str(URL("/authorize").with_query(asked | query))


async def consent(
    ask: Asking, user: str = "anna", scopes: str | None = None, **query: str
) -> str:
    """Let a user consent; return the code."""
    form = {"user": user} | ({} if scopes is None else {"scopes": scopes})
    answer = await ask("POST", authorize(**query), data=form)
    assert answer.status == 302
    return URL(answer.headers["Location"]).query["code"]


async def exchange(ask: Asking, code: str, **form: str) -> Answer:
    """Trade a code for tokens."""
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    return await ask("POST", "/api/token", data=asked | DEMO | form)


async def refresh(ask: Asking, token: str, **form: str) -> Answer:
    """Trade a refresh token for an access token."""
    asked = {"grant_type": "refresh_token", "refresh_token": token}
    return await ask("POST", "/api/token", data=asked | DEMO | form)


def refusal(answer: Answer) -> tuple[int, str, str]:
    """Return what the token endpoint says is wrong."""
    return answer.status, answer.json["error"], answer.json["error_description"]


async def test_consent_page_names_scopes_and_users(ask: Asking) -> None:
    """Consent page names scopes and users."""
    page = await ask("GET", authorize())
    assert page.status == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "See your library" in page.text
    assert 'name="user" value="anna"' in page.text
    assert "Cancel" in page.text


async def test_sign_in_and_refresh(emulator: Emulator, ask: Asking) -> None:
    """Sign in and refresh."""
    tokens = (await exchange(ask, await consent(ask))).json
    assert tokens.keys() == {
        "access_token",
        "token_type",
        "scope",
        "expires_in",
        "refresh_token",
    }
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3600
    assert set(tokens["scope"].split()) == {"user-read-private", "user-library-read"}
    me = await Asking(emulator, tokens["access_token"])("GET", "/v1/me")
    assert me.json["id"] == "anna"
    again = (await refresh(ask, tokens["refresh_token"])).json
    assert "refresh_token" not in again
    assert again["access_token"] != tokens["access_token"]


async def test_cancelled_consent_goes_back_without_a_code(ask: Asking) -> None:
    """Cancelled consent goes back without a code."""
    answer = await ask("POST", authorize(), data={"action": "cancel"})
    back = URL(answer.headers["Location"])
    assert str(back.with_query(None)) == REDIRECT
    assert dict(back.query) == {"error": "access_denied", "state": "a state"}


async def test_user_may_grant_less_than_asked(ask: Asking) -> None:
    """User may grant less than asked."""
    code = await consent(ask, scopes="user-library-read streaming")
    assert (await exchange(ask, code)).json["scope"] == "user-library-read"


async def test_scopes_may_be_separated_by_commas(ask: Asking) -> None:
    """Scopes may be separated by commas."""
    code = await consent(ask, scope="user-read-private,streaming")
    scope = (await exchange(ask, code)).json["scope"]
    assert set(scope.split()) == {"user-read-private", "streaming"}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"client_id": "nobody"}, "INVALID_CLIENT: Invalid client"),
        (
            {"redirect_uri": "http://localhost:8123/cb"},
            "INVALID_CLIENT: Insecure redirect URI",
        ),
        (
            {"redirect_uri": "http://192.168.1.2/cb"},
            "INVALID_CLIENT: Insecure redirect URI",
        ),
        ({"redirect_uri": "nonsense"}, "INVALID_CLIENT: Invalid redirect URI"),
    ],
)
async def test_untrusted_requests_show_a_page(
    ask: Asking, query: dict[str, str], message: str
) -> None:
    """Untrusted requests show a page."""
    answer = await ask("GET", authorize(**query))
    assert (answer.status, answer.text) == (400, message)


async def test_loopback_literals_need_no_https(ask: Asking) -> None:
    """Loopback literals need no HTTPS."""
    paths = [
        authorize(redirect_uri=uri)
        for uri in ("http://127.0.0.1:8123/cb", "http://[::1]/cb")
    ]
    assert await ask.each("GET", paths) == [200, 200]


async def test_registered_redirect_uris_match_exactly_but_for_loopback_ports(
    emulator: Emulator, ask: Asking
) -> None:
    """Registered redirect URIs match exactly but for loopback ports."""
    emulator.world.apps["demo-client-id"].redirect_uris = {
        REDIRECT,
        "http://127.0.0.1/cb",
    }
    paths = [
        authorize(redirect_uri=uri)
        for uri in (
            REDIRECT,
            f"{REDIRECT}/",
            "http://127.0.0.1:5000/cb",
            "http://127.0.0.1:5000/other",
        )
    ]
    assert await ask.each("GET", paths) == [200, 400, 200, 400]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"scope": "user-read-everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        (
            {"code_challenge": "x", "code_challenge_method": "plain"},
            "invalid_request",
        ),
    ],
)
async def test_other_mistakes_go_back_to_the_app(
    ask: Asking, query: dict[str, str], error: str
) -> None:
    """Other mistakes go back to the app."""
    answer = await ask("GET", authorize(**query))
    assert answer.status == 302
    assert URL(answer.headers["Location"]).query["error"] == error


async def test_code_lives_ten_minutes_and_once(emulator: Emulator, ask: Asking) -> None:
    """Code lives ten minutes and once."""
    code = await consent(ask)
    assert (await exchange(ask, code)).status == 200
    invalid = (400, "invalid_grant", "Invalid authorization code")
    assert refusal(await exchange(ask, code)) == invalid
    late = await consent(ask)
    emulator.clock.advance(601)
    assert refusal(await exchange(ask, late)) == (
        400,
        "invalid_grant",
        "Authorization code expired",
    )


async def test_code_needs_the_same_redirect_uri(ask: Asking) -> None:
    """Code needs the same redirect URI."""
    answer = await exchange(ask, await consent(ask), redirect_uri="https://else.where")
    assert refusal(answer)[2] == "Invalid redirect URI"


async def test_pkce_verifier_is_checked_and_replaces_the_secret(ask: Asking) -> None:
    """PKCE verifier is checked and replaces the secret."""
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}

    async def tokens(**form: str) -> Answer:
        asked = {
            "grant_type": "authorization_code",
            "code": await consent(ask, **pkce),
            "redirect_uri": REDIRECT,
            "client_id": "demo-client-id",
        }
        return await ask("POST", "/api/token", data=asked | form)

    assert refusal(await tokens())[1] == "invalid_request"
    wrong = await tokens(code_verifier="w" * 64)
    assert refusal(wrong) == (400, "invalid_grant", "code_verifier was incorrect")
    right = await tokens(code_verifier=VERIFIER)
    asked = {
        "grant_type": "refresh_token",
        "refresh_token": right.json["refresh_token"],
        "client_id": "demo-client-id",
    }
    assert (await ask("POST", "/api/token", data=asked)).status == 200


@pytest.mark.parametrize(
    ("client", "description"),
    [
        ({"client_id": "nobody"}, "Invalid client"),
        ({"client_secret": "wrong"}, "Invalid client secret"),
    ],
)
async def test_wrong_client_is_refused(
    ask: Asking, client: dict[str, str], description: str
) -> None:
    """Wrong client is refused."""
    answer = await exchange(ask, await consent(ask), **client)
    assert refusal(answer) == (400, "invalid_client", description)


async def test_without_pkce_the_secret_is_required(
    emulator: Emulator, ask: Asking
) -> None:
    """Without PKCE the secret is required."""
    token = emulator.grant("anna", [])["refresh_token"]
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": "demo-client-id",
    }
    assert refusal(await ask("POST", "/api/token", data=form))[1] == "invalid_client"
    login = aiohttp.encode_basic_auth("demo-client-id", "demo-client-secret")
    del form["client_id"]
    headers = {"Authorization": login}
    answer = await ask("POST", "/api/token", data=form, headers=headers)
    assert answer.status == 200


async def test_token_endpoint_takes_forms_only(ask: Asking) -> None:
    """Token endpoint takes forms only."""
    assert (await ask("POST", "/api/token", json=DEMO)).status == 415
    answer = await ask("POST", "/api/token", data=DEMO | {"grant_type": "password"})
    assert refusal(answer)[1] == "unsupported_grant_type"


async def test_refresh_token_dies_six_months_after_authorization(
    emulator: Emulator, ask: Asking
) -> None:
    """Refresh token dies six months after authorization."""
    token = emulator.grant("anna", [])["refresh_token"]
    emulator.clock.advance(5 * MONTH)
    assert (await refresh(ask, token)).status == 200
    emulator.clock.advance(2 * MONTH)
    assert refusal(await refresh(ask, token)) == (
        400,
        "invalid_grant",
        "Refresh token expired",
    )


async def test_revoked_and_unknown_refresh_tokens(
    emulator: Emulator, ask: Asking
) -> None:
    """Revoked and unknown refresh tokens."""
    tokens = emulator.grant("anna", [])
    emulator.revoke("anna")
    assert refusal(await refresh(ask, tokens["refresh_token"]))[2] == (
        "Refresh token revoked"
    )
    assert refusal(await refresh(ask, "garbage"))[2] == "Invalid refresh token"
    me = await Asking(emulator, tokens["access_token"])("GET", "/v1/me")
    assert me.error == (401, "Invalid access token", None)


async def test_rotating_app_gets_a_new_refresh_token_each_time(
    emulator: Emulator, ask: Asking
) -> None:
    """Rotating app gets a new refresh token each time."""
    app = {
        "client_id": "rotating-client-id",
        "client_secret": "rotating-client-secret",
    }
    old = emulator.grant("anna", [], app="rotating-client-id")["refresh_token"]
    new = (await refresh(ask, old, **app)).json["refresh_token"]
    assert refusal(await refresh(ask, old, **app))[2] == "Refresh token revoked"
    emulator.clock.advance(7 * MONTH)
    assert refusal(await refresh(ask, new, **app))[2] == "Refresh token expired"


async def test_bearer_is_checked(emulator: Emulator, ask: Asking) -> None:
    """Bearer is checked."""
    assert (await ask("GET", "/v1/me")).error == (401, "No token provided", None)
    unknown = await Asking(emulator, "unknown")("GET", "/v1/me")
    assert unknown.error == (401, "Invalid access token", None)
    anna = Asking.by(emulator, "anna")
    emulator.expire_access_tokens("anna")
    assert (await anna("GET", "/v1/me")).error[1] == "The access token expired"
    ben = Asking.by(emulator, "ben")
    emulator.clock.advance(3601)
    assert (await ben("GET", "/v1/me")).error[1] == "The access token expired"


async def test_stranger_signs_in_but_is_refused_in_plain_text(
    emulator: Emulator, ask: Asking
) -> None:
    """Stranger signs in but is refused in plain text."""
    tokens = (await exchange(ask, await consent(ask, "stranger"))).json
    me = await Asking(emulator, tokens["access_token"])("GET", "/v1/me")
    assert me.status == 403
    assert me.headers["Content-Type"].startswith("text/plain")
    assert me.text == "User not registered in the Developer Dashboard"


async def test_app_stops_when_its_owner_has_no_premium(emulator: Emulator) -> None:
    """App stops when its owner has no premium."""
    anna = Asking.by(emulator, "anna", app="lapsed-client-id")
    me = await anna("GET", "/v1/me")
    assert me.status == 403
    assert me.text.startswith("Active premium subscription required for the owner")


async def test_profile_by_regime(emulator: Emulator) -> None:
    """Profile by regime."""

    async def profile(app: str, *scopes: str) -> Any:
        return (
            await Asking.by(emulator, "anna", *scopes, app=app)("GET", "/v1/me")
        ).json

    private = ("user-read-private", "user-read-email")
    reduced = await profile("demo-client-id", *private)
    removed = {"country", "email", "product", "explicit_content", "followers"}
    assert not removed & reduced.keys()
    legacy = await profile("legacy-client-id", *private)
    assert removed <= legacy.keys()
    assert reduced["account_id"] == legacy["account_id"]
    assert "email" not in await profile("legacy-client-id")
    emulator.world.apps["demo-client-id"].serves_account_id = False
    assert "account_id" not in await profile("demo-client-id")


async def test_unknown_route_wrong_method_and_removed_route(emulator: Emulator) -> None:
    """Unknown route wrong method and removed route."""
    anna = Asking.by(emulator, "anna")
    assert (await anna("GET", "/v1/nothing")).error == (404, "Service not found", None)
    assert (await anna("POST", "/v1/me")).status == 405
    removed = await anna("GET", "/v1/browse/new-releases")
    assert removed.error == (403, "Forbidden", None)


async def test_covers_are_square_pictures(ask: Asking) -> None:
    """Covers are square pictures."""
    image = await ask("GET", "/image/abc?t=Kind+of+<Blue>")
    assert image.headers["Content-Type"].startswith("image/svg+xml")
    assert "Kind of &lt;Blue&gt;" in image.text
