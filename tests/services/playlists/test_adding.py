"""Putting items into playlists, whatever becomes of the requests."""

from itertools import count
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
import voluptuous as vol

from custom_components.spotify_hub.api import transport
from custom_components.spotify_hub.api.request import Lane
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault, Phone
from tests.emulator.records.mixtapes import local_file
from tests.services.conftest import Call, Uri, refused

from .conftest import APPS, Intercept, Mixes

ITEMS = "^/v1/playlists/[^/]+/items$"


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"playlist": "Kitchen", "position": -1},
        {"playlist": "Kitchen", "position": "top"},
        {"playlist": "Kitchen", "skip_duplicates": "perhaps"},
        {"playlist": "Kitchen", "dry_run": True},
    ],
)
async def test_bad_calls(call: Call, data: dict[str, Any]) -> None:
    """Are refused by the form."""
    with pytest.raises(vol.Invalid):
        await call("add_to_playlist", **data)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("items", "key"),
    [
        ([], "no_items"),
        (["", " "], "no_items"),
        (["spotify:track:short"], "not_a_spotify_link"),
        (["https://example.com/track"], "not_a_spotify_link"),
        (["spotify:album:" + "4" * 22], "wrong_kind"),
        (["spotify:playlist:" + "4" * 22], "wrong_kind"),
        (["spotify:local:A:B:C:1"], "local_file"),
        ([f"spotify:track:{n:022}" for n in range(10_001)], "too_many_items"),
        (None, "nothing_playing"),
    ],
)
async def test_bad_items(
    call: Call, mixes: Mixes, items: list[str] | None, key: str
) -> None:
    """Nothing is changed for them."""
    data = {} if items is None else {"items": items}
    with pytest.raises(ServiceValidationError) as refusal:
        await call("add_to_playlist", playlist="Kitchen", **data)
    assert refusal.value.translation_key == key
    assert mixes.writes() == []


@pytest.mark.usefixtures("anna")
async def test_a_position_beyond_the_end(call: Call, mixes: Mixes, uri: Uri) -> None:
    """Is refused with how long the playlist is."""
    items = [uri("track", "So What")]
    with pytest.raises(ServiceValidationError, match="holds 0 items"):
        await call("add_to_playlist", playlist="Empty for Now", items=items, position=1)
    assert mixes.writes() == []


@pytest.mark.usefixtures("anna")
async def test_an_unknown_track(call: Call, mixes: Mixes) -> None:
    """Spotify knows none of this id."""
    before = mixes.uris("Kitchen")
    with pytest.raises(ServiceValidationError) as refusal:
        await call(
            "add_to_playlist", playlist="Kitchen", items="spotify:track:" + "0" * 22
        )
    assert refusal.value.translation_key == "bad_request"
    assert mixes.uris("Kitchen") == before


@APPS
async def test_what_plays_is_added(
    call: Call,
    link: Link,
    emulator: Emulator,
    phone: Phone,
    mixes: Mixes,
    uri: Uri,
    app: str,
    changed: list[dict[str, Any]],
) -> None:
    """When nothing else is named."""
    track = uri("track", "Get Lucky")
    phone.play(track, "Kitchen")
    await link(app=app)
    answer = await call("add_to_playlist", playlist="Empty for Now")
    assert mixes.uris("Empty for Now") == [track]
    assert (answer["count"], answer["uris"], answer["skipped"]) == (1, [track], [])
    assert answer["playlist_uri"] == mixes.named("Empty for Now").uri
    assert [(one["change"], one["uris"]) for one in changed] == [
        ("items_added", [track])
    ]
    assert changed[0]["snapshot_id"] == answer["snapshot_id"]
    assert not refused(emulator)


async def test_a_local_file_that_plays(
    call: Call, phone: Phone, uri: Uri, anna: AccountEntry
) -> None:
    """Can't be added by apps."""
    phone.play(uri("track", "So What"), "Kitchen")
    phone.play_local(local_file())
    await anna.runtime_data.playback.async_refresh()
    with pytest.raises(ServiceValidationError) as refusal:
        await call("add_to_playlist", playlist="Kitchen")
    assert refusal.value.translation_key == "local_file"


