"""What copying Liked Songs costs: requests, memory, room on the disk.

Copies ten thousand songs from an emulated Spotify in a process of its own, and then
looks whether they have changed.
"""

from collections.abc import Mapping
from pathlib import Path
import subprocess
import sys
import tempfile
from typing import Any

import orjson
import requests

from custom_components.spotify_hub.api.scopes import Feature, scopes_of

from .goals import Goal

SONGS = 10_000
MOST_REQUESTS = 201
MOST_WHEN_UNCHANGED = 2
MOST_MEGABYTES = 50.0
MOST_BYTES = 900
_MEGABYTE = 2**20


def run() -> bool:
    """Measure, print, and return whether every goal was met."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-m", "tests.emulator"], stdout=subprocess.PIPE
        ) as emulator,
    ):
        try:
            url = next(iter(emulator.stdout or ())).decode().strip()
            found = measured(url, Path(folder) / "copies")
        finally:
            emulator.terminate()
    for goal in found:
        verdict = "met" if goal.met else "MISSED"
        print(
            f"  {goal.promise:<48}{goal.measured:>9,.1f} of {goal.most:>5,}  {verdict}"
        )
    return all(goal.met for goal in found)


def measured(url: str, folder: Path) -> list[Goal]:
    """Copy twice, and return what that took beside what it may take."""
    _ask(url, "hoard", {"user": "anna", "count": SONGS})
    scopes = sorted(scopes_of(Feature))
    token = _ask(url, "grant", {"user_id": "anna", "scopes": scopes})["access_token"]
    whole, asked = _copy(url, token, folder)
    again, asked_again = _copy(url, token, folder)
    if whole["songs"] != SONGS or again["changed"]:
        raise RuntimeError(f"Not what was to be copied: {whole}, {again}")
    print(f"{SONGS:,} songs, a file of {whole['file'] / _MEGABYTE:.1f} MB")
    return [
        Goal("requests of a whole run", asked, MOST_REQUESTS),
        Goal("requests when nothing has changed", asked_again, MOST_WHEN_UNCHANGED),
        Goal("MB that memory grows in a whole run", _growth(whole), MOST_MEGABYTES),
        Goal("MB when nothing has changed", _growth(again), MOST_MEGABYTES),
        Goal("bytes of the largest song", whole["largest"], MOST_BYTES),
    ]


def _growth(told: Mapping[str, Any]) -> float:
    peak: int = told["peak"]
    return peak / _MEGABYTE


def _copy(url: str, token: str, folder: Path) -> tuple[dict[str, Any], int]:
    """Copy in a process of its own; returns what it tells, and how much it asked."""
    requests.delete(f"{url}/_emulator/requests", timeout=10)
    command = [sys.executable, "-m", "scripts.benchmarks.copying", url, token]
    output = subprocess.run(
        [*command, str(folder)], check=True, capture_output=True
    ).stdout
    asked = requests.get(f"{url}/_emulator/requests", timeout=10).json()
    return orjson.loads(output), len(asked)


def _ask(url: str, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = requests.post(f"{url}/_emulator/{what}", json=body, timeout=60)
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told
