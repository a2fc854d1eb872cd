"""The emulated catalogue, and what the two regimes make of it."""

from collections.abc import AsyncIterator

import pytest

from tests.emulator import Emulator
from tests.emulator.asking import Asking
from tests.emulator.data import build_world, find
from tests.emulator.world import Clock

POSITION = "user-read-playback-position"


@pytest.fixture
async def emulator(socket_enabled: None) -> AsyncIterator[Emulator]:
    """Run an emulator with the standard world."""
    async with Emulator() as running:
        yield running


@pytest.fixture
def new(emulator: Emulator) -> Asking:
    """Ask by a new app."""
    return Asking.by(emulator, "anna", POSITION)


@pytest.fixture
def old(emulator: Emulator) -> Asking:
    """Ask by an old app."""
    return Asking.by(emulator, "anna", POSITION, app="legacy-client-id")


def path(emulator: Emulator, kind: str, name: str, inside: str = "") -> str:
    """Return the path of what has this name."""
    return f"/v1/{kind}s/{find(emulator.world, kind, name)['id']}{inside}"


def test_worlds_are_alike_and_share_nothing() -> None:
    """Worlds are alike and share nothing."""
    clock = Clock()
    first, second = build_world(clock), build_world(clock)
    assert first.catalogue == second.catalogue
    assert first.playlists == second.playlists
    uri = find(first, "track", "So What")["uri"]
    first.catalogue[uri]["available_markets"].clear()
    first.users["anna"].saved["track"].clear()
    assert second.catalogue[uri]["available_markets"]
    assert second.users["anna"].saved["track"]


async def test_new_apps_get_fewer_fields(
    emulator: Emulator, new: Asking, old: Asking
) -> None:
    """New apps get fewer fields."""
    gone = {
        ("track", "So What"): {"available_markets", "popularity", "preview_url"},
        ("artist", "Björk"): {"followers", "genres", "popularity"},
        ("album", "Nevermind"): {"available_markets", "genres", "label", "popularity"},
        ("show", "Küchenradio"): {"available_markets", "publisher"},
        ("episode", "Folge 40: Brot"): {"audio_preview_url", "language"},
        ("audiobook", "The Hound of the Baskervilles"): {
            "available_markets",
            "publisher",
        },
        ("chapter", "The Problem"): {"audio_preview_url", "available_markets"},
    }
    for (kind, name), fields in gone.items():
        where = path(emulator, kind, name)
        reduced, full = (await new("GET", where)).json, (await old("GET", where)).json
        assert reduced["name"] == full["name"] == name
        assert set(full) - set(reduced) == fields


async def test_reduction_reaches_nested_objects(
    emulator: Emulator, new: Asking
) -> None:
    """Reduction reaches nested objects."""
    track = (await new("GET", path(emulator, "track", "So What"))).json
    assert track["external_ids"]["isrc"]
    assert "available_markets" not in track["album"]
    assert track["album"]["images"][0]["url"].startswith(f"{emulator.url}/image/")


async def test_oddities_of_albums(emulator: Emulator, new: Asking) -> None:
    """Album types may be upper case, images may be missing."""
    album = (await new("GET", path(emulator, "album", "Nevermind"))).json
    assert album["album_type"] == "ALBUM"
    bare = (await new("GET", path(emulator, "album", "🎉🎂 Party (No Cover)"))).json
    assert bare["images"] == []


async def test_long_lists_come_in_pages(emulator: Emulator, new: Asking) -> None:
    """Long lists come in pages of at most fifty."""
    where = path(emulator, "album", "One Hundred and Thirty Miniatures")
    inside = (await new("GET", where)).json["tracks"]
    assert (inside["total"], len(inside["items"])) == (130, 50)
    last = (await new("GET", f"{where}/tracks?limit=50&offset=100")).json
    assert len(last["items"]) == 30
    assert last["next"] is None
    assert "album" not in last["items"][0]
    for limit in ("51", "0", "many"):
        refused = await new("GET", f"{where}/tracks?limit={limit}")
        assert refused.error == (400, "Invalid limit", None)
    assert len((await new("GET", f"{where}/tracks")).json["items"]) == 20


async def test_artist_albums_by_ten_for_new_apps(
    emulator: Emulator, new: Asking, old: Asking
) -> None:
    """New apps get an artist's albums by ten, old ones by fifty."""
    where = path(emulator, "artist", "Sixty-Five Records", "/albums")
    first = (await new("GET", where)).json
    assert (first["total"], len(first["items"])) == (65, 5)
    assert len((await new("GET", f"{where}?limit=10&offset=60")).json["items"]) == 5
    assert (await new("GET", f"{where}?limit=11")).error[1] == "Invalid limit"
    assert len((await old("GET", f"{where}?limit=48")).json["items"]) == 48
    assert (await old("GET", f"{where}?limit=51")).status == 400


async def test_artist_albums_by_group(emulator: Emulator, old: Asking) -> None:
    """Albums are told apart by what they are to the artist."""
    where = path(emulator, "artist", "The Weeknd", "/albums")
    (album,) = (await old("GET", where)).json["items"]
    assert (album["name"], album["album_group"]) == ("Lemonade", "appears_on")
    assert (await old("GET", f"{where}?include_groups=single")).json["total"] == 0
    assert (await old("GET", f"{where}?include_groups=cassette")).status == 400
    nirvana = path(emulator, "artist", "Nirvana", "/albums?include_groups=album")
    assert [one["name"] for one in (await old("GET", nirvana)).json["items"]] == [
        "MTV Unplugged in New York",
        "In Utero",
        "Nevermind",
    ]


async def test_wrong_ids(emulator: Emulator, new: Asking) -> None:
    """Malformed ids are refused, unknown ones not found."""
    assert (await new("GET", "/v1/tracks/short")).error == (
        400,
        "Invalid base62 id",
        None,
    )
    track = find(emulator.world, "track", "So What")["id"]
    for where in (f"/v1/tracks/{'0' * 22}", f"/v1/albums/{track}"):
        assert (await new("GET", where)).error == (404, "Resource not found", None)


async def test_shows_need_a_scope(emulator: Emulator) -> None:
    """Shows need a scope, audiobooks don't."""
    nobody = Asking.by(emulator, "anna")
    shows = path(emulator, "show", "The Quiet Hour", "/episodes")
    assert (await nobody("GET", shows)).error[:2] == (403, "Insufficient client scope")
    books = path(emulator, "audiobook", "A Very Long Walk (Unabridged)")
    assert len((await nobody("GET", books)).json["chapters"]["items"]) == 50
    chapter = (await nobody("GET", f"{books}/chapters")).json["items"][0]
    assert chapter["uri"].startswith("spotify:episode:")


async def test_removed_routes(emulator: Emulator, new: Asking, old: Asking) -> None:
    """New apps are refused what old ones still have."""
    ids = [find(emulator.world, "track", name)["id"] for name in ("So What", "Blue")]
    where = f"/v1/tracks?ids={','.join(ids)},{'0' * 22}"
    assert (await new("GET", where)).error == (403, "Forbidden", None)
    tracks = (await old("GET", where)).json["tracks"]
    assert [track and track["id"] for track in tracks] == [*ids, None]
    for method, removed in (
        ("GET", f"/v1/artists/{ids[0]}/top-tracks"),
        ("GET", "/v1/browse/categories/x/playlists"),
        ("PUT", "/v1/me/tracks"),
        ("DELETE", "/v1/me/following"),
        ("GET", "/v1/users/ben"),
        ("POST", "/v1/playlists/x/tracks"),
    ):
        assert (await new(method, removed)).error == (403, "Forbidden", None)
