"""The playlists' endpoints on a strict Spotify."""

import pytest

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import ForbiddenError, NotFoundError
from custom_components.spotify_hub.api.models import Episode, Track
from tests.emulator import Emulator
from tests.emulator.data import playlist_named
from tests.emulator.records.mixtapes import DJ

from .conftest import LEGACY_APP, ClientFor

BOTH = pytest.mark.parametrize("app", ["demo-client-id", LEGACY_APP])
ODDITIES = 'Odds & "Ends" <i>(mixed)</i>'


def _id(emulator: Emulator, name: str) -> str:
    return playlist_named(emulator.world, name).id


@BOTH
async def test_r13_all_playlists_but_those_that_come_as_null(
    emulator: Emulator, client: ClientFor, app: str
) -> None:
    """Spotify sends null for playlists of its own making."""
    world = emulator.world
    known = [world.playlists[one] for one in world.users["anna"].playlists]
    playlists = client(app=app).playlists
    found = [playlist async for playlist in playlists.mine()]
    expected = [mix.name for mix in known if not mix.made_by_spotify]
    assert [playlist.name for playlist in found] == expected
    assert len(expected) < len(known)
    page = await playlists.mine().page()
    assert page.total == len(known)


async def test_m3_playlists_of_others_have_no_count_for_new_apps(
    client: ClientFor,
) -> None:
    """Upstream fails on what is missing; old apps still get it."""
    for app, counted in (("demo-client-id", False), (LEGACY_APP, True)):
        found = {one.name: one async for one in client(app=app).playlists.mine()}
        assert (found["Ben's Nineties"].total is not None) is counted
        assert found["Flat Share"].total is not None
        assert found["Empty for Now"].total == 0
        assert found["Empty for Now"].images == ()


async def test_m6_the_owner_may_have_no_name(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """Ben never gave one: it is not the text "None"."""
    playlist = await anna.playlists.playlist(_id(emulator, "Ben's Nineties"))
    assert (playlist.owner_id, playlist.owner_name) == ("ben", None)


@BOTH
async def test_m3_a_playlist_is_read_without_its_items(
    emulator: Emulator, client: ClientFor, app: str
) -> None:
    """Whosoever it is."""
    playlists = client(app=app).playlists
    for name in ("Everything, All at Once", "Ben's Nineties"):
        playlist = await playlists.playlist(_id(emulator, name))
        assert playlist.name == name
        assert playlist.snapshot_id
        assert playlist.uri == f"spotify:playlist:{playlist.id}"
        assert playlist.total == len(playlist_named(emulator.world, name).entries) or (
            name == "Ben's Nineties"
        )
    fields = emulator.requests[-1].query["fields"].split(",")
    assert {"items.total", "tracks.total"} <= set(fields)
    assert not {"items", "tracks"} & set(fields)


@BOTH
async def test_r13_m1_every_entry_of_a_long_playlist(
    emulator: Emulator, client: ClientFor, app: str
) -> None:
    """Under `item` for new apps, under both keys for old ones."""
    mix = playlist_named(emulator.world, "Everything, All at Once")
    entries = [entry async for entry in client(app=app).playlists.items(mix.id)]
    assert [entry.item and entry.item.uri for entry in entries] == [
        entry.uri for entry in mix.entries
    ]
    assert len(emulator.requests) == 5
    assert {request.path for request in emulator.requests} == {
        f"/v1/playlists/{mix.id}/items"
    }


@BOTH
async def test_m2_m4_r9_whatever_stands_in_a_playlist(
    emulator: Emulator, client: ClientFor, app: str
) -> None:
    """Nulls, a local file, an episode, what may not be played, and no date."""
    playlists, odd = client(app=app).playlists, _id(emulator, ODDITIES)
    page = await playlists.items(odd).page()
    items = [entry.item for entry in page.items]
    assert page.total == len(items) == 9
    assert items.count(None) == 2
    local, episode, gone = items[2], items[3], items[4]
    assert isinstance(local, Track)
    assert (local.is_local, local.id, local.name) == (True, None, "Demo (Tape 3)")
    assert isinstance(episode, Episode)
    assert episode.show
    assert isinstance(gone, Track)
    assert gone.is_playable is None
    flags = await playlists.playable(odd, 0, 50)
    assert flags == (True, None, None, True, False, True, True, None, True)
    assert await playlists.playable(odd, 4, 1) == (False,)
    assert (page.items[-1].added_at, page.items[-1].added_by) == (None, None)
    assert page.items[0].added_at
    assert page.items[0].added_by == "anna"
    assert items[0] == items[6]


async def test_r9_episodes_are_asked_for(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """Without `additional_types` Spotify may send them as tracks."""
    await anna.playlists.items(_id(emulator, ODDITIES)).page(0, 1)
    assert emulator.requests[-1].query == {
        "additional_types": "track,episode",
        "limit": "1",
        "offset": "0",
    }


async def test_m3_entries_of_others_playlists_are_forbidden_to_new_apps(
    emulator: Emulator, client: ClientFor
) -> None:
    """Unless one collaborates; old apps are still served."""
    anna = client().playlists
    with pytest.raises(ForbiddenError):
        await anna.items(_id(emulator, "Ben's Nineties")).page()
    assert (await anna.items(_id(emulator, "Flat Share")).page()).items
    old = client(app=LEGACY_APP).playlists
    assert (await old.items(_id(emulator, "Ben's Nineties")).page()).items


async def test_playlists_of_spotifys_making_are_not_found(
    anna: SpotifyHubClient,
) -> None:
    """Since November 2024."""
    with pytest.raises(NotFoundError):
        await anna.playlists.playlist(DJ)
    with pytest.raises(NotFoundError):
        await anna.playlists.items(DJ).page()
