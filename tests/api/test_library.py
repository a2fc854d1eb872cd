"""The library's endpoints on a strict Spotify."""

from collections.abc import AsyncIterable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import (
    BadRequestError,
    InvalidAnswerError,
    NotFoundError,
    ScopeMissingError,
)
from custom_components.spotify_hub.api.library import TimeRange
from custom_components.spotify_hub.api.models import Saved
from tests.emulator import Emulator, Fault
from tests.emulator.phone import Phone

from .conftest import LEGACY_APP, ClientFor, Uri


@pytest.mark.parametrize("app", ["demo-client-id", LEGACY_APP])
async def test_m5_m6_a_profile_without_name_and_product(
    client: ClientFor, app: str
) -> None:
    """Ben never gave a name; new apps learn nothing of his subscription."""
    ben = await client("ben", app).library.me()
    assert (ben.id, ben.display_name) == ("ben", None)
    assert ben.account_id
    assert ben.images


async def test_m6_a_profile_without_account_id(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """As all were until May 2026."""
    emulator.world.apps["demo-client-id"].serves_account_id = False
    assert (await anna.library.me()).account_id is None


@pytest.mark.parametrize("app", ["demo-client-id", LEGACY_APP])
@pytest.mark.parametrize(
    ("kind", "pages"),
    [("track", 3), ("album", 2), ("show", 1), ("episode", 1), ("audiobook", 1)],
)
async def test_r13_everything_saved_comes_with_its_date(
    emulator: Emulator, client: ClientFor, app: str, kind: str, pages: int
) -> None:
    """Upstream stops after the first 48."""
    library = client(app=app).library
    lists: dict[str, Callable[[], AsyncIterable[Saved[Any]]]] = {
        "track": library.saved_tracks,
        "album": library.saved_albums,
        "show": library.saved_shows,
        "episode": library.saved_episodes,
        "audiobook": library.saved_audiobooks,
    }
    expected = emulator.world.users["anna"].saved[kind]
    found = [saved async for saved in lists[kind]()]
    assert [saved.item.uri for saved in found] == list(expected)
    assert len(emulator.requests) == pages
    assert {request.query["limit"] for request in emulator.requests} == {"50"}


async def test_m15_saved_items_know_since_when(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """And the list knows how many there are."""
    page = await anna.library.saved_tracks().page(0, 1)
    assert page.items[0].added_at == datetime(2026, 9, 28, 12, tzinfo=UTC)
    assert (page.total, page.has_next) == (120, True)
    assert emulator.requests[-1].query == {"limit": "1", "offset": "0"}


@pytest.mark.parametrize(
    ("app", "dated"), [("demo-client-id", False), (LEGACY_APP, True)]
)
async def test_m11_saved_audiobooks_come_wrapped_or_bare(
    client: ClientFor, app: str, *, dated: bool
) -> None:
    """Both shapes are out there; a bare one does not say since when."""
    page = await client(app=app).library.saved_audiobooks().page()
    assert [bool(saved.added_at) for saved in page.items] == [dated, dated]


async def test_r12_all_followed_artists_come_by_cursor(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """Upstream drops the cursor after 48."""
    followed = emulator.world.users["anna"].followed[:60]
    artists = [artist async for artist in anna.library.followed_artists()]
    assert [artist.uri for artist in artists] == followed
    first, second = emulator.requests
    assert first.query == {"type": "artist", "limit": "50"}
    assert second.query == {**first.query, "after": artists[49].id}


async def test_m15_the_first_followed_artists_tell_of_the_rest(
    anna: SpotifyHubClient,
) -> None:
    """How many there are, and where the next ones begin."""
    page = await anna.library.followed_artists().first()
    assert (len(page.items), page.total, page.after) == (50, 60, page.items[-1].id)


async def test_whoever_follows_nobody_has_an_empty_list(client: ClientFor) -> None:
    """It is no unreadable answer."""
    page = await client("carla").library.followed_artists().first()
    assert (page.items, page.total, page.after) == ((), 0, None)


@pytest.mark.parametrize(
    ("time_range", "artists", "tracks"),
    [(TimeRange.SHORT, 20, 20), (TimeRange.MEDIUM, 60, 60), (TimeRange.LONG, 84, 100)],
)
async def test_r11_top_lists_of_every_range(
    emulator: Emulator,
    anna: SpotifyHubClient,
    time_range: TimeRange,
    artists: int,
    tracks: int,
) -> None:
    """Upstream knows one range, and the first 48 of it."""
    assert len([one async for one in anna.library.top_artists(time_range)]) == artists
    assert len([one async for one in anna.library.top_tracks(time_range)]) == tracks
    assert {request.query["time_range"] for request in emulator.requests} == {
        time_range
    }


async def test_r11_the_usual_range_is_six_months(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """As it is Spotify's."""
    await anna.library.top_tracks().page()
    await anna.library.top_artists().page()
    ranges = [request.query["time_range"] for request in emulator.requests]
    assert ranges == ["medium_term"] * 2


async def test_r16_any_number_of_uris_is_looked_up_by_forties(
    emulator: Emulator, anna: SpotifyHubClient, phone: Phone
) -> None:
    """Upstream refuses more than 40."""
    tracks = [
        one for one in emulator.world.catalogue if one.startswith("spotify:track:")
    ]
    wanted = tracks[:101]
    liked = emulator.world.users["anna"].saved["track"]
    found = await anna.library.contains(wanted)
    assert found == {uri: uri in liked for uri in wanted}
    assert list(found) == wanted
    sizes = [request.query["uris"].count(",") + 1 for request in emulator.requests]
    assert sizes == [40, 40, 21]
    phone.unlike(tracks[5])
    assert (await anna.library.contains([tracks[5]]))[tracks[5]] is False


async def test_r16_duplicates_are_asked_for_once(
    emulator: Emulator, anna: SpotifyHubClient, uri: Uri
) -> None:
    """And of nothing nothing is asked."""
    track = uri("track", "So What")
    assert list(await anna.library.contains([track] * 50)) == [track]
    assert emulator.requests[-1].query["uris"] == track
    assert await anna.library.contains([]) == {}
    assert len(emulator.requests) == 1


async def test_r16_artists_people_and_playlists_can_be_looked_up(
    emulator: Emulator, anna: SpotifyHubClient, uri: Uri
) -> None:
    """Following is part of the library now."""
    playlist = emulator.world.users["anna"].playlists[0]
    wanted = {
        uri("artist", "Miles Davis"): True,
        uri("artist", "Minna Turist"): False,
        "spotify:user:ben": True,
        "spotify:user:carla": False,
        f"spotify:playlist:{playlist}": True,
    }
    followed = emulator.world.users["anna"].followed
    wanted[uri("artist", "Minna Turist")] = uri("artist", "Minna Turist") in followed
    assert await anna.library.contains(list(wanted)) == wanted


@pytest.mark.parametrize(
    "body", ["[]", "[true]", "[true, false, true]", "[true, null]", "{}", "null", ""]
)
async def test_an_answer_that_does_not_match_the_question_is_unreadable(
    emulator: Emulator, anna: SpotifyHubClient, uri: Uri, body: str
) -> None:
    """Better no mark than the wrong track's."""
    emulator.faults.add(Fault("contains", status=200, body=body))
    wanted = [uri("track", "So What"), uri("track", "All Blues")]
    with pytest.raises(InvalidAnswerError):
        await anna.library.contains(wanted)


async def test_a_library_that_was_not_granted_is_a_missing_scope(
    client: ClientFor,
) -> None:
    """Not a missing sign-in."""
    library = client(scopes=["user-library-read"]).library
    assert (await library.saved_tracks().page()).total == 120
    with pytest.raises(ScopeMissingError):
        await library.saved_episodes().page()
    with pytest.raises(ScopeMissingError):
        await library.followed_artists().first()


async def test_r16_saving_and_removing_go_by_the_query(
    emulator: Emulator, anna: SpotifyHubClient, uri: Uri
) -> None:
    """Of any kinds together; a body would be refused."""
    wanted = [uri("artist", "Minna Turist"), uri("album", "Discovery")]
    await anna.library.save(wanted)
    assert await anna.library.contains(wanted) == dict.fromkeys(wanted, True)
    await anna.library.remove(wanted)
    assert await anna.library.contains(wanted) == dict.fromkeys(wanted, False)
    for method in ("PUT", "DELETE"):
        (request,) = emulator.calls(method)
        assert request.path == "/v1/me/library"
        assert request.query == {"uris": ",".join(wanted)}
        assert request.body is None


@pytest.mark.parametrize("uris", [["spotify:chapter:" + "1" * 22], ["nonsense"]])
async def test_what_the_library_does_not_take_is_a_bad_request(
    anna: SpotifyHubClient, uris: list[str]
) -> None:
    """Upstream takes the refusal for success."""
    with pytest.raises(BadRequestError):
        await anna.library.save(uris)
    with pytest.raises(BadRequestError):
        await anna.library.remove(uris)


async def test_what_is_gone_can_be_neither_saved_nor_removed(
    anna: SpotifyHubClient,
) -> None:
    """Nor does it leave a trace."""
    with pytest.raises(NotFoundError):
        await anna.library.save(["spotify:track:" + "0" * 22])
    with pytest.raises(NotFoundError):
        await anna.library.remove(["spotify:track:" + "0" * 22])


@pytest.mark.parametrize(
    "scopes", [["user-library-read"], ["user-library-modify"], ["user-follow-modify"]]
)
async def test_changing_needs_the_scope_of_every_kind(
    client: ClientFor, uri: Uri, scopes: list[str]
) -> None:
    """Saving and following are granted apart."""
    library = client(scopes=scopes).library
    with pytest.raises(ScopeMissingError):
        await library.save([uri("album", "Discovery"), uri("artist", "Daft Punk")])
