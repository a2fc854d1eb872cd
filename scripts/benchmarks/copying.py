"""One run of copying Liked Songs in a process of its own, without Home Assistant.

Prints what it came to as JSON: `python -m scripts.benchmarks.copying URL TOKEN FOLDER`.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
import json
from pathlib import Path
import sys
import tracemalloc
from typing import Any

import aiohttp

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.transport import Transport
from custom_components.spotify_hub.favorites.source import SpotifySource
from custom_components.spotify_hub.favorites.store import SnapshotFolder
from custom_components.spotify_hub.favorites.sync import FavoritesSync, Settings


class OneToken:
    """A token that lasts for the run."""

    def __init__(self, token: str) -> None:
        """Hand it out."""
        self._token = token

    async def access_token(self) -> str:
        """Return it."""
        return self._token

    async def replace(self, rejected: str) -> str:
        """Return it again: there is no other."""
        return rejected


async def in_thread[T](function: Callable[..., T], /, *args: Any) -> T:
    """Work with files."""
    return await asyncio.to_thread(function, *args)


async def run(url: str, token: str, folder: Path) -> dict[str, Any]:
    """Copy once; returns how many songs, how large their file, and the memory it took."""
    async with aiohttp.ClientSession() as session:
        client = SpotifyHubClient(Transport(session, url, OneToken(token)))
        copies = SnapshotFolder(folder)
        sync = FavoritesSync(
            SpotifySource(client),
            copies,
            in_thread,
            now=lambda: datetime.now(UTC),
            heard=lambda *_: None,
        )
        tracemalloc.start()
        finished = await sync.run(Settings())
        _, peak = tracemalloc.get_traced_memory()
        name, *_ = copies.names()
        lines = copies.read(name).liked.lines
        return {
            "changed": finished.changed,
            "songs": finished.record.total,
            "largest": max(map(len, lines), default=0),
            "file": copies.file(name).stat().st_size,
            "peak": peak,
        }


if __name__ == "__main__":
    result = asyncio.run(run(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
    print(json.dumps(result), flush=True)
