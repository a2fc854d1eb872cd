"""Playlists that leave the library, by any action, can be followed again."""

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.json import save_json
from homeassistant.util.file import WriteError
import pytest

from custom_components.spotify_hub.account import undo
from custom_components.spotify_hub.account.changes import Caller, Door
from custom_components.spotify_hub.api import book
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import playlist_named
from tests.emulator.world import Playlist, User

from .conftest import Call, refused

APPS = ["demo-client-id", "legacy-client-id"]
REMOVALS = pytest.mark.parametrize("action", ["remove_from_library", "unfollow"])
OWN = "Kitchen"


@pytest.fixture(autouse=True)
def _room(undo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the ledger take many requests, and files go to a folder of the test's own."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)


@pytest.fixture
def owner(emulator: Emulator) -> User:
    """Anna, as Spotify knows her."""
    return emulator.world.users["anna"]


def make(emulator: Emulator, owner: User, many: int) -> list[str]:
    """Let Anna have more playlists; returns their URIs."""
    made = [Playlist(f"{at:022}", f"Mix {at}", "anna") for at in range(many)]
    emulator.world.playlists.update({mix.id: mix for mix in made})
    owner.playlists += [mix.id for mix in made]
    return [mix.uri for mix in made]


def kept(folder: Path) -> list[Path]:
    """Return the files that are kept."""
    return sorted(folder.iterdir()) if folder.exists() else []


@REMOVALS
@pytest.mark.usefixtures("anna")
async def test_more_playlists_than_can_come_back_are_refused(
    emulator: Emulator, call: Call, owner: User, undo_folder: Path, action: str
) -> None:
    """Nothing is asked, nor changed; a dry run says so too."""
    uris = make(emulator, owner, 21)
    emulator.forget_requests()
    for dry_run in (True, False):
        with pytest.raises(ServiceValidationError, match="At most 20 playlists"):
            await call(action, items=uris, dry_run=dry_run)
    assert not emulator.requests
    assert not kept(undo_folder)
    answer = await call(action, items=uris[:20])
    assert answer["uris"] == uris[:20]
    assert len(kept(undo_folder)) == 20
    assert not refused(emulator)


@REMOVALS
@pytest.mark.usefixtures("anna")
async def test_what_can_not_be_kept_stays(
    emulator: Emulator,
    call: Call,
    owner: User,
    undo_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
) -> None:
    """What was kept of others is thrown away: they stay too."""
    uris = make(emulator, owner, 3)
    writes = count(1)

    def fail_late(*args: Any, **how: Any) -> None:
        if next(writes) == len(uris):
            raise WriteError("The disk is full")
        save_json(*args, **how)

    monkeypatch.setattr(undo, "save_json", fail_late)
    with pytest.raises(HomeAssistantError, match="Nothing was changed"):
        await call(action, items=uris)
    assert not emulator.calls("DELETE")
    assert not kept(undo_folder)


@REMOVALS
@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(("status", "files"), [(400, 0), (403, 0), (429, 0), (503, 1)])
async def test_what_surely_did_not_leave_is_not_kept(
    emulator: Emulator,
    call: Call,
    owner: User,
    undo_folder: Path,
    action: str,
    status: int,
    files: int,
) -> None:
    """Otherwise an undo would undo nothing; a fault may have come after the change."""
    uri = playlist_named(emulator.world, OWN).uri
    emulator.faults.add(Fault("library", "DELETE", status=status, times=None))
    with pytest.raises(HomeAssistantError):
        await call(action, items=[uri])
    assert len(kept(undo_folder)) == files
    assert uri.rpartition(":")[2] in owner.playlists


@pytest.mark.usefixtures("anna")
async def test_playlists_that_were_not_reached_are_not_kept(
    emulator: Emulator, call: Call, owner: User, undo_folder: Path
) -> None:
    """Of a removal that ended midway only what it did can be undone."""
    first, last = make(emulator, owner, 2)
    tracks = list(owner.saved["track"])[:60]
    for fault in (
        Fault("library$", "DELETE", status=None),
        Fault("library$", "DELETE", status=404),
    ):
        emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError, match="Only 40 of 62"):
        await call("remove_from_library", items=[first, *tracks, last])
    assert [file.name.split("_")[-2] for file in kept(undo_folder)] == [
        first.rpartition(":")[2]
    ]
    answer = await call("undo_playlist_change")
    assert answer["playlist_uri"] == first


