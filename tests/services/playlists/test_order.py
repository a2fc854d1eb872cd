"""The order comes back too, whatever went wrong."""

from itertools import count
from pathlib import Path
from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from tests.conftest import Link
from tests.emulator import Emulator, Fault
from tests.emulator.world import PlaylistEntry
from tests.services.conftest import Call, refused

from .conftest import APPS, ODDITIES, Intercept, Mixes, kept

ITEMS = "^/v1/playlists/[^/]+/items$"
STALE = {"error": {"status": 400, "message": "Invalid snapshot id"}}


@APPS
@pytest.mark.parametrize("length", [5, 1500])
async def test_a_reversed_playlist(
    call: Call,
    link: Link,
    mixes: Mixes,
    emulator: Emulator,
    undo_folder: Path,
    app: str,
    length: int,
) -> None:
    """Nothing is missing, and yet it is undone."""
    await link(app=app)
    tracks = mixes.tracks(length)
    mixes.fill("Kitchen", tracks)
    await call("replace_playlist_items", playlist="Kitchen", items=tracks[::-1])
    assert mixes.uris("Kitchen") == tracks[::-1]
    answer = await call("undo_playlist_change")
    assert mixes.uris("Kitchen") == tracks
    assert (answer["count"], answer["taken_out"]) == (0, [])
    assert kept(undo_folder) == []
    assert not refused(emulator)


@APPS
async def test_fifteen_hundred_are_cleared(
    call: Call, link: Link, mixes: Mixes, emulator: Emulator, app: str
) -> None:
    """And come back in few requests."""
    await link(app=app)
    tracks = mixes.tracks(1500)
    mixes.fill("Kitchen", tracks)
    answer = await call("clear_playlist", playlist="Kitchen")
    assert (answer["removed"], mixes.uris("Kitchen")) == (1500, [])
    await call("undo_playlist_change")
    assert mixes.uris("Kitchen") == tracks
    assert len(mixes.writes()) == 16
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_repetitions_are_written_as_named(call: Call, mixes: Mixes) -> None:
    """And taken out again."""
    before, (a, b) = mixes.uris("Kitchen"), mixes.tracks(62)[60:]
    answer = await call("replace_playlist_items", playlist="Kitchen", items=[a, b, a])
    assert mixes.uris("Kitchen") == answer["uris"] == [a, b, a]
    await call("undo_playlist_change")
    assert mixes.uris("Kitchen") == before


@pytest.mark.usefixtures("anna")
async def test_something_was_added_since(
    call: Call, mixes: Mixes, undo_folder: Path, changed: list[dict[str, Any]]
) -> None:
    """It stays, so the order does not come back; that is said, and the file is kept."""
    tracks = mixes.tracks(8)
    mixes.fill("Kitchen", tracks[:5])
    items = [*tracks[4:1:-1], tracks[5]]
    await call("replace_playlist_items", playlist="Kitchen", items=items)
    mix = mixes.named("Kitchen")
    mix.entries.append(PlaylistEntry(tracks[7], None, "anna"))
    mix.snapshot += 1
    with pytest.raises(HomeAssistantError) as failure:
        await call("undo_playlist_change")
    assert failure.value.translation_key == "playlist_undo_order"
    assert kept(undo_folder)[0].name in str(failure.value)
    assert sorted(map(str, mixes.uris("Kitchen"))) == sorted([*tracks[:5], tracks[7]])
    assert [(one["change"], one["uris"]) for one in changed[1:]] == [
        ("items_removed", [tracks[5]]),
        ("playlist_restored", tracks[:2]),
    ]
    mix.entries[:] = [one for one in mix.entries if one.uri != tracks[7]]
    mix.snapshot += 1
    await call("undo_playlist_change")
    assert mixes.uris("Kitchen") == tracks[:5]
    assert kept(undo_folder) == []


@pytest.mark.usefixtures("anna")
async def test_local_files_do_not_keep_the_rest_from_its_order(
    call: Call, mixes: Mixes
) -> None:
    """They are lost, and counted."""
    before = mixes.uris(ODDITIES)
    fit = [uri for uri in before if uri and "local" not in uri]
    items = fit[::-1]
    await call("replace_playlist_items", playlist=ODDITIES, items=items)
    answer = await call("undo_playlist_change")
    assert mixes.uris(ODDITIES) == fit
    assert answer["lost"] == 3


