"""What was taken out comes back, whatever went wrong."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.file import WriteError
import orjson
import pytest

from custom_components.spotify_hub.account import undo
from tests.conftest import Link
from tests.emulator import Emulator, Fault
from tests.emulator.world import PlaylistEntry
from tests.services.conftest import Call, refused

from .conftest import APPS, ODDITIES, Intercept, Mixes, kept, mode

ITEMS = "^/v1/playlists/[^/]+/items$"

type Break = Callable[[str, int, int, int], None]

FOR_EVER = 10**6


def content_of(file: Path) -> Any:
    """Return what a file keeps."""
    return orjson.loads(file.read_bytes())


def overwrite(file: Path, content: bytes) -> None:
    """Put something else there."""
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)


@pytest.fixture
def fail_at(intercept: Intercept) -> Break:
    """Let Spotify refuse the requests of a method, from the nth to another."""

    def arm(method: str, first: int, last: int, status: int) -> None:
        numbers = count(1)

        def choose(this: str, _path: str) -> Fault | None:
            if this == method and first <= next(numbers) <= last:
                return Fault(ITEMS, method, status=status)
            return None

        intercept(choose)

    return arm


@APPS
@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("remove_from_playlist", {"items": [0, 3]}),
        ("replace_playlist_items", {"items": [0, 120]}),
        ("clear_playlist", {}),
        ("deduplicate_playlist", {}),
    ],
)
async def test_everything_comes_back(
    call: Call,
    link: Link,
    emulator: Emulator,
    mixes: Mixes,
    app: str,
    action: str,
    data: dict[str, Any],
    undo_folder: Path,
    changed: list[dict[str, Any]],
) -> None:
    """In its order, after each change that takes something out."""
    await link(app=app)
    tracks = mixes.tracks(130)
    before = [*tracks[:110], tracks[3], tracks[7]]
    mixes.fill("Kitchen", before)
    items = [tracks[number] for number in data.get("items", ())]
    await call(action, playlist="Kitchen", **({"items": items} if items else {}))
    assert mixes.uris("Kitchen") != before
    (file,) = kept(undo_folder)
    assert mode(file) == 0o600
    assert mode(undo_folder) == 0o700
    assert content_of(file)["schema"] == 1
    answer = await call("undo_playlist_change")
    assert mixes.uris("Kitchen") == before
    assert answer["lost"] == 0
    assert answer["playlist"] == "Kitchen"
    assert answer["taken_out"] == (
        [tracks[120]] if 120 in data.get("items", ()) else []
    )
    assert changed[-1]["change"] == "playlist_restored"
    assert not kept(undo_folder)
    assert not refused(emulator)
    with pytest.raises(ServiceValidationError) as refusal:
        await call("undo_playlist_change")
    assert refusal.value.translation_key == "nothing_to_undo"


@pytest.mark.usefixtures("anna")
async def test_what_was_added_since_stays(call: Call, mixes: Mixes) -> None:
    """Where it is."""
    tracks = mixes.tracks(20)
    mixes.fill("Kitchen", tracks[:6])
    await call("remove_from_playlist", playlist="Kitchen", items=tracks[1:4])
    mix = mixes.named("Kitchen")
    mix.entries.insert(1, PlaylistEntry(tracks[15], None, "anna"))
    answer = await call("undo_playlist_change", playlist=mix.uri)
    assert answer["count"] == 3
    left = mixes.uris("Kitchen")
    assert [uri for uri in left if uri != tracks[15]] == tracks[:6]
    assert tracks[15] in left


@pytest.mark.usefixtures("anna")
async def test_what_cannot_come_back_is_counted(call: Call, mixes: Mixes) -> None:
    """Local files and empty entries, which apps can't add."""
    before = mixes.uris(ODDITIES)
    await call("clear_playlist", playlist=ODDITIES)
    answer = await call("undo_playlist_change")
    assert mixes.uris(ODDITIES) == [uri for uri in before if uri and "local" not in uri]
    assert (answer["count"], answer["lost"]) == (6, 3)


