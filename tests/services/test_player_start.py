"""Playing something else, by actions."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
import voluptuous as vol

from custom_components.spotify_hub.account import queue
from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.pins import Pin
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find, playlist_named
from tests.emulator.faults import QUOTA_EXCEEDED
from tests.emulator.phone import Phone
from tests.emulator.records.mixtapes import DJ
from tests.emulator.world import Device

from .conftest import Call, Uri, refused

HIDDEN = f"spotify:playlist:{DJ}"
REFUSAL = {
    "error": {
        "status": 403,
        "message": "Player command failed: Restriction violated",
        "reason": "UNKNOWN",
    }
}


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
    entry = await link(app=request.param)
    emulator.forget_requests()
    return entry


@pytest.fixture
async def anna(_room: None, link: Link, emulator: Emulator) -> AccountEntry:
    """Link Anna."""
    entry = await link()
    emulator.forget_requests()
    return entry


@pytest.fixture
async def kitchen(
    hass: HomeAssistant,
    anna: AccountEntry,
    phone: Phone,
    uri: Uri,
    emulator: Emulator,
) -> Phone:
    """A song in the kitchen."""
    phone.play(uri("track", "Get Lucky"), "Kitchen")
    await anna.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    emulator.forget_requests()
    return phone


def pin(entry: AccountEntry, uri: str, name: str) -> None:
    """Pin something for an account."""
    household = entry.runtime_data.household
    household.async_set_pins((Pin(uri=uri, name=name, entry_id=entry.entry_id),))


def played_on(phone: Phone) -> str | None:
    """Return where it plays; None where nothing does."""
    player = phone.player
    return player.active.name if player.active and player.is_playing else None


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "query_or_uri"),
        ({"query": "a", "uri": "spotify:collection"}, "query_or_uri"),
        ({"uri": "spotify:collection", "artist": "a"}, "only_with_query"),
        ({"uri": "spotify:collection", "media_type": "track"}, "only_with_query"),
        ({"query": "a", "album": "b", "playlist": "c"}, "album_or_playlist"),
        ({"query": "a", "album": "b", "media_type": "artist"}, "only_tracks_inside"),
        (
            {"uri": "spotify:album:" + "1" * 22, "playlist": HIDDEN},
            "wrong_kind",
        ),
        ({"query": "a", "album": "b", "offset": 1}, "offset_with_item"),
        ({"query": "a", "media_type": "track", "offset": 1}, "offset_with_item"),
        ({"query": "a", "offset": "the first"}, "not_an_offset"),
        ({"query": "a", "offset": -1}, "not_an_offset"),
        ({"query": "a", "offset": float("inf")}, "not_an_offset"),
        ({"query": "a", "offset": "spotify:album:" + "1" * 22}, "not_an_offset"),
        ({"uri": "spotify:track:" + "1" * 22, "offset": 0}, "no_offset"),
        ({"uri": "spotify:artist:" + "1" * 22, "offset": 0}, "no_offset"),
        ({"uri": "zzyzx qwortle"}, "nothing_named"),
        ({"uri": "https://example.com/track/1"}, "not_a_spotify_link"),
        ({"uri": "spotify:user:ben"}, "not_playable"),
        ({"query": "a", "enqueue": "add", "shuffle": True}, "only_when_played_now"),
        ({"query": "a", "enqueue": "next", "repeat": "off"}, "only_when_played_now"),
        ({"query": "a", "enqueue": "add", "position": 0}, "only_when_played_now"),
        ({"query": "a", "enqueue": "add", "offset": 0}, "only_when_played_now"),
        ({"query": "a", "enqueue": "add", "speaker": "b"}, "only_when_played_now"),
        ({"uri": HIDDEN, "speaker": "Attic", "shuffle": True}, "unknown_speaker"),
        ({"uri": HIDDEN, "speaker": "Sonos Bedroom"}, "speaker_restricted"),
        ({"query": "qqqxyzzy zzz"}, "nothing_found"),
    ],
)
async def test_senseless_wishes_are_refused_before_anything_changes(
    kitchen: Phone, call: Call, emulator: Emulator, data: dict[str, Any], key: str
) -> None:
    """What plays plays on, in the order it had."""
    with pytest.raises(ServiceValidationError) as raised:
        await call("play", **data)
    assert raised.value.translation_key == key
    assert not [one for one in emulator.requests if one.method != "GET"]


@pytest.mark.parametrize(
    "data",
    [
        {"query": ""},
        {"query": "a", "media_type": "genre"},
        {"query": "a", "enqueue": "later"},
        {"query": "a", "repeat": "twice"},
        {"query": "a", "position": -1},
        {"query": "a", "position": float("inf")},
        {"query": "a", "position": float("nan")},
        {"query": "a", "position": 700_000},
        {"query": "a", "volume": 3},
    ],
)
async def test_values_of_the_wrong_kind_are_refused(
    anna: AccountEntry, call: Call, emulator: Emulator, data: dict[str, Any]
) -> None:
    """By the schema; Spotify is not asked."""
    with pytest.raises(vol.Invalid):
        await call("play", **data)
    assert not emulator.requests


async def test_a_position_beyond_the_end_is_refused(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """Whether the track was named, linked, or is what an album begins with."""
    track, album = uri("track", "So What"), uri("album", "Kind of Blue")
    for data in (
        {"uri": track},
        {"query": "so what", "artist": "Miles Davis", "media_type": "track"},
        {"uri": album, "offset": track},
        {"uri": track, "album": album},
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await call("play", **data, position=36_000)
        assert raised.value.translation_key == "position_beyond"
    assert not emulator.calls("PUT")


async def test_the_first_hit_plays(
    account: AccountEntry, call: Call, phone: Phone, uri: Uri, emulator: Emulator
) -> None:
    """The answer says what was started, and where."""
    answer = await call(
        "play", query="so what", artist="Miles Davis", speaker="living room tv"
    )
    assert answer["item"]["name"] == "So What"
    assert answer["item"]["by"] == ["Miles Davis"]
    assert answer["speaker"] == "Living Room TV"
    assert answer["context_uri"] is None
    assert answer["enqueued"] == []
    assert phone.player.current_uri == uri("track", "So What")
    assert played_on(phone) == "Living Room TV"
    assert not refused(emulator)


@pytest.mark.parametrize(
    ("media_type", "query", "name"),
    [
        ("album", "kind of blue", "Kind of Blue"),
        ("artist", "daft punk", "Daft Punk"),
        ("show", "the quiet hour", "The Quiet Hour"),
        ("audiobook", "hound of the baskervilles", "The Hound of the Baskervilles"),
        ("playlist", "workout 2026", "Workout 2026"),
    ],
)
async def test_a_kind_narrows_the_search(
    kitchen: Phone,
    call: Call,
    emulator: Emulator,
    media_type: str,
    query: str,
    name: str,
) -> None:
    """What is found is of that kind, and plays as a context."""
    answer = await call("play", query=query, media_type=media_type)
    assert answer["item"]["type"] == media_type
    assert answer["item"]["name"] == name
    assert kitchen.player.context_uri == answer["context_uri"]
    assert not refused(emulator)


@pytest.mark.parametrize("how", ["uri", "name"])
async def test_what_spotify_hides_plays_without_being_fetched(
    anna: AccountEntry, kitchen: Phone, call: Call, emulator: Emulator, how: str
) -> None:
    """A playlist made for Anna, and a pin of it: the start, and a look at the player."""
    pin(anna, HIDDEN, "My DJ")
    answer = await call("play", uri={"uri": HIDDEN, "name": "my dj"}[how])
    assert answer["item"]["uri"] == answer["context_uri"] == HIDDEN
    assert kitchen.player.context_uri == HIDDEN
    assert answer["confirmed"]
    assert [one.path.rpartition("/")[2] for one in emulator.requests] == [
        "play",
        "player",
    ]


async def test_a_track_plays_inside_a_playlist(
    account: AccountEntry, call: Call, phone: Phone, uri: Uri, emulator: Emulator
) -> None:
    """By link or by name: the playlist is the context, and goes on."""
    jazz = playlist_named(emulator.world, "Dinner Jazz")
    track = uri("track", "Blue in Green")
    url = f"https://open.spotify.com/track/{track.rsplit(':', 1)[1]}?si=1"
    for data in ({"uri": url}, {"query": "blue in green"}):
        answer = await call("play", **data, playlist=jazz.uri, speaker="Kitchen")
        assert answer["item"]["uri"] == track
        assert answer["context_uri"] == jazz.uri
        assert phone.player.context_uri == jazz.uri
        assert phone.player.current_uri == track
        phone.next()
    assert not refused(emulator)


@pytest.mark.parametrize("position", [float("inf"), float("nan"), 1e9])
async def test_liked_songs_begin_within_a_song(
    anna: AccountEntry, call: Call, emulator: Emulator, position: float
) -> None:
    """No song lasts forever."""
    with pytest.raises(vol.Invalid):
        await call("play_liked_songs", position=position, speaker="Kitchen")
    assert not emulator.requests


@pytest.mark.parametrize(
    ("name", "kind", "title"),
    [
        ("All Blues by Miles Davis", "track", "All Blues"),
        ("the album kind of blue", "album", "Kind of Blue"),
        ("the hound of the baskervilles", "audiobook", None),
    ],
)
async def test_what_is_surely_named_plays(
    kitchen: Phone,
    call: Call,
    uri: Uri,
    emulator: Emulator,
    name: str,
    kind: str,
    title: str | None,
) -> None:
    """A name does instead of a URI, for one search."""
    answer = await call("play", uri=name)
    meant = uri(kind, title or "The Hound of the Baskervilles")
    assert answer["item"]["uri"].rsplit(":", 1)[1] == meant.rsplit(":", 1)[1]
    assert len(emulator.calls("GET", "/search$")) == 1
    assert played_on(kitchen) == "Kitchen"
    assert not refused(emulator)


async def test_what_is_named_inside_is_a_track(
    kitchen: Phone, call: Call, uri: Uri
) -> None:
    """Not the album of that name."""
    track, album = uri("track", "All Blues"), uri("album", "Kind of Blue")
    answer = await call("play", uri="All Blues", album=album)
    assert answer["item"]["uri"] == track
    assert kitchen.player.context_uri == album


@pytest.mark.parametrize("what", ["playlist", "pin"])
async def test_another_kind_of_that_name_does_not_stand_in_the_way(
    anna: AccountEntry,
    kitchen: Phone,
    call: Call,
    emulator: Emulator,
    what: str,
) -> None:
    """Nor does what is one's own."""
    name = "The Hound of the Baskervilles"
    if what == "pin":
        pin(anna, HIDDEN, name)
    else:
        playlist_named(emulator.world, "Kitchen").name = name
    for query in (name, f"my playlist {name}"):
        answer = await call("play", query=query, media_type="audiobook")
        assert (answer["item"]["type"], answer["item"]["name"]) == ("audiobook", name)
    assert played_on(kitchen) == "Kitchen"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("/me/playlists$", status=403, body={}, times=None),
        Fault("/me/playlists$", status=503, times=None),
    ],
)
async def test_playlists_that_cannot_be_read_do_not_keep_music_from_playing(
    account: AccountEntry, call: Call, uri: Uri, emulator: Emulator, fault: Fault
) -> None:
    """The catalogue is asked, as ever."""
    emulator.faults.add(fault)
    answer = await call("play", query="kind of blue", speaker="Kitchen")
    assert answer["item"]["uri"] == uri("album", "Kind of Blue")


