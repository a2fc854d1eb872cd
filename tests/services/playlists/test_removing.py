"""Taking items out of playlists, and moving them in them."""

from pathlib import Path
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
import voluptuous as vol

from custom_components.spotify_hub.account.undo import UndoFolder
from tests.conftest import Link
from tests.emulator import Emulator, Fault, Phone
from tests.emulator.world import PlaylistEntry
from tests.services.conftest import Call, Uri, refused

from .conftest import APPS, ODDITIES, Mixes, kept

ITEMS = "^/v1/playlists/[^/]+/items$"
STALE = {"error": {"status": 400, "message": "Invalid snapshot id"}}


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("remove_from_playlist", {}),
        ("remove_from_playlist", {"playlist": "Kitchen", "position": 1}),
        ("replace_playlist_items", {"playlist": "Kitchen"}),
        ("clear_playlist", {}),
        ("deduplicate_playlist", {"playlist": "Kitchen", "dry_run": "hm"}),
        ("reorder_playlist", {"playlist": "Kitchen"}),
        (
            "reorder_playlist",
            {"playlist": "Kitchen", "range_start": -1, "insert_before": 0},
        ),
        (
            "reorder_playlist",
            {
                "playlist": "Kitchen",
                "range_start": 0,
                "insert_before": 0,
                "range_length": 0,
            },
        ),
    ],
)
async def test_bad_calls(call: Call, action: str, data: dict[str, Any]) -> None:
    """Are refused by the form."""
    with pytest.raises(vol.Invalid):
        await call(action, **data)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", ["remove_from_playlist", "replace_playlist_items"])
@pytest.mark.parametrize(
    ("items", "key"),
    [
        ([], "no_items"),
        (["spotify:album:" + "4" * 22], "wrong_kind"),
        (["spotify:local:A:B:C:1"], "local_file"),
        ([f"spotify:track:{n:022}" for n in range(10_001)], "too_many_items"),
    ],
)
async def test_bad_items(
    call: Call, mixes: Mixes, action: str, items: list[str], key: str
) -> None:
    """Nothing is changed for them."""
    with pytest.raises(ServiceValidationError) as refusal:
        await call(action, playlist="Kitchen", items=items)
    assert refusal.value.translation_key == key
    assert mixes.writes() == []


@APPS
async def test_removing_all_occurrences(
    call: Call,
    link: Link,
    emulator: Emulator,
    mixes: Mixes,
    app: str,
    changed: list[dict[str, Any]],
) -> None:
    """What is not there is told; local files and empty entries stay."""
    await link(app=app)
    before = mixes.uris(ODDITIES)
    other = mixes.tracks(60)[50]
    data = {"playlist": ODDITIES, "items": [before[0], other]}
    trial = await call("remove_from_playlist", dry_run=True, **data)
    assert mixes.uris(ODDITIES) == before
    assert mixes.writes() == []
    answer = await call("remove_from_playlist", **data)
    assert mixes.uris(ODDITIES) == [uri for uri in before if uri != before[0]]
    assert (answer["removed"], answer["uris"]) == (2, [before[0]])
    assert answer["skipped"] == [{"uri": other, "reason": "not_there"}]
    assert answer["snapshot_id"] != trial["snapshot_id"]
    same = {"dry_run", "snapshot_id"}
    assert {k: v for k, v in answer.items() if k not in same} == {
        k: v for k, v in trial.items() if k not in same
    }
    assert [(one["change"], one["uris"]) for one in changed] == [
        ("items_removed", [before[0]])
    ]
    assert changed[0]["snapshot_id"] == answer["snapshot_id"]
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_removing_many(call: Call, mixes: Mixes, emulator: Emulator) -> None:
    """A hundred at a time, each with the version that it changes."""
    tracks = mixes.tracks(1500)
    mixes.fill("Kitchen", tracks)
    answer = await call("remove_from_playlist", playlist="Kitchen", items=tracks[:250])
    assert mixes.uris("Kitchen") == tracks[250:]
    assert answer["removed"] == 250
    sent = emulator.calls("DELETE", ITEMS)
    assert [len(one.body["items"]) for one in sent] == [100, 100, 50]
    assert len({one.body["snapshot_id"] for one in sent}) == 3
    assert not refused(emulator)


