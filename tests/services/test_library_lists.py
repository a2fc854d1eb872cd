"""Reading the library, the top lists and the recent plays, by actions."""

from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
import voluptuous as vol

from custom_components.spotify_hub.account import patience
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.const import DOMAIN
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import playlist_named
from tests.emulator.world import User

APPS = ["demo-client-id", "legacy-client-id"]
LISTS = ["get_library", "get_followed_artists"]
ACTIONS = [*LISTS, "get_top_items", "get_recently_played"]

type Call = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture
def call(hass: HomeAssistant) -> Call:
    """Call an action, and return its answer."""

    async def run(action: str, **data: Any) -> Any:
        return await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True
        )

    return run


@pytest.fixture
def asked(emulator: Emulator, anna: AccountEntry) -> Emulator:
    """Look only at what is asked from now on."""
    assert anna.runtime_data
    emulator.forget_requests()
    return emulator


@pytest.fixture
def owner(emulator: Emulator) -> User:
    """Anna, as Spotify knows her."""
    return emulator.world.users["anna"]


@pytest.fixture
def waits(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let waiting for room pass at once, for the ledger's clock too."""
    waited: list[float] = []
    real = hass.loop.time

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(patience, "pause", pause)
    monkeypatch.setattr(hass.loop, "time", lambda: real() + sum(waited))
    return waited


def uris(answer: dict[str, Any]) -> list[str]:
    """Return which things were answered."""
    return [item["uri"] for item in answer["items"]]


def names(answer: dict[str, Any]) -> list[str]:
    """Return what the things are called."""
    return [item["name"] for item in answer["items"]]


def windows(emulator: Emulator) -> list[tuple[int, int]]:
    """Return offset and limit of each request."""
    return [
        (int(request.query["offset"]), int(request.query["limit"]))
        for request in emulator.requests
    ]


def add_tracks(emulator: Emulator, owner: User, count: int) -> None:
    """Let Spotify know more tracks, all of them liked."""
    world = emulator.world
    pattern = next(one for one in world.catalogue.values() if one["type"] == "track")
    owner.saved["track"] = {}
    for at in range(count):
        ident = f"{at:022}"
        track = {
            **pattern,
            "id": ident,
            "uri": f"spotify:track:{ident}",
            "name": f"Song {(at * 7) % count:04}",
        }
        world.catalogue[track["uri"]] = track
        owner.saved["track"][track["uri"]] = "2026-01-01T00:00:00Z"


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("get_library", {"media_type": "chapters"}),
        ("get_library", {"order": "random"}),
        ("get_library", {"direction": "sideways"}),
        ("get_library", {"limit": 0}),
        ("get_library", {"offset": -1}),
        ("get_library", {"offset": 100_001}),
        ("get_followed_artists", {"limit": "many"}),
        ("get_top_items", {"media_type": "albums"}),
        ("get_top_items", {"time_range": "for_ever"}),
        ("get_top_items", {"limit": 51}),
        ("get_recently_played", {"limit": 51}),
        ("get_recently_played", {"limit": 0}),
    ],
)
async def test_what_makes_no_sense_is_refused_before_anything_is_asked(
    emulator: Emulator, call: Call, action: str, data: dict[str, Any]
) -> None:
    """By the action's schema."""
    emulator.forget_requests()
    with pytest.raises(vol.Invalid):
        await call(action, **data)
    assert not emulator.requests


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", ACTIONS)
async def test_an_unknown_account_is_refused(call: Call, action: str) -> None:
    """By Home Assistant's own words."""
    with pytest.raises(ServiceValidationError) as caught:
        await call(action, **{ATTR_CONFIG_ENTRY_ID: "nobody"})
    assert caught.value.translation_key == "service_config_entry_not_found"


