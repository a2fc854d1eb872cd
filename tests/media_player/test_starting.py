"""Starting something: where it plays, and what is said when it does not."""

import asyncio
from collections.abc import Awaitable, Callable

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceNotSupported,
    ServiceValidationError,
)
import pytest

from tests.conftest import Later, Link
from tests.emulator import Emulator
from tests.emulator.data import playlist_named
from tests.emulator.faults import QUOTA_EXCEEDED, Fault
from tests.emulator.phone import Phone
from tests.emulator.world import Device

from .conftest import Call, Uri, shown

pytestmark = pytest.mark.usefixtures("freezer", "anna")

type Refresh = Callable[[], Awaitable[None]]

PREMIUM_REQUIRED = {
    "error": {
        "status": 403,
        "message": "Player command failed: Premium required",
        "reason": "PREMIUM_REQUIRED",
    }
}


@pytest.fixture
async def in_the_kitchen(phone: Phone, uri: Uri, refresh: Refresh) -> Phone:
    """A song in the kitchen."""
    phone.play(uri("track", "So What"), "Kitchen")
    await refresh()
    return phone


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("track", "Freddie Freeloader"),
        ("album", "Kind of Blue"),
        ("artist", "Miles Davis"),
    ],
)
async def test_uris_play(
    in_the_kitchen: Phone, uri: Uri, call: Call, kind: str, name: str
) -> None:
    """Items are played as such, everything else as a context."""
    wanted = uri(kind, name)
    await call("play_media", media_content_type="music", media_content_id=wanted)
    player = in_the_kitchen.player
    assert wanted in {player.current_uri, player.context_uri}
    assert player.is_playing
    assert player.active is not None
    assert player.active.name == "Kitchen"


async def test_links_play(in_the_kitchen: Phone, uri: Uri, call: Call) -> None:
    """Peers B.11: a link copied from Spotify's app, with all that hangs on it."""
    album = uri("album", "Kind of Blue")
    link = f"https://open.spotify.com/intl-de/album/{album.rsplit(':', 1)[1]}?si=abc"
    await call("play_media", media_content_type="music", media_content_id=link)
    assert in_the_kitchen.player.context_uri == album


async def test_a_bare_id_of_a_known_type_plays(
    in_the_kitchen: Phone, uri: Uri, call: Call
) -> None:
    """As automations for other players write it."""
    album = uri("album", "Kind of Blue")
    await call(
        "play_media",
        media_content_type="album",
        media_content_id=album.rsplit(":", 1)[1],
    )
    assert in_the_kitchen.player.context_uri == album


async def test_liked_songs_play(in_the_kitchen: Phone, call: Call) -> None:
    """As a context of their own, in their own order."""
    await call(
        "play_media",
        media_content_type="playlist",
        media_content_id="spotify:collection",
    )
    assert in_the_kitchen.player.context_uri == "spotify:user:anna:collection"


async def test_a_playlist_that_spotify_hides_plays_all_the_same(
    in_the_kitchen: Phone, call: Call, emulator: Emulator
) -> None:
    """It answers 404 when asked for, but plays by its URI."""
    hidden = next(
        mix for mix in emulator.world.playlists.values() if mix.made_by_spotify
    )
    await call("play_media", media_content_type="playlist", media_content_id=hidden.uri)
    assert in_the_kitchen.player.context_uri == hidden.uri


async def test_shuffle_stays_as_it_is(
    hass: HomeAssistant, in_the_kitchen: Phone, uri: Uri, call: Call
) -> None:
    """Peers C: playing something does not switch shuffle off unasked."""
    await call("shuffle_set", shuffle=True)
    await call(
        "play_media",
        media_content_type="album",
        media_content_id=uri("album", "Kind of Blue"),
    )
    assert in_the_kitchen.player.shuffle