async def test_what_plays_is_removed(
    call: Call, link: Link, phone: Phone, mixes: Mixes
) -> None:
    """When nothing else is named; what is not there is no error."""
    before = mixes.uris("Kitchen")
    phone.play(str(before[1]), "Kitchen")
    await link()
    await call("remove_from_playlist", playlist="Kitchen")
    assert mixes.uris("Kitchen") == [before[0], *before[2:]]
    answer = await call("remove_from_playlist", playlist="Kitchen")
    assert (answer["removed"], len(answer["skipped"])) == (0, 1)
    assert len(mixes.writes()) == 1


@APPS
@pytest.mark.parametrize("count", [1, 250])
async def test_replacing(
    call: Call, link: Link, mixes: Mixes, emulator: Emulator, app: str, count: int
) -> None:
    """The new items stand in the order of the call; what is lost for good is told."""
    await link(app=app)
    before, tracks = mixes.uris(ODDITIES), mixes.tracks(count)
    data = {"playlist": ODDITIES, "items": tracks}
    trial = await call("replace_playlist_items", dry_run=True, **data)
    assert (mixes.uris(ODDITIES), mixes.writes()) == (before, [])
    answer = await call("replace_playlist_items", **data)
    assert mixes.uris(ODDITIES) == answer["uris"] == trial["uris"] == tracks
    assert [one["position"] for one in answer["lost"]] == [1, 2, 7]
    assert answer["lost"] == trial["lost"]
    assert answer["lost"][1]["name"] == "Demo (Tape 3)"
    assert answer["removed"] >= 7
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_clearing(
    call: Call, mixes: Mixes, emulator: Emulator, changed: list[dict[str, Any]]
) -> None:
    """One request, and none for a playlist that is empty."""
    before = mixes.uris("Kitchen")
    trial = await call("clear_playlist", playlist="Kitchen", dry_run=True)
    assert (trial["removed"], mixes.uris("Kitchen")) == (len(before), before)
    answer = await call("clear_playlist", playlist="Kitchen")
    assert (answer["removed"], mixes.uris("Kitchen")) == (len(before), [])
    assert answer["uris"] == before
    answer = await call("clear_playlist", playlist="Kitchen")
    assert answer["removed"] == 0
    assert mixes.writes() == [("PUT", 200)]
    assert [one["change"] for one in changed] == ["cleared"]
    assert not refused(emulator)


@APPS
async def test_deduplicating(
    call: Call, link: Link, mixes: Mixes, emulator: Emulator, app: str
) -> None:
    """Each stays at its first place; local and unavailable items are left alone."""
    await link(app=app)
    mix, a = mixes.named(ODDITIES), mixes.uris(ODDITIES)[0]
    gone = mixes.uris(ODDITIES)[4]
    mix.entries.insert(3, mix.entries[2])
    mix.entries.append(PlaylistEntry(gone, None, "anna"))
    before = mixes.uris(ODDITIES)
    trial = await call("deduplicate_playlist", playlist=ODDITIES, dry_run=True)
    assert mixes.uris(ODDITIES) == before
    answer = await call("deduplicate_playlist", playlist=ODDITIES)
    last = len(before) - 1 - before[::-1].index(a)
    assert mixes.uris(ODDITIES) == before[:last] + before[last + 1 :]
    assert (
        (answer["removed"], answer["uris"])
        == (1, [a])
        == (
            trial["removed"],
            trial["uris"],
        )
    )
    statuses = [one["status"] for one in answer["left_alone"]]
    assert statuses == [
        "missing",
        "local",
        "local",
        "unavailable",
        "missing",
        "unavailable",
    ]
    assert answer["date_added_lost"] is True
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_deduplicating_many(call: Call, mixes: Mixes, emulator: Emulator) -> None:
    """More than one request takes, in runs and scattered."""
    tracks = mixes.tracks(300)
    mixes.fill(
        "Kitchen", [*tracks[:200], None, *tracks[50:170:2], *tracks[150:], *tracks[:9]]
    )
    answer = await call("deduplicate_playlist", playlist="Kitchen")
    assert mixes.uris("Kitchen") == [*tracks[:200], None, *tracks[200:]]
    assert answer["removed"] == 60 + 50 + 9
    assert not refused(emulator)
    again = await call("deduplicate_playlist", playlist="Kitchen")
    assert (again["removed"], again["date_added_lost"]) == (0, False)


