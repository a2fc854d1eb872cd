"""The player's commands on a strict Spotify: what is sent, and what it does."""

from typing import Any

import pytest

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import (
    DeviceNotFoundError,
    NoActiveDeviceError,
    SpeakerNotControllableError,
    VolumeNotControllableError,
)
from custom_components.spotify_hub.api.models import (
    Repeat,
)
from tests.emulator import Emulator
from tests.emulator.phone import Phone

from .conftest import ClientFor, Uri


def _sent(emulator: Emulator) -> tuple[str, str, dict[str, str], Any]:
    """Return method, path, query and body of the latest request."""
    request = emulator.requests[-1]
    return request.method, request.path, request.query, request.body


def _id(emulator: Emulator, name: str) -> str:
    """Return the id of one of Anna's devices."""
    devices = emulator.world.users["anna"].player.devices
    return next(device.id for device in devices if device.name == name and device.id)


async def test_r6_resume_sends_no_body(
    emulator: Emulator, anna: SpotifyHubClient, phone: Phone, uri: Uri
) -> None:
    """Upstream sends position 0, from which Spotify might start the track again."""
    phone.play(uri("track", "So What"))
    phone.seek(61_000)
    phone.pause()
    await anna.player.play()
    assert _sent(emulator) == ("PUT", "/v1/me/player/play", {}, None)
    assert phone.player.is_playing
    assert phone.player.position_ms >= 61_000


async def test_r6_position_0_is_sent(
    emulator: Emulator, anna: SpotifyHubClient, phone: Phone, uri: Uri
) -> None:
    """From the beginning is something other than from where it was."""
    await anna.player.play(
        uris=(uri("track", "So What"),),
        position_ms=0,
        device_id=_id(emulator, "Kitchen"),
    )
    assert emulator.requests[-1].body == {
        "uris": [uri("track", "So What")],
        "position_ms": 0,
    }
    assert phone.player.is_playing


@pytest.mark.parametrize("position", [0, 3])
async def test_r6_an_offset_of_0_is_sent(
    emulator: Emulator,
    anna: SpotifyHubClient,
    phone: Phone,
    uri: Uri,
    position: int,
) -> None:
    """Upstream drops it, and a shuffled album begins anywhere."""
    phone.shuffle(on=True)
    await anna.player.play(
        context_uri=uri("album", "Kind of Blue"),
        offset_position=position,
        device_id=_id(emulator, "Kitchen"),
    )
    assert emulator.requests[-1].body == {
        "context_uri": uri("album", "Kind of Blue"),
        "offset": {"position": position},
    }
    assert phone.player.current_uri == uri(
        "track", ["So What", "", "", "All Blues"][position]
    )


async def test_r6_an_offset_by_uri(
    emulator: Emulator, anna: SpotifyHubClient, phone: Phone, uri: Uri
) -> None:
    """With a position within it."""
    phone.transfer("Kitchen")
    await anna.player.play(
        context_uri=uri("album", "Kind of Blue"),
        offset_uri=uri("track", "All Blues"),
        position_ms=5000,
    )
    assert emulator.requests[-1].body == {
        "context_uri": uri("album", "Kind of Blue"),
        "offset": {"uri": uri("track", "All Blues")},
        "position_ms": 5000,
    }
    assert phone.player.current_uri == uri("track", "All Blues")


async def test_naming_an_idle_device_wakes_it(
    emulator: Emulator, anna: SpotifyHubClient, phone: Phone, uri: Uri
) -> None:
    """And without a name nobody knows where to play."""
    with pytest.raises(NoActiveDeviceError):
        await anna.player.play(uris=(uri("track", "So What"),))
    device = _id(emulator, "Living Room TV")
    await anna.player.play(uris=(uri("track", "So What"),), device_id=device)
    assert emulator.requests[-1].query == {"device_id": device}
    assert phone.player.active
    assert phone.player.active.name == "Living Room TV"