@pytest.mark.usefixtures("anna")
async def test_uris_links_and_duplicates(call: Call, mixes: Mixes, uri: Uri) -> None:
    """Each stands there as often as it is named, in the order of the call; episodes too."""
    so_what, episode = uri("track", "So What"), uri("episode", "130: Bookbinding")
    link = f"https://open.spotify.com/track/{so_what.rpartition(':')[2]}?si=1"
    answer = await call(
        "add_to_playlist", playlist="Empty for Now", items=[link, episode, so_what]
    )
    assert answer["uris"] == mixes.uris("Empty for Now") == [so_what, episode, so_what]
    data = {"items": [so_what, so_what], "skip_duplicates": True}
    answer = await call("add_to_playlist", playlist="Kitchen", **data)
    assert [one["uri"] for one in answer["skipped"]][-1:] == [so_what]
    assert mixes.uris("Kitchen").count(so_what) == 1


@APPS
@pytest.mark.parametrize("position", [None, 0, 3])
async def test_order_holds_over_many_requests(
    call: Call,
    link: Link,
    emulator: Emulator,
    mixes: Mixes,
    app: str,
    position: int | None,
) -> None:
    """A hundred at a time."""
    await link(app=app)
    before, tracks = mixes.uris("Kitchen"), mixes.tracks(250)
    data = {} if position is None else {"position": position}
    answer = await call("add_to_playlist", playlist="Kitchen", items=tracks, **data)
    at = len(before) if position is None else position
    assert mixes.uris("Kitchen") == [*before[:at], *tracks, *before[at:]]
    assert answer["count"] == 250
    assert mixes.writes() == [("POST", 201)] * 3
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_duplicates_are_skipped(
    call: Call, mixes: Mixes, emulator: Emulator
) -> None:
    """Also those deep in a long playlist; if nothing is left, nothing is sent."""
    tracks = mixes.tracks(320)
    mixes.fill("Kitchen", tracks[:300])
    data = {"playlist": "Kitchen", "skip_duplicates": True}
    answer = await call("add_to_playlist", items=tracks[290:], **data)
    assert answer["uris"] == tracks[300:]
    assert [one["uri"] for one in answer["skipped"]] == tracks[290:300]
    assert {one["reason"] for one in answer["skipped"]} == {"already_there"}
    assert mixes.uris("Kitchen") == tracks
    emulator.forget_requests()
    answer = await call("add_to_playlist", items=tracks[:2], **data)
    assert (answer["count"], len(answer["skipped"])) == (0, 2)
    assert mixes.writes() == []