@APPS
@pytest.mark.parametrize(
    ("start", "length", "before", "order"),
    [
        (0, 1, 3, "bcadefgh"),
        (5, 2, 0, "fgabcdeh"),
        (0, 3, 8, "defghabc"),
        (2, 4, 3, "abcdefgh"),
    ],
)
async def test_reordering(
    call: Call,
    link: Link,
    mixes: Mixes,
    emulator: Emulator,
    app: str,
    start: int,
    length: int,
    before: int,
    order: str,
) -> None:
    """A range goes to before a position, as counted before the move."""
    await link(app=app)
    names = dict(zip("abcdefgh", mixes.uris("Workout 2026"), strict=True))
    data = {
        "playlist": "Workout 2026",
        "range_start": start,
        "range_length": length,
        "insert_before": before,
    }
    trial = await call("reorder_playlist", dry_run=True, **data)
    assert mixes.uris("Workout 2026") == list(names.values())
    answer = await call("reorder_playlist", **data)
    assert mixes.uris("Workout 2026") == [names[one] for one in order]
    at = answer["position"]
    assert mixes.uris("Workout 2026")[at : at + length] == answer["uris"]
    assert (trial["uris"], trial["position"]) == (answer["uris"], at)
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("start", "length", "before"), [(8, 1, 0), (7, 2, 0), (0, 1, 9)]
)
async def test_reordering_beyond_the_end(
    call: Call, mixes: Mixes, start: int, length: int, before: int
) -> None:
    """Is refused with how long the playlist is."""
    with pytest.raises(ServiceValidationError, match="holds 8 items"):
        await call(
            "reorder_playlist",
            playlist="Workout 2026",
            range_start=start,
            range_length=length,
            insert_before=before,
        )
    assert mixes.writes() == []


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "fault",
    [
        Fault(ITEMS, "PUT", status=500, after=True),
        Fault(ITEMS, "PUT", truncate=True),
    ],
)
async def test_nothing_is_moved_twice(
    call: Call, mixes: Mixes, emulator: Emulator, fault: Fault
) -> None:
    """Whether a move has arrived is seen in the playlist."""
    emulator.faults.add(fault)
    before = mixes.uris("Workout 2026")
    await call(
        "reorder_playlist", playlist="Workout 2026", range_start=0, insert_before=3
    )
    assert mixes.uris("Workout 2026") == [*before[1:3], before[0], *before[3:]]


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch, mixes: Mixes) -> list[str]:
    """Let somebody add these to the kitchen's playlist, one whenever it was read."""
    others: list[str] = []
    keep = UndoFolder.keep

    async def keep_late(self: UndoFolder, before: Any) -> Path:
        if others:
            mix = mixes.named("Kitchen")
            mix.entries.insert(0, PlaylistEntry(others.pop(), None, "anna"))
            mix.snapshot += 1
        return await keep(self, before)

    monkeypatch.setattr(UndoFolder, "keep", keep_late)
    return others


@pytest.mark.usefixtures("anna")
async def test_somebody_is_faster(
    call: Call, mixes: Mixes, busy: list[str], undo_folder: Path
) -> None:
    """The change is computed anew once, from how the playlist then is."""
    tracks = mixes.tracks(5)
    mixes.fill("Kitchen", [tracks[0], tracks[1], tracks[0]])
    busy.append(tracks[4])
    await call("deduplicate_playlist", playlist="Kitchen")
    assert mixes.uris("Kitchen") == [tracks[4], tracks[0], tracks[1]]
    assert len(kept(undo_folder)) == 1


@pytest.mark.usefixtures("anna")
async def test_somebody_is_always_faster(
    call: Call, mixes: Mixes, busy: list[str], undo_folder: Path
) -> None:
    """Then nothing is changed, and nothing is left to undo."""
    tracks = mixes.tracks(9)
    busy += tracks[:3]
    with pytest.raises(HomeAssistantError) as failure:
        await call("clear_playlist", playlist="Kitchen")
    assert failure.value.translation_key == "playlist_changed"
    assert mixes.writes() == []
    assert kept(undo_folder) == []


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("times", [1, 2])
async def test_spotify_refuses_the_version(
    call: Call, mixes: Mixes, emulator: Emulator, times: int
) -> None:
    """Once it is read again, twice is told."""
    before = mixes.uris("Kitchen")
    fault = Fault(ITEMS, "DELETE", status=400, body=STALE, times=times)
    emulator.faults.add(fault)
    data = {"playlist": "Kitchen", "items": before[:1]}
    if times == 1:
        await call("remove_from_playlist", **data)
        assert mixes.uris("Kitchen") == before[1:]
        return
    with pytest.raises(HomeAssistantError) as failure:
        await call("remove_from_playlist", **data)
    assert failure.value.translation_key == "playlist_changed"
    assert mixes.uris("Kitchen") == before


