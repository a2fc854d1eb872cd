"""What the player tells: state, devices, queue and recent plays."""

from typing import Any

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.models import (
    Context,
    Episode,
    OtherItem,
    Repeat,
    Track,
)
from tests.emulator import Device, Emulator
from tests.emulator.phone import Phone
from tests.emulator.records.mixtapes import local_file

from .conftest import Uri


def _sent(emulator: Emulator) -> tuple[str, str, dict[str, str], Any]:
    """Return method, path, query and body of the latest request."""
    request = emulator.requests[-1]
    return request.method, request.path, request.query, request.body


def _id(emulator: Emulator, name: str) -> str:
    """Return the id of one of Anna's devices."""
    devices = emulator.world.users["anna"].player.devices
    return next(device.id for device in devices if device.name == name and device.id)


async def test_nothing_active_is_no_error(anna: SpotifyHubClient) -> None:
    """Spotify answers 204 without a body."""
    assert await anna.player.playback() is None


async def test_the_state_is_read_whole(
    anna: SpotifyHubClient, phone: Phone, uri: Uri
) -> None:
    """With what upstream drops: when it last changed, and what is refused now."""
    phone.repeat("context")
    phone.play(uri("album", "Kind of Blue"), "Kitchen")
    phone.seek(61_000)
    state = await anna.player.playback()
    assert state
    assert state.is_playing
    assert state.device
    assert (state.device.name, state.device.volume_percent) == ("Kitchen", 40)
    assert isinstance(state.item, Track)
    assert state.item.name == "So What"
    assert state.item.album
    assert state.item.album.name == "Kind of Blue"
    assert state.context == Context("album", uri("album", "Kind of Blue"))
    assert state.progress_ms is not None
    assert 61_000 <= state.progress_ms < 70_000
    assert state.timestamp_ms
    assert state.repeat is Repeat.CONTEXT
    assert "resuming" in state.disallows


async def test_r8_an_episode_is_told_because_it_is_asked_for(
    anna: SpotifyHubClient, phone: Phone, uri: Uri
) -> None:
    """Without `additional_types` Spotify says that nothing plays."""
    phone.play(uri("show", "The Quiet Hour"))
    state = await anna.player.playback()
    assert state
    assert isinstance(state.item, Episode)
    assert state.item.show
    assert state.item.show.name == "The Quiet Hour"
    assert (await anna.player.queue()).playing == state.item


async def test_an_audiobook_plays_as_a_show(
    anna: SpotifyHubClient, phone: Phone, uri: Uri
) -> None:
    """Its chapters as episodes, of an unknown number."""
    phone.play(uri("audiobook", "The Hound of the Baskervilles"))
    state = await anna.player.playback()
    assert state
    assert isinstance(state.item, Episode)
    assert state.item.show
    assert state.item.show.name == "The Hound of the Baskervilles"
    assert state.item.show.total_episodes is None
    assert state.context
    assert state.context.type == "show"


async def test_m9_a_local_file_keeps_its_title(
    anna: SpotifyHubClient, phone: Phone
) -> None:
    """It is nothing of Spotify's, but it plays."""
    phone.transfer("Kitchen")
    phone.play_local(local_file())
    state = await anna.player.playback()
    assert state
    assert isinstance(state.item, Track)
    assert (state.item.name, state.item.is_local) == ("Demo (Tape 3)", True)


async def test_m9_what_is_neither_track_nor_episode_plays_all_the_same(
    anna: SpotifyHubClient, phone: Phone
) -> None:
    """An advert has no item; something of next year has one of a kind of its own."""
    phone.transfer("Kitchen")
    phone.play_ad()
    state = await anna.player.playback()
    assert state
    assert state.item == OtherItem("ad")
    phone.play_unknown({"type": "video", "uri": "spotify:video:1", "name": "Film"})
    state = await anna.player.playback()
    assert state
    assert state.item == OtherItem("video", "spotify:video:1", "Film")


async def test_m7_every_device_is_listed(anna: SpotifyHubClient, phone: Phone) -> None:
    """Also without id, without volume and of a type that nobody has heard of."""
    phone.appear(Device("d" * 40, "Glasses", "SmartGlasses", None))
    devices = {device.name: device for device in await anna.player.devices()}
    assert len(devices) == 6
    assert devices["Sonos Bedroom"].id is None
    assert devices["Sonos Bedroom"].is_restricted
    assert devices['Office <Desk> & "Co"'].volume_percent is None
    assert not devices["Anna's Phone"].supports_volume
    assert devices["Glasses"].type == "SmartGlasses"


async def test_r18_the_queue_is_what_plays_and_what_follows(
    anna: SpotifyHubClient, phone: Phone, uri: Uri
) -> None:
    """Queued items come before the rest of the context."""
    assert (await anna.player.queue()).playing is None
    phone.play(uri("album", "Kind of Blue"))
    phone.queue(uri("track", "Take Five"))
    queue = await anna.player.queue()
    assert isinstance(queue.playing, Track)
    assert queue.playing.name == "So What"
    assert [item.name for item in queue.upcoming] == [
        "Take Five",
        "Freddie Freeloader",
        "Blue in Green",
        "All Blues",
        "Flamenco Sketches",
    ]


async def test_r10_all_recent_plays_that_spotify_has(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """Upstream asks for 48 of 50."""
    plays = await anna.player.recently_played()
    assert len(plays) == 50
    assert plays[0].played_at > plays[-1].played_at
    assert plays[0].context_uri
    assert plays[0].context_uri.startswith("spotify:album:")
    assert plays[1].context_uri is None
    assert len(await anna.player.recently_played(3)) == 3
    assert emulator.requests[-1].query == {"limit": "3"}
