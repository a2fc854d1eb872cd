"""The emulated playlists: who sees what, and how they are changed."""

from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.emulator.asking import Answer, Asking
from tests.emulator.data import find, playlist_named
from tests.emulator.records.mixtapes import DJ

SCOPES = (
    "playlist-read-private",
    "playlist-read-collaborative",
    "playlist-modify-public",
    "playlist-modify-private",
    "ugc-image-upload",
)


@pytest.fixture
async def emulator(socket_enabled: None) -> AsyncIterator[Emulator]:
    """Run an emulator with the standard world."""
    async with Emulator() as running:
        yield running


@pytest.fixture
def anna(emulator: Emulator) -> Asking:
    """Ask as Anna, by a new app."""
    return Asking.by(emulator, "anna", *SCOPES)


@pytest.fixture
def old(emulator: Emulator) -> Asking:
    """Ask as Anna, by an old app."""
    return Asking.by(emulator, "anna", *SCOPES, app="legacy-client-id")


def path(emulator: Emulator, name: str, inside: str = "") -> str:
    """Return the path of the playlist of this name."""
    return f"/v1/playlists/{playlist_named(emulator.world, name).id}{inside}"


async def titles(ask: Asking, where: str) -> list[str]:
    """Return the names of a playlist's items, in order."""
    entries = (await ask("GET", where)).json["items"]
    return [entry["item"]["name"] for entry in entries]


def uris(emulator: Emulator, *names: str) -> list[str]:
    """Return the URIs of the tracks of these names."""
    return [find(emulator.world, "track", name)["uri"] for name in names]


async def test_own_playlists(emulator: Emulator, anna: Asking) -> None:
    """The list has nulls for what Spotify made, and null images of empty ones."""
    answer = (await anna("GET", "/v1/me/playlists?limit=50")).json
    assert answer["total"] == len(emulator.world.users["anna"].playlists) > 50
    assert None in answer["items"]
    by_name = {one["name"]: one for one in answer["items"] if one}
    assert by_name["Empty for Now"]["images"] is None
    assert by_name["Everything, All at Once"]["items"]["total"] == 230
    assert "tracks" not in by_name["Workout 2026"]
    assert "items" in by_name["Flat Share"]
    assert "items" not in by_name["Ben's Nineties"]
    assert by_name["Ben's Nineties"]["owner"]["display_name"] is None


async def test_collaborative_ones_need_their_scope(emulator: Emulator) -> None:
    """Collaborative playlists need their scope to be listed."""
    reader = Asking.by(emulator, "anna", "playlist-read-private")
    listed = (await reader("GET", "/v1/me/playlists?limit=50")).json["items"]
    assert "Flat Share" not in [one and one["name"] for one in listed]


async def test_items_of_others_are_hidden_from_new_apps(
    emulator: Emulator, anna: Asking, old: Asking
) -> None:
    """Items of others' playlists are hidden from new apps."""
    where = path(emulator, "Ben's Nineties")
    assert "items" not in (await anna("GET", where)).json
    assert (await anna("GET", f"{where}/items")).error == (403, "Forbidden", None)
    assert (await old("GET", f"{where}/items")).status == 200
    assert (await anna("GET", path(emulator, "Flat Share", "/items"))).status == 200


async def test_old_apps_get_old_and_new_keys(emulator: Emulator, old: Asking) -> None:
    """Old apps get old and new keys."""
    playlist = (await old("GET", path(emulator, "Workout 2026"))).json
    assert playlist["tracks"] == playlist["items"]
    entry = playlist["tracks"]["items"][0]
    assert entry["track"] == entry["item"]
    again = (await old("GET", path(emulator, "Workout 2026", "/tracks?limit=100"))).json
    assert again["items"][0] == entry


async def test_entries_may_be_anything(emulator: Emulator, anna: Asking) -> None:
    """Entries may be null, local, an episode, unavailable, or of an unknown date."""
    where = path(emulator, 'Odds & "Ends" <i>(mixed)</i>', "/items")
    entries = (await anna("GET", where)).json["items"]
    items = [entry["item"] for entry in entries]
    assert items[1] is None
    assert all("track" not in entry for entry in entries)
    assert (items[0]["track"], items[0]["episode"]) == (True, False)
    assert entries[2]["is_local"]
    assert (items[2]["id"], items[2]["uri"][:14]) == (None, "spotify:local:")
    assert (items[3]["type"], items[3]["episode"]) == ("episode", True)
    assert "is_playable" not in items[4]
    where = f"{where}?market=from_token&fields=items(item(is_playable))"
    told = (await anna("GET", where)).json["items"]
    assert [one["item"]["is_playable"] for one in told[3:6]] == [True, False, True]
    assert entries[-1]["added_at"] is entries[-1]["added_by"] is None


