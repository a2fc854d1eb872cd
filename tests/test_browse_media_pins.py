"""Pins in the media tree: shown and played without a question to Spotify."""

from typing import Any

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER, MediaClass
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.spotify_hub.api.uri import parse_uri
from tests.emulator import Emulator
from tests.emulator.data import find, playlist_named
from tests.emulator.records.mixtapes import DJ

from .conftest import AccountEntry

PLAYER = "media_player.spotify_anna"
HIDDEN = f"spotify:playlist:{DJ}"


class Browser:
    """The media browser of Home Assistant's frontend."""

    def __init__(self, hass: HomeAssistant, connect: WebSocketGenerator) -> None:
        """Connect when it is first used."""
        self._hass = hass
        self._connect = connect

    async def open(self, content_id: str | None = None) -> dict[str, Any]:
        """Return what is in a place."""
        client = await self._connect(self._hass)
        where = {"media_content_id": content_id, "media_content_type": "spotify_hub"}
        await client.send_json_auto_id(
            {
                "type": "media_player/browse_media",
                "entity_id": PLAYER,
                **(where if content_id else {}),
            }
        )
        answer = await client.receive_json()
        assert answer["success"], answer
        result: dict[str, Any] = answer["result"]
        return result


@pytest.fixture
def browser(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    anna: AccountEntry,
    emulator: Emulator,
) -> Browser:
    """Look into Anna's tree; only what that asks is looked at."""
    emulator.forget_requests()
    return Browser(hass, hass_ws_client)


async def test_without_pins_there_is_no_folder(browser: Browser) -> None:
    """The root begins with Liked Songs."""
    root = await browser.open()
    assert root["children"][0]["title"] == "Liked Songs"
    assert (await browser.open("spotify_hub:pins"))["children"] == []


async def test_pins_come_first_and_cost_nothing(
    emulator: Emulator, anna: AccountEntry, browser: Browser
) -> None:
    """Their own names and covers; what Spotify hides can't be opened."""
    pins = anna.runtime_data.pins
    album = find(emulator.world, "album", "Kind of Blue")["uri"]
    track = find(emulator.world, "track", "So What")["uri"]
    workout = playlist_named(emulator.world, "Workout 2026").uri
    book = "spotify:audiobook:" + "0" * 22
    for uri, name, opens in (
        (HIDDEN, "My DJ", False),
        (album, "Evening", True),
        (workout, "Sport", True),
        (track, "Anthem", False),
        ("spotify:collection", "Mine", True),
        ("spotify:user:ben:collection", "Ben's", False),
        (book, "Story", True),
        ("spotify:episode:" + "0" * 22, "Talk", False),
        ("spotify:chapter:" + "0" * 22, "Chapter", False),
    ):
        pins.pin(
            parse_uri(uri), name=name, image="/local/a.png", household=name == "Sport"
        )
        root = await browser.open()
        folder = root["children"][0]
        assert (folder["title"], folder["can_expand"]) == ("Pins", True)
        opened = await browser.open(folder["media_content_id"])
        shown = {one["title"]: one for one in opened["children"]}[name]
        assert shown["media_content_id"] == uri
        assert shown["can_play"] is True
        assert shown["can_expand"] is opens
        assert shown["thumbnail"] == "/local/a.png"
    first, last = opened["children"][0], opened["children"][-1]
    assert first["media_class"] == MediaClass.PLAYLIST
    assert (first["title"], last["title"]) == ("My DJ", "Sport")
    assert not emulator.requests


async def test_a_pin_plays_without_being_looked_up(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, browser: Browser
) -> None:
    """By its URI, in one request; then Spotify is asked whether it plays."""
    anna.runtime_data.pins.pin(parse_uri(HIDDEN), name="My DJ")
    folder = await browser.open("spotify_hub:pins")
    shown = folder["children"][0]
    emulator.phone("anna").play(find(emulator.world, "track", "So What")["uri"])
    await anna.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    emulator.forget_requests()
    await hass.services.async_call(
        MEDIA_PLAYER,
        "play_media",
        {
            "entity_id": PLAYER,
            "media_content_id": shown["media_content_id"],
            "media_content_type": shown["media_content_type"],
        },
        blocking=True,
    )
    assert [one.path for one in emulator.requests] == [
        "/v1/me/player/play",
        "/v1/me/player",
    ]
    assert emulator.requests[0].body["context_uri"] == HIDDEN


async def test_a_pinned_album_opens(
    emulator: Emulator, anna: AccountEntry, browser: Browser
) -> None:
    """As it does elsewhere in the tree."""
    album = find(emulator.world, "album", "Kind of Blue")["uri"]
    anna.runtime_data.pins.pin(parse_uri(album), name="Evening")
    opened = await browser.open(album)
    assert "So What" in [one["title"] for one in opened["children"]]
