"""The emulated player: a clock that moves, and every refusal of Spotify's."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulator import Device, Emulator, Phone
from tests.emulator.asking import Asking
from tests.emulator.contexts import find as find_context
from tests.emulator.data import find, playlist_named
from tests.emulator.world import Json, Player

ROOT = "/v1/me/player"
SCOPES = (
    "user-read-playback-state",
    "user-modify-playback-state",
    "user-read-currently-playing",
    "user-read-recently-played",
)
RESTRICTION = (403, "Player command failed: Restriction violated", "UNKNOWN")


@pytest.fixture
async def emulator(socket_enabled: None) -> AsyncIterator[Emulator]:
    """Run an emulator with the standard world."""
    async with Emulator() as running:
        yield running


@pytest.fixture
def anna(emulator: Emulator) -> Asking:
    """Ask as Anna with every scope of the player."""
    return Asking.by(emulator, "anna", *SCOPES)


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Return Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def player(emulator: Emulator) -> Player:
    """Return Anna's player as the emulator holds it."""
    return emulator.world.users["anna"].player


@pytest.fixture
def album(emulator: Emulator) -> Json:
    """Return an album of five tracks."""
    return find(emulator.world, "album", "Kind of Blue")


@pytest.fixture
def tracks(emulator: Emulator, album: Json) -> list[Json]:
    """Return its tracks."""
    return tracks_of(emulator, album["uri"])


def tracks_of(emulator: Emulator, uri: str) -> list[Json]:
    """Return what a context plays."""
    context = find_context(emulator.world, emulator.world.users["anna"], uri)
    assert context is not None
    return [emulator.world.catalogue[track] for track in context.uris]


def device_id(player: Player, name: str) -> str:
    """Return the id of a device."""
    found = next(device.id for device in player.devices if device.name == name)
    assert found is not None
    return found


async def state(anna: Asking) -> Json:
    """Return the whole player."""
    found: Json = (await anna("GET", f"{ROOT}?additional_types=track,episode")).json
    return found


async def start(anna: Asking, player: Player, **body: Any) -> None:
    """Play in the kitchen."""
    kitchen = device_id(player, "Kitchen")
    answer = await anna("PUT", f"{ROOT}/play?device_id={kitchen}", json=body)
    assert (answer.status, answer.text) == (204, "")


# Reading


async def test_nothing_active(anna: Asking) -> None:
    """Nothing active."""
    for path in (ROOT, f"{ROOT}/currently-playing"):
        answer = await anna("GET", path)
        assert (answer.status, answer.text) == (204, "")
    queue = await anna("GET", f"{ROOT}/queue")
    assert queue.json == {"currently_playing": None, "queue": []}


async def test_fields_of_the_player(
    anna: Asking, player: Player, album: Json, tracks: list[Json]
) -> None:
    """Fields of the player."""
    await start(anna, player, context_uri=album["uri"])
    whole = await state(anna)
    assert whole.keys() == {
        "device",
        "shuffle_state",
        "smart_shuffle",
        "repeat_state",
        "timestamp",
        "context",
        "progress_ms",
        "item",
        "currently_playing_type",
        "actions",
        "is_playing",
    }
    assert whole["device"].keys() == {
        "id",
        "is_active",
        "is_private_session",
        "is_restricted",
        "name",
        "type",
        "volume_percent",
        "supports_volume",
    }
    assert whole["device"]["name"] == "Kitchen"
    assert whole["is_playing"] is True
    assert whole["context"]["type"] == "album"
    assert whole["context"]["uri"] == album["uri"]
    assert whole["item"]["uri"] == tracks[0]["uri"]
    assert "popularity" not in whole["item"]
    assert whole["currently_playing_type"] == "track"
    assert whole["actions"] == {"disallows": {"resuming": True, "skipping_prev": True}}
    current = (await anna("GET", f"{ROOT}/currently-playing")).json
    assert whole.keys() - current.keys() == {
        "device",
        "shuffle_state",
        "smart_shuffle",
        "repeat_state",
    }


async def test_restricted_device_is_listed_without_id(anna: Asking) -> None:
    """Restricted device is listed without id."""
    devices = (await anna("GET", f"{ROOT}/devices")).json["devices"]
    restricted = [one for one in devices if one["is_restricted"]]
    assert [one["id"] for one in restricted] == [None]
    assert not any(one["is_active"] for one in devices)


