"""Search over the emulated Spotify: what is asked, and what comes first."""

from collections.abc import Callable
from dataclasses import replace

from freezegun.api import FrozenDateTimeFactory
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.spotify_hub.account.hits import Hit
from custom_components.spotify_hub.account.own import REMEMBERED
from custom_components.spotify_hub.account.search import Scope, SearchOperations
from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.api.errors import ForbiddenError, SpotifyApiError
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.api.uri import UriType
from custom_components.spotify_hub.pins import Pin, with_pin
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import find, playlist_named
from tests.emulator.faults import Fault

PLAYLISTS = "^/v1/me/playlists$"
SEARCH = "^/v1/search$"
HIDDEN = "spotify:playlist:37i9dQZF1EQncLwOalG3K7"

type Pinning = Callable[..., None]


@pytest.fixture
def search(anna: AccountEntry, emulator: Emulator) -> SearchOperations:
    """Search for Anna; only what it asks is looked at."""
    emulator.forget_requests()
    return anna.runtime_data.search


@pytest.fixture
def pin(anna: AccountEntry) -> Pinning:
    """Pin things for Anna."""

    def add(uri: str, name: str, *aliases: str) -> None:
        household = anna.runtime_data.household
        made = Pin(uri=uri, name=name, aliases=aliases, entry_id=anna.entry_id)
        household.async_set_pins(with_pin(household.pins, made))

    return add


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
        ("la mia playlist kitchen", (), ("playlist", "Kitchen", "Anna")),
        ("wokout", (), ("playlist", "Workout 2026", "Anna")),
        ("meine kichten", (), ("playlist", "Kitchen", "Anna")),
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
    """What the speaker meant, for one question to the catalogue at most."""
    hits = await search.search(text, classes=classes)
    assert named(hits[0]) == first
    assert len(emulator.calls("GET", SEARCH)) <= 1


@pytest.mark.parametrize(
    "text", ["my workout", "meine playlist kitchen", "jazz", "some jazz", "dinner jazz"]
)
async def test_of_what_is_surely_own_the_catalogue_is_not_asked(
    search: SearchOperations, emulator: Emulator, text: str
) -> None:
    """There nothing better is to be found."""
    assert (await search.search(text))[0].own
    assert not emulator.calls("GET", SEARCH)


@pytest.mark.parametrize(
    "text", ["kind of blue", "nirvana", "so what", "unheard of", "so what by nobody"]
)
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


async def test_each_thing_is_found_once(
    search: SearchOperations, pin: Pinning, emulator: Emulator
) -> None:
    """Be it pinned, an own playlist and in the catalogue; and no more than wanted."""
    assert len(await search.search("blue", limit=3)) == 3
    mix = playlist_named(emulator.world, "Kitchen")
    pin(mix.uri, "Something Else")
    every = [hit.uri for hit in await search.search("kitchn", limit=100)]
    assert every.count(mix.uri) == 1
    pin(mix.uri, "The Kitchen Mix")
    found = await search.find("kitchen", kinds=[UriType.PLAYLIST])
    every = [hit.uri for hit in found.hits[UriType.PLAYLIST]]
    assert every.count(mix.uri) == 1


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


async def test_failures_are_told(search: SearchOperations, emulator: Emulator) -> None:
    """Finding nothing is not the same as not being answered."""
    emulator.faults.add(Fault(path=SEARCH, times=None, status=403, body={}))
    with pytest.raises(SpotifyApiError) as raised:
        await search.search("kind of blue")
    assert isinstance(raised.value, ForbiddenError)
    emulator.faults.clear()
    assert await search.search("kind of blue")


async def test_own_playlists_that_cannot_be_read_are_passed_over(
    search: SearchOperations, emulator: Emulator
) -> None:
    """Except where a name has to be sure: it might be the name of one of them."""
    emulator.faults.add(Fault(path=PLAYLISTS, times=None, status=403, body={}))
    assert (await search.search("kind of blue"))[0].name == "Kind of Blue"
    assert (await search.find("kind of blue")).best is not None
    with pytest.raises(ForbiddenError):
        await search.find("kitchen", scope=Scope.OWN)
    with pytest.raises(ForbiddenError):
        await search.named("kitchen", [UriType.PLAYLIST])
    assert (await search.named("kind of blue", [UriType.ALBUM])).kind is UriType.ALBUM
    emulator.faults.clear()
    assert (await search.search("kitchen"))[0].own


