"""The player's state, devices, queue and recent plays as Spotify sends them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.spotify_hub.api import parse_player
from custom_components.spotify_hub.api.errors import InvalidAnswerError
from custom_components.spotify_hub.api.models import (
    Context,
    Device,
    Episode,
    Json,
    OtherItem,
    Playback,
    Queue,
    Repeat,
    Track,
)

TRACK: Json = {"type": "track", "id": "1", "uri": "spotify:track:1", "name": "Name"}
EPISODE: Json = {**TRACK, "type": "episode", "uri": "spotify:episode:1"}


def _playback(**more: Any) -> Playback:
    return parse_player.playback({"is_playing": True, **more})


def test_m9_whether_it_plays_is_all_that_must_be_said() -> None:
    """Upstream requires device, shuffle and repeat."""
    assert parse_player.playback({"is_playing": False}) == Playback(is_playing=False)


@pytest.mark.parametrize("data", [{}, {"is_playing": None}, {"is_playing": "yes"}])
def test_an_answer_that_does_not_say_whether_it_plays_is_unreadable(data: Json) -> None:
    """To guess would show the wrong state."""
    with pytest.raises(InvalidAnswerError):
        parse_player.playback(data)


def test_m9_timestamp_smart_shuffle_and_disallows_are_kept() -> None:
    """Upstream drops them."""
    disallows = {"pausing": True, "skipping_next": False, "seeking": None, "new": True}
    playback = _playback(
        timestamp=1_767_323_045_678,
        progress_ms=61_000,
        shuffle_state=True,
        smart_shuffle=True,
        repeat_state="context",
        actions={"disallows": disallows},
    )
    assert playback.timestamp_ms == 1_767_323_045_678
    assert playback.progress_ms == 61_000
    assert playback.shuffle
    assert playback.smart_shuffle
    assert playback.repeat is Repeat.CONTEXT
    assert playback.disallows == {"pausing", "new"}


@pytest.mark.parametrize(
    "actions", [None, {}, {"disallows": None}, [], {"disallows": []}]
)
def test_nothing_is_disallowed_where_nothing_is_said(actions: object) -> None:
    """Spotify names only what it refuses."""
    assert _playback(actions=actions).disallows == frozenset()


@pytest.mark.parametrize("raw", [None, "", "weekly", 7, [], {}])
def test_an_unknown_repeat_is_off(raw: object) -> None:
    """One more mode of Spotify's must not stop everything else."""
    assert _playback(repeat_state=raw).repeat is Repeat.OFF


@pytest.mark.parametrize(
    ("raw", "context"),
    [
        (None, None),
        ({}, None),
        ({"type": "album", "uri": None}, None),
        (
            {"type": "album", "uri": "spotify:album:1"},
            Context("album", "spotify:album:1"),
        ),
        ({"type": "aura", "uri": "spotify:aura:1"}, Context("aura", "spotify:aura:1")),
        ({"type": None, "uri": "spotify:x:1"}, Context("unknown", "spotify:x:1")),
        (
            {"type": "collection", "uri": "spotify:user:anna:collection"},
            Context("collection", "spotify:user:anna:collection"),
        ),
    ],
)
def test_m8_any_context_is_read(raw: object, context: Context | None) -> None:
    """Upstream knows a closed set of types, and fails on every other."""
    assert _playback(context=raw).context == context


