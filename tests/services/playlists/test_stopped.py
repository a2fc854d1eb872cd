"""Whoever asked for a change of a playlist is stopped in the middle of it."""

import asyncio
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.account.playlists.writer import PlaylistWriter
from tests.conftest import AccountEntry
from tests.emulator import Emulator, Fault
from tests.services.conftest import Call

from .conftest import Mixes, kept

ITEMS = "^/v1/playlists/[^/]+/items$"


@pytest.fixture
def midway(monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, asyncio.Event]:
    """Stop before items are added: until the second is set, which the first says."""
    there, go_on = asyncio.Event(), asyncio.Event()
    add = PlaylistWriter.add

    async def add_later(self: PlaylistWriter, *args: Any) -> None:
        there.set()
        await go_on.wait()
        await add(self, *args)

    monkeypatch.setattr(PlaylistWriter, "add", add_later)
    return there, go_on


@pytest.mark.parametrize("unload", [False, True])
async def test_the_change_is_made_all_the_same(
    hass: HomeAssistant,
    anna: AccountEntry,
    call: Call,
    mixes: Mixes,
    midway: tuple[asyncio.Event, asyncio.Event],
    undo_folder: Path,
    changed: list[dict[str, Any]],
    unload: bool,
) -> None:
    """Also if the account is unloaded meanwhile; the next change waits for it."""
    there, go_on = midway
    tracks = mixes.tracks(300)
    mixes.fill("Kitchen", tracks[:20])
    data = {"playlist": mixes.named("Kitchen").uri, "items": tracks[20:]}
    stopped = asyncio.create_task(call("replace_playlist_items", **data))
    await there.wait()
    stopped.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopped
    if unload:
        await hass.config_entries.async_unload(anna.entry_id)
        go_on.set()
    else:
        following = asyncio.create_task(
            call("remove_from_playlist", playlist=data["playlist"], items=tracks[20])
        )
        await asyncio.sleep(0)
        go_on.set()
        await following
    await hass.async_block_till_done()
    assert mixes.uris("Kitchen") == tracks[20 if unload else 21 :]
    assert changed[0]["change"] == "items_replaced"
    assert len(kept(undo_folder)) == (1 if unload else 2)


@pytest.mark.usefixtures("anna")
async def test_what_goes_wrong_then_is_logged(
    hass: HomeAssistant,
    call: Call,
    mixes: Mixes,
    emulator: Emulator,
    midway: tuple[asyncio.Event, asyncio.Event],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody else hears of it."""
    there, go_on = midway
    before, tracks = mixes.uris("Kitchen"), mixes.tracks(150)
    stopped = asyncio.create_task(
        call("replace_playlist_items", playlist="Kitchen", items=tracks)
    )
    await there.wait()
    stopped.cancel()
    emulator.faults.add(Fault(ITEMS, "POST", status=403))
    go_on.set()
    await hass.async_block_till_done()
    assert mixes.uris("Kitchen") == before
    assert "is as it was before" in caplog.text


async def test_a_change_that_has_not_begun_is_not_made(
    hass: HomeAssistant,
    anna: AccountEntry,
    call: Call,
    mixes: Mixes,
    midway: tuple[asyncio.Event, asyncio.Event],
    undo_folder: Path,
) -> None:
    """It waited for another; whoever asked for it has stopped it in time."""
    there, go_on = midway
    tracks = mixes.tracks(30)
    mixes.fill("Kitchen", tracks[:5])
    playlist = mixes.named("Kitchen").uri
    adding = asyncio.create_task(
        call("add_to_playlist", playlist=playlist, items=tracks[10:11])
    )
    await there.wait()
    clearing = asyncio.create_task(call("clear_playlist", playlist=playlist))
    for _ in range(20):
        # Until it waits for its turn.
        await asyncio.sleep(0)
    clearing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await clearing
    go_on.set()
    await adding
    await hass.async_block_till_done()
    assert mixes.uris("Kitchen") == [*tracks[:5], tracks[10]]
