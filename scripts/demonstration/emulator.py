"""The emulated Spotify as a process of its own, and what can be done to it."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from .failure import DemonstrationError
from .process import end_of, running

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS_TO_START = 30

CLIENT_ID = "demo-client-id"
CLIENT_SECRET = "demo-client-secret"


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    url: str
    ended: asyncio.Task[int]
    _session: aiohttp.ClientSession

    async def state(self, user: str) -> dict[str, Any]:
        """Return a user's player."""
        players: dict[str, dict[str, Any]] = await self._call("GET", "state")
        return players[user]

    async def users(self) -> list[str]:
        """Return who can link an account with Premium through the demo's app."""
        people = await self._call("GET", "users")
        return [
            person["id"]
            for person in people
            if person["product"] == "premium" and person["id"] != "stranger"
        ]

    async def phone(self, user: str, do: str, **arguments: Any) -> None:
        """Do something as if on a user's phone."""
        await self._call("POST", "phone", {"user": user, "do": do, "args": arguments})

    async def album(self, name: str) -> str:
        """Return the URI of an album of the catalogue."""
        token = await self._call("POST", "grant", {"user_id": "anna", "scopes": []})
        async with self._session.get(
            f"{self.url}/v1/search",
            params={"q": name, "type": "album", "limit": "1"},
            headers={"Authorization": f"Bearer {token['access_token']}"},
        ) as response:
            found = await response.json()
        uri: str = found["albums"]["items"][0]["uri"]
        return uri

    async def _call(self, method: str, what: str, body: Any = None) -> Any:
        async with self._session.request(
            method, f"{self.url}/_emulator/{what}", json=body
        ) as response:
            if response.status != 200:
                raise DemonstrationError(
                    f"The emulator refused {what}: {await response.text()}"
                )
            return await response.json()


@asynccontextmanager
async def run_emulator(
    session: aiohttp.ClientSession, folder: Path
) -> AsyncIterator[Emulator]:
    """Run an emulator on a free port."""
    log = folder / "emulator.log"
    async with running("tests.emulator", log=log, cwd=_ROOT) as process:
        url = await _announced_url(process, log)
        ended = asyncio.create_task(process.wait())
        try:
            yield Emulator(url, ended, session)
        finally:
            ended.cancel()


async def _announced_url(process: Process, log: Path) -> str:
    """Wait for the one line that the emulator prints: its address."""
    for _ in range(_SECONDS_TO_START * 10):
        if url := _first_line(log):
            return url
        if process.returncode is not None:
            break
        await asyncio.sleep(0.1)
    raise DemonstrationError(f"The emulator did not start.\n{end_of(log)}")


def _first_line(log: Path) -> str | None:
    """Return the address once its line is whole."""
    line, newline, _ = log.read_text(errors="replace").partition("\n")
    return line if newline and line.startswith("http") else None
