"""Speakers, the queue, and what plays, by actions."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
import voluptuous as vol

from custom_components.spotify_hub.account import queue
from custom_components.spotify_hub.api import book
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find, playlist_named
from tests.emulator.faults import QUOTA_EXCEEDED
from tests.emulator.phone import Phone
from tests.emulator.records.mixtapes import local_file
from tests.emulator.world import Device

from .conftest import Call, Uri, refused

READING = ["get_queue", "get_playback", "get_devices"]


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test send what it likes, and append without pauses."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)
    monkeypatch.setattr(queue, "PACE", 0)


@pytest.fixture(params=["demo-client-id", "legacy-client-id"])
async def account(
    request: pytest.FixtureRequest, _room: None, link: Link, emulator: Emulator
) -> AccountEntry:
    """Link Anna by an app of either regime."""
    return await link(app=request.param)


@pytest.fixture
async def kitchen(
    hass: HomeAssistant,
    account: AccountEntry,
    phone: Phone,
    uri: Uri,
    emulator: Emulator,
) -> Phone:
    """Kind of Blue in the kitchen."""
    phone.play(uri("album", "Kind of Blue"), "Kitchen")
    await account.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    emulator.forget_requests()
    return phone


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("transfer_playback", {}),
        ("transfer_playback", {"speaker": "Kitchen", "play": "perhaps"}),
        ("add_to_queue", {}),
        ("seek_by", {}),
        ("seek_by", {"seconds": "soon"}),
        ("seek_by", {"seconds": float("inf")}),
        ("get_queue", {"limit": 3}),
    ],
)
async def test_values_of_the_wrong_kind_are_refused(
    kitchen: Phone, call: Call, emulator: Emulator, action: str, data: dict[str, Any]
) -> None:
    """By the schema; Spotify is not asked."""
    with pytest.raises(vol.Invalid):
        await call(action, **data)
    assert not emulator.requests


@pytest.mark.parametrize(
    ("speaker", "key"),
    [
        ("Attic", "unknown_speaker"),
        ("", "unknown_speaker"),
        ("Sonos Bedroom", "speaker_restricted"),
    ],
)
async def test_playback_moves_to_known_speakers_only(
    kitchen: Phone, call: Call, speaker: str, key: str
) -> None:
    """Others are named in the error; it plays on where it did."""
    with pytest.raises(ServiceValidationError) as raised:
        await call("transfer_playback", speaker=speaker)
    assert raised.value.translation_key == key
    assert kitchen.player.active is not None
    assert kitchen.player.active.name == "Kitchen"


@pytest.mark.parametrize(
    ("play", "plays"), [({}, False), ({"play": False}, False), ({"play": True}, True)]
)
async def test_playback_moves(
    kitchen: Phone,
    call: Call,
    emulator: Emulator,
    play: dict[str, bool],
    plays: bool,
) -> None:
    """Paused it stays paused, unless it shall play."""
    kitchen.pause()
    answer = await call("transfer_playback", speaker="living room tv", **play)
    assert answer == {"speaker": "Living Room TV", "confirmed": True}
    assert kitchen.player.active is not None
    assert kitchen.player.active.name == "Living Room TV"
    assert kitchen.player.is_playing is plays
    assert not refused(emulator)


async def test_playback_moves_to_a_speaker_that_has_another_id_now(
    kitchen: Phone, call: Call
) -> None:
    """The one known is stale."""
    next(one for one in kitchen.player.devices if one.name == "Living Room TV").id = (
        "e" * 40
    )
    await call("transfer_playback", speaker="Living Room TV")
    assert kitchen.player.active is not None
    assert kitchen.player.active.name == "Living Room TV"


@pytest.mark.parametrize(
    ("items", "key"),
    [
        ([], "no_items"),
        ([" "], "no_items"),
        (["https://example.com/1"], "not_a_spotify_link"),
        (["spotify:artist:" + "1" * 22], "wrong_kind"),
        (["spotify:show:" + "1" * 22], "wrong_kind"),
        (["spotify:user:ben:collection"], "not_queueable"),
        (["spotify:track:" + "1" * 22] * 10_001, "too_many_items"),
    ],
)
async def test_what_cannot_be_queued_is_refused_before_anything_is(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator, items: list[str], key: str
) -> None:
    """Though another item could be."""
    first = [uri("track", "All Blues")] if any(map(str.strip, items)) else []
    with pytest.raises(ServiceValidationError) as raised:
        await call("add_to_queue", items=first + items)
    assert raised.value.translation_key == key
    assert kitchen.player.queue == []
    assert not emulator.calls("POST")


async def test_several_items_are_queued_in_order(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """A track, an episode, a chapter, and what an album holds."""
    album = find(emulator.world, "album", "Discovery")
    tracks = [track["uri"] for track in album["tracks"]["items"]]
    track, episode = uri("track", "All Blues"), uri("episode", "130: Bookbinding")
    answer = await call("add_to_queue", items=[track, episode, album["uri"]])
    assert answer == {"queued": [track, episode, *tracks], "skipped": []}
    assert kitchen.player.queue == answer["queued"]
    assert not refused(emulator)


async def test_items_are_queued_by_name(kitchen: Phone, call: Call, uri: Uri) -> None:
    """One text will do instead of a list."""
    answer = await call("add_to_queue", items="All Blues by Miles Davis")
    assert answer["queued"] == [uri("track", "All Blues")] == kitchen.player.queue


async def test_what_could_not_be_queued_is_told(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """Local files and lists of nothing; Spotify does not say here what is gone."""
    odd = next(
        mix for mix in emulator.world.playlists.values() if mix.name.startswith("Odds")
    )
    empty = playlist_named(emulator.world, "Empty for Now")
    answer = await call("add_to_queue", items=[odd.uri, empty.uri])
    assert set(answer["skipped"]) == {
        empty.uri,
        local_file()["uri"],
    }
    assert uri("track", "So What") in answer["queued"] == kitchen.player.queue


async def test_lists_of_nothing_are_no_success(
    kitchen: Phone, call: Call, emulator: Emulator
) -> None:
    """Nothing was queued, so the caller hears so."""
    empty = playlist_named(emulator.world, "Empty for Now")
    with pytest.raises(ServiceValidationError) as raised:
        await call("add_to_queue", items=[empty.uri])
    assert raised.value.translation_key == "nothing_to_queue"


async def test_no_more_than_a_hundred_are_queued(
    kitchen: Phone, call: Call, emulator: Emulator
) -> None:
    """The rest is skipped, and named."""
    album = find(emulator.world, "album", "Discovery")
    miniatures = find(emulator.world, "album", "One Hundred and Thirty Miniatures")
    lists = [album["uri"], "spotify:collection", miniatures["uri"]]
    answer = await call("add_to_queue", items=lists)
    assert len(answer["queued"]) == len(kitchen.player.queue) == 100
    held = [track["uri"] for track in miniatures["tracks"]["items"][:50]]
    assert answer["skipped"] == held[-album["total_tracks"] :]


async def test_what_is_too_much_is_not_even_read(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """A hundred are there after two lists."""
    miniatures = find(emulator.world, "album", "One Hundred and Thirty Miniatures")
    album, track = uri("album", "Discovery"), uri("track", "All Blues")
    lists = ["spotify:collection", miniatures["uri"], album, track]
    answer = await call("add_to_queue", items=lists)
    assert len(answer["queued"]) == 100
    assert answer["skipped"] == [album, track]
    assert not emulator.calls("GET", album.rsplit(":", 1)[1])


async def test_a_pause_ends_a_long_list(
    hass: HomeAssistant,
    account: AccountEntry,
    kitchen: Phone,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error tells how many were queued, and why no more."""
    monkeypatch.setattr(queue, "PACE", 60)
    adding = asyncio.create_task(call("add_to_queue", items="spotify:collection"))
    async with asyncio.timeout(30):
        while not account.runtime_data.monitor.commands.tried["queue"]:
            await asyncio.sleep(0.01)
        await hass.services.async_call(
            "media_player",
            "media_pause",
            {"entity_id": "media_player.spotify_anna"},
            blocking=True,
        )
        with pytest.raises(HomeAssistantError) as raised:
            await adding
    assert raised.value.translation_key == "queued_partly"
    assert raised.value.translation_placeholders is not None
    assert raised.value.translation_placeholders["done"] == "1"
    assert raised.value.translation_placeholders["total"] == "50"