async def test_reads_without_their_scope(emulator: Emulator) -> None:
    """Reads without their scope."""
    anna = Asking.by(emulator, "anna")
    for path in ("", "/devices", "/queue", "/currently-playing"):
        answer = await anna("GET", f"{ROOT}{path}")
        assert answer.error == (401, "Permissions missing", None)
    recent = await anna("GET", f"{ROOT}/recently-played")
    assert recent.error == (403, "Insufficient client scope", None)


async def test_episode_is_null_unless_asked_for(
    emulator: Emulator, anna: Asking, phone: Phone
) -> None:
    """Episode is null unless asked for."""
    show = next(uri for uri in emulator.world.catalogue if ":show:" in uri)
    phone.play(show, "Kitchen")
    bare = (await anna("GET", ROOT)).json
    assert (bare["item"], bare["currently_playing_type"]) == (None, "episode")
    whole = await state(anna)
    assert whole["item"]["type"] == "episode"
    assert whole["context"]["type"] == "show"


async def test_audiobook_plays_in_the_guise_of_a_show(
    emulator: Emulator, anna: Asking, player: Player
) -> None:
    """Audiobook plays in the guise of a show."""
    book = next(
        one for one in emulator.world.catalogue.values() if one["type"] == "audiobook"
    )
    await start(anna, player, context_uri=book["uri"])
    whole = await state(anna)
    assert whole["context"]["type"] == "show"
    item = whole["item"]
    assert (item["type"], item["release_date"]) == ("episode", "0000")
    assert item["uri"].startswith("spotify:episode:")
    assert item["show"]["uri"] == book["uri"]
    assert item["show"]["total_episodes"] is None


async def test_ad_local_file_and_unknown(anna: Asking, phone: Phone) -> None:
    """Ad local file and unknown."""
    phone.transfer("Kitchen")
    phone.play_ad()
    whole = await state(anna)
    assert (whole["item"], whole["currently_playing_type"]) == (None, "ad")
    assert (await anna("POST", f"{ROOT}/next")).error == RESTRICTION
    local = {"uri": "spotify:local:::Demo:90", "id": None, "duration_ms": 90_000}
    phone.play_local(local)
    assert (await state(anna))["item"] == local
    phone.play_unknown({"uri": "spotify:odd:1", "type": "hologram"})
    assert (await state(anna))["currently_playing_type"] == "unknown"


# Time


async def test_position_moves_while_playing_and_stands_while_paused(
    emulator: Emulator, anna: Asking, phone: Phone, album: Json
) -> None:
    """Position moves while playing and stands while paused."""
    phone.play(album["uri"], "Kitchen")
    started = (await state(anna))["timestamp"]
    emulator.clock.advance(20)
    first = await state(anna)
    assert first["progress_ms"] == pytest.approx(20_000, abs=2000)
    assert first["timestamp"] == started
    phone.pause()
    emulator.clock.advance(1000)
    second = await state(anna)
    assert second["progress_ms"] == pytest.approx(20_000, abs=2000)
    assert second["timestamp"] > started
    assert second["actions"]["disallows"]["pausing"] is True


async def test_queue_comes_before_the_context(
    emulator: Emulator, anna: Asking, phone: Phone, album: Json, tracks: list[Json]
) -> None:
    """Queue comes before the context."""
    phone.play(album["uri"], "Kitchen")
    extra = find(emulator.world, "track", "Songbird")
    answer = await anna("POST", f"{ROOT}/queue?uri={extra['uri']}")
    assert answer.status == 204
    queue = (await anna("GET", f"{ROOT}/queue")).json
    assert queue["currently_playing"]["uri"] == tracks[0]["uri"]
    assert [item["uri"] for item in queue["queue"]] == [
        extra["uri"],
        *(track["uri"] for track in tracks[1:]),
    ]
    emulator.clock.advance(tracks[0]["duration_ms"] / 1000)
    assert (await state(anna))["item"]["uri"] == extra["uri"]
    emulator.clock.advance(extra["duration_ms"] / 1000)
    assert (await state(anna))["item"]["uri"] == tracks[1]["uri"]


async def test_playback_stops_at_the_end_of_the_context(
    emulator: Emulator, anna: Asking, phone: Phone, album: Json, tracks: list[Json]
) -> None:
    """Playback stops at the end of the context."""
    phone.play(album["uri"], "Kitchen")
    emulator.clock.advance(sum(track["duration_ms"] for track in tracks) / 1000)
    whole = await state(anna)
    assert (whole["is_playing"], whole["progress_ms"]) == (False, 0)
    assert whole["item"]["uri"] == tracks[0]["uri"]
    recent = (await anna("GET", f"{ROOT}/recently-played?limit=5")).json["items"]
    assert [play["track"]["uri"] for play in recent] == [
        track["uri"] for track in reversed(tracks)
    ]
    assert all(play["context"]["uri"] == album["uri"] for play in recent)