@pytest.mark.parametrize(
    ("media", "key"),
    [
        ("https://example.com/song.mp3", "not_a_spotify_link"),
        ("media-source://media_source/local/song.mp3", "not_a_spotify_link"),
        ("spotify:local:a:b:c:1", "not_a_spotify_link"),
        ("spotify:user:ben", "not_playable"),
        ("", "not_a_spotify_link"),
    ],
)
async def test_what_spotify_cannot_play_is_refused_with_a_reason(
    in_the_kitchen: Phone, call: Call, media: str, key: str, emulator: Emulator
) -> None:
    """Peers B.11: nothing is swallowed, and nothing is asked of Spotify."""
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError) as raised:
        await call("play_media", media_content_type="music", media_content_id=media)
    assert raised.value.translation_key == key
    assert not emulator.requests


async def test_announcements_are_refused(in_the_kitchen: Phone, call: Call) -> None:
    """Spotify can neither duck nor restore."""
    with pytest.raises(HomeAssistantError):
        await call(
            "play_media",
            media_content_type="music",
            media_content_id="spotify:track:" + "1" * 22,
            announce=True,
        )


async def test_play_wakes_the_speaker_used_last(
    hass: HomeAssistant,
    in_the_kitchen: Phone,
    call: Call,
    later: Later,
    refresh: Refresh,
) -> None:
    """Spotify forgets an idle session; naming the device wakes it."""
    in_the_kitchen.sleep()
    await refresh()
    assert shown(hass).state == "idle"
    await call("media_play")
    assert in_the_kitchen.player.active is not None
    assert in_the_kitchen.player.active.name == "Kitchen"
    await later(0.8)
    assert shown(hass).state == "playing"


async def test_a_start_wakes_the_speaker_chosen_last(
    hass: HomeAssistant, in_the_kitchen: Phone, uri: Uri, call: Call, refresh: Refresh
) -> None:
    """Choosing a source while idle is remembered for the next start."""
    in_the_kitchen.sleep()
    await refresh()
    await call("select_source", source="Living Room TV")
    in_the_kitchen.sleep()
    await call(
        "play_media",
        media_content_type="album",
        media_content_id=uri("album", "Kind of Blue"),
    )
    assert in_the_kitchen.player.active is not None
    assert in_the_kitchen.player.active.name == "Living Room TV"


async def test_with_several_speakers_and_none_used_the_choice_is_the_callers(
    phone: Phone, uri: Uri, call: Call
) -> None:
    """Not whichever stands first in Spotify's list."""
    with pytest.raises(ServiceValidationError) as raised:
        await call(
            "play_media",
            media_content_type="album",
            media_content_id=uri("album", "Kind of Blue"),
        )
    assert raised.value.translation_key == "choose_speaker"
    assert raised.value.translation_placeholders is not None
    assert "Living Room TV" in raised.value.translation_placeholders["known"]
    assert phone.player.active is None


async def test_the_only_speaker_needs_no_choice(
    phone: Phone, uri: Uri, call: Call
) -> None:
    """One device that takes commands: there it plays."""
    for device in list(phone.player.devices):
        if device.name != "Kitchen" and not device.is_restricted:
            phone.vanish(device.name)
    await call(
        "play_media",
        media_content_type="album",
        media_content_id=uri("album", "Kind of Blue"),
    )
    assert phone.player.active is not None
    assert phone.player.active.name == "Kitchen"


async def test_without_any_speaker_the_caller_hears_so(
    phone: Phone, call: Call, refresh: Refresh, anna_speakers: Refresh
) -> None:
    """Nothing to play on is an error, not silence."""
    phone.player.devices.clear()
    await anna_speakers()
    with pytest.raises(ServiceValidationError) as raised:
        await call("media_play")
    assert raised.value.translation_key == "no_speaker"


async def test_an_unknown_album_is_told(in_the_kitchen: Phone, call: Call) -> None:
    """Well formed, but Spotify does not know it."""
    with pytest.raises(HomeAssistantError):
        await call(
            "play_media",
            media_content_type="album",
            media_content_id="spotify:album:" + "0" * 22,
        )


