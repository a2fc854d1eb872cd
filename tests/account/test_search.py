"""Search over the emulated Spotify: what is asked, and what comes first."""

from dataclasses import replace

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.spotify_hub.account.hits import Hit
from custom_components.spotify_hub.account.search import REMEMBERED, SearchOperations
from custom_components.spotify_hub.api.errors import ForbiddenError, SpotifyApiError
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.api.uri import UriType
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import find, playlist_named
from tests.emulator.faults import Fault

PLAYLISTS = "^/v1/me/playlists$"
SEARCH = "^/v1/search$"


@pytest.fixture
def search(anna: AccountEntry, emulator: Emulator) -> SearchOperations:
    """Search for Anna; only what it asks is looked at."""
    emulator.forget_requests()
    return anna.runtime_data.search


def named(hit: Hit) -> tuple[str, str, str]:
    """Return what a person sees of a hit."""
    return hit.kind.value, hit.name, hit.subtitle


@pytest.mark.parametrize(
    ("text", "classes", "first"),
    [
        ("my workout", (), ("playlist", "Workout 2026", "Anna")),
        ("my dinner jazz", ("playlist",), ("playlist", "Dinner Jazz", "Anna")),
        ("jazz", (), ("playlist", "Dinner Jazz", "Anna")),
        ("some jazz please", (), ("playlist", "Dinner Jazz", "Anna")),
        (
            "meine Playlist für die Kinder",
            (),
            ("playlist", "Für die Kinder 🎈", "Anna"),
        ),
        ("nirvana", (), ("artist", "Nirvana", "")),
        ("some miles davis", (), ("artist", "Miles Davis", "")),
        ("sigur ros", (), ("artist", "Sigur Rós", "")),
        ("beatles", (), ("artist", "The Beatles", "")),
        ("kind of blue", (), ("album", "Kind of Blue", "Miles Davis")),
        ("miles davis kind of blue", (), ("album", "Kind of Blue", "Miles Davis")),
        ("kind of blue", ("track",), ("album", "Kind of Blue", "Miles Davis")),
        ("abbey road", (), ("album", "Abbey Road (Remastered)", "The Beatles")),
        ("rumours", (), ("album", "Rumours", "Fleetwood Mac")),
        ("blue", ("album",), ("album", "Blue", "Joni Mitchell")),
        ("so what by miles davis", (), ("track", "So What", "Miles Davis")),
        ("so what", (), ("track", "So What", "Miles Davis")),
        ("so what live", (), ("track", "So What - Live", "Miles Davis")),
        ("the song so what", (), ("track", "So What", "Miles Davis")),
        ("la vie en rose d'edith piaf", (), ("track", "La vie en rose", "Édith Piaf")),
        ("ein lied von grönemeyer", (), ("artist", "Herbert Grönemeyer", "")),
        ("s by miles davis", ("track",), ("artist", "Miles Davis", "")),
        ("bird by fleetwood mac", ("track",), ("track", "Songbird", "Fleetwood Mac")),
        ("album", ("album",), ("album", "Album", "The Obvious Names")),
        ("the quiet hour", ("podcast",), ("show", "The Quiet Hour", "")),
        (
            "the hound of the baskervilles",
            (),
            ("audiobook", "The Hound of the Baskervilles", "Arthur Conan Doyle"),
        ),
    ],
)
async def test_what_comes_first(
    search: SearchOperations,
    emulator: Emulator,
    text: str,
    classes: tuple[str, ...],
    first: tuple[str, str, str],
) -> None:
    """What the speaker meant, for two questions to the catalogue at most."""
    hits = await search.search(text, classes=classes)
    assert named(hits[0]) == first
    assert len(emulator.calls("GET", SEARCH)) <= 2


@pytest.mark.parametrize("text", ["kind of blue", "nirvana", "my workout", "so what"])
async def test_one_question_is_enough(
    search: SearchOperations, emulator: Emulator, text: str
) -> None:
    """For every kind at once, with the limit that new apps are allowed."""
    await search.search(text)
    (asked,) = emulator.calls("GET", SEARCH)
    assert asked.query["limit"] == "10"
    assert set(asked.query["type"].split(",")) == {
        "album",
        "artist",
        "audiobook",
        "episode",
        "playlist",
        "show",
        "track",
    }