@pytest.mark.usefixtures("anna")
async def test_the_latest_goes_first(call: Call, mixes: Mixes) -> None:
    """Of all playlists, or of the one that is named."""
    kitchen, workout = mixes.uris("Kitchen"), mixes.uris("Workout 2026")
    await call("remove_from_playlist", playlist="Kitchen", items=kitchen[:1])
    await call("remove_from_playlist", playlist="Kitchen", items=kitchen[1:2])
    await call("clear_playlist", playlist="Workout 2026")
    await call("undo_playlist_change", playlist="KITCHEN")
    assert mixes.uris("Kitchen") == kitchen[1:]
    await call("undo_playlist_change")
    assert mixes.uris("Workout 2026") == workout
    mixes.named("Kitchen").name = "Cuisine"
    await call("undo_playlist_change", playlist="Cuisine")
    assert mixes.uris("Cuisine") == kitchen
    with pytest.raises(ServiceValidationError) as refusal:
        await call("undo_playlist_change", playlist="Cuisine")
    assert refusal.value.translation_key == "nothing_to_undo"


@pytest.mark.usefixtures("anna")
async def test_twenty_are_kept(call: Call, mixes: Mixes, undo_folder: Path) -> None:
    """The latest ones."""
    tracks = mixes.tracks(30)
    mixes.fill("Kitchen", tracks)
    for track in tracks[:23]:
        await call("remove_from_playlist", playlist="Kitchen", items=track)
    assert len(kept(undo_folder)) == 20
    for _ in range(20):
        await call("undo_playlist_change")
    assert mixes.uris("Kitchen") == tracks[3:]


async def test_changes_of_another_account(call: Call, link: Link, mixes: Mixes) -> None:
    """Are not undone."""
    anna, ben = await link("anna"), await link("ben")
    of = {"anna": anna.entry_id, "ben": ben.entry_id}
    flat = mixes.named("Flat Share")
    await call("clear_playlist", playlist="Flat Share", config_entry_id=of["anna"])
    with pytest.raises(ServiceValidationError) as refusal:
        await call("undo_playlist_change", playlist=flat.uri, config_entry_id=of["ben"])
    assert refusal.value.translation_key == "undo_of_other_account"
    with pytest.raises(ServiceValidationError) as refusal:
        await call("undo_playlist_change", config_entry_id=of["ben"])
    assert refusal.value.translation_key == "nothing_to_undo"
    assert flat.entries == []
    await call("undo_playlist_change", config_entry_id=of["anna"])
    assert flat.entries


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"schema": 2}',
        (
            b'{"schema": 1, "what": "cleared", "playlist_id": "x", "playlist": "Kitchen",'
            b' "items": [{"uri": 5, "name": null}], "added": []}'
        ),
        (
            b'{"schema": 1, "what": "cleared", "playlist_id": "x", "playlist": "Kitchen",'
            b' "items": 7, "added": []}'
        ),
    ],
)
async def test_a_damaged_file(
    call: Call, mixes: Mixes, undo_folder: Path, content: bytes
) -> None:
    """Is named, and nothing is changed."""
    await call("clear_playlist", playlist="Kitchen")
    (file,) = kept(undo_folder)
    overwrite(file, content)
    for data in ({}, {"playlist": mixes.named("Kitchen").uri}, {"playlist": "Kitchen"}):
        with pytest.raises(ServiceValidationError) as refusal:
            await call("undo_playlist_change", **data)
        assert refusal.value.translation_key == "undo_damaged"
        assert file.name in str(refusal.value)
    assert mixes.uris("Kitchen") == []


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "action",
    ["clear_playlist", "deduplicate_playlist", "delete_playlist", "full disk"],
)
async def test_what_cannot_be_kept_is_not_taken(
    call: Call,
    mixes: Mixes,
    undo_folder: Path,
    action: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A folder that can't be written, or a full disk."""
    tracks = mixes.tracks(2)
    mixes.fill("Kitchen", [*tracks, *tracks])
    if action == "full disk":
        action = "clear_playlist"

        def write(*_: object, **__: object) -> None:
            raise WriteError("No space left on device")

        monkeypatch.setattr(undo, "save_json", write)
    else:
        overwrite(undo_folder, b"in the way")
    with pytest.raises(HomeAssistantError) as failure:
        await call(action, playlist="Kitchen")
    assert failure.value.translation_key == "undo_not_kept"
    assert mixes.uris("Kitchen") == [*tracks, *tracks]
    assert mixes.writes() == []


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("action", "method", "first"),
    [
        ("remove_from_playlist", "DELETE", 2),
        ("replace_playlist_items", "POST", 1),
        ("replace_playlist_items", "POST", 2),
        ("deduplicate_playlist", "POST", 1),
        ("deduplicate_playlist", "POST", 2),
        ("deduplicate_playlist", "DELETE", 2),
    ],
)
async def test_a_change_that_ends_midway(
    call: Call,
    mixes: Mixes,
    undo_folder: Path,
    fail_at: Break,
    action: str,
    method: str,
    first: int,
    changed: list[dict[str, Any]],
) -> None:
    """Is taken back by itself where Spotify lets it."""
    tracks = mixes.tracks(600)
    before = [*tracks[:150], *tracks[200:250], *tracks[:150]]
    mixes.fill("Kitchen", before)
    data = {
        "remove_from_playlist": {"items": tracks[:250]},
        "replace_playlist_items": {"items": tracks[300:]},
    }.get(action, {})
    fail_at(method, first, first, 403)
    with pytest.raises(HomeAssistantError) as failure:
        await call(action, playlist="Kitchen", **data)
    assert failure.value.translation_key == "playlist_change_taken_back"
    assert mixes.uris("Kitchen") == before
    assert kept(undo_folder) == []
    assert changed == []


