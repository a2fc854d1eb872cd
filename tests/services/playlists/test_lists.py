"""Asking for playlists and for what they hold."""

from homeassistant.exceptions import ServiceValidationError
import pytest
import voluptuous as vol

from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.services.conftest import Call, refused

from .conftest import APPS, ODDITIES, Mixes


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "data", [{"limit": 0}, {"limit": "many"}, {"offset": 3}, {"owned_only": "maybe"}]
)
async def test_bad_wishes_for_playlists(call: Call, data: dict[str, object]) -> None:
    """Are refused before anything is asked."""
    with pytest.raises(vol.Invalid):
        await call("get_playlists", **data)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "data", [{}, {"playlist": "Kitchen", "limit": 0}, {"playlist": "X", "offset": -1}]
)
async def test_bad_wishes_for_items(call: Call, data: dict[str, object]) -> None:
    """Are refused before anything is asked."""
    with pytest.raises(vol.Invalid):
        await call("get_playlist_items", **data)


@APPS
async def test_all_playlists(
    call: Call, link: Link, emulator: Emulator, app: str
) -> None:
    """Own and followed ones, in the account's order, without those that are hidden."""
    await link(app=app)
    answer = await call("get_playlists")
    world = emulator.world
    mine = [world.playlists[one] for one in world.users["anna"].playlists]
    shown = [one for one in mine if not one.made_by_spotify]
    assert [one["uri"] for one in answer["playlists"]] == [one.uri for one in shown]
    assert answer["total"] == len(mine) > 50
    assert answer["returned"] == len(shown)
    first = answer["playlists"][0]
    assert (first["name"], first["owner"]) == ("Workout 2026", "anna")
    assert first["snapshot_id"]
    assert not refused(emulator)


@APPS
async def test_some_playlists(
    call: Call, link: Link, emulator: Emulator, app: str
) -> None:
    """By a part of the name, by owner, and not more than wanted."""
    await link(app=app)
    answer = await call("get_playlists", filter="FUR die")
    assert [one["name"] for one in answer["playlists"]] == ["Für die Kinder 🎈"]
    answer = await call("get_playlists", filter="mixtape", limit=3)
    assert (answer["total"], answer["returned"]) == (24, 3)
    own = await call("get_playlists", owned_only=True)
    assert {one["owner"] for one in own["playlists"]} == {"anna"}
    emulator.forget_requests()
    assert (await call("get_playlists", limit=2))["returned"] == 2
    assert len(emulator.requests) == 1
    assert (await call("get_playlists", filter="no such"))["playlists"] == []


@APPS
async def test_whatever_a_playlist_holds(
    call: Call, link: Link, emulator: Emulator, app: str
) -> None:
    """Nulls, local files, episodes and what is unavailable, each with its place."""
    await link(app=app)
    answer = await call("get_playlist_items", playlist=ODDITIES)
    assert answer["total"] == answer["returned"] == 9
    assert [(one["position"], one["status"]) for one in answer["items"]] == [
        (0, "playable"),
        (1, "missing"),
        (2, "local"),
        (3, "playable"),
        (4, "unavailable"),
        (5, "playable"),
        (6, "playable"),
        (7, "missing"),
        (8, "playable"),
    ]
    assert answer["items"][1]["uri"] is None
    assert answer["items"][2]["name"] == "Demo (Tape 3)"
    assert answer["items"][3]["type"] == "episode"
    assert answer["items"][0]["added_by"] == "anna"
    assert answer["items"][8]["added_at"] is None
    assert not refused(emulator)


@APPS
@pytest.mark.parametrize("limit", [1, 7, 30, 49, 53, 60])
async def test_as_many_playlists_as_are_wanted(
    call: Call, link: Link, emulator: Emulator, app: str, limit: int
) -> None:
    """None is left out between two requests, though some come as null."""
    await link(app=app)
    world = emulator.world
    mine = [world.playlists[one] for one in world.users["anna"].playlists]
    shown = [one.uri for one in mine if not one.made_by_spotify]
    answer = await call("get_playlists", limit=limit)
    assert [one["uri"] for one in answer["playlists"]] == shown[:limit]


@APPS
async def test_fifteen_hundred_items(
    call: Call, link: Link, emulator: Emulator, mixes: Mixes, app: str
) -> None:
    """Page by page to the end; a window takes only what it needs."""
    await link(app=app)
    tracks = mixes.tracks(1500)
    mixes.fill("Kitchen", tracks)
    emulator.forget_requests()
    answer = await call("get_playlist_items", playlist=mixes.named("Kitchen").uri)
    assert [one["uri"] for one in answer["items"]] == tracks
    assert len(emulator.calls("GET", "/items$")) == 60
    emulator.forget_requests()
    answer = await call("get_playlist_items", playlist="Kitchen", offset=1440, limit=70)
    assert [one["uri"] for one in answer["items"]] == tracks[1440:]
    assert [one["position"] for one in answer["items"]] == list(range(1440, 1500))
    assert (answer["total"], answer["offset"]) == (1500, 1440)
    assert len(emulator.calls("GET", "/items$")) == 4
    answer = await call("get_playlist_items", playlist="Kitchen", offset=2000)
    assert answer["items"] == []


async def test_a_long_list_waits_for_room(
    call: Call,
    link: Link,
    mixes: Mixes,
    waited: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In place of failing when the ledger has no more of it for a moment."""
    entry = await link()
    mixes.fill("Kitchen", mixes.tracks(300))
    monkeypatch.setattr(
        "custom_components.spotify_hub.api.book.Book.ceiling",
        lambda *_: 10_000 if waited else 6,
    )
    answer = await call("get_playlist_items", playlist="Kitchen")
    assert answer["returned"] == 300
    assert len(waited) == 1
    assert entry.runtime_data.playlists


@pytest.mark.usefixtures("anna")
async def test_an_empty_playlist(call: Call) -> None:
    """Holds nothing."""
    answer = await call("get_playlist_items", playlist="Empty for Now")
    assert (answer["total"], answer["items"]) == (0, [])


async def test_playlists_of_others(call: Call, link: Link, mixes: Mixes) -> None:
    """New apps are not shown what is in them; old ones are."""
    await link()
    with pytest.raises(ServiceValidationError) as refusal:
        await call("get_playlist_items", playlist="Ben's Nineties")
    assert refusal.value.translation_key == "playlist_not_yours"
    assert "Ben's Nineties is somebody else's" in str(refusal.value)


async def test_old_apps_see_playlists_of_others(
    call: Call, link: Link, mixes: Mixes
) -> None:
    """As they always did."""
    await link(app="legacy-client-id")
    answer = await call("get_playlist_items", playlist="Ben's Nineties")
    assert [one["uri"] for one in answer["items"]] == mixes.uris("Ben's Nineties")


@pytest.mark.usefixtures("anna")
async def test_collaborative_playlists_are_shown(call: Call, mixes: Mixes) -> None:
    """To those who have joined them."""
    answer = await call("get_playlist_items", playlist="Flat Share")
    assert [one["uri"] for one in answer["items"]] == mixes.uris("Flat Share")


async def test_answers_can_be_sent(call: Call, anna: AccountEntry) -> None:
    """Snapshot, name and URI stand in each."""
    answer = await call("get_playlist_items", playlist="kitchen", limit=1)
    assert answer["playlist"] == "Kitchen"
    assert answer["snapshot_id"]
    assert anna.runtime_data.playlists
