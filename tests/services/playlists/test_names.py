"""Which playlist is meant, and which may be changed."""

from dataclasses import replace
from typing import Any

from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.spotify_hub.account.changes import Caller, ChangeLog, Door
from custom_components.spotify_hub.account.playlists import PlaylistOperations
from custom_components.spotify_hub.account.undo import UndoFolder
from custom_components.spotify_hub.pins import Pin
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import playlist_named
from tests.emulator.records.mixtapes import DJ
from tests.services.conftest import Call, Uri, refused

from .conftest import APPS, Mixes

CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("add_to_playlist", {}),
    ("remove_from_playlist", {}),
    ("replace_playlist_items", {}),
    ("clear_playlist", {}),
    ("deduplicate_playlist", {}),
    ("reorder_playlist", {"range_start": 0, "insert_before": 2}),
    ("update_playlist", {"description": "Mine"}),
]
WITH_ITEMS = {"add_to_playlist", "remove_from_playlist", "replace_playlist_items"}


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kitchen", "Kitchen"),
        (" kitchen ", "Kitchen"),
        ("fur die  KINDER 🎈", "Für die Kinder 🎈"),
        ("Flat Share", "Flat Share"),
    ],
)
async def test_names(call: Call, mixes: Mixes, text: str, name: str) -> None:
    """Accents, case and space do not matter."""
    answer = await call("get_playlist_items", playlist=text, limit=1)
    assert answer["playlist_uri"] == mixes.named(name).uri


@pytest.mark.usefixtures("anna")
async def test_uris_and_links(call: Call, mixes: Mixes, emulator: Emulator) -> None:
    """Need no look into the list of playlists."""
    mix = mixes.named("Kitchen")
    emulator.forget_requests()
    for text in (mix.uri, f"https://open.spotify.com/intl-de/playlist/{mix.id}?si=9"):
        answer = await call("get_playlist_items", playlist=text, limit=1)
        assert answer["playlist"] == "Kitchen"
    assert not emulator.calls("GET", "/me/playlists$")


@pytest.mark.usefixtures("anna")
async def test_the_exact_name_goes_first(call: Call, mixes: Mixes) -> None:
    """Before one that differs in case only."""
    mixes.named("Mixtape No. 1").name = "kitchen"
    answer = await call("get_playlist_items", playlist="kitchen", limit=1)
    assert answer["playlist_uri"] == playlist_named(mixes.emulator.world, "kitchen").uri


@pytest.mark.usefixtures("anna")
async def test_two_of_a_name(call: Call, mixes: Mixes) -> None:
    """Their URIs are told."""
    other = mixes.named("Mixtape No. 1")
    other.name = "Kitchen"
    with pytest.raises(ServiceValidationError) as refusal:
        await call("clear_playlist", playlist="Kitchen")
    assert refusal.value.translation_key == "playlist_ambiguous"
    assert other.uri in str(refusal.value)
    assert mixes.named("Kitchen").uri in str(refusal.value)
    assert mixes.writes() == []


@pytest.mark.usefixtures("anna")
async def test_an_unknown_name(call: Call, mixes: Mixes) -> None:
    """What comes near is told, and never changed."""
    with pytest.raises(ServiceValidationError) as refusal:
        await call("clear_playlist", playlist="Kichen")
    assert refusal.value.translation_key == "playlist_not_found"
    assert refusal.value.translation_placeholders is not None
    assert "Kitchen" in refusal.value.translation_placeholders["near"]
    assert mixes.writes() == []


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  ", "no_playlist"),
        ("spotify:playlist:short", "not_a_spotify_link"),
        ("https://spotify.link/abc", "not_a_spotify_link"),
        ("spotify:track:" + "4" * 22, "wrong_kind"),
        ("spotify:playlist:" + "4" * 22, "not_found"),
        (f"spotify:playlist:{DJ}", "playlist_made_by_spotify"),
    ],
)
@pytest.mark.parametrize("action", ["get_playlist_items", "clear_playlist"])
async def test_what_is_no_playlist(
    call: Call, mixes: Mixes, action: str, text: str, key: str
) -> None:
    """Is refused, with what is wrong with it."""
    with pytest.raises(ServiceValidationError) as refusal:
        await call(action, playlist=text)
    assert refusal.value.translation_key == key
    assert mixes.writes() == []


@APPS
@pytest.mark.parametrize(("action", "data"), CHANGES)
async def test_playlists_of_others(
    call: Call,
    link: Link,
    mixes: Mixes,
    uri: Uri,
    action: str,
    data: dict[str, Any],
    app: str,
) -> None:
    """Can't be changed, and nobody tries."""
    await link(app=app)
    items = {"items": [uri("track", "So What")]} if action in WITH_ITEMS else {}
    with pytest.raises(ServiceValidationError) as refusal:
        await call(action, playlist="Ben's Nineties", **data, **items)
    assert refusal.value.translation_key == "playlist_not_yours"
    assert mixes.writes() == []