async def test_fields_choose_keys(emulator: Emulator, anna: Asking) -> None:
    """`fields` chooses what is answered."""
    where = path(emulator, "Workout 2026")
    answer = await anna("GET", f"{where}?fields=id,name,items(total,items(item.uri))")
    assert set(answer.json) == {"id", "name", "items"}


async def test_playlists_by_spotify_are_not_found(anna: Asking) -> None:
    """Playlists made by Spotify are not found."""
    for where in (f"/v1/playlists/{DJ}", f"/v1/playlists/{DJ}/items"):
        assert (await anna("GET", where)).error == (404, "Resource not found", None)


async def test_items_by_fifty(emulator: Emulator, anna: Asking, old: Asking) -> None:
    """New apps get items by fifty, old ones by a hundred."""
    where = path(emulator, "Everything, All at Once", "/items")
    assert len((await anna("GET", f"{where}?limit=50&offset=200")).json["items"]) == 30
    assert (await anna("GET", f"{where}?limit=51")).error[1] == "Invalid limit"
    assert len((await old("GET", f"{where}?limit=100")).json["items"]) == 100


async def test_create(anna: Asking, old: Asking) -> None:
    """A new playlist is public unless told otherwise, and stands first."""
    made = await anna("POST", "/v1/me/playlists", json={"name": "Brand New"})
    assert (made.status, made.json["public"]) == (201, True)
    first = (await anna("GET", "/v1/me/playlists")).json["items"][0]
    assert first["id"] == made.json["id"]
    for body in (
        {},
        {"name": ""},
        {"name": 5},
        {"name": "Shared", "collaborative": True},
    ):
        assert (await anna("POST", "/v1/me/playlists", json=body)).status == 400
    body = {"name": "Shared", "collaborative": True, "public": False}
    assert (await anna("POST", "/v1/me/playlists", json=body)).status == 201
    where = "/v1/users/anna/playlists"
    assert (await old("POST", where, json={"name": "Old Way"})).status == 201
    assert (await anna("POST", where, json={"name": "Old Way"})).status == 403


async def test_scope_follows_visibility(emulator: Emulator) -> None:
    """Public and private playlists need different scopes."""
    public = Asking.by(emulator, "anna", "playlist-modify-public")
    body: dict[str, Any] = {"name": "Brand New"}
    assert (await public("POST", "/v1/me/playlists", json=body)).status == 201
    body["public"] = False
    assert (await public("POST", "/v1/me/playlists", json=body)).error[:2] == (
        403,
        "Insufficient client scope",
    )


async def test_details(emulator: Emulator, anna: Asking) -> None:
    """Details change for the owner only."""
    where = path(emulator, "Kitchen")
    body = {"name": "Cooking", "description": ""}
    changed = await anna("PUT", where, json=body)
    assert (changed.status, changed.text) == (200, "")
    assert (await anna("GET", where)).json["name"] == "Cooking"
    assert (await anna("PUT", where)).status == 400
    shared = path(emulator, "Flat Share")
    assert (await anna("PUT", shared, json=body)).error == (403, "Forbidden", None)


async def test_add(emulator: Emulator, anna: Asking) -> None:
    """Items are added at the end or a position, each time with a new snapshot."""
    where = path(emulator, "Kitchen", "/items")
    some = uris(emulator, "So What", "Take Five")
    added = await anna("POST", where, json={"uris": some[:1]})
    assert added.status == 201
    more = await anna("POST", where, json={"uris": some[1:], "position": 0})
    assert more.json["snapshot_id"] != added.json["snapshot_id"]
    names = await titles(anna, where)
    assert (names[0], names[-1], len(names)) == ("Take Five", "So What", 6)
    by_query = await anna("POST", where, params={"uris": ",".join(some)})
    assert by_query.status == 201
    bodies: tuple[dict[str, Any], ...] = (
        {"uris": []},
        {},
        {"uris": some * 51},
        {"uris": ["spotify:album:5Ml9fOshoQQ9wontzIUiTt"]},
        {"uris": ["spotify:track:0000000000000000000000"]},
        {"uris": some, "position": 99},
    )
    for body in bodies:
        assert (await anna("POST", where, json=body)).status == 400