@pytest.mark.usefixtures("anna")
async def test_into_a_collaborative_playlist(
    call: Call, mixes: Mixes, uri: Uri
) -> None:
    """Of somebody else's."""
    track = uri("track", "So What")
    await call("add_to_playlist", playlist="Flat Share", items=track)
    assert mixes.uris("Flat Share")[-1] == track


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "fault",
    [
        Fault(ITEMS, "POST", reset=True, after=True),
        Fault(ITEMS, "POST", status=502, after=True),
        Fault(ITEMS, "POST", truncate=True),
    ],
)
@pytest.mark.parametrize("position", [None, 1])
async def test_nothing_is_added_twice(
    call: Call, emulator: Emulator, mixes: Mixes, fault: Fault, position: int | None
) -> None:
    """An answer that is lost is looked for in the playlist."""
    before, tracks = mixes.uris("Kitchen"), mixes.tracks(150)
    emulator.faults.add(fault)
    data = {} if position is None else {"position": position}
    answer = await call("add_to_playlist", playlist="Kitchen", items=tracks, **data)
    at = len(before) if position is None else position
    assert mixes.uris("Kitchen") == [*before[:at], *tracks, *before[at:]]
    assert answer["count"] == 150
    assert answer["snapshot_id"]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "fault",
    [
        Fault(ITEMS, "POST", reset=True),
        Fault(ITEMS, "POST", status=503),
        Fault(ITEMS, "POST", status=500),
        Fault(ITEMS, "POST", stall=True, status=200, body={"snapshot_id": "x"}),
    ],
)
async def test_a_lost_request_is_not_repeated(
    call: Call,
    intercept: Intercept,
    mixes: Mixes,
    changed: list[dict[str, Any]],
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may still be under way; what was done before it is told."""
    monkeypatch.setattr(transport, "DEADLINES", dict.fromkeys(Lane, 0.5))
    before, tracks = mixes.uris("Kitchen"), mixes.tracks(250)
    numbers = count(1)

    def choose(method: str, _path: str) -> Fault | None:
        second = method == "POST" and next(numbers) == 2
        return fault if second else None

    intercept(choose)
    with pytest.raises(HomeAssistantError) as failure:
        await call("add_to_playlist", playlist="Kitchen", items=tracks)
    assert failure.value.translation_key == "playlist_change_unsure"
    assert "ry again in a few" not in str(failure.value)
    assert failure.value.translation_placeholders is not None
    assert failure.value.translation_placeholders["done"] == "100"
    assert mixes.uris("Kitchen") == [*before, *tracks[:100]]
    assert [(one["change"], one["count"]) for one in changed] == [("items_added", 100)]


@pytest.mark.usefixtures("anna")
async def test_what_cannot_be_learnt_is_said(
    call: Call, intercept: Intercept, mixes: Mixes, uri: Uri
) -> None:
    """Spotify falls silent in the middle, so nobody knows."""
    playlist = mixes.named("Kitchen")
    items = [uri("track", "So What")]

    def choose(method: str, _path: str) -> Fault | None:
        if method == "POST":
            return Fault(ITEMS, "POST", reset=True, after=True)
        return Fault(".", status=403) if mixes.writes() else None

    intercept(choose)
    with pytest.raises(HomeAssistantError) as failure:
        await call("add_to_playlist", playlist=playlist.uri, items=items)
    assert failure.value.translation_key == "playlist_change_unsure"


@pytest.mark.usefixtures("anna")
async def test_a_silent_spotify(
    call: Call,
    emulator: Emulator,
    mixes: Mixes,
    uri: Uri,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A request that ran out of time, but arrived, is found in the playlist."""
    monkeypatch.setattr(transport, "DEADLINES", dict.fromkeys(Lane, 0.3))
    track = uri("track", "So What")
    emulator.faults.add(Fault(ITEMS, "POST", stall=True))
    answer = await call("add_to_playlist", playlist="Empty for Now", items=track)
    assert answer["uris"] == mixes.uris("Empty for Now") == [track]


@pytest.mark.usefixtures("anna")
async def test_too_many_requests(
    call: Call, emulator: Emulator, mixes: Mixes, uri: Uri
) -> None:
    """Spotify's own limit is told, with the time at which it ends."""
    emulator.faults.add(Fault(ITEMS, "POST", status=429, retry_after=60))
    before = mixes.uris("Kitchen")
    with pytest.raises(HomeAssistantError) as failure:
        await call("add_to_playlist", playlist="Kitchen", items=uri("track", "So What"))
    assert failure.value.translation_key == "rate_limited"
    assert mixes.uris("Kitchen") == before


@pytest.mark.usefixtures("anna")
async def test_two_at_once(call: Call, hass: Any, mixes: Mixes) -> None:
    """Changes of one account wait for each other: no duplicate slips through."""
    tracks = mixes.tracks(30)
    data = {"playlist": "Empty for Now", "items": tracks, "skip_duplicates": True}
    both = [hass.async_create_task(call("add_to_playlist", **data)) for _ in range(2)]
    counts = [(await one)["count"] for one in both]
    assert sorted(counts) == [0, 30]
    assert mixes.uris("Empty for Now") == tracks
