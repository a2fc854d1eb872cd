"""Enqueueing, as far as Spotify's one verb for it goes."""

import asyncio
from collections.abc import Awaitable, Callable

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.spotify_hub.account import queue
from custom_components.spotify_hub.api import book
from tests.emulator import Emulator
from tests.emulator.data import find, playlist_named
from tests.emulator.phone import Phone

from .conftest import Call, Uri

pytestmark = pytest.mark.usefixtures("anna")

type Refresh = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Append without the second between two items, which keeps within the ceiling."""
    monkeypatch.setattr(queue, "PACE", 0)
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)


@pytest.fixture(autouse=True)
async def playing(waits: None, phone: Phone, uri: Uri, refresh: Refresh) -> Phone:
    """A song in the kitchen."""
    phone.play(uri("track", "So What"), "Kitchen")
    await refresh()
    return phone


async def enqueue(call: Call, uri: str, how: str) -> None:
    """Ask for something to be queued."""
    await call(
        "play_media", media_content_type="music", media_content_id=uri, enqueue=how
    )


@pytest.mark.parametrize("how", ["add", "next"])
async def test_an_item_is_appended_and_what_plays_plays_on(
    playing: Phone, uri: Uri, call: Call, how: str
) -> None:
    """Peers B.3: neither refused for a body, nor replacing what plays."""
    blue = uri("track", "All Blues")
    current = playing.player.current_uri
    await enqueue(call, blue, how)
    assert playing.player.queue == [blue]
    assert playing.player.current_uri == current


@pytest.mark.parametrize("how", ["play", "replace"])
async def test_play_and_replace_play_now(
    playing: Phone, uri: Uri, call: Call, how: str
) -> None:
    """Nothing is queued."""
    blue = uri("track", "All Blues")
    await enqueue(call, blue, how)
    assert playing.player.current_uri == blue
    assert playing.player.queue == []


async def test_next_is_refused_when_something_waits_already(
    playing: Phone, uri: Uri, call: Call, refresh: Refresh
) -> None:
    """Spotify appends: it would not be next. Once the other has played, it is."""
    await enqueue(call, uri("track", "All Blues"), "add")
    with pytest.raises(ServiceValidationError) as raised:
        await enqueue(call, uri("track", "Blue in Green"), "next")
    assert raised.value.translation_key == "queue_not_empty"
    playing.next()
    await refresh()
    await enqueue(call, uri("track", "Blue in Green"), "next")
    assert playing.player.queue == [uri("track", "Blue in Green")]


async def test_an_album_is_appended_track_by_track(
    playing: Phone, uri: Uri, call: Call, emulator: Emulator
) -> None:
    """In its own order."""
    album = find(emulator.world, "album", "Kind of Blue")
    await enqueue(call, album["uri"], "add")
    assert playing.player.queue == [track["uri"] for track in album["tracks"]["items"]]


async def test_no_more_than_fifty_of_a_long_playlist_are_appended(
    playing: Phone, call: Call, emulator: Emulator
) -> None:
    """And only what can be played: no local files, nothing that is gone."""
    long = next(
        mix
        for mix in emulator.world.playlists.values()
        if mix.owner == "anna" and len(mix.entries) > 100
    )
    await enqueue(call, long.uri, "add")
    assert 0 < len(playing.player.queue) <= 50
    assert all(":local:" not in uri for uri in playing.player.queue)


async def test_liked_songs_are_appended(playing: Phone, call: Call) -> None:
    """Newest first, as Spotify lists them."""
    await enqueue(call, "spotify:collection", "add")
    assert len(playing.player.queue) == 50


@pytest.mark.parametrize("kind", ["artist", "show"])
async def test_what_has_no_list_of_items_cannot_be_queued(
    uri: Uri, call: Call, emulator: Emulator, kind: str
) -> None:
    """The caller hears so; nothing is half done."""
    anything = next(
        item["uri"]
        for item in emulator.world.catalogue.values()
        if item["type"] == kind
    )
    with pytest.raises(ServiceValidationError) as raised:
        await enqueue(call, anything, "add")
    assert raised.value.translation_key == "not_queueable"


async def test_an_empty_playlist_cannot_be_queued(
    call: Call, emulator: Emulator
) -> None:
    """A success without an effect would be a lie."""
    empty = next(
        mix
        for mix in emulator.world.playlists.values()
        if mix.owner == "anna" and not mix.entries
    )
    with pytest.raises(ServiceValidationError) as raised:
        await enqueue(call, empty.uri, "add")
    assert raised.value.translation_key == "nothing_to_queue"


async def test_a_foreign_playlist_tells_why(call: Call, emulator: Emulator) -> None:
    """Spotify lists the items of own and shared playlists only."""
    foreign = next(
        mix
        for mix in emulator.world.playlists.values()
        if mix.owner != "anna" and not mix.collaborative and not mix.made_by_spotify
    )
    with pytest.raises(HomeAssistantError) as raised:
        await enqueue(call, foreign.uri, "add")
    assert raised.value.translation_key == "forbidden"


async def test_a_long_list_can_be_interrupted(
    playing: Phone, call: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pause ends the appending; the caller hears so."""
    monkeypatch.setattr(queue, "PACE", 60)
    workout = playlist_named(emulator.world, "Workout 2026")
    appending = asyncio.create_task(enqueue(call, workout.uri, "add"))
    async with asyncio.timeout(5):
        while not playing.player.queue:
            await asyncio.sleep(0.01)
        await call("media_pause")
        with pytest.raises(ServiceValidationError) as raised:
            await appending
    assert raised.value.translation_key == "interrupted"
    assert len(playing.player.queue) == 1


async def test_next_is_possible_again_when_what_waited_has_played(
    playing: Phone, uri: Uri, call: Call, refresh: Refresh
) -> None:
    """Whether or not a poll saw it play, and however long ago."""
    await enqueue(call, uri("track", "All Blues"), "add")
    playing.next()
    playing.play(uri("track", "So What"))
    await refresh()
    await enqueue(call, uri("track", "Blue in Green"), "next")
    assert playing.player.queue == [uri("track", "Blue in Green")]


async def test_somebody_elses_liked_songs_are_not_ones_own(
    playing: Phone, call: Call
) -> None:
    """Spotify does not list them."""
    with pytest.raises(ServiceValidationError) as raised:
        await enqueue(call, "spotify:user:ben:collection", "add")
    assert raised.value.translation_key == "not_queueable"
    assert playing.player.queue == []


async def test_fifty_appends_keep_within_the_limits_of_requests(
    playing: Phone, call: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One a second is one request a second: nothing is asked in between."""
    emulator.forget_requests()
    await enqueue(call, "spotify:collection", "add")
    assert len(emulator.calls("POST", "/queue$")) == 50
    assert not emulator.calls("GET", "/me/player$")
