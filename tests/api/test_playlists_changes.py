"""Changes of playlists, as Spotify is asked for them."""

from base64 import b64decode
from typing import Any

import pytest

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import (
    BadRequestError,
    ForbiddenError,
    InvalidAnswerError,
    NotFoundError,
    ServerFaultError,
)
from tests.emulator import Emulator, Fault
from tests.emulator.data import playlist_named
from tests.emulator.records.mixtapes import DJ
from tests.emulator.world import Playlist

from .conftest import LEGACY_APP, ClientFor

BOTH = pytest.mark.parametrize("app", ["demo-client-id", LEGACY_APP])


@pytest.fixture
def kitchen(emulator: Emulator) -> Playlist:
    """Anna's playlist for the kitchen."""
    return playlist_named(emulator.world, "Kitchen")


def held(mix: Playlist) -> list[str | None]:
    """Return what a playlist holds."""
    return [entry.uri for entry in mix.entries]


def sent(emulator: Emulator) -> Any:
    """Return the body of the latest request."""
    return emulator.requests[-1].body


@BOTH
async def test_r15_create(emulator: Emulator, client: ClientFor, app: str) -> None:
    """Private unless told otherwise; an empty description is sent too."""
    playlists = client(app=app).playlists
    made = await playlists.create("New", description="")
    assert (made.name, made.public, made.total) == ("New", False, 0)
    assert sent(emulator) == {
        "name": "New",
        "public": False,
        "collaborative": False,
        "description": "",
    }
    shared = await playlists.create("Shared", collaborative=True)
    assert (shared.collaborative, shared.public) == (True, False)
    assert "description" not in sent(emulator)
    with pytest.raises(BadRequestError):
        await playlists.create("Wrong", public=True, collaborative=True)


@BOTH
async def test_r14_details(
    emulator: Emulator, client: ClientFor, kitchen: Playlist, app: str
) -> None:
    """What is given, and an empty description clears it."""
    playlists = client(app=app).playlists
    await playlists.change_details(kitchen.id, description="")
    assert sent(emulator) == {"description": ""}
    await playlists.change_details(kitchen.id, name="Cuisine", public=False)
    assert sent(emulator) == {"name": "Cuisine", "public": False}
    assert (kitchen.name, kitchen.description, kitchen.public) == ("Cuisine", "", False)


@BOTH
async def test_add(
    emulator: Emulator, client: ClientFor, kitchen: Playlist, app: str
) -> None:
    """At the end, or from a position, which may be 0."""
    playlists = client(app=app).playlists
    before = held(kitchen)
    track = str(before[2])
    first = await playlists.add(kitchen.id, [track])
    assert sent(emulator) == {"uris": [track]}
    second = await playlists.add(kitchen.id, [track], 0)
    assert sent(emulator) == {"uris": [track], "position": 0}
    assert held(kitchen) == [track, *before, track]
    assert first != second


@BOTH
async def test_r2_remove(
    emulator: Emulator, client: ClientFor, kitchen: Playlist, app: str
) -> None:
    """Every occurrence, by the key that Spotify reads."""
    playlists = client(app=app).playlists
    before = held(kitchen)
    uri = str(before[0])
    snapshot = await playlists.add(kitchen.id, [uri])
    await playlists.remove(kitchen.id, [uri], snapshot)
    assert sent(emulator) == {"items": [{"uri": uri}], "snapshot_id": snapshot}
    assert held(kitchen) == before[1:]
    with pytest.raises(BadRequestError):
        await playlists.remove(kitchen.id, [uri], "none of its versions")


@BOTH
async def test_replace_and_clear(
    client: ClientFor, kitchen: Playlist, app: str
) -> None:
    """No URI clears."""
    playlists = client(app=app).playlists
    some = [str(uri) for uri in held(kitchen)[:2]]
    assert await playlists.replace(kitchen.id, some)
    assert held(kitchen) == some
    assert await playlists.replace(kitchen.id, [])
    assert held(kitchen) == []


@BOTH
async def test_r5_reorder(
    emulator: Emulator, client: ClientFor, kitchen: Playlist, app: str
) -> None:
    """Without `uris`, which would replace everything."""
    playlists = client(app=app).playlists
    before = held(kitchen)
    snapshot = (await playlists.playlist(kitchen.id)).snapshot_id
    await playlists.reorder(kitchen.id, 0, 3, 2, snapshot)
    assert held(kitchen) == [before[2], *before[:2], *before[3:]]
    assert "uris" not in sent(emulator)


async def test_r5_a_reorder_is_sent_once(
    emulator: Emulator, anna: SpotifyHubClient, kitchen: Playlist
) -> None:
    """For twice would move twice, unlike any other PUT."""
    emulator.faults.add(Fault("/items$", "PUT", status=503, times=None))
    with pytest.raises(ServerFaultError):
        await anna.playlists.reorder(kitchen.id, 0, 3)
    assert len(emulator.calls("PUT")) == 1
    with pytest.raises(ServerFaultError):
        await anna.playlists.replace(kitchen.id, [])
    assert len(emulator.calls("PUT")) > 2


async def test_an_addition_is_sent_once(
    emulator: Emulator, anna: SpotifyHubClient, kitchen: Playlist
) -> None:
    """Whatever becomes of its answer."""
    track = str(held(kitchen)[0])
    emulator.faults.add(Fault("/items$", "POST", status=503, times=None))
    with pytest.raises(ServerFaultError):
        await anna.playlists.add(kitchen.id, [track])
    assert len(emulator.calls("POST", "/items$")) == 1


async def test_an_answer_without_a_version(
    emulator: Emulator, anna: SpotifyHubClient, kitchen: Playlist
) -> None:
    """Can't be read."""
    emulator.faults.add(Fault("/items$", "PUT", status=200, body={}))
    with pytest.raises(InvalidAnswerError):
        await anna.playlists.replace(kitchen.id, [])


async def test_a_cover(
    emulator: Emulator, anna: SpotifyHubClient, kitchen: Playlist
) -> None:
    """Goes as base64, with a JPEG's type."""
    picture = b"\xff\xd8and so on"
    await anna.playlists.set_cover(kitchen.id, picture)
    assert b64decode(sent(emulator)) == picture
    assert kitchen.images


@pytest.mark.parametrize(
    ("name", "error"), [("Ben's Nineties", ForbiddenError), (None, NotFoundError)]
)
async def test_what_may_not_be_changed(
    emulator: Emulator,
    anna: SpotifyHubClient,
    name: str | None,
    error: type[Exception],
) -> None:
    """Playlists of others, and those that Spotify makes."""
    identifier = playlist_named(emulator.world, name).id if name else DJ
    for change in (
        anna.playlists.add(identifier, ["spotify:track:" + "4" * 22]),
        anna.playlists.remove(identifier, ["spotify:track:" + "4" * 22]),
        anna.playlists.replace(identifier, []),
        anna.playlists.change_details(identifier, name="Mine"),
        anna.playlists.set_cover(identifier, b"\xff\xd8"),
    ):
        with pytest.raises(error):
            await change


async def test_null_entries_keep_their_places(
    emulator: Emulator, anna: SpotifyHubClient, kitchen: Playlist
) -> None:
    """Positions are counted by Spotify with everything in them."""
    track = emulator.world.catalogue[str(held(kitchen)[0])]
    body = {"items": [None, {"item": track}], "total": 2, "offset": 0, "limit": 50}
    emulator.faults.add(Fault("/items$", "GET", status=200, body=body))
    page = await anna.playlists.items(kitchen.id).page()
    assert [entry.item and entry.item.uri for entry in page.items] == [
        None,
        track["uri"],
    ]