@pytest.mark.parametrize(("repeat", "index"), [("track", 4), ("context", 0)])
async def test_repeat(
    emulator: Emulator,
    anna: Asking,
    phone: Phone,
    album: Json,
    tracks: list[Json],
    repeat: str,
    index: int,
) -> None:
    """Repeat."""
    phone.play(album["uri"], "Kitchen")
    for _ in tracks[1:]:
        phone.next()
    assert (await anna("PUT", f"{ROOT}/repeat?state={repeat}")).status == 204
    emulator.clock.advance(tracks[4]["duration_ms"] / 1000)
    whole = await state(anna)
    assert (whole["is_playing"], whole["repeat_state"]) == (True, repeat)
    assert whole["item"]["uri"] == tracks[index]["uri"]


async def test_only_what_was_listened_to_becomes_recent(
    emulator: Emulator, anna: Asking, phone: Phone, album: Json, tracks: list[Json]
) -> None:
    """Only what was listened to becomes recent."""

    async def latest() -> str:
        items = (await anna("GET", f"{ROOT}/recently-played?limit=1")).json["items"]
        return str(items[0]["track"]["uri"])

    phone.play(album["uri"], "Kitchen")
    before = await latest()
    emulator.clock.advance(20)
    phone.seek(200_000)
    phone.next()
    assert await latest() == before
    emulator.clock.advance(31)
    phone.next()
    assert await latest() == tracks[1]["uri"]
    phone.private(on=True)
    emulator.clock.advance(60)
    phone.next()
    assert await latest() == tracks[1]["uri"]


async def test_episodes_do_not_become_recent(
    emulator: Emulator, anna: Asking, phone: Phone
) -> None:
    """Episodes do not become recent."""
    show = next(uri for uri in emulator.world.catalogue if ":show:" in uri)
    before = list(emulator.world.users["anna"].recent)
    phone.play(show, "Kitchen")
    emulator.clock.advance(20_000)
    await state(anna)
    assert emulator.world.users["anna"].recent == before


async def test_recent_plays_by_cursor(anna: Asking) -> None:
    """Recent plays by cursor."""
    path = f"{ROOT}/recently-played"
    whole = (await anna("GET", f"{path}?limit=50")).json
    assert whole.keys() == {"items", "next", "cursors", "limit", "href"}
    assert (len(whole["items"]), whole["next"]) == (50, None)
    first = (await anna("GET", f"{path}?limit=20")).json
    rest = (await anna("GET", first["next"].removeprefix(anna.emulator.url))).json
    assert first["items"] + rest["items"] == whole["items"][:40]
    cursor = first["cursors"]["after"]
    newer = (await anna("GET", f"{path}?after={cursor}")).json
    assert (newer["items"], newer["cursors"]) == ([], None)
    both = await anna("GET", f"{path}?after=1&before={cursor}")
    assert both.status == 400
    too_many = await anna("GET", f"{path}?limit=51")
    assert too_many.error == (400, "Invalid limit", None)


# Commands


async def test_writes_need_scope_and_premium(emulator: Emulator) -> None:
    """Writes need scope and premium."""
    anna = Asking.by(emulator, "anna", "user-read-playback-state")
    answer = await anna("PUT", f"{ROOT}/pause")
    assert answer.error == (403, "Insufficient client scope", None)
    free = Asking.by(emulator, "free", *SCOPES)
    answer = await free("PUT", f"{ROOT}/pause")
    assert answer.error == (
        403,
        "Player command failed: Premium required",
        "PREMIUM_REQUIRED",
    )


async def test_no_active_device_in_spotifys_own_spacing(anna: Asking) -> None:
    """No active device in spotifys own spacing."""
    for method, command in (("PUT", "play"), ("PUT", "pause"), ("POST", "next")):
        answer = await anna(method, f"{ROOT}/{command}")
        assert '"status" : 404' in answer.text
        assert answer.error == (
            404,
            "Player command failed: No active device found",
            "NO_ACTIVE_DEVICE",
        )