async def test_only_some_kinds(
    search: SearchOperations, emulator: Emulator, pin: Pinning
) -> None:
    """However well something of another kind fits, and however much there is of it."""
    pin(HIDDEN, "Kind of Blue")
    for text in ("kind of blue", "the playlist kind of blue"):
        hits = await search.search(text, kinds=[UriType.ALBUM], limit=1)
        assert [named(hit)[:2] for hit in hits] == [("album", "Kind of Blue")]
    hits = await search.search("blue", kinds=[UriType.SHOW, UriType.EPISODE])
    assert {hit.kind for hit in hits} <= {UriType.SHOW, UriType.EPISODE}


@pytest.mark.parametrize(
    "text", ["nirvana", "NIRVANA", "our grunge", "play time", "Playtime, please"]
)
async def test_a_pin_is_found_without_asking_anything(
    search: SearchOperations, emulator: Emulator, pin: Pinning, text: str
) -> None:
    """By its name and its aliases, before everything else; Spotify hides it anyway."""
    pin(HIDDEN, "Nirvana", "Our Grunge", "Playtime")
    (hit,) = await search.search(text)
    assert (hit.kind, hit.uri, hit.name) == (UriType.PLAYLIST, HIDDEN, "Nirvana")
    assert hit.own
    assert not emulator.calls()


async def test_a_pin_goes_before_a_playlist_of_its_name(
    search: SearchOperations, emulator: Emulator, pin: Pinning
) -> None:
    """And one that is only like it does not."""
    pin(HIDDEN, "Kitchen Beats")
    assert (await search.search("my kitchen"))[0].name == "Kitchen"
    pin(HIDDEN, "Kitchen")
    assert (await search.search("kitchen"))[0].uri == HIDDEN
    assert not emulator.calls("GET", SEARCH)


async def test_a_pin_that_was_not_meant_stays_out(
    search: SearchOperations, pin: Pinning
) -> None:
    """The household has many; and an album that is asked for is no playlist."""
    pin(HIDDEN, "Bedtime")
    assert HIDDEN not in [hit.uri for hit in await search.search("so what")]
    pin(HIDDEN, "Kind of Blue")
    hits = await search.search("kind of blue", classes=("album",))
    assert named(hits[0]) == ("album", "Kind of Blue", "Miles Davis")


async def test_what_sounds_like_something_own_leaves_room_for_another(
    search: SearchOperations, emulator: Emulator, pin: Pinning
) -> None:
    """The catalogue is asked where a name is only nearly what was said."""
    pin(HIDDEN, "Rumour")
    assert named((await search.search("rumours"))[0])[1:] == (
        "Rumours",
        "Fleetwood Mac",
    )
    assert len(emulator.calls("GET", SEARCH)) == 1
    assert (await search.search("rumor"))[0].uri == HIDDEN


async def test_new_playlists_are_known_once_the_old_are_forgotten(
    search: SearchOperations, emulator: Emulator
) -> None:
    """Nobody waits for ten minutes to play what they just made."""
    await search.search("kitchen")
    pages = len(emulator.calls("GET", PLAYLISTS))
    playlist_named(emulator.world, "Kitchen").name = "Scullery"
    assert (await search.search("kitchen"))[0].name == "Kitchen"
    search.forget_playlists()
    assert (await search.search("scullery"))[0].own
    assert len(emulator.calls("GET", PLAYLISTS)) == 2 * pages


@pytest.mark.parametrize(
    ("text", "kinds", "name"),
    [
        ("Kind of Blue", {"album"}, "Kind of Blue"),
        ("the album kind of blue", {"album", "track"}, "Kind of Blue"),
        ("kind of blue by miles davis", {"album"}, "Kind of Blue"),
        ("so what by miles davis", {"track", "episode"}, "So What"),
        ("sigur ros", {"artist"}, "Sigur Rós"),
        ("wokout", {"playlist"}, "Workout 2026"),
        ("dinner jazz", {"playlist"}, "Dinner Jazz"),
        ("the quiet hour", set(UriType), "The Quiet Hour"),
    ],
)
async def test_what_is_surely_named(
    search: SearchOperations, emulator: Emulator, text: str, kinds: set[str], name: str
) -> None:
    """Of these kinds only, by one question at most."""
    hit = await search.named(text, [UriType(kind) for kind in kinds])
    assert (hit.name, hit.kind in kinds) == (name, True)
    assert len(emulator.calls("GET", SEARCH)) == (not hit.own)
    if "playlist" not in kinds:
        assert not emulator.calls("GET", PLAYLISTS)


async def test_a_pin_is_named_without_asking(
    search: SearchOperations, emulator: Emulator, pin: Pinning
) -> None:
    """If it is of a kind that can be meant."""
    pin(HIDDEN, "So What", "sleepy")
    assert (await search.named("sleepy", [UriType.PLAYLIST])).uri == HIDDEN
    assert not emulator.calls()
    assert (await search.named("so what", [UriType.TRACK])).kind is UriType.TRACK


