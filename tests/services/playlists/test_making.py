"""Making, describing and deleting playlists."""

from itertools import count
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
import voluptuous as vol

from custom_components.spotify_hub.api.scopes import Feature
from tests.conftest import Link
from tests.emulator import Emulator, Fault
from tests.emulator.world import Playlist
from tests.services.conftest import Call, Uri, refused

from .conftest import APPS, Intercept, Mixes

MINE = "^/v1/me/playlists$"
NEW = "Brand new"


@pytest.fixture
def newest(emulator: Emulator) -> Any:
    """Return Anna's newest playlist."""

    def find() -> Playlist:
        world = emulator.world
        return world.playlists[world.users["anna"].playlists[0]]

    return find


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("create_playlist", {}),
        ("create_playlist", {"name": NEW, "public": "often"}),
        ("create_playlist", {"name": NEW, "position": 1}),
        ("update_playlist", {"name": NEW}),
        ("delete_playlist", {}),
        ("delete_playlist", {"playlist": "Kitchen", "dry_run": "so-so"}),
    ],
)
async def test_bad_calls(call: Call, action: str, data: dict[str, Any]) -> None:
    """Are refused by the form."""
    with pytest.raises(vol.Invalid):
        await call(action, **data)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("create_playlist", {"name": " "}, "playlist_name_empty"),
        (
            "create_playlist",
            {"name": NEW, "public": True, "collaborative": True},
            "collaborative_is_private",
        ),
        (
            "create_playlist",
            {"name": NEW, "items": ["spotify:x"]},
            "not_a_spotify_link",
        ),
        ("update_playlist", {"playlist": "Kitchen"}, "nothing_to_change"),
        ("update_playlist", {"playlist": "Kitchen", "name": ""}, "playlist_name_empty"),
        (
            "update_playlist",
            {"playlist": "Kitchen", "collaborative": True},
            "collaborative_is_private",
        ),
        (
            "update_playlist",
            {"playlist": "Flat Share", "name": NEW},
            "playlist_not_yours",
        ),
        ("delete_playlist", {"playlist": ""}, "no_playlist"),
    ],
)
async def test_what_cannot_be(
    call: Call, mixes: Mixes, action: str, data: dict[str, Any], key: str
) -> None:
    """Is refused before anything is changed."""
    with pytest.raises(ServiceValidationError) as refusal:
        await call(action, **data)
    assert refusal.value.translation_key == key
    assert mixes.writes() == []


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("get_playlists", {}),
        ("create_playlist", {"name": NEW}),
        ("delete_playlist", {"playlist": "Kitchen"}),
        ("clear_playlist", {"playlist": "Kitchen"}),
        ("undo_playlist_change", {}),
    ],
)
async def test_playlists_were_not_granted(
    call: Call,
    link: Link,
    issue_registry: ir.IssueRegistry,
    action: str,
    data: dict[str, Any],
) -> None:
    """The error says so, and a repair leads to where they can be."""
    await link(features=[Feature.CONTROL, Feature.LIBRARY])
    with pytest.raises(ServiceValidationError) as refusal:
        await call(action, **data)
    assert refusal.value.translation_key == "playlists_not_granted"
    assert any("scope_missing" in key for _, key in issue_registry.issues)


@APPS
async def test_a_new_playlist(
    call: Call,
    link: Link,
    emulator: Emulator,
    newest: Any,
    app: str,
    changed: list[dict[str, Any]],
) -> None:
    """It is private and empty unless told otherwise."""
    await link(app=app)
    answer = await call("create_playlist", name=NEW, description="Songs & more")
    made = newest()
    assert (made.name, made.public, made.collaborative) == (NEW, False, False)
    assert made.description == "Songs & more"
    assert (answer["playlist"], answer["playlist_uri"]) == (NEW, made.uri)
    assert (answer["count"], answer["uris"], answer["public"]) == (0, [], False)
    assert [(one["change"], one["playlist_uri"]) for one in changed] == [
        ("playlist_created", made.uri)
    ]
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_a_new_playlist_with_items(
    call: Call, mixes: Mixes, emulator: Emulator, changed: list[dict[str, Any]]
) -> None:
    """Filled at once, in order; open to others if wished."""
    tracks = mixes.tracks(130)
    answer = await call(
        "create_playlist", name=NEW, collaborative=True, items=[*tracks, tracks[0]]
    )
    assert mixes.uris(NEW) == answer["uris"] == [*tracks, tracks[0]]
    assert mixes.named(NEW).collaborative
    assert answer["count"] == 131
    assert [one["change"] for one in changed] == ["playlist_created", "items_added"]
    await call("create_playlist", name="Seen by all", public=True)
    assert mixes.named("Seen by all").public
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_a_new_playlist_that_is_not_filled(
    call: Call, emulator: Emulator, mixes: Mixes
) -> None:
    """The error says that it is there all the same."""
    emulator.faults.add(Fault("/items$", "POST", status=429, retry_after=9))
    with pytest.raises(HomeAssistantError, match="was made, but") as failure:
        await call("create_playlist", name=NEW, items=mixes.tracks(1))
    assert mixes.named(NEW).uri in str(failure.value)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "fault",
    [
        Fault(MINE, "POST", reset=True, after=True),
        Fault(MINE, "POST", status=500, after=True),
        Fault(MINE, "POST", truncate=True),
    ],
)
async def test_an_answer_is_lost(
    call: Call, emulator: Emulator, mixes: Mixes, newest: Any, fault: Fault
) -> None:
    """The playlist was made nevertheless, and is not made twice."""
    emulator.faults.add(fault)
    answer = await call("create_playlist", name=NEW, items=mixes.tracks(2))
    assert answer["playlist_uri"] == newest().uri
    names = [one.name for one in emulator.world.playlists.values()]
    assert names.count(NEW) == 1
    assert len(mixes.uris(NEW)) == 2


