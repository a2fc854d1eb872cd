"""Liked songs are one's own: they are found by name before the catalogue is asked."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
import time
import tracemalloc

from homeassistant.core import Context
from homeassistant.util import dt as dt_util
import pytest

from custom_components.spotify_hub.account.changes import Caller, Door
from custom_components.spotify_hub.account.liked_index import LikedIndex
from custom_components.spotify_hub.account.liked_list import LikedSong
from custom_components.spotify_hub.account.query import parse
from custom_components.spotify_hub.account.search import Scope, SearchOperations
from custom_components.spotify_hub.api.uri import UriType
from custom_components.spotify_hub.favorites.entries import Kind, flagged
from custom_components.spotify_hub.favorites.snapshot import Saved
from tests.conftest import AccountEntry, Later
from tests.emulator import Emulator
from tests.emulator.data import find

pytestmark = pytest.mark.usefixtures("freezer")

SEARCH = "^/v1/search$"

type Like = Callable[..., Awaitable[str]]


@pytest.fixture
def search(anna: AccountEntry) -> SearchOperations:
    """Search for Anna."""
    return anna.runtime_data.search


@pytest.fixture
def like(
    emulator: Emulator, anna: AccountEntry, search: SearchOperations, later: Later
) -> Like:
    """Let Anna like a song of the catalogue alone, by another name if one is given."""

    async def run(name: str, called: str | None = None) -> str:
        uri: str = find(emulator.world, "track", name)["uri"]
        if called is not None:
            emulator.world.catalogue[uri]["name"] = called
        saved = emulator.world.users["anna"].saved["track"]
        saved.clear()
        emulator.phone("anna").like(uri)
        anna.runtime_data.favorites.async_request(force=True)
        await later(1)
        await search.own.read_playlists()
        emulator.forget_requests()
        return uri

    return run


@pytest.mark.parametrize(
    "text",
    [
        "so what",
        "So What!",
        "the song so what",
        "so what by miles davis",
        "so what miles davis",
        "miles davis so what",
        "das Lied So What von Miles Davis",
        "my song so what",
    ],
)
async def test_a_liked_song_is_found_without_asking(
    emulator: Emulator, search: SearchOperations, like: Like, text: str
) -> None:
    """By its name, with its maker or without."""
    uri = await like("So What")
    first = (await search.search(text))[0]
    assert (first.uri, first.own) == (uri, True)
    assert first.makers == ("Miles Davis",)
    assert not emulator.requests


@pytest.mark.parametrize(
    ("text", "liked", "called", "first"),
    [
        ("jazz", "Airbag", "Jazz", "Dinner Jazz"),
        ("some jazz", "Airbag", "Jazz", "Dinner Jazz"),
        ("kitchen", "Airbag", "Kitchen", "Kitchen"),
        ("my kitchen", "Airbag", "Kitchen", "Kitchen"),
        ("nirvana", "Airbag", "Lounge Act", "Nirvana"),
        ("so what by miles davis", "Airbag", "So What", "So What"),
        ("so what", "So What", "So What - Live", "So What - Live"),
        ("kind of blue", "So What", None, "Kind of Blue"),
        ("so", "So What", None, "So What"),
    ],
)
async def test_a_liked_song_does_not_take_the_place_of_what_is_meant(
    search: SearchOperations,
    like: Like,
    text: str,
    liked: str,
    called: str | None,
    first: str,
) -> None:
    """Of a genre, a playlist, an artist, somebody else's song, or another recording."""
    uri = await like(liked, called)
    hit = (await search.search(text))[0]
    assert hit.name == first
    assert hit.uri != uri or not hit.own


async def test_the_name_of_a_maker_means_the_maker(
    emulator: Emulator, search: SearchOperations, like: Like
) -> None:
    """Unless it is said that a song is meant, or the maker is not known to be one."""
    uri = await like("So What", "Miles Davis")
    assert (await search.search("miles davis"))[0].kind is UriType.ARTIST
    assert (await search.search("the song miles davis"))[0].uri == uri


