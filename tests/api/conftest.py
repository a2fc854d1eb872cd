"""An account's client on an emulated Spotify."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Protocol

import aiohttp
import pytest

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.scopes import Feature, scopes_of
from custom_components.spotify_hub.api.transport import Gate, Transport
from tests.conftest import APP
from tests.emulator import Emulator
from tests.emulator.data import find
from tests.emulator.phone import Phone

LEGACY_APP = "legacy-client-id"
EVERY_SCOPE = scopes_of(Feature)


class FreshTokens:
    """Hands out an emulated token, and another one when that is rejected."""

    def __init__(
        self,
        emulator: Emulator,
        user: str = "anna",
        app: str = APP,
        scopes: Iterable[str] = EVERY_SCOPE,
    ) -> None:
        """Get the first token."""
        self._emulator = emulator
        self._grant = (user, frozenset(scopes), app)
        self.rejected: list[str] = []
        self.issued: list[str] = []
        self._issue()

    async def access_token(self) -> str:
        """Return the newest token."""
        return self.issued[-1]

    async def replace(self, rejected: str) -> str:
        """Return the newest token, which is a new one if the newest was rejected."""
        self.rejected.append(rejected)
        if rejected == self.issued[-1]:
            self._issue()
        return self.issued[-1]

    def _issue(self) -> None:
        self.issued.append(self._emulator.grant(*self._grant)["access_token"])


class ClientFor(Protocol):
    """Makes the client of an emulated user."""

    def __call__(
        self,
        user: str = "anna",
        app: str = APP,
        scopes: Iterable[str] = EVERY_SCOPE,
        *,
        tokens: FreshTokens | None = None,
        gate: Gate | None = None,
    ) -> SpotifyHubClient:
        """Return it, with a token of these scopes or with `tokens`."""


class Uri(Protocol):
    """Finds the URI of something in the catalogue."""

    def __call__(self, kind: str, name: str) -> str:
        """Return the URI of the most popular one of this name."""


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Keep the connections of one test."""
    async with aiohttp.ClientSession() as running:
        yield running


@pytest.fixture
def client(emulator: Emulator, session: aiohttp.ClientSession) -> ClientFor:
    """Make clients of emulated users."""

    def make(
        user: str = "anna",
        app: str = APP,
        scopes: Iterable[str] = EVERY_SCOPE,
        *,
        tokens: FreshTokens | None = None,
        gate: Gate | None = None,
    ) -> SpotifyHubClient:
        given = tokens or FreshTokens(emulator, user, app, scopes)
        return SpotifyHubClient(Transport(session, emulator.url, given, gate))

    return make


@pytest.fixture
def anna(client: ClientFor) -> SpotifyHubClient:
    """Anna's client, of an app made since 2026-02-11."""
    return client()


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def uri(emulator: Emulator) -> Uri:
    """Find the URI of something in the catalogue."""
    return lambda kind, name: str(find(emulator.world, kind, name)["uri"])


@pytest.fixture
async def elapsing(pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let the loop's clock jump by what the pauses between two tries would take."""
    loop = asyncio.get_running_loop()
    real = loop.time
    monkeypatch.setattr(loop, "time", lambda: real() + sum(pauses))
    return pauses
