"""Anna's playlists: changed by actions, looked at in the emulated Spotify."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
import pytest

from custom_components.spotify_hub.account import patience
from custom_components.spotify_hub.account.changes import EVENT_CHANGED
from custom_components.spotify_hub.api import book
from tests.emulator import Emulator, Fault
from tests.emulator.data import playlist_named
from tests.emulator.world import Playlist, PlaylistEntry

type Intercept = Callable[[Callable[[str, str], Fault | None]], None]

APPS = pytest.mark.parametrize("app", ["demo-client-id", "legacy-client-id"])
ODDITIES = 'Odds & "Ends" <i>(mixed)</i>'


@dataclass(frozen=True)
class Mixes:
    """The playlists in the emulator's world."""

    emulator: Emulator

    def named(self, name: str) -> Playlist:
        """Return the first playlist of this name."""
        return playlist_named(self.emulator.world, name)

    def uris(self, name: str) -> list[str | None]:
        """Return what a playlist holds, place by place."""
        return [entry.uri for entry in self.named(name).entries]

    def fill(self, name: str, uris: Sequence[str | None]) -> None:
        """Let a playlist hold this."""
        mix = self.named(name)
        mix.entries[:] = [PlaylistEntry(uri, None, "anna") for uri in uris]
        mix.snapshot += 1

    def tracks(self, count: int) -> list[str]:
        """Return as many different tracks, making up what Spotify has not got."""
        catalogue = self.emulator.world.catalogue
        some = [uri for uri in catalogue if uri.startswith("spotify:track:")]
        for number in range(count - len(some)):
            identifier = f"{number:022}"
            uri = f"spotify:track:{identifier}"
            catalogue[uri] = {**catalogue[some[0]], "id": identifier, "uri": uri}
            some.append(uri)
        return some[:count]

    def available(self, count: int) -> list[str]:
        """Return as many tracks that Spotify plays."""
        catalogue = self.emulator.world.catalogue
        found = self.tracks(count + 20)
        return [uri for uri in found if catalogue[uri]["is_playable"]][:count]

    def writes(self) -> list[tuple[str, int]]:
        """Return the changes that Spotify was asked for, and its answers."""
        return [
            (one.method, one.status)
            for one in self.emulator.calls(path="/v1/")
            if one.method != "GET"
        ]


@pytest.fixture
def mixes(emulator: Emulator) -> Mixes:
    """Look at the playlists."""
    return Mixes(emulator)


def kept(folder: Path) -> list[Path]:
    """Return the files that are kept."""
    return sorted(folder.iterdir())


def mode(path: Path) -> int:
    """Return who may read and write a file or folder."""
    return path.stat().st_mode & 0o777


@pytest.fixture
def intercept(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Intercept:
    """Let a test choose the fault of each request; None is no fault."""
    return lambda choose: monkeypatch.setattr(
        emulator.faults, "take", lambda method, path, _user: choose(method, path)
    )


@pytest.fixture(autouse=True)
def _much_room(undo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the ledger take many requests."""
    monkeypatch.setattr(book, "FIRST_CEILING", 10_000)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let waits for the ledger pass at once; they are listed."""
    seconds: list[float] = []

    async def pause(wait: float) -> None:
        seconds.append(wait)

    monkeypatch.setattr(patience, "pause", pause)
    return seconds


@pytest.fixture
def changed(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Hear what is put on record."""
    heard: list[dict[str, Any]] = []

    @callback
    def hear(event: Event[dict[str, Any]]) -> None:
        heard.append(event.data)

    hass.bus.async_listen(EVENT_CHANGED, hear)
    return heard