@pytest.mark.usefixtures("anna")
async def test_a_change_that_can_not_be_taken_back(
    call: Call, mixes: Mixes, undo_folder: Path, fail_at: Break
) -> None:
    """The error says how much is missing and where it is kept; an undo brings it back."""
    tracks = mixes.tracks(150)
    before = [*tracks, *tracks[:120]]
    mixes.fill("Kitchen", before)
    fail_at("POST", 1, FOR_EVER, 403)
    with pytest.raises(HomeAssistantError) as failure:
        await call("deduplicate_playlist", playlist="Kitchen")
    assert failure.value.translation_key == "playlist_change_incomplete"
    (file,) = kept(undo_folder)
    assert failure.value.translation_placeholders is not None
    assert failure.value.translation_placeholders["file"] == str(file)
    assert failure.value.translation_placeholders["missing"] == "240"
    with pytest.raises(HomeAssistantError) as failure:
        await call("undo_playlist_change")
    assert failure.value.translation_key == "playlist_undo_incomplete"
    fail_at("POST", 0, 0, 403)
    await call("undo_playlist_change")
    assert mixes.uris("Kitchen") == before
    assert kept(undo_folder) == []


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("reads", [False, True])
async def test_spotify_is_gone_after_clearing(
    call: Call, mixes: Mixes, intercept: Intercept, undo_folder: Path, reads: bool
) -> None:
    """If it can be looked at it was cleared; else all may be missing, and is kept."""
    before = mixes.uris("Kitchen")

    def choose(method: str, _path: str) -> Fault | None:
        if method == "PUT" or (method == "GET" and not reads and mixes.writes()):
            return Fault(ITEMS, method, status=500, after=True)
        return None

    intercept(choose)
    if reads:
        answer = await call("clear_playlist", playlist="Kitchen")
        assert answer["snapshot_id"]
    else:
        with pytest.raises(HomeAssistantError) as failure:
            await call("clear_playlist", playlist="Kitchen")
        assert failure.value.translation_key == "playlist_change_incomplete"
        assert failure.value.translation_placeholders is not None
        missing = failure.value.translation_placeholders["missing"]
        assert missing == str(len(before))
    assert mixes.uris("Kitchen") == []
    assert len(kept(undo_folder)) == 1


@pytest.mark.usefixtures("anna")
async def test_a_change_that_never_began(
    call: Call, mixes: Mixes, undo_folder: Path, fail_at: Break
) -> None:
    """Leaves nothing to undo, and its own error."""
    before = mixes.uris("Kitchen")
    fail_at("PUT", 1, FOR_EVER, 429)
    with pytest.raises(HomeAssistantError) as failure:
        await call("clear_playlist", playlist="Kitchen")
    assert failure.value.translation_key == "rate_limited"
    assert mixes.uris("Kitchen") == before
    assert kept(undo_folder) == []


@pytest.mark.usefixtures("anna")
async def test_items_that_spotify_calls_otherwise(
    call: Call, mixes: Mixes, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A removal that removed nothing must not lead to more of the same."""
    tracks = mixes.tracks(2)
    mixes.fill("Kitchen", [*tracks, *tracks])
    fault = Fault(ITEMS, "DELETE", status=200, body={"snapshot_id": "another"})
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError) as failure:
        await call("deduplicate_playlist", playlist="Kitchen")
    assert failure.value.translation_key == "playlist_change_taken_back"
    assert mixes.uris("Kitchen") == [*tracks, *tracks]