@pytest.mark.parametrize(
    ("action", "data", "granted", "message"),
    [
        ("get_library", {}, Feature.PLAYLISTS, "has not granted its library"),
        (
            "get_library",
            {"media_type": "playlists"},
            Feature.LIBRARY,
            "has not granted its playlists",
        ),
        ("get_followed_artists", {}, Feature.HISTORY, "has not granted its library"),
        ("get_top_items", {}, Feature.LIBRARY, "not granted its listening history"),
        ("get_recently_played", {}, Feature.LIBRARY, "not granted its listening"),
    ],
)
async def test_what_was_not_granted_opens_a_repair(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    call: Call,
    action: str,
    data: dict[str, Any],
    granted: Feature,
    message: str,
) -> None:
    """Which leads to granting it."""
    await link(features=[Feature.CONTROL, granted])
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError, match=message):
        await call(action, **data)
    assert not emulator.requests
    assert any("scope_missing" in issue for _, issue in ir.async_get(hass).issues)


async def test_playlists_can_be_listed_without_the_library(
    link: Link, call: Call
) -> None:
    """They are a feature of their own."""
    await link(features=[Feature.CONTROL, Feature.PLAYLISTS])
    assert (await call("get_library", media_type="playlists"))["returned"]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "did not understand the request"),
        (404, "does not know this item"),
        (429, "too many requests"),
        (503, "Spotify has a fault"),
    ],
)
async def test_what_spotify_refuses_is_told(
    emulator: Emulator, call: Call, action: str, status: int, message: str
) -> None:
    """In words that say what can be done."""
    emulator.faults.add(Fault("/v1/me/", status=status, times=None))
    with pytest.raises(HomeAssistantError, match=message):
        await call(action)


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("kind", ["track", "album", "show", "episode", "audiobook"])
async def test_everything_saved_is_listed_newest_first(
    emulator: Emulator, link: Link, call: Call, owner: User, app: str, kind: str
) -> None:
    """All pages of it, and no request more."""
    await link(app=app)
    emulator.forget_requests()
    answer = await call("get_library", media_type=f"{kind}s")
    saved = owner.saved[kind]
    ids = [one.rpartition(":")[2] for one in saved]
    assert [one.rpartition(":")[2] for one in uris(answer)] == ids
    assert answer["media_type"] == f"{kind}s"
    assert answer["total"] == answer["returned"] == len(saved)
    assert {item["type"] for item in answer["items"]} == {kind}
    assert len(emulator.requests) == -(-len(saved) // 50)
    assert {request.status for request in emulator.requests} == {200}
    if kind != "audiobook" or app == "legacy-client-id":
        stamp = answer["items"][0]["added_at"]
        assert stamp == next(iter(saved.values())).replace("Z", "+00:00")
    else:
        assert answer["items"][0]["added_at"] is None


@pytest.mark.usefixtures("anna")
async def test_what_is_answered_of_an_audiobook_can_be_saved_again(
    call: Call, owner: User
) -> None:
    """By one URI everywhere."""
    books = uris(await call("get_library", media_type="audiobooks"))
    await call("remove_from_library", items=books)
    assert not owner.saved["audiobook"]
    assert (await call("get_library", media_type="audiobooks"))["total"] == 0
    await call("save_to_library", items=books)
    assert uris(await call("get_library", media_type="audiobooks")) == books


@pytest.mark.parametrize("app", APPS)
async def test_playlists_are_listed_in_the_order_of_the_library(
    emulator: Emulator, link: Link, call: Call, owner: User, app: str
) -> None:
    """Own ones and followed ones."""
    await link(app=app)
    answer = await call("get_library", media_type="playlists")
    shown = [one.rpartition(":")[2] for one in uris(answer)]
    assert shown == [one for one in owner.playlists if one in shown]
    assert playlist_named(emulator.world, "Flat Share").id in shown
    assert answer["items"][0]["owner"] == "anna"


@pytest.mark.parametrize("app", APPS)
async def test_followed_artists_are_listed_by_cursor(
    emulator: Emulator, link: Link, call: Call, owner: User, app: str
) -> None:
    """People who are followed are none."""
    await link(app=app)
    emulator.forget_requests()
    artists = owner.followed[:60]
    answer = await call("get_followed_artists")
    assert uris(answer) == artists
    assert (answer["total"], answer["returned"]) == (60, 60)
    assert len(emulator.requests) == 2
    same = await call("get_library", media_type="artists")
    assert uris(same) == artists


@pytest.mark.parametrize(
    ("data", "expected", "requests"),
    [
        ({"limit": 10}, slice(0, 10), 1),
        ({"limit": 5, "offset": 20}, slice(20, 25), 1),
        ({"limit": 10, "offset": 45}, slice(45, 55), 2),
        ({"offset": 55}, slice(55, 60), 2),
        ({"offset": 80, "limit": 5}, slice(0, 0), 2),
        ({"direction": "ascending", "limit": 2}, slice(59, 57, -1), 2),
    ],
)
async def test_a_part_of_the_artists(
    asked: Emulator,
    call: Call,
    owner: User,
    data: dict[str, Any],
    expected: slice,
    requests: int,
) -> None:
    """Their list can only be read from its beginning."""
    answer = await call("get_followed_artists", **data)
    assert uris(answer) == owner.followed[:60][expected]
    assert answer["total"] == 60
    assert len(asked.requests) == requests


async def test_a_cursor_that_leads_in_a_circle_ends_the_list(
    asked: Emulator, call: Call, owner: User
) -> None:
    """And each artist is listed once."""
    artist = asked.world.catalogue[owner.followed[0]]
    page = {"items": [artist], "cursors": {"after": "x"}, "total": 9, "next": "x"}
    asked.faults.add(
        Fault("/following", status=200, body={"artists": page}, times=None)
    )
    assert uris(await call("get_followed_artists")) == [artist["uri"]]
    assert len(asked.requests) == 2


@pytest.mark.parametrize(
    ("data", "expected", "requests"),
    [
        ({"limit": 10}, slice(0, 10), [(0, 10)]),
        ({"limit": 1, "offset": 119}, slice(119, 120), [(119, 1)]),
        ({"limit": 60, "offset": 30}, slice(30, 90), [(30, 50), (80, 10)]),
        ({"limit": 500, "offset": 100}, slice(100, 120), [(100, 50)]),
        ({"offset": 110}, slice(110, 120), [(110, 50)]),
        ({"offset": 120, "limit": 5}, slice(0, 0), [(120, 5)]),
        (
            {"direction": "ascending", "limit": 5},
            slice(119, 114, -1),
            [(0, 1), (115, 5)],
        ),
        (
            {"direction": "ascending", "limit": 60, "offset": 10},
            slice(109, 49, -1),
            [(0, 1), (50, 50), (100, 10)],
        ),
        (
            {"direction": "ascending", "limit": 9, "offset": 115},
            slice(4, None, -1),
            [(0, 1), (0, 5)],
        ),
        ({"direction": "ascending", "limit": 9, "offset": 200}, slice(0, 0), [(0, 1)]),
        (
            {"direction": "ascending", "offset": 100},
            slice(19, None, -1),
            [(0, 50), (50, 50), (100, 50)],
        ),
    ],
)
async def test_a_part_by_date_takes_no_more_requests_than_it_needs(
    asked: Emulator,
    call: Call,
    owner: User,
    data: dict[str, Any],
    expected: slice,
    requests: list[tuple[int, int]],
) -> None:
    """From either end."""
    answer = await call("get_library", **data)
    assert uris(answer) == list(owner.saved["track"])[expected]
    assert answer["total"] == 120
    assert answer["returned"] == len(answer["items"])
    assert windows(asked) == requests


@pytest.mark.usefixtures("anna")
async def test_names_are_sorted_without_case_accents_and_articles(
    emulator: Emulator, call: Call, owner: User
) -> None:
    """As on a shelf."""
    world = emulator.world
    for uri, name in zip(
        list(owner.saved["album"])[:5],
        ["zebra", "Éclair", "The Door", "Apple", "eagle"],
        strict=True,
    ):
        world.catalogue[uri]["name"] = name
    owner.saved["album"] = dict(list(owner.saved["album"].items())[:5])
    answer = await call("get_library", media_type="albums", order="name")
    assert names(answer) == ["Apple", "The Door", "eagle", "Éclair", "zebra"]
    answer = await call(
        "get_library", media_type="albums", order="name", direction="descending"
    )
    assert names(answer) == ["zebra", "Éclair", "eagle", "The Door", "Apple"]
    answer = await call(
        "get_library", media_type="albums", order="name", offset=1, limit=2
    )
    assert names(answer) == ["The Door", "eagle"]
    assert (answer["total"], answer["returned"]) == (5, 2)


@pytest.mark.usefixtures("anna")
async def test_by_artist_means_by_artist_and_then_by_name(call: Call) -> None:
    """Whatever the order of the library."""
    answer = await call("get_library", order="artist")
    keys = [(item["by"], item["name"]) for item in answer["items"]]
    assert len({by[0] for by, _ in keys}) > 5
    assert [by for by, _ in keys] == sorted(by for by, _ in keys)


@pytest.mark.parametrize("text", ["miles davis", "MÍLES  Davis", "davis, miles"])
async def test_a_filter_looks_at_names_and_makers(
    asked: Emulator, call: Call, owner: User, text: str
) -> None:
    """Whatever the case, accents, signs and order of its words."""
    catalogue = asked.world.catalogue
    expected = [
        one
        for one in owner.saved["track"]
        if "Miles Davis" in [artist["name"] for artist in catalogue[one]["artists"]]
    ]
    assert expected
    answer = await call("get_library", filter=text)
    assert uris(answer) == expected
    assert answer["total"] == answer["returned"] == len(expected)
    part = await call("get_library", filter=text, offset=1, limit=1)
    assert uris(part) == expected[1:2]
    assert part["total"] == len(expected)


async def test_a_filter_that_nothing_fits_answers_nothing(
    asked: Emulator, call: Call
) -> None:
    """And blanks are no filter."""
    answer = await call("get_library", filter="zzzz")
    assert (answer["total"], answer["items"]) == (0, [])
    asked.forget_requests()
    assert (await call("get_library", filter="  ", limit=3))["returned"] == 3
    assert windows(asked) == [(0, 3)]


@pytest.mark.parametrize("app", APPS)
async def test_fifteen_hundred_liked_songs_are_thirty_pages(
    emulator: Emulator, link: Link, call: Call, owner: User, app: str
) -> None:
    """Each song is there once."""
    add_tracks(emulator, owner, 1500)
    await link(app=app)
    emulator.forget_requests()
    answer = await call("get_library")
    assert uris(answer) == list(owner.saved["track"])
    assert (answer["total"], answer["returned"]) == (1500, 1500)
    assert len(emulator.requests) == 30
    assert {request.status for request in emulator.requests} == {200}


async def test_more_than_the_window_holds_waits_for_room(
    emulator: Emulator, link: Link, call: Call, owner: User, waits: list[float]
) -> None:
    """A long list takes long, and comes whole."""
    add_tracks(emulator, owner, 2500)
    await link()
    answer = await call("get_library", order="name")
    assert names(answer) == [f"Song {at:04}" for at in range(2500)]
    assert waits
    assert all(0 < wait <= 30 for wait in waits)


@pytest.mark.usefixtures("anna")
async def test_what_is_saved_while_reading_comes_once(
    emulator: Emulator, call: Call, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It pushes the others to the next page."""
    before = list(owner.saved["track"])
    new = next(
        one
        for one in emulator.world.catalogue
        if one.startswith("spotify:track:") and one not in owner.saved["track"]
    )
    take = emulator.faults.take

    def save_after_the_first(method: str, path: str, user: str | None) -> Fault | None:
        if path.endswith("/me/tracks") and len(emulator.calls(path=path)) == 1:
            emulator.phone("anna").like(new)
        return take(method, path, user)

    emulator.forget_requests()
    monkeypatch.setattr(emulator.faults, "take", save_after_the_first)
    assert uris(await call("get_library")) == before


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize(
    ("span", "artists"), [("short_term", 20), ("medium_term", 50), ("long_term", 50)]
)
async def test_top_lists_of_every_range(
    emulator: Emulator,
    link: Link,
    call: Call,
    owner: User,
    app: str,
    span: str,
    artists: int,
) -> None:
    """Best first, by one request."""
    await link(app=app)
    emulator.forget_requests()
    answer = await call("get_top_items", media_type="artists", time_range=span)
    assert uris(answer) == owner.top[f"artists/{span}"][:artists]
    assert (answer["media_type"], answer["time_range"]) == ("artists", span)
    assert answer["returned"] == artists
    answer = await call("get_top_items", time_range=span, limit=3)
    assert uris(answer) == owner.top[f"tracks/{span}"][:3]
    assert len(emulator.requests) == 2
    assert {request.status for request in emulator.requests} == {200}


async def test_the_usual_top_list_is_tracks_of_six_months(
    asked: Emulator, call: Call, owner: User
) -> None:
    """As it is Spotify's."""
    answer = await call("get_top_items")
    assert uris(answer) == owner.top["tracks/medium_term"][:50]
    assert asked.requests[0].query == {
        "time_range": "medium_term",
        "limit": "50",
        "offset": "0",
    }


@pytest.mark.parametrize("app", APPS)
async def test_recent_plays_tell_when_and_from_where(
    emulator: Emulator, link: Link, call: Call, owner: User, app: str
) -> None:
    """Newest first; the same track may come twice."""
    account = await link(app=app)
    workout = playlist_named(emulator.world, "Workout 2026").uri
    owner.recent[1].context_uri = workout
    owner.recent[2].context_uri = "spotify:user:anna:collection"
    account.runtime_data.contexts.async_learn(workout)
    await account.runtime_data.playback.hass.async_block_till_done(
        wait_background_tasks=True
    )
    emulator.forget_requests()
    answer = await call("get_recently_played")
    assert uris(answer) == [play.uri for play in owner.recent]
    assert answer["returned"] == 50
    album, playlist, liked = answer["items"][:3]
    assert album["context"] == {
        "type": "album",
        "uri": owner.recent[0].context_uri,
        "name": None,
    }
    assert playlist["context"]["name"] == "Workout 2026"
    assert liked["context"]["type"] == "collection"
    assert answer["items"][4]["context"] is None
    assert album["played_at"].endswith("+00:00")
    assert (await call("get_recently_played", limit=2))["items"] == [album, playlist]
    assert [request.query["limit"] for request in emulator.requests] == ["50", "2"]
    assert {request.status for request in emulator.requests} == {200}


async def test_a_context_of_no_known_kind_is_told_as_it_is(
    asked: Emulator, call: Call, owner: User
) -> None:
    """As of a radio station."""
    play = {
        "track": asked.world.catalogue[owner.recent[0].uri],
        "played_at": "2026-10-01T12:00:00.123Z",
        "context": {"type": "station", "uri": "spotify:station:odd"},
    }
    asked.faults.add(Fault("recently-played", status=200, body={"items": [play]}))
    (item,) = (await call("get_recently_played"))["items"]
    assert item["context"] == {
        "type": None,
        "uri": "spotify:station:odd",
        "name": None,
    }
    assert item["played_at"] == "2026-10-01T12:00:00.123000+00:00"


async def test_a_free_account_may_read_everything(link: Link, call: Call) -> None:
    """Premium is for playing only."""
    await link("free")
    for action in ACTIONS:
        answer = await call(action)
        assert answer["items"] == []