async def test_unknown_and_restricted_devices(
    anna: Asking, phone: Phone, player: Player
) -> None:
    """Unknown and restricted devices."""
    answer = await anna("PUT", f"{ROOT}/play?device_id=gone")
    assert answer.error == (404, "Device not found", None)
    refused = (
        403,
        "Player command failed: Device not controllable",
        "DEVICE_NOT_CONTROLLABLE",
    )
    phone.appear(Device("tv", "Hotel TV", is_restricted=True))
    answer = await anna("PUT", ROOT, json={"device_ids": ["tv"]})
    assert answer.error == refused
    phone.transfer("Sonos Bedroom")
    answer = await anna("PUT", f"{ROOT}/volume?volume_percent=3")
    assert answer.error == refused


async def test_what_the_moment_does_not_allow(
    anna: Asking, phone: Phone, album: Json
) -> None:
    """What the moment does not allow."""
    phone.play(album["uri"], "Kitchen")
    assert (await anna("PUT", f"{ROOT}/play")).error == RESTRICTION
    assert (await anna("POST", f"{ROOT}/previous")).error == RESTRICTION
    assert (await anna("PUT", f"{ROOT}/pause")).status == 204
    assert (await anna("PUT", f"{ROOT}/pause")).error == RESTRICTION
    statuses = await anna.each("POST", [f"{ROOT}/next"] * 5)
    assert statuses == [204] * 4 + [403]


async def test_disallows_set_from_outside_are_enforced(
    anna: Asking, phone: Phone, player: Player, album: Json
) -> None:
    """Disallows set from outside are enforced."""
    phone.play(album["uri"], "Kitchen")
    player.disallows = {"toggling_shuffle": True}
    assert (await state(anna))["actions"]["disallows"]["toggling_shuffle"] is True
    answer = await anna("PUT", f"{ROOT}/shuffle?state=true")
    assert answer.error == RESTRICTION


async def test_next_wakes_an_idle_device(
    anna: Asking, phone: Phone, player: Player, album: Json, tracks: list[Json]
) -> None:
    """Next wakes an idle device."""
    phone.play(album["uri"], "Kitchen")
    phone.sleep()
    assert (await anna("GET", ROOT)).status == 204
    tv = device_id(player, "Living Room TV")
    assert (await anna("POST", f"{ROOT}/next?device_id={tv}")).status == 204
    whole = await state(anna)
    assert whole["device"]["name"] == "Living Room TV"
    assert (whole["is_playing"], whole["item"]["uri"]) == (True, tracks[1]["uri"])


async def test_resume_continues_and_can_jump(
    anna: Asking, phone: Phone, player: Player, album: Json
) -> None:
    """Resume continues and can jump."""
    phone.play(album["uri"], "Kitchen")
    phone.seek(60_000)
    phone.pause()
    assert (await anna("PUT", f"{ROOT}/play")).status == 204
    assert (await state(anna))["progress_ms"] >= 60_000
    answer = await anna("PUT", f"{ROOT}/play", json={"position_ms": 5000})
    assert answer.status == 204
    assert (await state(anna))["progress_ms"] < 10_000


async def test_resume_on_a_silent_account_plays_what_was_last_heard(
    emulator: Emulator, anna: Asking, player: Player
) -> None:
    """Resume on a silent account plays what was last heard."""
    await start(anna, player)
    last = emulator.world.users["anna"].recent[0]
    assert (await state(anna))["item"]["uri"] == last.uri
    ben = Asking.by(emulator, "ben", *SCOPES)
    emulator.world.users["ben"].recent.clear()
    his = emulator.world.users["ben"].player.devices[0].id
    assert (await ben("PUT", f"{ROOT}/play?device_id={his}")).error == RESTRICTION


