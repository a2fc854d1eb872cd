"""The catalogue's endpoints on a strict Spotify."""

from collections.abc import Awaitable, Callable

import pytest

from custom_components.spotify_hub.api.catalogue import SearchType
from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import (
    BadRequestError,
    InvalidAnswerError,
    NotFoundError,
    RateLimitedError,
    SpotifyApiError,
)
from tests.emulator import Emulator, Fault

from .conftest import LEGACY_APP, ClientFor, Uri

NOWHERE = "0" * 22


def _id(uri: str) -> str:
    return uri.rpartition(":")[2]


@pytest.mark.parametrize("app", ["demo-client-id", LEGACY_APP])
async def test_r3_all_albums_of_an_artist_come_in_pages_of_ten(
    emulator: Emulator, client: ClientFor, uri: Uri, app: str
) -> None:
    """Upstream asks for 48, which new apps are refused."""
    artist = _id(uri("artist", "Sixty-Five Records"))
    albums = [album async for album in client(app=app).catalogue.artist_albums(artist)]
    assert {album.name for album in albums} == {f"Volume {n}" for n in range(1, 66)}
    assert len(albums) == 65
    assert [request.query["limit"] for request in emulator.requests] == ["10"] * 7
    groups = emulator.requests[0].query["include_groups"]
    assert groups == "album,single,compilation"


async def test_m12_upper_case_album_types_and_albums_without_pictures(
    anna: SpotifyHubClient, uri: Uri
) -> None:
    """Both exist on Spotify."""
    nevermind = await anna.catalogue.album(_id(uri("album", "Nevermind")))
    assert nevermind.album_type == "album"
    bare = await anna.catalogue.album(_id(uri("album", "🎉🎂 Party (No Cover)")))
    assert bare.images == ()


async def test_r13_all_tracks_of_an_album(anna: SpotifyHubClient, uri: Uri) -> None:
    """Upstream has the first 48."""
    album = _id(uri("album", "One Hundred and Thirty Miniatures"))
    tracks = [track async for track in anna.catalogue.album_tracks(album)]
    assert [track.track_number for track in tracks] == list(range(1, 131))
    assert {track.album for track in tracks} == {None}


async def test_r13_all_episodes_of_a_show(anna: SpotifyHubClient, uri: Uri) -> None:
    """Upstream has the first 48."""
    show = _id(uri("show", "The Quiet Hour"))
    episodes = [episode async for episode in anna.catalogue.show_episodes(show)]
    assert len(episodes) == (await anna.catalogue.show(show)).total_episodes == 130
    assert {episode.show for episode in episodes} == {None}


@pytest.mark.parametrize("app", ["demo-client-id", LEGACY_APP])
async def test_m10_an_audiobook_and_all_its_chapters(
    client: ClientFor, uri: Uri, app: str
) -> None:
    """Without `publisher`, which new apps don't get; upstream fails on that."""
    catalogue = client(app=app).catalogue
    book = await catalogue.audiobook(
        _id(uri("audiobook", "A Very Long Walk (Unabridged)"))
    )
    assert book.authors
    assert book.uri.startswith("spotify:show:")
    chapters = [chapter async for chapter in catalogue.audiobook_chapters(book.id)]
    assert len(chapters) == book.total_chapters == 70
    assert {chapter.uri.split(":")[1] for chapter in chapters} == {"episode"}


async def test_m14_an_episode_knows_where_listening_stopped(
    emulator: Emulator, anna: SpotifyHubClient, uri: Uri
) -> None:
    """And belongs to a show."""
    where = uri("episode", "130: Bookbinding")
    point = {"fully_played": False, "resume_position_ms": 61_000}
    emulator.world.catalogue[where]["resume_point"] = point
    episode = await anna.catalogue.episode(_id(where))
    assert (episode.resume_ms, episode.fully_played) == (61_000, False)
    assert episode.show
    assert episode.show.name == "The Quiet Hour"


async def test_a_track_and_its_artist(anna: SpotifyHubClient, uri: Uri) -> None:
    """With what only full objects have."""
    track = await anna.catalogue.track(_id(uri("track", "So What")))
    assert track.isrc
    assert track.album
    artist = await anna.catalogue.artist(track.artists[0].id)
    assert artist.name == "Miles Davis"
    assert artist.images