@pytest.mark.parametrize(
    ("raw", "device"),
    [
        ({"name": "Kitchen"}, Device(None, "Kitchen", "Unknown")),
        ({"name": "", "type": None}, Device(None, "", "Unknown")),
        (
            {
                "id": "d1",
                "name": "Glasses",
                "type": "SmartGlasses",
                "volume_percent": None,
            },
            Device("d1", "Glasses", "SmartGlasses"),
        ),
        (
            {"id": None, "name": "Sonos", "type": "Speaker", "is_restricted": True},
            Device(None, "Sonos", "Speaker", is_restricted=True),
        ),
        (
            {
                "id": "d1",
                "name": "Phone",
                "type": "Smartphone",
                "is_active": True,
                "is_private_session": True,
                "supports_volume": False,
                "volume_percent": 0,
            },
            Device(
                "d1",
                "Phone",
                "Smartphone",
                is_active=True,
                is_private_session=True,
                volume_percent=0,
                supports_volume=False,
            ),
        ),
        ({"id": "d1", "name": None}, None),
        ({}, None),
    ],
)
def test_m7_any_device_with_a_name_is_read(raw: Json, device: Device | None) -> None:
    """Upstream loses all devices to a null volume or a type it does not know."""
    fine = {"id": "d2", "name": "Other", "type": "TV"}
    other = Device("d2", "Other", "TV")
    found = parse_player.devices({"devices": [raw, None, fine]})
    assert found == ((other,) if device is None else (device, other))
    assert _playback(device=raw).device == device


@pytest.mark.parametrize("data", [{}, {"devices": None}, {"devices": {}}])
def test_an_answer_without_devices_is_unreadable(data: Json) -> None:
    """An empty list would say that every speaker is gone."""
    with pytest.raises(InvalidAnswerError):
        parse_player.devices(data)


@pytest.mark.parametrize(
    ("raw", "item"),
    [
        (TRACK, Track("spotify:track:1", "1", "Name", 0)),
        (EPISODE, Episode("spotify:episode:1", "1", "Name", 0)),
        ({**EPISODE, "type": "chapter"}, Episode("spotify:episode:1", "1", "Name", 0)),
        (
            {"type": "video", "uri": "spotify:video:1", "name": "N", "duration_ms": 5},
            OtherItem("video", "spotify:video:1", "N", 5),
        ),
        ({"type": "track", "name": "N"}, OtherItem("track", None, "N")),
        ({}, OtherItem("unknown")),
    ],
)
def test_m9_any_item_is_read(raw: Json, item: object) -> None:
    """Upstream fails on every kind but tracks and episodes, and on those half sent."""
    assert _playback(item=raw).item == item
    assert parse_player.queue({"currently_playing": raw, "queue": []}).playing == item


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("ad", OtherItem("ad")),
        ("unknown", OtherItem("unknown")),
        ("track", None),
        ("episode", None),
        (None, None),
        (7, None),
    ],
)
def test_an_advert_has_no_item_but_plays(kind: object, item: object) -> None:
    """Spotify names the kind beside a null."""
    assert _playback(item=None, currently_playing_type=kind).item == item


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        ([TRACK, None, EPISODE, {"type": "video"}, 5], 2),
        ([], 0),
        (None, 0),
        (5, 0),
        ({}, 0),
    ],
)
def test_an_odd_queue_holds_what_can_be_read(raw: object, count: int) -> None:
    """What can't is left out."""
    assert len(parse_player.queue({"queue": raw}).upcoming) == count


def test_nothing_plays_and_nothing_is_queued() -> None:
    """Spotify says null."""
    assert parse_player.queue({"currently_playing": None, "queue": []}) == Queue()


def test_m15_plays_know_when_and_from_where() -> None:
    """The stamp is kept as it came as well."""
    play = parse_player.play(
        {
            "track": TRACK,
            "played_at": "2026-01-02T03:04:05.678Z",
            "context": {"type": "album", "uri": "spotify:album:1"},
        }
    )
    assert play
    assert play.played_at == datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)
    assert play.raw_played_at == "2026-01-02T03:04:05.678Z"
    assert play.context_uri == "spotify:album:1"


@pytest.mark.parametrize(
    "row",
    [
        {"track": None, "played_at": "2026-01-02T03:04:05Z"},
        {"track": TRACK, "played_at": None},
        {"track": TRACK, "played_at": "then"},
        {"track": TRACK},
        {},
    ],
)
def test_m15_a_play_of_nothing_or_at_no_time_is_left_out(row: Json) -> None:
    """Upstream fails the whole list."""
    assert parse_player.play(row) is None
