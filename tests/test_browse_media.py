"""The media tree of the emulated Anna, and search from it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from homeassistant.components.media_player import (
    BrowseError,
    BrowseMedia,
    MediaClass,
    SearchError,
    SearchMediaQuery,
)
from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.account.start import start_of
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.api.uri import parse_uri
from custom_components.spotify_hub.browse_media import async_browse, async_search
from custom_components.spotify_hub.browse_media.places import place_of
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import find, playlist_named
from tests.emulator.faults import Fault
from tests.emulator.records.mixtapes import DJ

type Open = Callable[..., Awaitable[BrowseMedia]]

UNKNOWN = "0" * 22
FIRST = "1\N{EN DASH}50"


@pytest.fixture
def browse(anna: AccountEntry, emulator: Emulator) -> Open:
    """Open places of Anna's tree; only what that asks is looked at."""

    async def opened(
        content_id: str | None = None, content_type: str | None = "any"
    ) -> BrowseMedia:
        return await async_browse(anna.runtime_data, content_type, content_id)

    emulator.forget_requests()
    return opened


def children(node: BrowseMedia) -> list[BrowseMedia]:
    """Return what is in an opened place."""
    assert node.children is not None
    return list(node.children)


def titles(node: BrowseMedia) -> list[str]:
    """Return the titles in an opened place."""
    return [child.title for child in children(node)]


async def everything(browse: Open, content_id: str) -> list[BrowseMedia]:
    """Return all that is in a place, going through its folders."""
    found: list[BrowseMedia] = []
    for child in children(await browse(content_id)):
        if child.media_class == MediaClass.DIRECTORY:
            found += children(await browse(child.media_content_id))
        else:
            found.append(child)
    return found


def uri_of(emulator: Emulator, playlist: str) -> str:
    """Return the URI of a playlist."""
    return playlist_named(emulator.world, playlist).uri


async def test_the_root(browse: Open, emulator: Emulator) -> None:
    """Shows everything there is, and asks Spotify for none of it."""
    root = await browse()
    assert titles(root) == [
        "Liked Songs",
        "Playlists",
        "Albums",
        "Artists",
        "Podcasts",
        "Episodes",
        "Audiobooks",
        "Recently played",
        "Top tracks",
        "Top artists",
    ]
    assert [child.title for child in children(root) if child.can_play] == [
        "Liked Songs"
    ]
    assert all(child.can_expand for child in children(root))
    assert root.can_search
    assert MediaClass.ALBUM in (root.search_media_classes or ())
    assert not emulator.calls()


@pytest.mark.parametrize(
    ("features", "shown"),
    [
        ([], []),
        ([Feature.PLAYLISTS], ["Playlists"]),
        ([Feature.HISTORY], ["Recently played", "Top tracks", "Top artists"]),
    ],
)
async def test_the_root_shows_what_was_granted(
    link: Link, features: list[Feature], shown: list[str]
) -> None:
    """And nothing that Spotify would refuse."""
    entry = await link(features=features)
    assert titles(await async_browse(entry.runtime_data, None, "")) == shown


@pytest.mark.parametrize("number", range(10))
async def test_every_folder_opens(browse: Open, number: int) -> None:
    """And calls itself as the root does; what plays has an id that can be played."""
    folder = children(await browse())[number]
    opened = await browse(folder.media_content_id, folder.media_content_type)
    assert (opened.title, opened.media_content_id) == (
        folder.title,
        folder.media_content_id,
    )
    found = await everything(browse, folder.media_content_id)
    assert found
    for child in found:
        assert child.can_play
        assert child.media_class == folder.children_media_class
        assert start_of(parse_uri(child.media_content_id), "anna")


