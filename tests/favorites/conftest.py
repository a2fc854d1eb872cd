"""Runs over an emulated Spotify, with the copies in a folder of the test's own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from custom_components.spotify_hub.api.breaker import Breaker
from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.transport import Gate, Transport
from custom_components.spotify_hub.favorites import source
from custom_components.spotify_hub.favorites.entries import Kind
from custom_components.spotify_hub.favorites.snapshot import Snapshot
from custom_components.spotify_hub.favorites.source import SpotifySource
from custom_components.spotify_hub.favorites.store import SnapshotFolder
from custom_components.spotify_hub.favorites.sync import (
    FavoritesSync,
    Finished,
    Settings,
)
from tests.api.conftest import FreshTokens
from tests.conftest import APP
from tests.emulator import Emulator

MORNING = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LIKED = "/me/tracks$"


async def in_thread[T](function: Callable[..., T], /, *args: Any) -> T:
    """Work with files."""
    return await asyncio.to_thread(function, *args)


class Copier:
    """Copies a user's lists, and says what it took."""

    def __init__(
        self,
        emulator: Emulator,
        session: aiohttp.ClientSession,
        path: Path,
        user: str = "anna",
        app: str = APP,
        gate: Gate | None = None,
    ) -> None:
        """Copy into a folder."""
        self.emulator = emulator
        self.tokens = FreshTokens(emulator, user, app)
        transport = Transport(
            session, emulator.url, self.tokens, gate, Breaker(clock=lambda: 0.0)
        )
        self.client = SpotifyHubClient(transport)
        self.folder = SnapshotFolder(path)
        self.now = MORNING
        self.heard: list[tuple[Kind, int, int]] = []
        self.told: list[Snapshot] = []
        self.sync = FavoritesSync(
            SpotifySource(self.client),
            self.folder,
            in_thread,
            now=lambda: self.now,
            heard=lambda *step: self.heard.append(step),
            tell=self._tell,
        )

    async def run(self, **settings: Any) -> Finished:
        """Run, and count its requests anew."""
        self.emulator.forget_requests()
        return await self.sync.run(Settings(**settings))

    async def next_day(self, **settings: Any) -> Finished:
        """Run a day later."""
        self.now += timedelta(days=1)
        return await self.run(**settings)

    @property
    def offsets(self) -> list[int]:
        """Return from where pages of Liked Songs were asked for."""
        return [int(one.query["offset"]) for one in self.emulator.calls(path=LIKED)]

    @property
    def asked(self) -> int:
        """Return how many requests the latest run took."""
        return len(self.emulator.calls(path="/v1/"))

    def uris(self, name: str | None = None) -> list[str]:
        """Return the songs of a copy."""
        return [
            song.uri
            for song in self.folder.read(name or self.folder.names()[0]).songs()
        ]

    async def _tell(self, snapshot: Snapshot, _began: datetime) -> None:
        self.told.append(snapshot)


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let deadlines pass at once; they are listed."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(source, "pause", pause)
    return waited


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Keep the connections of one test."""
    async with aiohttp.ClientSession() as running:
        yield running


@pytest.fixture
def copier(
    emulator: Emulator, session: aiohttp.ClientSession, tmp_path: Path
) -> Copier:
    """Copy Anna's lists."""
    return Copier(emulator, session, tmp_path / "favorites_raw" / "spotify" / "anna")


def liked(emulator: Emulator, user: str = "anna") -> list[str]:
    """Return what a user likes at Spotify, newest first."""
    return list(emulator.world.users[user].saved.get("track", {}))


def unlike(emulator: Emulator, uris: Iterable[str], user: str = "anna") -> None:
    """Take songs out on the phone."""
    for uri in uris:
        emulator.phone(user).unlike(uri)
