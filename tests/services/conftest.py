"""Calling actions, and a hand on Anna's phone."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.const import DOMAIN
from tests.emulator import Emulator
from tests.emulator.data import find
from tests.emulator.phone import Phone

type Call = Callable[..., Coroutine[Any, Any, Any]]
type Uri = Callable[[str, str], str]


@pytest.fixture
def call(hass: HomeAssistant) -> Call:
    """Call an action, and return its answer."""

    async def run(action: str, **data: Any) -> Any:
        return await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True
        )

    return run


@pytest.fixture
def uri(emulator: Emulator) -> Uri:
    """Find the URI of something in the catalogue: kind and name."""
    return lambda kind, name: str(find(emulator.world, kind, name)["uri"])


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def undo_folder(own_folder: Path) -> Path:
    """Return where what is kept for an undo goes."""
    return own_folder / "undo"


def refused(emulator: Emulator) -> list[str]:
    """Return what Spotify refused."""
    return [
        f"{one.method} {one.path} {one.status}"
        for one in emulator.requests
        if one.status >= 400
    ]
