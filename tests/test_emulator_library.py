"""The emulated library: saved things, followed ones, and top lists."""

from collections.abc import AsyncIterator

import pytest

from tests.emulator import Emulator
from tests.emulator.asking import Asking
from tests.emulator.data import find, playlist_named

SCOPES = (
    "user-library-read",
    "user-library-modify",
    "user-follow-read",
    "user-follow-modify",
    "playlist-read-private",
    "playlist-modify-public",
    "user-read-playback-position",
    "user-top-read",
)
LIBRARY = "/v1/me/library"


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
def ben(emulator: Emulator) -> Asking:
    """Ask as Ben, by a new app."""
    return Asking.by(emulator, "ben", *SCOPES)


@pytest.fixture
def old(emulator: Emulator) -> Asking:
    """Ask as Anna, by an old app."""
    return Asking.by(emulator, "anna", *SCOPES, app="legacy-client-id")


async def test_saved_lists(anna: Asking) -> None:
    """Saved lists come wrapped, newest first."""
    totals = {"track": 120, "album": 55, "show": 4, "episode": 25}
    for kind, total in totals.items():
        answer = (await anna("GET", f"/v1/me/{kind}s?limit=50")).json
        assert answer["total"] == total
        dates = [entry["added_at"] for entry in answer["items"]]
        assert dates == sorted(dates, reverse=True)
        assert all(entry[kind]["type"] == kind for entry in answer["items"])
    assert (await anna("GET", "/v1/me/tracks?limit=51")).status == 400


async def test_audiobooks_come_bare_or_wrapped(anna: Asking, old: Asking) -> None:
    """Audiobooks come bare to new apps, wrapped to old ones."""
    bare = (await anna("GET", "/v1/me/audiobooks")).json["items"][0]
    wrapped = (await old("GET", "/v1/me/audiobooks")).json["items"][0]
    assert bare["name"] == wrapped["audiobook"]["name"]


async def test_save_and_remove(emulator: Emulator, ben: Asking) -> None:
    """What is saved stands first, and is gone when removed."""
    uris = ",".join(
        [
            find(emulator.world, "track", "So What")["uri"],
            find(emulator.world, "track", "Take Five")["uri"],
            find(emulator.world, "album", "Kind of Blue")["uri"],
            find(emulator.world, "audiobook", "The Hound of the Baskervilles")["uri"],
            find(emulator.world, "artist", "Björk")["uri"],
            playlist_named(emulator.world, "Sunday Morning").uri,
            "spotify:user:carla",
        ]
    )
    query = {"uris": uris}
    assert (await ben("PUT", LIBRARY, params=query)).status == 200
    assert (await ben("GET", f"{LIBRARY}/contains", params=query)).json == [True] * 7
    tracks = (await ben("GET", "/v1/me/tracks")).json["items"]
    assert [entry["track"]["name"] for entry in tracks[:2]] == ["So What", "Take Five"]
    assert (await ben("DELETE", LIBRARY, params=query)).status == 200
    assert (await ben("GET", f"{LIBRARY}/contains", params=query)).json == [False] * 7


async def test_library_reads_uris_from_the_query_alone(
    emulator: Emulator, anna: Asking
) -> None:
    """The library reads URIs from the query alone."""
    uri = find(emulator.world, "track", "Take Five")["uri"]
    for method in ("PUT", "DELETE"):
        assert (await anna(method, LIBRARY, json={"uris": [uri]})).status == 400
        assert (await anna(method, LIBRARY)).error[1] == "Missing required field: uris"
    assert (await anna("GET", f"{LIBRARY}/contains")).status == 400


async def test_library_refuses(emulator: Emulator, anna: Asking) -> None:
    """Too many, malformed and unsupported URIs are refused."""
    tracks = [uri for uri in emulator.world.catalogue if ":track:" in uri]
    for uris, status in (
        (tracks[:40], 200),
        (tracks[:41], 400),
        (["nonsense"], 400),
        (["spotify:track:short"], 400),
        (["spotify:genre:0000000000000000000000"], 400),
        ([find(emulator.world, "chapter", "The Problem")["uri"]], 400),
        (["spotify:track:0000000000000000000000"], 404),
    ):
        answer = await anna("PUT", LIBRARY, params={"uris": ",".join(uris)})
        assert answer.status == status


async def test_library_scopes(emulator: Emulator) -> None:
    """Every kind of URI needs its own scope."""
    reader = Asking.by(emulator, "anna", "user-library-read")
    track = find(emulator.world, "track", "So What")["uri"]
    artist = find(emulator.world, "artist", "Queen")["uri"]
    for method, path, uri, status in (
        ("GET", f"{LIBRARY}/contains", track, 200),
        ("GET", f"{LIBRARY}/contains", artist, 403),
        ("PUT", LIBRARY, track, 403),
        ("DELETE", LIBRARY, artist, 403),
    ):
        assert (await reader(method, path, params={"uris": uri})).status == status


async def test_old_apps_save_tracks_by_id(emulator: Emulator, old: Asking) -> None:
    """Old apps save tracks by id, in the query or the body."""
    track = find(emulator.world, "track", "Miniature No. 7")["id"]
    contains = f"/v1/me/tracks/contains?ids={track}"
    assert (await old("PUT", f"/v1/me/tracks?ids={track}")).status == 200
    assert (await old("GET", contains)).json == [True]
    assert (await old("DELETE", "/v1/me/tracks", json={"ids": [track]})).status == 200
    assert (await old("GET", contains)).json == [False]


async def test_followed_artists_by_cursor(anna: Asking) -> None:
    """Followed artists are paged by cursor."""
    assert (await anna("GET", "/v1/me/following")).status == 400
    names: list[str] = []
    after = ""
    while True:
        cursor = f"&after={after}" if after else ""
        where = f"/v1/me/following?type=artist&limit=25{cursor}"
        page = (await anna("GET", where)).json["artists"]
        names += [artist["name"] for artist in page["items"]]
        after = page["cursors"]["after"]
        if after is None:
            break
    assert (len(names), len(set(names)), page["total"]) == (60, 60, 60)
    assert page["next"] is None


async def test_top_lists(anna: Asking) -> None:
    """Top lists differ by time range."""
    short = (await anna("GET", "/v1/me/top/tracks?time_range=short_term")).json
    usual = (await anna("GET", "/v1/me/top/tracks?limit=50")).json
    assert (short["total"], usual["total"], len(usual["items"])) == (20, 60, 50)
    artists = (await anna("GET", "/v1/me/top/artists")).json
    assert artists["items"][0]["type"] == "artist"
    assert (await anna("GET", "/v1/me/top/artists?time_range=ever")).status == 400
    assert (await anna("GET", "/v1/me/top/albums")).status == 404