async def test_what_is_liked_here_is_found_at_once_and_no_more_when_unliked(
    emulator: Emulator, anna: AccountEntry, search: SearchOperations, like: Like
) -> None:
    """Before the next copy, by the names of what plays."""
    await like("So What")
    uri: str = find(emulator.world, "track", "Airbag")["uri"]
    emulator.phone("anna").play(uri)
    account = anna.runtime_data
    await account.playback.async_refresh()
    caller = Caller(Context(), Door.ENTITY)
    await account.library.save(caller, (uri,))
    emulator.forget_requests()
    assert (await search.search("airbag"))[0].own
    assert not emulator.calls(path=SEARCH)
    await account.library.remove(caller, (uri,))
    assert not (await search.search("airbag"))[0].own


@pytest.mark.parametrize("first", [True, False], ids=["first copy", "later copy"])
async def test_what_is_liked_while_a_copy_is_made_is_found_after_it(
    emulator: Emulator,
    anna: AccountEntry,
    search: SearchOperations,
    like: Like,
    first: bool,
) -> None:
    """Though the copy was read before; it keeps the name by which it was liked."""
    await like("So What")
    account = anna.runtime_data
    copy = (await account.snapshots.copy()).snapshot
    songs, began = account.likes.songs, dt_util.utcnow()
    if first:
        songs.known = None
    uri: str = find(emulator.world, "track", "Airbag")["uri"]
    emulator.phone("anna").play(uri)
    await account.playback.async_refresh()
    await account.library.save(Caller(Context(), Door.ENTITY), (uri,))
    await songs.async_copied(copy, began)
    emulator.forget_requests()
    assert (await search.search("airbag"))[0].own
    assert not emulator.calls(path=SEARCH)


async def test_nothing_is_found_where_nothing_is_known(
    emulator: Emulator, search: SearchOperations
) -> None:
    """Without a copy the catalogue is asked."""
    assert not (await search.search("so what"))[0].own
    assert len(emulator.calls(path=SEARCH)) == 1


async def test_the_library_is_searched_for_liked_songs_too(
    search: SearchOperations, like: Like
) -> None:
    """And what is found twice is there once."""
    uri = await like("So What")
    own = await search.find("so what", scope=Scope.OWN)
    assert [hit.uri for hit in own.hits[UriType.TRACK]] == [uri]
    both = await search.find("so what")
    uris = [hit.uri for hit in both.hits[UriType.TRACK]]
    assert uris[0] == uri
    assert uris.count(uri) == 1
    assert (await search.named("so what", {UriType.TRACK})).uri == uri


async def test_a_song_that_does_not_play_is_not_offered(
    emulator: Emulator, anna: AccountEntry, search: SearchOperations, like: Like
) -> None:
    """The catalogue may know another one of that name."""
    uri = await like("So What")
    songs = anna.runtime_data.likes.songs
    copy = (await anna.runtime_data.snapshots.copy()).snapshot
    lines = flagged(copy.liked.lines, [False])
    lists = {Kind.TRACKS: Saved(lines, len(lines))}
    await songs.async_copied(replace(copy, lists=lists), copy.taken_at)
    assert anna.runtime_data.likes.is_liked(uri) is True
    assert not (await search.search("so what"))[0].own


def test_one_of_ten_thousand_is_found_at_once() -> None:
    """In little time and memory; newer songs of a name come first."""
    words = [
        "love",
        "night",
        "blue",
        "road",
        "dance",
        "heart",
        "time",
        "home",
        "light",
        "rain",
    ]
    songs = {
        f"spotify:track:{n:022d}": LikedSong(
            f"{words[n % 10].title()} {words[n // 10 % 10]} No. {n // 2}",
            (f"Artist {n % 2000}",),
            f"Album {n % 1500}",
            200_000,
        )
        for n in range(10_000)
    }
    tracemalloc.start()
    index = LikedIndex(songs)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 8_000_000
    query = parse("the song dance road no 617 by artist 1234")
    began = time.perf_counter()
    hits = index.hits(query, songs)
    assert time.perf_counter() - began < 0.05
    assert [hit.uri for hit in hits] == [f"spotify:track:{1234:022d}"]
    newer = {
        "spotify:track:" + "9" * 22: LikedSong("Love love No. 0", ("New",), None, 1)
    }
    index.add(newer)
    found = index.hits(parse("love love no. 0"), songs | newer)
    assert [hit.makers[0] for hit in found] == ["New", "Artist 0"]