@pytest.mark.parametrize(
    ("text", "kinds", "near"),
    [
        ("zzyzx qwortle", {"track"}, "-"),
        ("so what by nobody", {"track"}, "-"),
        (
            "nirvana",
            {"album"},
            (
                "Nevermind (Nirvana), In Utero (Nirvana), "
                "MTV Unplugged in New York (Nirvana)"
            ),
        ),
        ("blue", {"show"}, "-"),
        ("the album kind of blue", {"track"}, "-"),
        ("kind", {"album"}, "Kind of Blue (Miles Davis)"),
    ],
)
async def test_what_is_not_surely_named_is_refused(
    search: SearchOperations, text: str, kinds: set[str], near: str
) -> None:
    """Nothing is saved by luck; what comes near is told."""
    with pytest.raises(ServiceValidationError) as raised:
        await search.named(text, [UriType(kind) for kind in kinds])
    assert raised.value.translation_key == "nothing_named"
    assert raised.value.translation_placeholders == {"text": text, "near": near}


async def test_of_several_that_come_near_none_is_taken(
    search: SearchOperations, pin: Pinning
) -> None:
    """They are told instead, three at most."""
    for number, name in enumerate(("One", "Two", "Three", "Four")):
        pin(f"spotify:playlist:{number:022}", f"Bedtime {name}")
    with pytest.raises(ServiceValidationError) as raised:
        await search.named("bedtime", [UriType.PLAYLIST])
    assert (raised.value.translation_placeholders or {})["near"] == (
        "Bedtime One, Bedtime Two, Bedtime Three"
    )


async def test_no_name_names_nothing(
    search: SearchOperations, emulator: Emulator
) -> None:
    """And nothing is asked."""
    with pytest.raises(ServiceValidationError) as raised:
        await search.named("  ", [UriType.TRACK])
    assert raised.value.translation_key == "no_items"
    assert not emulator.calls()


def fill(emulator: Emulator, count: int) -> None:
    """Put albums into the catalogue."""
    model = find(emulator.world, "album", "Kind of Blue")
    for number in range(count):
        identifier = f"{number:022}"
        uri = f"spotify:album:{identifier}"
        emulator.world.catalogue[uri] = {
            **model,
            "id": identifier,
            "uri": uri,
            "name": f"Qwortle {number}",
        }


async def test_more_than_a_page_is_found(
    search: SearchOperations, emulator: Emulator
) -> None:
    """All kinds share the requests, and kinds that have no more are asked no more."""
    fill(emulator, 25)
    found = await search.find(
        "qwortle", kinds=[UriType.ALBUM, UriType.SHOW], total=1000
    )
    assert len({hit.uri for hit in found.hits[UriType.ALBUM]}) == 25
    assert found.hits[UriType.SHOW] == ()
    asked = [call.query for call in emulator.calls("GET", SEARCH)]
    assert [(one["type"], one["offset"]) for one in asked] == [
        ("album,show", "0"),
        ("album", "10"),
        ("album", "20"),
    ]
    found = await search.find("qwortle", total=12)
    assert {kind: len(hits) for kind, hits in found.hits.items() if hits} == {
        UriType.ALBUM: 12
    }


@pytest.fixture
def many_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let more requests through than is wise."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)


@pytest.mark.usefixtures("many_requests")
async def test_spotifys_last_page_is_the_end(
    search: SearchOperations, emulator: Emulator
) -> None:
    """It refuses to go on after a thousand."""
    fill(emulator, 1015)
    found = await search.find("qwortle", kinds=[UriType.ALBUM], total=5000)
    assert len(found.hits[UriType.ALBUM]) == 1000
    assert len(emulator.calls("GET", SEARCH)) == 100


async def test_where_to_look(
    search: SearchOperations, emulator: Emulator, pin: Pinning
) -> None:
    """Among one's own things, in the catalogue, or both."""
    pin(HIDDEN, "Jazz for Nobody")
    own = await search.find("jazz", scope=Scope.OWN)
    assert {hit.name for hit in own.hits[UriType.PLAYLIST]} >= {
        "Dinner Jazz",
        "Jazz for Nobody",
    }
    assert all(hit.own for hits in own.hits.values() for hit in hits)
    assert not emulator.calls("GET", SEARCH)
    emulator.forget_requests()
    catalogue = await search.find("jazz", scope=Scope.CATALOGUE)
    assert not any(hit.own for hits in catalogue.hits.values() for hit in hits)
    assert not emulator.calls("GET", PLAYLISTS)
    both = await search.find("jazz")
    assert both.hits[UriType.PLAYLIST][0].own
    assert both.best == both.hits[UriType.PLAYLIST][0]
    assert any(not hit.own for hit in both.hits[UriType.PLAYLIST])
    assert (await search.find(" ")).best is None