@pytest.mark.parametrize(
    "call",
    [
        lambda catalogue, ident: catalogue.album(ident),
        lambda catalogue, ident: catalogue.artist(ident),
        lambda catalogue, ident: catalogue.track(ident),
        lambda catalogue, ident: catalogue.show(ident),
        lambda catalogue, ident: catalogue.episode(ident),
        lambda catalogue, ident: catalogue.audiobook(ident),
        lambda catalogue, ident: catalogue.album_tracks(ident).page(),
        lambda catalogue, ident: catalogue.artist_albums(ident).page(),
    ],
)
async def test_what_is_not_there_is_not_found(
    anna: SpotifyHubClient, call: Callable[..., Awaitable[object]]
) -> None:
    """An id that can't be one is a bad request."""
    with pytest.raises(NotFoundError):
        await call(anna.catalogue, NOWHERE)
    with pytest.raises(BadRequestError):
        await call(anna.catalogue, "short")


@pytest.mark.parametrize("app", ["demo-client-id", LEGACY_APP])
@pytest.mark.parametrize(
    ("limit", "sent"), [(48, "10"), (11, "10"), (10, "10"), (3, "3")]
)
async def test_r4_search_never_asks_for_more_than_ten(
    emulator: Emulator, client: ClientFor, app: str, limit: int, sent: str
) -> None:
    """Upstream does, and takes the refusal for an empty result."""
    found = await client(app=app).catalogue.search("a", [SearchType.TRACK], limit=limit)
    assert emulator.requests[-1].query["limit"] == sent
    assert len(found.tracks.items) == int(sent)


async def test_r4_search_goes_on_from_an_offset(anna: SpotifyHubClient) -> None:
    """Upstream has the first page only."""
    first = (await anna.catalogue.search("a", [SearchType.TRACK])).tracks
    second = (await anna.catalogue.search("a", [SearchType.TRACK], offset=10)).tracks
    assert first.has_next
    assert (second.offset, second.total) == (10, first.total)
    assert not set(first.items) & set(second.items)


async def test_m13_search_keeps_albums_images_and_totals(
    anna: SpotifyHubClient,
) -> None:
    """Upstream drops all three."""
    found = await anna.catalogue.search("Miles Davis", list(SearchType))
    assert found.tracks.items[0].album
    assert found.tracks.items[0].album.images
    assert found.artists.items[0].name == "Miles Davis"
    assert found.artists.items[0].images
    assert found.albums.items
    assert found.tracks.total > len(found.tracks.items)


async def test_m13_nulls_among_playlists_are_left_out(anna: SpotifyHubClient) -> None:
    """Spotify sends them for playlists of its own making."""
    found = (await anna.catalogue.search("Workout", [SearchType.PLAYLIST])).playlists
    assert {playlist.name for playlist in found.items} == {"Workout", "Workout 2026"}
    assert found.total == 3


async def test_only_what_was_searched_for_is_found(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """Other types are empty."""
    found = await anna.catalogue.search("Blue", {SearchType.SHOW, SearchType.ALBUM})
    assert emulator.requests[-1].query["type"] == "album,show"
    assert found.albums.items
    assert (found.tracks.items, found.tracks.total) == ((), 0)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("/v1/search", status=400), BadRequestError),
        (Fault("/v1/search", status=429), RateLimitedError),
        (Fault("/v1/search", status=200, body="<html></html>"), InvalidAnswerError),
        (
            Fault("/v1/search", status=200, body={"tracks": {"items": None}}),
            InvalidAnswerError,
        ),
    ],
)
async def test_m13_a_failed_search_is_not_an_empty_one(
    emulator: Emulator,
    anna: SpotifyHubClient,
    fault: Fault,
    error: type[SpotifyApiError],
) -> None:
    """Upstream says that nothing was found."""
    emulator.faults.add(fault)
    with pytest.raises(error):
        await anna.catalogue.search("Blue", [SearchType.TRACK])