async def test_own_playlists_are_asked_for_once(
    search: SearchOperations, emulator: Emulator, freezer: FrozenDateTimeFactory
) -> None:
    """All pages of them, however many search; again after ten minutes."""
    user = emulator.world.users["anna"]
    for number in range(120):
        mix = replace(playlist_named(emulator.world, "Kitchen"), id=f"{number:022}")
        emulator.world.playlists[mix.id] = replace(mix, name=f"Copy {number}")
        user.playlists.append(mix.id)
    pages = -(-len(user.playlists) // 50)
    assert [hit.name for hit in await search.search("copy 119")] == ["Copy 119"]
    await search.search("copy 7")
    assert len(emulator.calls("GET", PLAYLISTS)) == pages
    freezer.tick(REMEMBERED + 1)
    await search.search("copy 7")
    assert len(emulator.calls("GET", PLAYLISTS)) == 2 * pages


async def test_those_made_by_the_account_go_before_followed_ones(
    search: SearchOperations, emulator: Emulator
) -> None:
    """When they are called alike."""
    playlist_named(emulator.world, "Ben's Nineties").name = "Kitchen"
    hits = await search.search("kitchen")
    assert [named(hit) for hit in hits[:2]] == [
        ("playlist", "Kitchen", "Anna"),
        ("playlist", "Kitchen", ""),
    ]
    assert all(hit.own for hit in hits[:2])


async def test_playlists_that_were_not_granted_are_not_asked_for(
    link: Link, emulator: Emulator
) -> None:
    """The catalogue needs no permission."""
    entry = await link(features=[])
    hits = await entry.runtime_data.search.search("dinner jazz")
    assert named(hits[0]) == ("playlist", "Dinner Jazz & Wine", "Carla Núñez")
    assert not emulator.calls("GET", PLAYLISTS)
    assert Feature.PLAYLISTS not in entry.runtime_data.features


async def test_nothing_found(search: SearchOperations, emulator: Emulator) -> None:
    """An empty list, and no question at all for an empty text."""
    assert await search.search("zzyzx qwortle") == []
    emulator.forget_requests()
    assert await search.search("  ") == []
    assert not emulator.calls()


async def test_each_thing_is_found_once(search: SearchOperations) -> None:
    """Be it an own playlist, or found by both questions; and no more than wanted."""
    hits = await search.search("bird", classes=("track",), limit=3)
    assert len(hits) == 3
    every = [hit.uri for hit in await search.search("kitchen", limit=100)]
    assert len(every) == len(set(every))


async def test_other_kinds_stay_out_while_something_of_the_class_fits(
    search: SearchOperations,
) -> None:
    """A filter of the media browser is no wish for albums among the tracks."""
    hits = await search.search("blue", classes=("album",))
    assert {hit.kind for hit in hits} == {UriType.ALBUM}


async def test_a_name_of_signs_is_found(search: SearchOperations) -> None:
    """Even where there is no letter in it."""
    assert (await search.search("🎈"))[0].name == "🎈"


async def test_music_of_one_artist(
    search: SearchOperations, emulator: Emulator
) -> None:
    """Search inside an artist finds albums and tracks of theirs only."""
    davis = find(emulator.world, "artist", "Miles Davis")
    hits = await search.search_artist(davis["id"], "blue")
    assert {hit.kind for hit in hits} == {UriType.ALBUM, UriType.TRACK}
    assert all("Miles Davis" in hit.makers for hit in hits)
    tracks = await search.search_artist(davis["id"], "so what", classes=("track",))
    assert tracks[0].name == "So What"
    assert {hit.kind for hit in tracks} == {UriType.TRACK}
    assert await search.search_artist(davis["id"], " ") == []


@pytest.mark.parametrize("path", [PLAYLISTS, SEARCH])
async def test_failures_are_told(
    search: SearchOperations, emulator: Emulator, path: str
) -> None:
    """Finding nothing is not the same as not being answered."""
    emulator.faults.add(Fault(path=path, times=None, status=403, body={}))
    with pytest.raises(SpotifyApiError) as raised:
        await search.search("kind of blue")
    assert isinstance(raised.value, ForbiddenError)
    emulator.faults.clear()
    assert await search.search("kind of blue")