async def test_playlists_that_a_cut_off_change_did_not_reach_are_not_kept(
    emulator: Emulator,
    anna: AccountEntry,
    owner: User,
    undo_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when Home Assistant stops; what was under way may have been done."""
    first, last = make(emulator, owner, 2)
    account, stuck = anna.runtime_data, asyncio.Event()

    async def hang(_: object) -> None:
        stuck.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(account.client.library, "remove", hang)
    uris = [first, *list(owner.saved["track"])[:60], last]
    caller = Caller(Context(), Door.ACTION)
    task = asyncio.create_task(account.library.remove(caller, uris, check=True))
    await stuck.wait()
    assert len(kept(undo_folder)) == 2
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (file,) = kept(undo_folder)
    assert first.rpartition(":")[2] in file.name


@REMOVALS
@pytest.mark.usefixtures("anna")
async def test_a_playlist_that_is_not_in_the_library_is_left_out(
    emulator: Emulator, call: Call, owner: User, undo_folder: Path, action: str
) -> None:
    """An undo would follow what was not followed before."""
    stranger = next(
        mix
        for mix in emulator.world.playlists.values()
        if mix.id not in owner.playlists and not mix.made_by_spotify
    )
    answer = await call(action, items=[stranger.uri])
    assert (answer["count"], answer["skipped"]) == (0, [stranger.uri])
    assert not kept(undo_folder)
    assert not emulator.calls("DELETE")


@REMOVALS
@pytest.mark.usefixtures("anna")
async def test_a_dry_run_keeps_nothing(
    emulator: Emulator, call: Call, owner: User, undo_folder: Path, action: str
) -> None:
    """And lets all stay where it is."""
    before = list(owner.playlists)
    here = playlist_named(emulator.world, OWN).uri
    answer = await call(action, items=[here, "spotify:user:carla"], dry_run=True)
    assert answer == {
        "dry_run": True,
        "count": 1,
        "uris": [here],
        "skipped": ["spotify:user:carla"],
        "checked": True,
    }
    assert owner.playlists == before
    assert not kept(undo_folder)
    assert not emulator.calls("DELETE")


@REMOVALS
@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("own", [True, False])
async def test_a_playlist_comes_back(
    emulator: Emulator,
    link: Link,
    call: Call,
    owner: User,
    action: str,
    app: str,
    own: bool,
) -> None:
    """Be it the account's own or only followed, by its name."""
    await link(app=app)
    playlists = emulator.world.playlists
    mix = next(
        playlists[one]
        for one in owner.playlists
        if (playlists[one].owner == "anna") is own
        and not playlists[one].made_by_spotify
    )
    answer = await call(action, items=[mix.uri])
    assert (answer["count"], answer["uris"]) == (1, [mix.uri])
    assert mix.id not in owner.playlists
    answer = await call("undo_playlist_change", playlist=mix.name)
    assert (answer["playlist"], answer["followed"]) == (mix.name, True)
    assert mix.id in owner.playlists
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_several_playlists_come_back_one_by_one(
    emulator: Emulator, call: Call, owner: User
) -> None:
    """The last of them first."""
    uris = make(emulator, owner, 8)
    await call("unfollow", items=uris)
    assert not {mix.rpartition(":")[2] for mix in uris} & set(owner.playlists)
    back = [(await call("undo_playlist_change"))["playlist_uri"] for _ in uris]
    assert back == uris[::-1]
    with pytest.raises(ServiceValidationError, match="to undo"):
        await call("undo_playlist_change")


@pytest.mark.usefixtures("anna")
async def test_a_playlist_among_many_items_comes_back_too(
    emulator: Emulator, call: Call, owner: User
) -> None:
    """Although it is not looked what else of them is there."""
    here, gone = playlist_named(emulator.world, OWN), make(emulator, owner, 1)[0]
    owner.playlists.remove(gone.rpartition(":")[2])
    tracks = [one for one in emulator.world.catalogue if ":track:" in one][:250]
    answer = await call("remove_from_library", items=[*tracks, here.uri, gone])
    assert answer["uris"] == [*tracks, here.uri]
    assert (answer["skipped"], answer["checked"]) == ([gone], False)
    answer = await call("undo_playlist_change")
    assert answer["playlist_uri"] == here.uri


@REMOVALS
async def test_a_playlist_of_spotifys_own_comes_back(
    emulator: Emulator, anna: AccountEntry, call: Call, owner: User, action: str
) -> None:
    """Whose name no app is told."""
    mix = next(mix for mix in emulator.world.playlists.values() if mix.made_by_spotify)
    owner.playlists = [mix.id]
    await call(action, items=[mix.uri])
    assert not owner.playlists
    answer = await call("undo_playlist_change")
    assert (answer["playlist"], owner.playlists) == (mix.uri, [mix.id])


@pytest.mark.parametrize(
    ("save", "remove"),
    [("save_to_library", "remove_from_library"), ("follow", "unfollow")],
)
@pytest.mark.usefixtures("anna")
async def test_the_names_of_own_playlists_are_read_anew(
    emulator: Emulator, call: Call, owner: User, save: str, remove: str
) -> None:
    """What was just followed is found by its name, what was removed is not."""
    mix = next(
        mix
        for mix in emulator.world.playlists.values()
        if mix.id not in owner.playlists and not mix.made_by_spotify
    )
    mix.name = "Xyzzy Plugh"

    async def found() -> bool:
        answer = await call("search", query=mix.name, scope="library")
        return mix.uri in str(answer)

    assert not await found()
    await call(save, items=[mix.uri])
    assert await found()
    await call(remove, items=[mix.uri])
    assert not await found()