async def test_lack_of_premium_is_told_and_remembered_for_a_day(
    hass: HomeAssistant,
    in_the_kitchen: Phone,
    uri: Uri,
    call: Call,
    emulator: Emulator,
    later: Later,
) -> None:
    """Asked twice; then controls go, browsing and searching stay; a day later they are back."""
    album = uri("album", "Kind of Blue")
    emulator.faults.add(
        Fault("/player/play", status=403, body=PREMIUM_REQUIRED, times=2)
    )
    with pytest.raises(HomeAssistantError) as raised:
        await call("play_media", media_content_type="album", media_content_id=album)
    assert raised.value.translation_key == "premium_required"
    with pytest.raises(ServiceNotSupported):
        await call("media_pause")
    await later(86_500)
    await call("play_media", media_content_type="album", media_content_id=album)
    assert in_the_kitchen.player.context_uri == album


async def test_a_pause_overtakes_a_start_in_progress(
    hass: HomeAssistant, in_the_kitchen: Phone, uri: Uri, call: Call, emulator: Emulator
) -> None:
    """Who wants silence does not wait for music to begin."""
    emulator.faults.add(Fault("/player/play$", status=503, delay=30))
    start = asyncio.create_task(
        call(
            "play_media",
            media_content_type="album",
            media_content_id=uri("album", "Kind of Blue"),
        )
    )
    async with asyncio.timeout(5):
        while not emulator.calls("PUT", "/player/play$"):
            await asyncio.sleep(0)
        await call("media_pause")
        with pytest.raises(ServiceValidationError) as raised:
            await start
    assert raised.value.translation_key == "interrupted"
    assert not in_the_kitchen.player.is_playing
    assert shown(hass).state == "paused"


async def test_a_new_device_is_listed_when_a_start_looks_for_one(
    hass: HomeAssistant, phone: Phone, call: Call, uri: Uri
) -> None:
    """A failed start asks for the speakers, so the list is fresh afterwards."""
    phone.appear(Device("garden-id", "Garden"))
    with pytest.raises(ServiceValidationError):
        await call(
            "play_media",
            media_content_type="album",
            media_content_id=uri("album", "Kind of Blue"),
        )
    assert "Garden" in shown(hass).attributes["source_list"]


async def test_own_playlists_play(
    in_the_kitchen: Phone, call: Call, emulator: Emulator
) -> None:
    """By their URI."""
    workout = playlist_named(emulator.world, "Workout 2026")
    await call(
        "play_media", media_content_type="playlist", media_content_id=workout.uri
    )
    assert in_the_kitchen.player.context_uri == workout.uri


async def test_the_speaker_that_played_last_wins_over_one_chosen_before(
    in_the_kitchen: Phone, call: Call, refresh: Refresh
) -> None:
    """Chosen yesterday, but heard in the kitchen since: that is where the person is."""
    await call("select_source", source="Living Room TV")
    in_the_kitchen.transfer("Kitchen")
    await refresh()
    in_the_kitchen.sleep()
    await refresh()
    await call("media_play")
    assert in_the_kitchen.player.active is not None
    assert in_the_kitchen.player.active.name == "Kitchen"


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault("/devices$", status=503, times=None), "server_fault"),
        (
            Fault("/devices$", status=429, body=QUOTA_EXCEEDED, retry_after=600),
            "quota_exceeded",
        ),
    ],
)
async def test_when_the_speakers_cannot_be_had_that_is_the_reason(
    in_the_kitchen: Phone, call: Call, emulator: Emulator, fault: Fault, key: str
) -> None:
    """Not that there is no such speaker: nobody knows."""
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError) as raised:
        await call("select_source", source="Attic")
    assert raised.value.translation_key == key


async def test_speakers_that_were_never_seen_are_no_crash(
    hass: HomeAssistant, emulator: Emulator, phone: Phone, link: Link
) -> None:
    """Spotify did not list them at the start, and forgets a device now."""
    for entry in hass.config_entries.async_entries("spotify_hub"):
        await hass.config_entries.async_remove(entry.entry_id)
    emulator.faults.add(Fault("/devices$", status=500, times=None))
    entry = await link()
    player = entry.runtime_data.player
    emulator.faults.add(
        Fault(
            "/pause$",
            status=404,
            body={"error": {"status": 404, "message": "Device not found"}},
        )
    )
    with pytest.raises(HomeAssistantError):
        await player.pause()
