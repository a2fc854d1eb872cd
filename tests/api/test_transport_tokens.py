"""Refused tokens: which are replaced, which are tried again, and how often."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, override

import pytest

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import (
    AccessTokenMissingError,
    ConnectionFailedError,
    PremiumRequiredError,
    ScopeMissingError,
    SignInRequiredError,
    SpotifyApiError,
    TokenRejectedError,
)
from tests.emulator import Emulator, Fault
from tests.emulator.phone import Phone

from .conftest import ClientFor, FreshTokens

type Call = Callable[[SpotifyHubClient], Awaitable[Any]]

MISSING = {"error": {"status": 401, "message": "Access token missing"}}
PREMIUM = {
    "error": {
        "status": 403,
        "message": "Player command failed: Premium required",
        "reason": "PREMIUM_REQUIRED",
    }
}
# A read, a write, and what must not happen twice.
CALLS: dict[str, Call] = {
    "GET": lambda client: client.library.me(),
    "PUT": lambda client: client.player.set_volume(20),
    "POST": lambda client: client.player.next(),
}


@pytest.fixture
def tokens(emulator: Emulator, phone: Phone, uri: Callable[..., str]) -> FreshTokens:
    """Anna's tokens, while she listens."""
    phone.play(uri("album", "Kind of Blue"))
    return FreshTokens(emulator)


@pytest.mark.parametrize("method", CALLS)
async def test_t1_t10_an_expired_token_is_replaced_once_and_the_call_repeated_once(
    emulator: Emulator, client: ClientFor, tokens: FreshTokens, method: str
) -> None:
    """Upstream takes a 401 on a command for success, and never refreshes."""
    emulator.expire_access_tokens("anna")
    await CALLS[method](client(tokens=tokens))
    assert tokens.rejected == tokens.issued[:1]
    assert [call.status for call in emulator.requests] in ([401, 200], [401, 204])


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize(
    "message", ["The access token expired", "Invalid access token", "No token provided"]
)
async def test_a_token_refused_twice_is_an_error_not_a_loop(
    emulator: Emulator,
    client: ClientFor,
    tokens: FreshTokens,
    method: str,
    message: str,
) -> None:
    """A fresh token that is refused as well won't get better by asking again."""
    body = {"error": {"status": 401, "message": message}}
    emulator.faults.add(Fault("/v1/", times=None, status=401, body=body))
    with pytest.raises(TokenRejectedError, match=message):
        await CALLS[method](client(tokens=tokens))
    assert len(tokens.rejected) == 1
    assert len(emulator.requests) == 2


async def test_calls_refused_together_are_each_repeated_with_the_one_new_token(
    emulator: Emulator, client: ClientFor, tokens: FreshTokens
) -> None:
    """Only the token that was refused is ever reported as refused."""
    emulator.expire_access_tokens("anna")
    anna = client(tokens=tokens)
    await asyncio.gather(*(anna.library.me() for _ in range(5)))
    assert set(tokens.rejected) == {tokens.issued[0]}
    assert len(tokens.issued) == 2
    assert len(emulator.calls("GET", "/v1/me$")) == 5 + len(tokens.rejected)


async def test_a_token_that_can_not_be_replaced_is_not_tried_again(
    emulator: Emulator, client: ClientFor, tokens: FreshTokens
) -> None:
    """The same token would only be refused the same way."""

    class OneToken(FreshTokens):
        @override
        async def replace(self, rejected: str) -> str:
            return rejected

    emulator.expire_access_tokens("anna")
    one = OneToken(emulator)
    emulator.expire_access_tokens("anna")
    with pytest.raises(TokenRejectedError):
        await client(tokens=one).library.me()
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("method", ["access_token", "replace"])
@pytest.mark.parametrize(
    "error", [SignInRequiredError("over"), ConnectionFailedError("away")]
)
async def test_t6_why_no_token_could_be_had_reaches_the_caller(
    emulator: Emulator,
    client: ClientFor,
    tokens: FreshTokens,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    error: SpotifyApiError,
) -> None:
    """What refreshing raised is handed on as it is."""

    async def fail(*_: object) -> str:
        raise error

    monkeypatch.setattr(tokens, method, fail)
    emulator.expire_access_tokens("anna")
    with pytest.raises(type(error)) as raised:
        await client(tokens=tokens).library.me()
    assert raised.value is error
    assert len(emulator.requests) == (method == "replace")


@pytest.mark.parametrize("method", CALLS)
async def test_access_token_missing_once_is_invisible(
    emulator: Emulator,
    client: ClientFor,
    tokens: FreshTokens,
    pauses: list[float],
    method: str,
) -> None:
    """In July 2026 Spotify's servers lost tokens that they had been sent."""
    emulator.faults.add(Fault("/v1/", status=401, body=MISSING))
    await CALLS[method](client(tokens=tokens))
    assert pauses == [0.5]
    assert tokens.rejected == []


@pytest.mark.parametrize("method", CALLS)
async def test_access_token_missing_twice_is_spotifys_fault_and_refreshes_nothing(
    emulator: Emulator, client: ClientFor, tokens: FreshTokens, method: str
) -> None:
    """It must never sign the account out."""
    emulator.faults.add(Fault("/v1/", times=None, status=401, body=MISSING))
    with pytest.raises(AccessTokenMissingError):
        await CALLS[method](client(tokens=tokens))
    assert tokens.rejected == []
    assert len(emulator.requests) == 2


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_premium_required_once_is_invisible(
    emulator: Emulator,
    client: ClientFor,
    tokens: FreshTokens,
    pauses: list[float],
    method: str,
) -> None:
    """In July 2026 Spotify said it to people who have Premium."""
    emulator.faults.add(Fault("/v1/", status=403, body=PREMIUM))
    await CALLS[method](client(tokens=tokens))
    assert pauses == [0.5]


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_premium_required_twice_is_believed(
    emulator: Emulator, client: ClientFor, method: str
) -> None:
    """The account really has none."""
    with pytest.raises(PremiumRequiredError):
        await CALLS[method](client("free"))
    assert [call.status for call in emulator.requests] == [403, 403]


async def test_mistaken_refusals_by_turns_are_each_doubted_once(
    emulator: Emulator, client: ClientFor, tokens: FreshTokens
) -> None:
    """One after the other they must not keep a call going until its time is up."""
    for _ in range(20):
        emulator.faults.add(Fault("/v1/", status=401))
        emulator.faults.add(Fault("/v1/", status=401, body=MISSING))
        emulator.faults.add(Fault("/v1/", status=403, body=PREMIUM))
    with pytest.raises(TokenRejectedError):
        await client(tokens=tokens).player.next()
    assert len(emulator.requests) == 4
    assert len(tokens.rejected) == 1


@pytest.mark.parametrize(
    ("scopes", "call"),
    [
        ((), lambda client: client.player.devices()),
        (("user-read-playback-state",), lambda client: client.player.pause()),
        ((), lambda client: client.library.saved_tracks().page()),
    ],
)
async def test_a_missing_scope_refreshes_nothing(
    emulator: Emulator, client: ClientFor, scopes: tuple[str, ...], call: Call
) -> None:
    """Player reads say so by 401, everything else by 403; neither tells of the token."""
    tokens = FreshTokens(emulator, scopes=scopes)
    with pytest.raises(ScopeMissingError):
        await call(client(tokens=tokens))
    assert tokens.rejected == []
    assert len(emulator.requests) == 1