@pytest.mark.parametrize(("action", "data"), CHANGES[:-1])
async def test_collaborative_playlists(
    call: Call,
    anna: AccountEntry,
    emulator: Emulator,
    mixes: Mixes,
    uri: Uri,
    action: str,
    data: dict[str, Any],
) -> None:
    """What is in them may be changed by all who have joined."""
    before = mixes.uris("Flat Share")
    mixes.fill("Flat Share", [*before, before[0]])
    items = {"items": [before[0]]} if action in WITH_ITEMS else {}
    await call(action, playlist="Flat Share", **data, **items)
    assert mixes.uris("Flat Share") != [*before, before[0]]
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_collaborative_playlists_that_were_not_joined(
    call: Call, mixes: Mixes, emulator: Emulator, uri: Uri
) -> None:
    """Spotify refuses them, and the error says why."""
    mix = mixes.named("Flat Share")
    emulator.world.users["anna"].playlists.remove(mix.id)
    with pytest.raises(ServiceValidationError) as refusal:
        await call("add_to_playlist", playlist=mix.uri, items=uri("track", "So What"))
    assert refusal.value.translation_key == "playlist_not_yours"


async def test_pinned_names(
    hass: Any, anna: AccountEntry, mixes: Mixes, uri: Uri, undo_folder: Any
) -> None:
    """A pin's name or alias means its playlist where no playlist of one's own fits."""
    account = anna.runtime_data
    mix = mixes.named("Mixtape No. 1")
    pin = Pin(uri=mix.uri, name="Party", aliases=("Fête",))
    song = Pin(uri=uri("track", "So What"), name="Kitchen")
    account.household.async_set_pins((pin, song))
    forgotten: list[bool] = []
    playlists = PlaylistOperations(
        account.client,
        ChangeLog(hass, anna, account.household.history),
        UndoFolder(hass, undo_folder, anna.entry_id),
        account.user_id,
        pins=account.pins,
        forget=lambda: forgotten.append(True),
    )
    caller = Caller(Context(), Door.ENTITY)
    track = uri("track", "So What")
    for name in ("party", "FETE"):
        added = await playlists.add(caller, name, [track])
        assert added.playlist.uri == mix.uri
    assert (await playlists.add(caller, "Kitchen", [track])).playlist.name == "Kitchen"
    assert not forgotten
    await playlists.create(caller, "New")
    await playlists.update(caller, "New", name="Newer")
    await playlists.delete(caller, "Newer")
    await playlists.undo(caller)
    assert len(forgotten) == 4
    account.household.async_set_pins((pin, replace(pin, uri="spotify:album:x")))


async def test_a_cover(anna: AccountEntry, mixes: Mixes, emulator: Emulator) -> None:
    """Goes to playlists of one's own."""
    playlists = anna.runtime_data.playlists
    caller = Caller(Context(), Door.ACTION)
    picture = b"\xff\xd8picture"
    done = await playlists.set_cover(caller, "kitchen", picture)
    assert done.uri == mixes.named("Kitchen").uri
    assert mixes.named("Kitchen").images
    assert not refused(emulator)
    with pytest.raises(ServiceValidationError) as refusal:
        await playlists.set_cover(caller, "Flat Share", picture)
    assert refusal.value.translation_key == "playlist_not_yours"


@pytest.mark.parametrize(
    ("name", "pin", "read", "changed"),
    [
        ("Kitchen", "Kitchen", "own", "own"),
        ("kitchen", "kitchen", "pin", "own"),
        ("KITCHEN", "kitchen", "own", "own"),
        ("Party", "Party", "pin", "pin"),
        ("party", "PARTY", "pin", "pin"),
    ],
)
async def test_ones_own_goes_before_pins(
    call: Call,
    anna: AccountEntry,
    mixes: Mixes,
    name: str,
    pin: str,
    read: str,
    changed: str,
) -> None:
    """Exactly called so, and always when it is to be changed or deleted."""
    found = {"own": mixes.named("Kitchen").uri, "pin": mixes.named("Mixtape No. 1").uri}
    anna.runtime_data.household.async_set_pins((Pin(uri=found["pin"], name=pin),))
    answer = await call("get_playlist_items", playlist=name)
    assert answer["playlist_uri"] == found[read]
    for action in ("clear_playlist", "delete_playlist"):
        answer = await call(action, playlist=name, dry_run=True)
        assert answer["playlist_uri"] == found[changed]
