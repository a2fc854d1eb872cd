"""An account's player, and a hand on Spotify's own app."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.core import HomeAssistant, State
import pytest

from tests.conftest import AccountEntry
from tests.emulator import Emulator
from tests.emulator.data import find
from tests.emulator.phone import Phone

PLAYER = "media_player.spotify_anna"

type Call = Callable[..., Coroutine[Any, Any, Any]]
type Uri = Callable[[str, str], str]


def shown(hass: HomeAssistant) -> State:
    """Return the player's state."""
    state = hass.states.get(PLAYER)
    assert state is not None
    return state


def offers(hass: HomeAssistant, feature: int) -> bool:
    """Tell whether the player offers a feature."""
    return bool(shown(hass).attributes["supported_features"] & feature)


@pytest.fixture
def call(hass: HomeAssistant) -> Call:
    """Call an action of the media player, and wait until it has returned."""

    async def run(action: str, **data: Any) -> Any:
        response = data.pop("response", False)
        return await hass.services.async_call(
            MEDIA_PLAYER,
            action,
            {"entity_id": PLAYER, **data},
            blocking=True,
            return_response=response,
        )

    return run


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def uri(emulator: Emulator) -> Uri:
    """Find the URI of something in the catalogue: kind and name."""
    return lambda kind, name: find(emulator.world, kind, name)["uri"]


@pytest.fixture
def refresh(anna: AccountEntry) -> Callable[[], Awaitable[None]]:
    """Poll playback now."""
    return anna.runtime_data.playback.async_refresh


@pytest.fixture
def anna_speakers(anna: AccountEntry) -> Callable[[], Awaitable[None]]:
    """Poll the speakers now."""
    return anna.runtime_data.speakers.async_refresh