async def test_a_long_list_is_divided(browse: Open, emulator: Emulator) -> None:
    """Its length takes one request, and each part one more."""
    opened = await browse("spotify:collection")
    assert titles(opened) == [FIRST, "51\N{EN DASH}100", "101\N{EN DASH}120"]
    assert not opened.not_shown
    assert opened.children_media_class == MediaClass.DIRECTORY
    assert len(emulator.calls()) == 1
    last = await browse(children(opened)[-1].media_content_id)
    assert last.title == "101\N{EN DASH}120"
    assert len(emulator.calls()) == 2
    assert len(children(last)) + last.not_shown == 20


async def test_every_entry_of_a_long_playlist_is_reached(
    browse: Open, emulator: Emulator
) -> None:
    """In order, however long it is."""
    mix = playlist_named(emulator.world, "Everything, All at Once")
    found = await everything(browse, mix.uri)
    playable = [
        entry.uri
        for entry in mix.entries
        if entry.uri and emulator.world.catalogue[entry.uri]["is_playable"]
    ]
    assert len(mix.entries) == 230
    assert [child.media_content_id for child in found] == playable


async def test_followed_artists_are_all_reached(
    browse: Open, emulator: Emulator
) -> None:
    """Though Spotify pages them by cursor."""
    user = emulator.world.users["anna"]
    followed = [uri for uri in user.followed if uri.startswith("spotify:artist:")]
    found = await everything(browse, "spotify_hub:artists")
    assert [child.media_content_id for child in found] == followed
    user.followed = followed[:3]
    assert len(children(await browse("spotify_hub:artists"))) == 3


@pytest.mark.parametrize(("albums", "requests"), [(7, 1), (23, 3), (65, 1)])
async def test_an_artists_albums(
    browse: Open, emulator: Emulator, albums: int, requests: int
) -> None:
    """Come ten a request, and only as many as can be shown are asked for."""
    world = emulator.world
    artist = find(world, "artist", "Sixty-Five Records")
    records = [
        uri
        for uri, one in world.catalogue.items()
        if one["type"] == "album" and one["artists"][0]["id"] == artist["id"]
    ]
    assert len(records) == 65
    for uri in records[albums:]:
        del world.catalogue[uri]
    opened = await browse(artist["uri"])
    assert opened.title == "Sixty-Five Records"
    assert opened.children_media_class == (
        MediaClass.ALBUM if albums <= 50 else MediaClass.DIRECTORY
    )
    assert len(emulator.calls(path="/albums$")) == requests
    found = await everything(browse, artist["uri"])
    assert len({child.media_content_id for child in found}) == albums


async def test_an_album(browse: Open, emulator: Emulator) -> None:
    """Has its tracks in order, and a picture of a sensible size."""
    album = find(emulator.world, "album", "Kind of Blue")
    opened = await browse(album["uri"], "album")
    assert titles(opened)[:2] == ["So What", "Freddie Freeloader"]
    assert (opened.title, opened.media_class) == ("Kind of Blue", MediaClass.ALBUM)
    assert (opened.can_play, opened.not_shown) == (True, 0)
    assert opened.thumbnail == album["images"][1]["url"]
    track = children(opened)[0]
    assert (track.media_class, track.can_expand) == (MediaClass.TRACK, False)
    assert track.media_content_id == find(emulator.world, "track", "So What")["uri"]


async def test_a_link_or_a_bare_id_opens_as_well(
    browse: Open, emulator: Emulator
) -> None:
    """As it is copied from Spotify."""
    album = find(emulator.world, "album", "Kind of Blue")
    link = f"https://open.spotify.com/intl-de/album/{album['id']}?si=x"
    assert (await browse(link)).title == "Kind of Blue"
    assert (await browse(album["id"], "album")).title == "Kind of Blue"


async def test_null_and_local_entries(browse: Open, emulator: Emulator) -> None:
    """Are left out and counted; episodes are shown, and what Spotify does not say is gone."""
    opened = await browse(uri_of(emulator, 'Odds & "Ends" <i>(mixed)</i>'))
    assert opened.title == 'Odds & "Ends" <i>(mixed)</i>'
    assert titles(opened) == [
        "So What",
        "130: Bookbinding",
        "Gone One",
        '<b>Bold</b> & "Quoted"',
        "So What",
        "🎈",
    ]
    assert opened.not_shown == 3
    assert children(opened)[1].media_class == MediaClass.EPISODE