@pytest.mark.usefixtures("anna")
async def test_a_replacement_that_ends_midway_in_another_order(
    call: Call, mixes: Mixes, intercept: Intercept, undo_folder: Path
) -> None:
    """The playlist really is as it was before when the error says so."""
    tracks = mixes.tracks(150)
    mixes.fill("Kitchen", tracks)
    numbers = count(1)

    def choose(method: str, _path: str) -> Fault | None:
        first = method == "POST" and next(numbers) == 1
        return Fault(ITEMS, "POST", status=403) if first else None

    intercept(choose)
    with pytest.raises(HomeAssistantError) as failure:
        await call("replace_playlist_items", playlist="Kitchen", items=tracks[::-1])
    assert failure.value.translation_key == "playlist_change_taken_back"
    assert mixes.uris("Kitchen") == tracks
    assert kept(undo_folder) == []


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(("times", "key"), [(1, None), (2, "playlist_changed")])
async def test_spotify_refuses_the_version_of_an_undo(
    call: Call,
    mixes: Mixes,
    emulator: Emulator,
    undo_folder: Path,
    times: int,
    key: str | None,
) -> None:
    """It is read once more, then the error says it, and the file is kept."""
    tracks = mixes.tracks(9)
    before = [*tracks[:4], None]
    mixes.fill("Kitchen", before)
    await call("replace_playlist_items", playlist="Kitchen", items=tracks[5:])
    mix = mixes.named("Kitchen")
    mix.entries.append(PlaylistEntry(None, None, "anna"))
    mix.snapshot += 1
    emulator.faults.add(Fault(ITEMS, "DELETE", status=400, body=STALE, times=times))
    if key is None:
        await call("undo_playlist_change")
        assert sorted(map(str, mixes.uris("Kitchen"))) == sorted(map(str, before))
        return
    with pytest.raises(HomeAssistantError) as failure:
        await call("undo_playlist_change")
    assert failure.value.translation_key == key
    assert len(kept(undo_folder)) == 1


@pytest.mark.usefixtures("anna")
async def test_spotify_refuses_the_version_while_mending(
    call: Call,
    mixes: Mixes,
    intercept: Intercept,
    undo_folder: Path,
    changed: list[dict[str, Any]],
) -> None:
    """The change is not made again on half a playlist, and the one file has it whole."""
    tracks = mixes.tracks(260)
    before = [*tracks[:150], None]
    mixes.fill("Kitchen", before)

    def choose(method: str, _path: str) -> Fault | None:
        if method == "POST":
            mixes.named("Kitchen").entries.append(PlaylistEntry(None, None, "anna"))
            return Fault(ITEMS, "POST", status=403)
        if method == "DELETE":
            return Fault(ITEMS, "DELETE", status=400, body=STALE)
        return None

    intercept(choose)
    with pytest.raises(HomeAssistantError) as failure:
        await call("replace_playlist_items", playlist="Kitchen", items=tracks[150:])
    assert failure.value.translation_key == "playlist_change_incomplete"
    text = str(failure.value)
    (file,) = kept(undo_folder)
    assert file.name in text
    title = mixes.emulator.world.catalogue[tracks[0]]["name"]
    assert f"({title}, " in text
    assert mixes.writes().count(("PUT", 200)) == 1
    assert [(one["change"], one["count"]) for one in changed] == [
        ("items_removed", 150),
        ("items_added", 100),
    ]
    intercept(lambda _method, _path: None)
    await call("undo_playlist_change")
    assert [uri for uri in mixes.uris("Kitchen") if uri] == tracks[:150]


@pytest.mark.usefixtures("anna")
async def test_an_undo_that_ends_midway(
    call: Call,
    mixes: Mixes,
    intercept: Intercept,
    changed: list[dict[str, Any]],
    undo_folder: Path,
) -> None:
    """What came back is on record, what did not is named."""
    tracks = mixes.tracks(250)
    mixes.fill("Kitchen", [None, *tracks])
    await call("remove_from_playlist", playlist="Kitchen", items=tracks)
    numbers = count(1)

    def choose(method: str, _path: str) -> Fault | None:
        late = method == "POST" and next(numbers) > 1
        return Fault(ITEMS, "POST", status=403) if late else None

    intercept(choose)
    with pytest.raises(HomeAssistantError) as failure:
        await call("undo_playlist_change")
    assert failure.value.translation_key == "playlist_undo_incomplete"
    assert failure.value.translation_placeholders is not None
    assert failure.value.translation_placeholders["missing"] == "150"
    title = mixes.emulator.world.catalogue[tracks[100]]["name"]
    assert failure.value.translation_placeholders["titles"].startswith(title)
    assert kept(undo_folder)[0].name in str(failure.value)
    assert (changed[-1]["change"], changed[-1]["count"]) == ("playlist_restored", 100)
    intercept(lambda _method, _path: None)
    await call("undo_playlist_change")
    assert mixes.uris("Kitchen") == [None, *tracks]


@pytest.mark.usefixtures("anna")
async def test_what_came_since_is_at_no_stake_when_an_undo_fails(
    call: Call, mixes: Mixes, intercept: Intercept, undo_folder: Path
) -> None:
    """It is kept in no file, so the list is not written anew to save requests."""
    tracks = mixes.tracks(160)
    before, later = tracks[:150], tracks[150:153]
    mixes.fill("Kitchen", before)
    await call("remove_from_playlist", playlist="Kitchen", items=before[::7])
    mix = mixes.named("Kitchen")
    mix.entries += [PlaylistEntry(uri, None, "anna") for uri in later]
    mix.snapshot += 1
    intercept(
        lambda method, _: Fault(ITEMS, "POST", status=403) if method == "POST" else None
    )
    with pytest.raises(HomeAssistantError):
        await call("undo_playlist_change", playlist="Kitchen")
    intercept(lambda _method, _path: None)
    await call("undo_playlist_change", playlist="Kitchen")
    assert mixes.uris("Kitchen") == before + later