async def test_offsets(
    anna: Asking, player: Player, album: Json, tracks: list[Json]
) -> None:
    """Offsets."""
    uri = album["uri"]
    await start(anna, player, context_uri=uri, offset={"position": 2}, position_ms=9000)
    whole = await state(anna)
    assert whole["item"]["uri"] == tracks[2]["uri"]
    assert whole["progress_ms"] >= 9000
    await start(anna, player, context_uri=uri, offset={"uri": tracks[3]["uri"]})
    assert (await state(anna))["item"]["uri"] == tracks[3]["uri"]
    uris = [track["uri"] for track in tracks[:3]]
    await start(anna, player, uris=uris, offset={"position": 1})
    whole = await state(anna)
    assert (whole["item"]["uri"], whole["context"]) == (uris[1], None)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"context_uri": "spotify:track:4uLU6hMCjMI75M1A2tKUQC"}, 400),
        ({"context_uri": "spotify:album:4uLU6hMCjMI75M1A2tKUQC"}, 404),
        ({"context_uri": "spotify:user:ben:collection"}, 404),
        ({"context_uri": 5}, 400),
        ({"uris": []}, 400),
        ({"uris": ["spotify:album:4uLU6hMCjMI75M1A2tKUQC"]}, 400),
        ({"uris": ["spotify:track:4uLU6hMCjMI75M1A2tKUQC"]}, 404),
        ({"position_ms": None}, 400),
        ({"position_ms": -1}, 400),
        ({"offset": {"position": 1}}, 400),
        ([], 400),
    ],
)
async def test_malformed_play(
    anna: Asking, player: Player, body: Any, status: int
) -> None:
    """Malformed play."""
    kitchen = device_id(player, "Kitchen")
    answer = await anna("PUT", f"{ROOT}/play?device_id={kitchen}", json=body)
    assert answer.status == status


@pytest.mark.parametrize(
    ("offset", "status"),
    [
        ({"position": 5}, 404),
        ({"uri": "spotify:track:4uLU6hMCjMI75M1A2tKUQC"}, 404),
        ({"position": -1}, 400),
        ({"position": 1, "uri": "x"}, 400),
        ({}, 400),
    ],
)
async def test_offset_that_is_not_there(
    anna: Asking, player: Player, album: Json, offset: Json, status: int
) -> None:
    """Offset that is not there."""
    kitchen = device_id(player, "Kitchen")
    answer = await anna(
        "PUT",
        f"{ROOT}/play?device_id={kitchen}",
        json={"context_uri": album["uri"], "offset": offset},
    )
    assert answer.status == status


async def test_artist_takes_no_offset(
    emulator: Emulator, anna: Asking, player: Player
) -> None:
    """Artist takes no offset."""
    artist = find(emulator.world, "artist", "Miles Davis")["uri"]
    await start(anna, player, context_uri=artist)
    assert (await state(anna))["context"]["type"] == "artist"
    body = {"context_uri": artist, "offset": {"position": 1}}
    answer = await anna("PUT", f"{ROOT}/play", json=body)
    assert answer.error == (
        400,
        "Can't have offset for context type: ARTIST",
        None,
    )


async def test_liked_songs_play_newest_first(
    emulator: Emulator, anna: Asking, phone: Phone, player: Player, tracks: list[Json]
) -> None:
    """Liked songs play newest first."""
    phone.unlike(tracks[1]["uri"])
    phone.like(tracks[1]["uri"])
    collection = "spotify:user:anna:collection"
    await start(anna, player, context_uri=collection)
    whole = await state(anna)
    assert whole["context"]["type"] == "collection"
    assert whole["item"]["uri"] == tracks[1]["uri"]


async def test_playlists_skip_what_cannot_play(
    emulator: Emulator, anna: Asking, player: Player
) -> None:
    """Playlists skip what cannot play."""
    workout = playlist_named(emulator.world, "Workout 2026")
    await start(anna, player, context_uri=workout.uri)
    assert (await state(anna))["context"]["uri"] == workout.uri
    assert all(uri in emulator.world.catalogue for uri in player.context_uris)
    made = playlist_named(emulator.world, "Discover Weekly")
    await start(anna, player, context_uri=made.uri)
    assert (await state(anna))["item"]["type"] == "track"


async def test_shuffle_keeps_what_plays_and_finds_back(
    anna: Asking, phone: Phone, player: Player, album: Json, tracks: list[Json]
) -> None:
    """Shuffle keeps what plays and finds back."""
    uris = [track["uri"] for track in tracks]
    phone.play(album["uri"], "Kitchen")
    phone.next()
    assert (await anna("PUT", f"{ROOT}/shuffle?state=true")).status == 204
    whole = await state(anna)
    assert (whole["shuffle_state"], whole["item"]["uri"]) == (True, uris[1])
    queue = (await anna("GET", f"{ROOT}/queue")).json["queue"]
    following = [item["uri"] for item in queue]
    assert sorted(following) == sorted({*uris} - {uris[1]})
    await anna("PUT", f"{ROOT}/shuffle?state=false")
    queue = (await anna("GET", f"{ROOT}/queue")).json["queue"]
    assert [item["uri"] for item in queue] == uris[2:]