async def test_an_empty_playlist_without_images(
    browse: Open, emulator: Emulator
) -> None:
    """Opens, and shows that it is empty."""
    mix = playlist_named(emulator.world, "Empty for Now")
    assert mix.images is None
    opened = await browse(mix.uri)
    assert (children(opened), opened.not_shown, opened.thumbnail) == ([], 0, None)
    assert opened.as_dict()["children"] == []


async def test_playlists_made_by_spotify_are_counted(
    browse: Open, emulator: Emulator
) -> None:
    """Spotify lists them as null."""
    world = emulator.world
    listed = [world.playlists[one] for one in world.users["anna"].playlists]
    made = sum(mix.made_by_spotify for mix in listed)
    found = await everything(browse, "spotify_hub:playlists")
    assert made
    assert len(found) == len(listed) - made
    world.users["anna"].playlists = [mix.id for mix in listed[:50]]
    opened = await browse("spotify_hub:playlists")
    assert opened.not_shown == made == 50 - len(children(opened))


async def test_other_peoples_playlists_play_but_do_not_open(
    browse: Open, emulator: Emulator
) -> None:
    """New apps are not shown what is in them."""
    listed = {
        one.title: one for one in await everything(browse, "spotify_hub:playlists")
    }
    followed, joined = listed["Ben's Nineties"], listed["Flat Share"]
    assert (followed.can_play, followed.can_expand) == (True, False)
    assert (joined.can_play, joined.can_expand) == (True, True)
    opened = await browse(followed.media_content_id)
    assert (opened.title, opened.can_play, opened.can_expand) == (
        "Ben's Nineties",
        True,
        False,
    )
    assert opened.as_dict()["children"] == []
    assert children(await browse(joined.media_content_id))


async def test_a_playlist_made_by_spotify_plays_but_does_not_open(browse: Open) -> None:
    """Spotify says that it does not exist."""
    opened = await browse(f"spotify:playlist:{DJ}")
    assert (opened.title, opened.can_play, opened.can_expand) == (
        "Playlist made by Spotify",
        True,
        False,
    )
    assert opened.as_dict()["children"] == []


async def test_old_apps_see_into_everybodys_playlists(
    link: Link, emulator: Emulator
) -> None:
    """Of the two regimes, both can be browsed."""
    entry = await link(app="legacy-client-id")
    uri = uri_of(emulator, "Ben's Nineties")
    assert children(await async_browse(entry.runtime_data, "playlist", uri))


async def test_podcasts_and_audiobooks(browse: Open, emulator: Emulator) -> None:
    """Open by ids that play too, though Spotify calls both of them shows."""
    shows = {one.title: one for one in children(await browse("spotify_hub:podcasts"))}
    quiet = shows["The Quiet Hour"]
    assert titles(await browse(quiet.media_content_id))[0] == FIRST
    assert len(await everything(browse, quiet.media_content_id)) == 130
    (book, *_) = children(await browse("spotify_hub:audiobooks"))
    opened = await browse(book.media_content_id, book.media_content_type)
    assert opened.title == book.title == "The Hound of the Baskervilles"
    chapter = children(opened)[0]
    assert chapter.title == "Mr. Sherlock Holmes"
    start = start_of(parse_uri(chapter.media_content_id), "anna")
    assert emulator.world.catalogue[start.uris[0]]["name"] == chapter.title


async def test_recent_tracks_are_shown_once(browse: Open, emulator: Emulator) -> None:
    """However often they were heard, the latest first."""
    recent = [play.uri for play in emulator.world.users["anna"].recent]
    opened = await browse("spotify_hub:recent")
    shown = [child.media_content_id for child in children(opened)]
    assert shown == list(dict.fromkeys(recent))
    assert opened.not_shown == 0