@pytest.mark.parametrize(
    ("play", "body"),
    [(None, {}), (False, {"play": False}), (True, {"play": True})],
)
async def test_r7_transfer_says_whether_to_play(
    emulator: Emulator,
    anna: SpotifyHubClient,
    phone: Phone,
    *,
    play: bool | None,
    body: dict[str, bool],
) -> None:
    """Upstream can't."""
    device = _id(emulator, "Kitchen")
    await anna.player.transfer(device, play=play)
    sent = {"device_ids": [device], **body}
    assert _sent(emulator) == ("PUT", "/v1/me/player", {}, sent)
    assert phone.player.active
    assert phone.player.active.name == "Kitchen"
    assert phone.player.is_playing is (play is True)


@pytest.mark.parametrize("device", [None, "Kitchen"])
async def test_r1_queueing_goes_by_the_query(
    emulator: Emulator,
    anna: SpotifyHubClient,
    phone: Phone,
    uri: Uri,
    device: str | None,
) -> None:
    """Upstream sends a body, which Spotify refuses and upstream takes for success."""
    phone.play(uri("album", "Kind of Blue"), "Kitchen")
    item, device_id = uri("track", "Take Five"), device and _id(emulator, device)
    await anna.player.add_to_queue(item, device_id=device_id)
    query = {"uri": item} | ({"device_id": device_id} if device_id else {})
    assert _sent(emulator) == ("POST", "/v1/me/player/queue", query, None)
    assert phone.player.queue == [item]


async def test_m7_a_volume_that_can_not_be_set_is_refused(
    emulator: Emulator, anna: SpotifyHubClient, phone: Phone
) -> None:
    """And so is everything on a speaker that takes no commands."""
    phone.transfer("Anna's Phone")
    with pytest.raises(VolumeNotControllableError):
        await anna.player.set_volume(50)
    phone.transfer("Sonos Bedroom")
    with pytest.raises(SpeakerNotControllableError):
        await anna.player.pause()
    with pytest.raises(DeviceNotFoundError):
        await anna.player.transfer("gone")
    assert len(emulator.requests) == 3


@pytest.mark.parametrize(
    ("wanted", "sent"), [(-5, "0"), (0, "0"), (33, "33"), (100, "100"), (180, "100")]
)
async def test_r18_volume_stays_between_0_and_100(
    emulator: Emulator,
    anna: SpotifyHubClient,
    phone: Phone,
    wanted: int,
    sent: str,
) -> None:
    """Spotify refuses anything else."""
    phone.transfer("Kitchen")
    await anna.player.set_volume(wanted)
    assert emulator.requests[-1].query == {"volume_percent": sent}
    assert phone.player.active
    assert phone.player.active.volume_percent == int(sent)


async def test_r18_seeking_does_not_go_before_the_beginning(
    emulator: Emulator, anna: SpotifyHubClient, phone: Phone, uri: Uri
) -> None:
    """Spotify refuses a negative position."""
    phone.play(uri("track", "So What"))
    await anna.player.seek(-1000)
    assert emulator.requests[-1].query == {"position_ms": "0"}


@pytest.mark.parametrize("repeat", Repeat)
async def test_repeat_is_said_in_spotifys_words(
    anna: SpotifyHubClient, phone: Phone, uri: Uri, repeat: Repeat
) -> None:
    """Track, context, off."""
    phone.play(uri("album", "Kind of Blue"))
    await anna.player.set_repeat(repeat)
    assert phone.player.repeat == repeat.value


@pytest.mark.parametrize("shuffle", [True, False])
async def test_shuffle_is_said_in_spotifys_words(
    emulator: Emulator,
    anna: SpotifyHubClient,
    phone: Phone,
    uri: Uri,
    *,
    shuffle: bool,
) -> None:
    """In small letters."""
    phone.shuffle(on=not shuffle)
    phone.play(uri("album", "Kind of Blue"))
    await anna.player.set_shuffle(shuffle)
    assert emulator.requests[-1].query == {"state": str(shuffle).lower()}
    assert phone.player.shuffle is shuffle


async def test_skipping_and_pausing(client: ClientFor, phone: Phone, uri: Uri) -> None:
    """Each does what it says, and only once."""
    anna = client()
    phone.play(uri("album", "Kind of Blue"))
    await anna.player.next()
    assert phone.player.current_uri == uri("track", "Freddie Freeloader")
    await anna.player.previous()
    assert phone.player.current_uri == uri("track", "So What")
    await anna.player.pause()
    assert not phone.player.is_playing