async def test_a_playlist_is_found_by_its_name(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """One of Anna's own."""
    track = uri("track", "Get Lucky")
    answer = await call("play", uri=track, playlist="workout 2026")
    workout = playlist_named(emulator.world, "Workout 2026")
    assert answer["context_uri"] == workout.uri
    assert kitchen.player.current_uri == track


async def test_an_album_narrows_a_track(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """With or without its artist, the album goes on after it."""
    album = uri("album", "Kind of Blue")
    for artist in ({}, {"artist": "Miles Davis"}):
        answer = await call(
            "play", query="all blues", album="Kind of Blue", position=10, **artist
        )
        assert answer["item"]["name"] == "All Blues"
        assert kitchen.player.context_uri == answer["context_uri"] == album
    assert emulator.calls("PUT", "/play$")[-1].body["position_ms"] == 10_000
    assert not refused(emulator)


async def test_what_is_not_inside_is_told(
    kitchen: Phone, call: Call, emulator: Emulator
) -> None:
    """Nothing else is played instead."""
    jazz = playlist_named(emulator.world, "Dinner Jazz")
    with pytest.raises(ServiceValidationError) as raised:
        await call("play", query="back in black", playlist=jazz.uri)
    assert raised.value.translation_key == "not_inside"
    assert not emulator.calls("PUT")


async def test_a_track_of_a_playlist_that_cannot_be_listed_is_left_to_spotify(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """Ben's playlist is not listed to Anna, but plays."""
    nineties = playlist_named(emulator.world, "Ben's Nineties")
    track = nineties.entries[2].uri
    assert track is not None
    name = emulator.world.catalogue[track]["name"]
    answer = await call("play", query=f"{name} by Radiohead", playlist=nineties.uri)
    assert answer["context_uri"] == nineties.uri
    assert kitchen.player.current_uri == track


async def test_an_album_begins_where_one_likes(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """By number from 0, also as text, or by item; the first one too."""
    album = find(emulator.world, "album", "Kind of Blue")
    tracks = [track["uri"] for track in album["tracks"]["items"]]
    for offset, track in ((0, tracks[0]), ("2", tracks[2]), (tracks[3], tracks[3])):
        await call("play", uri=album["uri"], offset=offset)
        assert kitchen.player.current_uri == track
    assert not refused(emulator)


async def test_shuffle_is_set_before_the_start(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """So the first track is random too; repeat follows."""
    album = find(emulator.world, "album", "One Hundred and Thirty Miniatures")
    await call("play", uri=album["uri"], shuffle=True, repeat="context")
    assert [one.path.rsplit("/", 1)[1] for one in emulator.calls("PUT")] == [
        "shuffle",
        "play",
        "repeat",
    ]
    player = kitchen.player
    assert player.shuffle
    assert player.repeat == "context"
    assert player.current_uri != album["tracks"]["items"][0]["uri"]
    await call("play", uri=album["uri"], shuffle=False)
    assert kitchen.player.current_uri == album["tracks"]["items"][0]["uri"]
    assert not refused(emulator)


async def test_shuffle_is_set_after_a_start_that_woke_a_speaker(
    anna: AccountEntry, phone: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """Where nothing is active there is nothing to set it on before."""
    answer = await call(
        "play", uri=uri("album", "Kind of Blue"), shuffle=True, speaker="Kitchen"
    )
    assert answer["speaker"] == "Kitchen"
    assert phone.player.shuffle
    assert played_on(phone) == "Kitchen"
    assert not refused(emulator)


async def test_shuffle_is_set_after_the_start_where_it_was_not_allowed_before(
    anna: AccountEntry, kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """An advertisement played."""
    emulator.faults.add(Fault("/shuffle$", status=403, body=REFUSAL))
    await call("play", uri=uri("album", "Kind of Blue"), shuffle=True)
    assert kitchen.player.shuffle


async def test_shuffle_is_set_after_the_start_where_the_speaker_fell_asleep(
    kitchen: Phone, call: Call, uri: Uri
) -> None:
    """And nobody has noticed yet."""
    kitchen.sleep()
    await call("play", uri=uri("album", "Kind of Blue"), shuffle=True)
    assert kitchen.player.shuffle
    assert played_on(kitchen) == "Kitchen"


async def test_a_start_that_fails_leaves_the_order_as_it_was(
    kitchen: Phone, call: Call
) -> None:
    """Spotify knows no such album."""
    with pytest.raises(ServiceValidationError) as raised:
        await call("play", uri="spotify:album:" + "0" * 22, shuffle=True)
    assert raised.value.translation_key == "not_found"
    assert not kitchen.player.shuffle
    assert played_on(kitchen) == "Kitchen"


async def test_that_it_plays_otherwise_than_wished_is_told(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """Repeat was refused, but it plays."""
    emulator.faults.add(Fault("/repeat$", status=403, body=REFUSAL, times=None))
    with pytest.raises(HomeAssistantError) as raised:
        await call("play", uri=uri("album", "Kind of Blue"), repeat="context")
    assert raised.value.translation_key == "started_otherwise"
    assert kitchen.player.context_uri == uri("album", "Kind of Blue")


async def test_a_start_goes_to_a_speaker_under_its_new_id(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """Ids change: the one known is stale."""
    for device in kitchen.player.devices:
        if device.name == "Living Room TV":
            device.id = "e" * 40
    answer = await call(
        "play", uri=uri("album", "Kind of Blue"), speaker="Living Room TV"
    )
    assert answer["speaker"] == "Living Room TV"
    assert played_on(kitchen) == "Living Room TV"


async def test_a_speaker_that_appeared_meanwhile_is_found(
    kitchen: Phone, call: Call, uri: Uri
) -> None:
    """It is looked for when it is named."""
    kitchen.appear(Device("a" * 40, "Garden"))
    await call("play", uri=uri("album", "Kind of Blue"), speaker="garden")
    assert played_on(kitchen) == "Garden"


async def test_a_speaker_that_is_gone_is_told(
    kitchen: Phone, call: Call, uri: Uri
) -> None:
    """And it does not play elsewhere instead."""
    kitchen.vanish("Living Room TV")
    with pytest.raises(ServiceValidationError) as raised:
        await call("play", uri=uri("album", "Kind of Blue"), speaker="Living Room TV")
    assert raised.value.translation_key == "start_offline"
    assert kitchen.player.context_uri is None


async def test_a_speaker_that_does_not_wake_is_told(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator
) -> None:
    """It is tried by both ways; another one is not taken instead."""
    asleep = {"status": 404, "message": "Asleep", "reason": "NO_ACTIVE_DEVICE"}
    emulator.faults.add(Fault("/play$", status=404, body={"error": asleep}, times=None))
    with pytest.raises(ServiceValidationError) as raised:
        await call("play", uri=uri("album", "Kind of Blue"), speaker="Living Room TV")
    assert raised.value.translation_key == "start_offline"
    assert len(emulator.calls("PUT", "/play$")) == 2
    assert kitchen.player.context_uri is None


async def test_an_active_speaker_that_takes_no_commands_is_told(
    kitchen: Phone, anna: AccountEntry, call: Call, uri: Uri
) -> None:
    """By whatever it is asked; with another one named, that one plays."""
    kitchen.transfer("Sonos Bedroom")
    await anna.runtime_data.playback.async_refresh()
    album = uri("album", "Kind of Blue")
    with pytest.raises(HomeAssistantError) as raised:
        await call("play", uri=album, shuffle=True)
    assert raised.value.translation_key == "speaker_not_controllable"
    await call("play", uri=album, shuffle=True, speaker="Kitchen")
    assert played_on(kitchen) == "Kitchen"
    assert kitchen.player.shuffle


async def test_without_a_speaker_the_choice_is_the_callers(
    anna: AccountEntry, call: Call, uri: Uri
) -> None:
    """Several are there, none was used."""
    with pytest.raises(ServiceValidationError) as raised:
        await call("play", uri=uri("album", "Kind of Blue"))
    assert raised.value.translation_key == "choose_speaker"


@pytest.mark.parametrize("action", ["play", "play_liked_songs"])
async def test_a_free_account_hears_that_premium_is_needed(
    link: Link, call: Call, emulator: Emulator, action: str
) -> None:
    """Asked with a speaker of its own."""
    await link("free")
    data = {"uri": HIDDEN} if action == "play" else {}
    with pytest.raises(HomeAssistantError) as raised:
        await call(action, speaker="Free's Laptop", **data)
    assert raised.value.translation_key == "premium_required"


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault("/play$", status=429, retry_after=600), "rate_limited"),
        (
            Fault("/play$", status=429, body=QUOTA_EXCEEDED, retry_after=600),
            "quota_exceeded",
        ),
        (Fault("/play$", status=503, times=None), "server_fault"),
        (Fault("/search$", status=429, retry_after=600), "rate_limited"),
    ],
)
async def test_what_spotify_refuses_is_told(
    kitchen: Phone, call: Call, emulator: Emulator, fault: Fault, key: str
) -> None:
    """What played plays on."""
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError) as raised:
        await call("play", query="kind of blue", media_type="album")
    assert raised.value.translation_key == key
    assert kitchen.player.context_uri is None


@pytest.mark.parametrize("enqueue", ["add", "next"])
async def test_what_is_found_can_be_queued(
    kitchen: Phone, call: Call, uri: Uri, emulator: Emulator, enqueue: str
) -> None:
    """What plays plays on; the answer lists what was queued."""
    answer = await call(
        "play", query="kind of blue", media_type="album", enqueue=enqueue
    )
    album = find(emulator.world, "album", "Kind of Blue")
    tracks = [track["uri"] for track in album["tracks"]["items"]]
    assert answer["enqueued"] == tracks == kitchen.player.queue
    assert answer["context_uri"] is None
    assert kitchen.player.current_uri == uri("track", "Get Lucky")
    assert not refused(emulator)


async def test_next_is_refused_while_something_waits(
    kitchen: Phone, call: Call, uri: Uri
) -> None:
    """Spotify can only append."""
    await call("play", uri=uri("track", "All Blues"), enqueue="add")
    with pytest.raises(ServiceValidationError) as raised:
        await call("play", uri=uri("track", "So What"), enqueue="next")
    assert raised.value.translation_key == "queue_not_empty"


async def test_liked_songs_play(
    account: AccountEntry, call: Call, phone: Phone, emulator: Emulator
) -> None:
    """As the account's own context, shuffled where asked for."""
    answer = await call(
        "play_liked_songs", speaker="Kitchen", shuffle=True, repeat="off", position=3
    )
    assert answer == {
        "context_uri": "spotify:user:anna:collection",
        "speaker": "Kitchen",
        "confirmed": True,
    }
    assert phone.player.context_uri == "spotify:user:anna:collection"
    assert phone.player.shuffle
    assert not refused(emulator)


async def test_liked_songs_need_a_known_speaker(
    anna: AccountEntry, call: Call, phone: Phone
) -> None:
    """The error lists those that Spotify sees."""
    with pytest.raises(ServiceValidationError) as raised:
        await call("play_liked_songs", speaker="Attic")
    assert raised.value.translation_key == "unknown_speaker"
    assert raised.value.translation_placeholders is not None
    assert "Kitchen" in raised.value.translation_placeholders["known"]
    assert phone.player.active is None


async def test_a_pause_ends_a_start_in_progress(
    hass: HomeAssistant, kitchen: Phone, call: Call, emulator: Emulator
) -> None:
    """Also between shuffle and start."""
    emulator.faults.add(Fault("/shuffle$", status=None, delay=0.2))
    starting = asyncio.create_task(call("play", uri=HIDDEN, shuffle=True))
    async with asyncio.timeout(5):
        while not emulator.calls("PUT", "/shuffle$"):
            await asyncio.sleep(0.01)
        await hass.services.async_call(
            "media_player",
            "media_pause",
            {"entity_id": "media_player.spotify_anna"},
            blocking=True,
        )
        with pytest.raises(ServiceValidationError) as raised:
            await starting
    assert raised.value.translation_key == "interrupted"
    assert not kitchen.player.is_playing
    assert not emulator.calls("PUT", "/play$")


async def test_an_answer_is_no_must(
    hass: HomeAssistant, kitchen: Phone, uri: Uri
) -> None:
    """Called as an automation calls it."""
    album = uri("album", "Kind of Blue")
    await hass.services.async_call(DOMAIN, "play", {"uri": album}, blocking=True)
    assert kitchen.player.context_uri == album