@pytest.mark.parametrize(
    ("content_id", "key", "named"),
    [
        ("spotify_hub:nonsense", "not_a_spotify_link", {"uri": "spotify_hub:nonsense"}),
        (
            "spotify_hub:-1:albums",
            "not_a_spotify_link",
            {"uri": "spotify_hub:-1:albums"},
        ),
        ("media-source://x", "not_a_spotify_link", {"uri": "media-source://x"}),
        (
            "spotify:local:a:b:c:1",
            "not_a_spotify_link",
            {"uri": "spotify:local:a:b:c:1"},
        ),
        ("spotify:user:ben", "not_browsable", {"uri": "spotify:user:ben"}),
        (
            "spotify:user:ben:collection",
            "not_browsable",
            {"uri": "spotify:user:ben:collection"},
        ),
        (
            f"spotify:track:{UNKNOWN}",
            "not_browsable",
            {"uri": f"spotify:track:{UNKNOWN}"},
        ),
        (f"spotify:album:{UNKNOWN}", "not_found", {"detail": "404 Resource not found"}),
        (
            f"spotify:artist:{UNKNOWN}",
            "not_found",
            {"detail": "404 Resource not found"},
        ),
        (f"spotify:show:{UNKNOWN}", "not_found", {"detail": "404 Resource not found"}),
        (
            f"spotify:playlist:{UNKNOWN}",
            "not_found",
            {"detail": "404 Resource not found"},
        ),
    ],
)
async def test_what_cannot_be_opened_is_said(
    browse: Open, content_id: str, key: str, named: dict[str, str]
) -> None:
    """By a translated error that names it; nothing is swallowed."""
    with pytest.raises(BrowseError) as raised:
        await browse(content_id)
    assert raised.value.translation_domain == "spotify_hub"
    assert raised.value.translation_key == key
    assert raised.value.translation_placeholders == named


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault(path="/v1/", times=None, status=503), "server_fault"),
        (Fault(path="/v1/", times=None, status=429, retry_after=7), "rate_limited"),
        (Fault(path="/v1/", times=None, status=200, truncate=True), "invalid_answer"),
    ],
)
async def test_trouble_is_told(
    browse: Open, anna: AccountEntry, emulator: Emulator, fault: Fault, key: str
) -> None:
    """By browsing and by search alike."""
    emulator.faults.add(fault)
    with pytest.raises(BrowseError) as browsing:
        await browse("spotify_hub:albums")
    assert browsing.value.translation_key == key
    with pytest.raises(SearchError) as searching:
        await async_search(anna.runtime_data, SearchMediaQuery(search_query="jazz"))
    assert searching.value.translation_key == key


async def test_a_folder_that_was_not_granted(link: Link) -> None:
    """An address kept from earlier says what is missing."""
    entry = await link(features=[])
    with pytest.raises(BrowseError) as raised:
        await async_browse(entry.runtime_data, "any", "spotify_hub:albums")
    assert raised.value.translation_key == "scope_missing"


@pytest.mark.parametrize(
    "content_id",
    [
        "spotify_hub:albums",
        "spotify_hub:50:albums",
        "spotify:collection",
        f"spotify:playlist:{'1' * 22}",
        f"spotify_hub:100:spotify:playlist:{'1' * 22}",
        "spotify_hub:0:spotify:collection",
    ],
)
def test_content_ids_are_read_as_they_are_written(content_id: str) -> None:
    """No two places have one id."""
    assert str(place_of(None, content_id)) == content_id


async def search(account: AccountEntry, text: str, **how: Any) -> list[BrowseMedia]:
    """Return what a search from the media browser finds."""
    query = SearchMediaQuery(search_query=text, **how)
    return list((await async_search(account.runtime_data, query)).result)


async def test_search_everywhere(anna: AccountEntry) -> None:
    """The first hit plays; classes come as a set."""
    (first, *_) = await search(anna, "my workout")
    assert (first.title, first.can_play) == ("Workout 2026", True)
    found = await search(anna, "blue", media_filter_classes={MediaClass.ALBUM})
    assert {one.media_class for one in found} == {MediaClass.ALBUM}
    assert all(one.can_search for one in found)
    assert await search(anna, "zzyzx qwortle") == []