async def test_a_limit_midway_tells_how_far_it_came(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """The item that was refused is not counted."""
    emulator.faults.add(Fault("/queue$", status=None, times=2))
    emulator.faults.add(Fault("/queue$", status=429, retry_after=600))
    with pytest.raises(HomeAssistantError) as raised:
        await call("add_to_queue", items=uri("album", "Discovery"))
    assert raised.value.translation_key == "queued_partly"
    assert raised.value.translation_placeholders is not None
    assert raised.value.translation_placeholders["done"] == "2"
    assert len(kitchen.player.queue) == 2


async def test_the_queue_is_answered(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """What plays, what was queued, then the rest of the album."""
    kitchen.queue(uri("track", "Get Lucky"))
    answer = await call("get_queue")
    assert answer["playing"]["name"] == "So What"
    assert [item["name"] for item in answer["upcoming"][:2]] == [
        "Get Lucky",
        "Freddie Freeloader",
    ]
    assert not refused(emulator)


async def test_an_empty_queue_is_an_answer(account: AccountEntry, call: Call) -> None:
    """Nothing is active."""
    assert await call("get_queue") == {"playing": None, "upcoming": []}


async def test_playback_is_asked_for_afresh(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """What the phone did a moment ago, before any poll."""
    kitchen.next()
    kitchen.seek(61_000)
    kitchen.shuffle(on=True)
    kitchen.repeat("context")
    answer = await call("get_playback")
    assert answer["state"] == "playing"
    assert answer["item"]["uri"] == uri("track", "Freddie Freeloader")
    assert answer["context"] == {
        "type": "album",
        "uri": uri("album", "Kind of Blue"),
        "name": None,
    }
    assert answer["speaker"]["name"] == "Kitchen"
    assert answer["speaker"]["active"]
    assert answer["position"] == pytest.approx(61, abs=2)
    assert answer["shuffle"]
    assert answer["repeat"] == "context"
    assert "resuming" in answer["disallows"]
    assert not refused(emulator)


async def test_whether_it_is_liked_is_told(
    hass: HomeAssistant, account: AccountEntry, call: Call, phone: Phone, uri: Uri
) -> None:
    """As soon as that is known."""
    track = uri("track", "So What")
    phone.play(track, "Kitchen")
    phone.like(track)
    await call("get_playback")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await call("get_playback"))["liked"] is True


async def test_idle_and_odd_playback_is_an_answer(
    account: AccountEntry, call: Call, phone: Phone
) -> None:
    """Nothing, an advertisement, a pause."""
    assert await call("get_playback") == {"state": "idle"}
    phone.play_ad()
    phone.transfer("Kitchen")
    assert (await call("get_playback"))["item"]["type"] == "ad"
    phone.pause()
    assert (await call("get_playback"))["state"] == "paused"


async def test_speakers_are_asked_for_afresh(
    kitchen: Phone, call: Call, emulator: Emulator
) -> None:
    """One that appeared a moment ago, and one that takes no commands."""
    kitchen.appear(Device("a" * 40, "Garden"))
    devices = {one["name"]: one for one in (await call("get_devices"))["devices"]}
    assert devices["Kitchen"]["active"]
    assert devices["Kitchen"]["volume"] == 40
    assert devices["Garden"]["controllable"]
    assert not devices["Sonos Bedroom"]["controllable"]
    assert not devices["Anna's Phone"]["volume_controllable"]
    assert not refused(emulator)


@pytest.mark.parametrize(
    ("at", "by", "position"),
    [(60, 15, 75), (60, -15, 45), (5, -15, 0), (60, 0.5, 60.5)],
)
async def test_seeking_goes_forward_and_back(
    kitchen: Phone,
    call: Call,
    emulator: Emulator,
    at: int,
    by: float,
    position: float,
) -> None:
    """From where it is, whoever brought it there."""
    kitchen.seek(at * 1000)
    answer = await call("seek_by", seconds=by)
    assert answer["position"] == pytest.approx(position, abs=2)
    sent = int(emulator.calls("PUT", "/seek$")[0].query["position_ms"])
    assert sent == pytest.approx(position * 1000, abs=2000)
    assert not refused(emulator)


async def test_seeking_goes_no_further_than_the_end(
    kitchen: Phone, call: Call, emulator: Emulator
) -> None:
    """The next item begins."""
    answer = await call("seek_by", seconds=36_000)
    track = find(emulator.world, "track", "So What")
    assert answer["position"] == track["duration_ms"] / 1000
    assert kitchen.player.current_uri != track["uri"]


async def test_there_must_be_something_to_seek_in(
    account: AccountEntry, call: Call, emulator: Emulator
) -> None:
    """Nothing plays."""
    with pytest.raises(ServiceValidationError) as raised:
        await call("seek_by", seconds=5)
    assert raised.value.translation_key == "nothing_playing"
    assert not emulator.calls("PUT")


async def test_what_may_not_be_sought_in_is_told(kitchen: Phone, call: Call) -> None:
    """Spotify said so beforehand."""
    kitchen.player.disallows["seeking"] = True
    with pytest.raises(HomeAssistantError) as raised:
        await call("seek_by", seconds=5)
    assert raised.value.translation_key == "cannot_seek_now"


@pytest.mark.parametrize("action", ["transfer_playback", "add_to_queue", "seek_by"])
async def test_a_free_account_hears_that_premium_is_needed(
    link: Link, call: Call, emulator: Emulator, uri: Uri, action: str
) -> None:
    """By whatever command."""
    emulator.phone("free").play(uri("album", "Kind of Blue"))
    await link("free")
    values: dict[str, dict[str, Any]] = {
        "transfer_playback": {"speaker": "Free's Laptop"},
        "add_to_queue": {"items": uri("track", "So What")},
        "seek_by": {"seconds": 5},
    }
    with pytest.raises(HomeAssistantError) as raised:
        await call(action, **values[action])
    assert raised.value.translation_key == "premium_required"


@pytest.mark.parametrize("action", READING)
async def test_a_free_account_may_look(
    link: Link, call: Call, emulator: Emulator, uri: Uri, action: str
) -> None:
    """Reading needs no Premium."""
    emulator.phone("free").play(uri("album", "Kind of Blue"))
    await link("free")
    assert await call(action)
    assert not refused(emulator)


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault("/me/player", status=429, retry_after=600), "rate_limited"),
        (
            Fault("/me/player", status=429, body=QUOTA_EXCEEDED, retry_after=600),
            "quota_exceeded",
        ),
        (Fault("/me/player", status=503, times=None), "server_fault"),
        (Fault("/me/player", status=200, body="<html>"), "invalid_answer"),
    ],
)
@pytest.mark.parametrize(
    ("action", "data"),
    [
        *((action, {}) for action in READING),
        ("seek_by", {"seconds": 5}),
        ("transfer_playback", {"speaker": "Attic"}),
    ],
)
async def test_what_spotify_does_not_tell_is_no_answer(
    kitchen: Phone,
    call: Call,
    emulator: Emulator,
    fault: Fault,
    key: str,
    action: str,
    data: dict[str, Any],
) -> None:
    """An old state would be a lie."""
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError) as raised:
        await call(action, **data)
    assert raised.value.translation_key == key


async def test_nothing_is_queued_while_nothing_is_active(
    kitchen: Phone, call: Call, uri: Uri
) -> None:
    """What was seen a moment ago is over."""
    kitchen.sleep()
    with pytest.raises(ServiceValidationError) as raised:
        await call("add_to_queue", items=uri("track", "All Blues"))
    assert raised.value.translation_key == "no_active_speaker"