@APPS
async def test_scattered_duplicates(
    call: Call,
    link: Link,
    mixes: Mixes,
    emulator: Emulator,
    undo_folder: Path,
    app: str,
) -> None:
    """A playlist full of gaps is written anew, and so it comes back."""
    await link(app=app)
    tracks = mixes.available(1000)
    before = [*tracks, *tracks[::2]]
    mixes.fill("Kitchen", before)
    answer = await call("deduplicate_playlist", playlist="Kitchen")
    assert mixes.uris("Kitchen") == tracks
    assert (answer["removed"], len(answer["uris"])) == (500, 500)
    assert answer["date_added_lost"] is True
    assert len(mixes.writes()) == 10
    await call("undo_playlist_change")
    assert mixes.uris("Kitchen") == before
    assert len(mixes.writes()) <= 10 + 15
    assert kept(undo_folder) == []
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_too_many_scattered_duplicates(call: Call, mixes: Mixes) -> None:
    """If something would be lost by writing it anew, nothing is begun."""
    tracks = mixes.available(500)
    before = [None, *tracks, *tracks[::2]]
    mixes.fill("Kitchen", before)
    for dry_run in (True, False):
        with pytest.raises(ServiceValidationError) as refusal:
            await call("deduplicate_playlist", playlist="Kitchen", dry_run=dry_run)
        assert refusal.value.translation_key == "playlist_change_too_long"
        assert refusal.value.translation_placeholders is not None
        assert refusal.value.translation_placeholders["requests"] == "253"
    assert mixes.uris("Kitchen") == before
    assert mixes.writes() == []


@pytest.mark.usefixtures("anna")
async def test_unavailable_duplicates_in_a_long_playlist(
    call: Call, mixes: Mixes, uri: Uri
) -> None:
    """Are found by their places, and nothing is written anew over them."""
    tracks, gone = mixes.available(200), uri("track", "Gone One")
    mixes.fill("Kitchen", [*tracks, gone, *tracks[:120:2], gone])
    answer = await call("deduplicate_playlist", playlist="Kitchen")
    assert mixes.uris("Kitchen") == [*tracks, gone, gone]
    last = len(tracks) + 60 + 1
    assert [one["position"] for one in answer["left_alone"]] == [len(tracks), last]


@APPS
@pytest.mark.parametrize("fault", [None, Fault(ITEMS, "PUT", status=500, after=True)])
async def test_moving_fourteen_hundred(
    call: Call,
    link: Link,
    mixes: Mixes,
    emulator: Emulator,
    waited: list[float],
    monkeypatch: pytest.MonkeyPatch,
    app: str,
    fault: Fault | None,
) -> None:
    """Whether it arrived is read page by page, though there is little room."""
    await link(app=app)
    tracks = mixes.tracks(1500)
    mixes.fill("Kitchen", tracks)
    before = len(emulator.requests)
    monkeypatch.setattr(
        "custom_components.spotify_hub.api.book.Book.ceiling",
        lambda *_: before + 30 * (1 + len(waited)),
    )
    if fault:
        emulator.faults.add(fault)
    await call(
        "reorder_playlist",
        playlist="Kitchen",
        range_start=0,
        range_length=1400,
        insert_before=1500,
    )
    assert mixes.uris("Kitchen") == [*tracks[1400:], *tracks[:1400]]
    assert waited
    assert len(emulator.calls("GET", "/items$")) <= 60


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("status", [500, 503])
async def test_a_lost_move_is_not_repeated(
    call: Call, mixes: Mixes, emulator: Emulator, status: int
) -> None:
    """It may still be under way."""
    emulator.faults.add(Fault(ITEMS, "PUT", status=status))
    before = mixes.uris("Workout 2026")
    with pytest.raises(HomeAssistantError) as failure:
        await call(
            "reorder_playlist", playlist="Workout 2026", range_start=0, insert_before=3
        )
    assert failure.value.translation_key == "playlist_change_unsure"
    assert mixes.uris("Workout 2026") == before
    assert len(mixes.writes()) == 1