@pytest.mark.usefixtures("anna")
async def test_a_request_is_lost(call: Call, emulator: Emulator, mixes: Mixes) -> None:
    """It may still be under way, so that nobody should try again at once."""
    for fault in (Fault(MINE, "POST", reset=True), Fault(MINE, "POST", status=503)):
        emulator.faults.add(fault)
        with pytest.raises(HomeAssistantError) as failure:
            await call("create_playlist", name=NEW)
        assert failure.value.translation_key == "playlist_perhaps_made"
        assert "ry again in a few" not in str(failure.value)
    assert len(emulator.calls("POST", MINE)) == 2
    emulator.faults.add(Fault(MINE, "POST", reset=True))
    emulator.faults.add(Fault(MINE, "GET", status=403))
    with pytest.raises(HomeAssistantError) as failure:
        await call("create_playlist", name=NEW)
    assert failure.value.translation_key == "playlist_perhaps_made"
    assert all(one.name != NEW for one in emulator.world.playlists.values())


@APPS
async def test_details(
    call: Call,
    link: Link,
    emulator: Emulator,
    mixes: Mixes,
    app: str,
    changed: list[dict[str, Any]],
) -> None:
    """Only what is given changes; an empty description clears it."""
    await link(app=app)
    mix = mixes.named("Workout 2026")
    answer = await call("update_playlist", playlist=mix.uri, description="")
    assert (mix.name, mix.description, mix.public) == ("Workout 2026", "", True)
    assert answer["description"] == ""
    answer = await call(
        "update_playlist", playlist=mix.uri, name=NEW, public=False, collaborative=True
    )
    assert (mix.name, mix.public, mix.collaborative) == (NEW, False, True)
    assert (answer["playlist"], answer["collaborative"]) == (NEW, True)
    assert answer["snapshot_id"]
    assert [one["change"] for one in changed] == ["playlist_updated"] * 2
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_details_are_kept_private_while_collaborative(
    call: Call, mixes: Mixes
) -> None:
    """Public comes only after collaboration ended, or with its end."""
    mix = mixes.named("Kitchen")
    mix.public, mix.collaborative = False, True
    with pytest.raises(ServiceValidationError) as refusal:
        await call("update_playlist", playlist="Kitchen", public=True)
    assert refusal.value.translation_key == "collaborative_is_private"
    await call("update_playlist", playlist="Kitchen", public=True, collaborative=False)
    assert (mix.public, mix.collaborative) == (True, False)


@pytest.mark.usefixtures("anna")
async def test_a_change_is_told_even_if_it_cannot_be_looked_at(
    call: Call, intercept: Intercept, mixes: Mixes
) -> None:
    """The look afterwards is only for the answer."""
    uri, looks = mixes.named("Kitchen").uri, count()

    def choose(method: str, path: str) -> Fault | None:
        if method == "GET" and path.endswith(mixes.named("Kitchen").id):
            return Fault(".", status=403) if next(looks) else None
        return None

    intercept(choose)
    answer = await call("update_playlist", playlist=uri, description="Yes")
    assert answer["description"] == "Yes"


@APPS
async def test_deleting(
    call: Call,
    link: Link,
    emulator: Emulator,
    mixes: Mixes,
    app: str,
    changed: list[dict[str, Any]],
) -> None:
    """The playlist leaves the library, and an undo brings it back whole."""
    await link(app=app)
    mix, anna = mixes.named("Kitchen"), emulator.world.users["anna"]
    answer = await call("delete_playlist", playlist="Kitchen", dry_run=True)
    assert (answer["dry_run"], answer["unfollowed"]) == (True, False)
    assert mixes.writes() == []
    answer = await call("delete_playlist", playlist="Kitchen")
    assert (answer["playlist_uri"], answer["unfollowed"]) == (mix.uri, True)
    assert mix.id not in anna.playlists
    assert [one["change"] for one in changed] == ["playlist_deleted"]
    with pytest.raises(ServiceValidationError) as refusal:
        await call("delete_playlist", playlist=mix.uri)
    assert refusal.value.translation_key == "playlist_not_in_library"
    answer = await call("undo_playlist_change", playlist="kitchen")
    assert (answer["undone"], answer["followed"]) == ("playlist_deleted", True)
    assert mix.id in anna.playlists
    assert changed[-1]["change"] == "playlist_restored"
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_a_followed_playlist_can_be_deleted(
    call: Call, emulator: Emulator, mixes: Mixes
) -> None:
    """For that is unfollowing."""
    await call("delete_playlist", playlist="Ben's Nineties")
    mine = emulator.world.users["anna"].playlists
    assert mixes.named("Ben's Nineties").id not in mine


@pytest.mark.usefixtures("anna")
async def test_a_deletion_that_is_refused(
    call: Call, emulator: Emulator, mixes: Mixes
) -> None:
    """Leaves nothing that could be undone."""
    emulator.faults.add(Fault("/me/library$", "DELETE", status=429, retry_after=1))
    with pytest.raises(HomeAssistantError):
        await call("delete_playlist", playlist="Kitchen")
    with pytest.raises(ServiceValidationError) as refusal:
        await call("undo_playlist_change")
    assert refusal.value.translation_key == "nothing_to_undo"


@pytest.mark.usefixtures("anna")
async def test_items_of_a_new_playlist_by_name(
    call: Call, mixes: Mixes, uri: Uri
) -> None:
    """Names are understood like everywhere."""
    await call("create_playlist", name=NEW, items=["Get Lucky by Daft Punk"])
    assert mixes.uris(NEW) == [uri("track", "Get Lucky")]