async def test_transfer_takes_one_device(
    anna: Asking, phone: Phone, player: Player, album: Json
) -> None:
    """Transfer takes one device."""
    phone.play(album["uri"], "Kitchen")
    kitchen, tv = device_id(player, "Kitchen"), device_id(player, "Living Room TV")
    assert (await anna("PUT", ROOT, json={"device_ids": [tv]})).status == 204
    whole = await state(anna)
    assert (whole["device"]["id"], whole["is_playing"]) == (tv, True)
    phone.pause()
    await anna("PUT", ROOT, json={"device_ids": [kitchen], "play": False})
    assert (await state(anna))["is_playing"] is False
    await anna("PUT", ROOT, json={"device_ids": [tv], "play": True})
    assert (await state(anna))["is_playing"] is True
    for body in (
        {},
        {"device_ids": [kitchen, tv]},
        {"device_ids": kitchen},
        {"device_ids": [tv], "play": "yes"},
    ):
        assert (await anna("PUT", ROOT, json=body)).status == 400
    gone = await anna("PUT", ROOT, json={"device_ids": ["gone"]})
    assert gone.error == (404, "Device not found", None)


async def test_volume(anna: Asking, phone: Phone, player: Player, album: Json) -> None:
    """Volume."""
    phone.play(album["uri"], "Kitchen")
    path = f"{ROOT}/volume?volume_percent="
    statuses = [f"{path}{value}" for value in ("0", "100", "101", "-1", "loud", "")]
    assert await anna.each("PUT", statuses) == [204, 204, 400, 400, 400, 400]
    tv = device_id(player, "Living Room TV")
    await anna("PUT", f"{path}7&device_id={tv}")
    whole = await state(anna)
    assert (whole["device"]["name"], whole["device"]["volume_percent"]) == (
        "Kitchen",
        100,
    )
    phone.transfer("Anna's Phone")
    answer = await anna("PUT", f"{path}7")
    assert answer.error == (
        403,
        "Player command failed: Cannot control device volume",
        "VOLUME_CONTROL_DISALLOW",
    )


async def test_values_of_seek_repeat_and_shuffle(
    anna: Asking, phone: Phone, album: Json
) -> None:
    """Values of seek repeat and shuffle."""
    phone.play(album["uri"], "Kitchen")
    good = ["seek?position_ms=0", "repeat?state=off", "shuffle?state=false"]
    bad = ["seek?position_ms=-1", "seek", "repeat?state=one", "shuffle?state=True"]
    assert await anna.each("PUT", [f"{ROOT}/{one}" for one in good]) == [204] * 3
    assert await anna.each("PUT", [f"{ROOT}/{one}" for one in bad]) == [400] * 4


async def test_seek_past_the_end_begins_the_next(
    anna: Asking, phone: Phone, album: Json, tracks: list[Json]
) -> None:
    """Seek past the end begins the next."""
    phone.play(album["uri"], "Kitchen")
    past = tracks[0]["duration_ms"] + 1
    assert (await anna("PUT", f"{ROOT}/seek?position_ms={past}")).status == 204
    assert (await state(anna))["item"]["uri"] == tracks[1]["uri"]


async def test_queue_takes_its_uri_from_the_query(
    anna: Asking, phone: Phone, album: Json, tracks: list[Json]
) -> None:
    """Queue takes its URI from the query."""
    phone.play(album["uri"], "Kitchen")
    in_body = await anna("POST", f"{ROOT}/queue", json={"uri": tracks[2]["uri"]})
    assert in_body.error == (400, "Missing required field: uri", None)
    of_album = await anna("POST", f"{ROOT}/queue?uri={album['uri']}")
    assert of_album.status == 400


async def test_phone_without_premium_and_device_that_vanishes(
    emulator: Emulator, anna: Asking, phone: Phone, album: Json
) -> None:
    """Phone without premium and device that vanishes."""
    phone.appear(Device("lamp", "Lamp"))
    phone.play(album["uri"], "Lamp")
    phone.volume(33)
    phone.shuffle(on=True)
    phone.repeat("context")
    whole = await state(anna)
    assert (whole["device"]["id"], whole["device"]["volume_percent"]) == ("lamp", 33)
    assert (whole["shuffle_state"], whole["repeat_state"]) == (True, "context")
    phone.vanish("Lamp")
    assert (await anna("GET", ROOT)).status == 204
    phone.resume()
    assert (await state(anna))["item"]["uri"] == whole["item"]["uri"]
    phone.previous()
    assert (await state(anna))["progress_ms"] < 5000