async def test_replace(emulator: Emulator, anna: Asking) -> None:
    """Replacing puts in other items, or none."""
    where = path(emulator, "Kitchen", "/items")
    some = uris(emulator, "So What", "Take Five")
    assert (await anna("PUT", where, json={"uris": some})).status == 200
    assert await titles(anna, where) == ["So What", "Take Five"]
    assert (await anna("PUT", where, json={"uris": []})).status == 200
    assert await titles(anna, where) == []
    both = {"uris": some, "range_start": 0, "insert_before": 1}
    assert (await anna("PUT", where, json=both)).status == 400
    assert (await anna("PUT", where, json={})).status == 400


@pytest.mark.parametrize(
    ("start", "before", "length", "expected"),
    [
        (0, 4, 1, "BCDA"),
        (3, 0, 1, "DABC"),
        (0, 3, 2, "CABD"),
        (2, 1, 2, "ACDB"),
        (1, 2, 2, "ABCD"),
    ],
)
async def test_move(
    emulator: Emulator,
    anna: Asking,
    start: int,
    before: int,
    length: int,
    expected: str,
) -> None:
    """A range is moved in front of an item."""
    where = path(emulator, "Kitchen", "/items")
    names = await titles(anna, where)
    body = {"range_start": start, "insert_before": before, "range_length": length}
    assert (await anna("PUT", where, json=body)).status == 200
    moved = ["ABCD"[names.index(name)] for name in await titles(anna, where)]
    assert "".join(moved) == expected


async def test_move_out_of_bounds(emulator: Emulator, anna: Asking) -> None:
    """Ranges out of bounds and unknown snapshots are refused."""
    where = path(emulator, "Kitchen", "/items")
    good: dict[str, Any] = {"range_start": 0, "insert_before": 2}
    for wrong in (
        {"range_start": 4},
        {"insert_before": 5},
        {"range_length": 5},
        {"insert_before": -1},
        {"snapshot_id": "never was"},
    ):
        assert (await anna("PUT", where, json=good | wrong)).status == 400


async def test_remove(emulator: Emulator, anna: Asking, old: Asking) -> None:
    """All occurrences go; new apps must call them items."""
    where = path(emulator, 'Odds & "Ends" <i>(mixed)</i>')
    listed = [{"uri": uri} for uri in uris(emulator, "So What")]
    wrong = await anna("DELETE", f"{where}/items", json={"tracks": listed})
    assert wrong.error == (400, "No uris provided", None)
    assert (
        await anna("DELETE", f"{where}/items", json={"items": listed * 101})
    ).status == 400
    snapshot = (await anna("GET", where)).json["snapshot_id"]
    body = {"items": listed, "snapshot_id": snapshot}
    assert (await anna("DELETE", f"{where}/items", json=body)).status == 200
    assert (await anna("GET", where)).json["items"]["total"] == 7
    removed = await old("DELETE", f"{where}/tracks", json={"tracks": listed})
    assert removed.status == 200


async def test_others_playlists_cannot_be_changed(
    emulator: Emulator, anna: Asking
) -> None:
    """Only collaborators change what isn't theirs."""
    body = {"uris": uris(emulator, "So What")}
    workout = path(emulator, "Workout", "/items")
    assert (await anna("POST", workout, json=body)).error == (403, "Forbidden", None)
    shared = path(emulator, "Flat Share", "/items")
    assert (await anna("POST", shared, json=body)).status == 201


async def test_cover(emulator: Emulator, anna: Asking) -> None:
    """A cover is a small JPEG in base64."""
    where = path(emulator, "Kitchen", "/images")
    jpeg = b64encode(b"\xff\xd8\xff\xe0 picture")

    async def put(data: bytes, kind: str = "image/jpeg") -> Answer:
        return await anna("PUT", where, data=data, headers={"Content-Type": kind})

    assert (await put(jpeg)).status == 202
    (image,) = (await anna("GET", where)).json
    assert (image["width"], image["url"].startswith(emulator.url)) == (None, True)
    assert (await put(jpeg, "image/png")).status == 400
    assert (await put(b"\xff\xd8 raw")).status == 400
    assert (await put(b64encode(b"GIF89a"))).status == 400
    assert (await put(b64encode(b"\xff\xd8" + bytes(200_000)))).status == 413