async def test_search_inside_a_playlist(anna: AccountEntry, emulator: Emulator) -> None:
    """Finds its tracks by title or artist, wherever in it they are."""
    mix = playlist_named(emulator.world, "Everything, All at Once")
    assert mix.entries[-1].uri
    last = emulator.world.catalogue[mix.entries[-1].uri]
    found = await search(
        anna, last["name"], media_content_id=mix.uri, media_content_type="playlist"
    )
    assert found[0].media_content_id == last["uri"]
    inside = {"media_content_id": uri_of(emulator, "Dinner Jazz")}
    assert len(await search(anna, "miles davis", **inside)) == 5
    assert await search(anna, "nirvana", **inside) == []


@pytest.mark.parametrize(
    ("place", "text", "titles_found"),
    [
        ("spotify:collection", "smells", ["Smells Like Teen Spirit"]),
        ("spotify_hub:playlists", "dinner", ["Dinner Jazz"]),
        ("spotify_hub:artists", "bjork", ["Björk"]),
        ("spotify_hub:50:artists", "bjork", ["Björk"]),
    ],
)
async def test_search_inside_a_folder(
    anna: AccountEntry, place: str, text: str, titles_found: list[str]
) -> None:
    """As much as an album or playlist, each can be searched."""
    found = await search(anna, text, media_content_id=place)
    assert [one.title for one in found] == titles_found


async def test_a_search_looks_through_500_entries(
    anna: AccountEntry, emulator: Emulator
) -> None:
    """Not more, since each page is a request."""
    mix = playlist_named(emulator.world, "Everything, All at Once")
    mix.entries *= 3
    emulator.forget_requests()
    assert await search(anna, "so what", media_content_id=mix.uri)
    assert len(emulator.calls(path="/items$")) == 10


async def test_search_inside_an_artist(anna: AccountEntry, emulator: Emulator) -> None:
    """Finds what the artist made, which no list of Spotify's holds."""
    davis = find(emulator.world, "artist", "Miles Davis")
    found = await search(anna, "so what", media_content_id=davis["uri"])
    assert [one.title for one in found] == ["So What", "So What - Live"]


@pytest.mark.parametrize("place", ["", "nonsense", f"spotify:track:{UNKNOWN}"])
async def test_where_nothing_is_inside_everything_is_searched(
    anna: AccountEntry, place: str
) -> None:
    """An agent may name a track to search in."""
    assert (await search(anna, "nirvana", media_content_id=place))[0].title == "Nirvana"


async def test_no_search_inside_what_cannot_be_seen(
    anna: AccountEntry, emulator: Emulator
) -> None:
    """Finding nothing would be a lie."""
    uri = uri_of(emulator, "Ben's Nineties")
    with pytest.raises(SearchError) as raised:
        await search(anna, "creep", media_content_id=uri)
    assert raised.value.translation_key == "forbidden"


async def test_the_player_opens_and_searches(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """Through Home Assistant's own actions."""
    assert anna.runtime_data.user_id == "anna"
    player = "media_player.spotify_anna"
    for action, data in (
        ("browse_media", {}),
        (
            "search_media",
            {"search_query": "jazz", "media_filter_classes": ["playlist"]},
        ),
    ):
        answer = await hass.services.async_call(
            "media_player",
            action,
            {"entity_id": player, **data},
            blocking=True,
            return_response=True,
        )
        assert answer is not None
        assert answer[player]


async def test_texts_of_spotify_stay_as_they_are(
    browse: Open, emulator: Emulator
) -> None:
    """Escaping them is the part of whoever shows them."""
    mix = playlist_named(emulator.world, "Kitchen")
    world = emulator.world
    world.playlists[mix.id] = replace(mix, name="<script>x</script> & 🎈")
    assert (await browse(mix.uri)).title == "<script>x</script> & 🎈"
