"""What a person may attach to a bug report without a second thought."""

import json
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.emulator import Emulator, Fault
from tests.emulator.data import find, playlist_named

from .conftest import AccountEntry, Link

KITCHEN = {
    "type": "Speaker",
    "has_id": True,
    "is_active": False,
    "is_private_session": False,
    "is_restricted": False,
    "volume_known": True,
    "supports_volume": True,
}


async def diagnostics_of(
    hass: HomeAssistant, client: ClientSessionGenerator, entry: AccountEntry
) -> dict[str, Any]:
    """Download the diagnostics of an account."""
    return dict(await get_diagnostics_for_config_entry(hass, client, entry))


async def test_kinds_and_counts_are_told(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    hass_client: ClientSessionGenerator,
) -> None:
    """What is needed to see why something does not work."""
    emulator.phone("anna").play(playlist_named(emulator.world, "Dinner Jazz").uri)
    told = await diagnostics_of(hass, hass_client, await link())

    assert told["sign_in"]["scopes"][0] == "playlist-modify-private"
    assert told["sign_in"]["expires_in"] in range(3500, 3601)
    assert told["sign_in"]["has_refresh_token"]
    assert told["sign_in"]["account_id_known"]
    assert told["sign_in"]["days_since_consent"] == 0
    assert told["entry"]["data"]["features"] == [
        "control",
        "history",
        "library",
        "playlists",
    ]
    assert not told["known_to_lack_premium"]
    assert told["playback"]["last_update_success"]
    assert told["playback"]["interval"] <= 30
    assert told["playback"]["trouble"] is None
    shown = told["playback"]["shown"]
    assert shown.pop("disallows")
    assert shown == {
        "is_playing": True,
        "item": "Track",
        "context": "playlist",
        "has_progress": True,
        "shuffle": False,
        "smart_shuffle": False,
        "repeat": "off",
        "device": KITCHEN | {"is_active": True},
    }
    assert [device["type"] for device in told["speakers"]["listed"]] == [
        "Speaker",
        "TV",
        "Smartphone",
        "Speaker",
        "Computer",
    ]
    assert told["speakers"]["listed"][3]["is_restricted"]


async def test_trouble_is_told_by_its_kind(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nothing plays, and Spotify does not answer."""
    emulator.faults.add(Fault("/me/player$", times=None, status=503))
    await anna.runtime_data.playback.async_refresh()
    told = await diagnostics_of(hass, hass_client, anna)
    assert told["playback"]["shown"] is None
    assert not told["playback"]["last_update_success"]
    assert told["playback"]["trouble"] == {
        "error": "ServerFaultError",
        "since_seconds": 0,
    }


async def test_nothing_personal_is_told(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    hass_client: ClientSessionGenerator,
) -> None:
    """No name, title, id, address or token of any kind."""
    track = find(emulator.world, "track", "So What", "Miles Davis")
    emulator.phone("anna").play(track["uri"], "Kitchen")
    anna = await link()
    user = emulator.world.users["anna"]
    assert user.player.devices[0].id

    text = json.dumps(await diagnostics_of(hass, hass_client, anna))
    for secret in (
        anna.data["token"]["access_token"],
        anna.data["token"]["refresh_token"],
        "demo-client-id",
        user.account_id,
        user.email,
        "anna",
        "Anna",
        "So What",
        "Miles Davis",
        track["id"],
        "Kitchen",
        user.player.devices[0].id,
    ):
        assert secret not in text
