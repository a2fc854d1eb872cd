"""The history of an account, by actions: asked for, exported, deleted."""

from collections.abc import Awaitable, Callable
import csv
from dataclasses import replace
from io import StringIO
import json
from pathlib import Path
import stat
from typing import Any
from unittest.mock import patch

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.spotify_hub.account import history_export
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.archive.errors import UnavailableError
from custom_components.spotify_hub.archive.plays import oldest_plays
from custom_components.spotify_hub.archive.records import Sighting, Speaker
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.const import DOMAIN
from tests.archive.listening import digest, episode, live, track
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator

BATH = Speaker("speaker-2", "Bath")
SO_WHAT = track(2, name="So What", artist="Miles Davis")
COVER = track(3, name="So What", artist="Somebody Else")

type Call = Callable[..., Awaitable[Any]]


async def keep(entry: AccountEntry, *sightings: Sighting) -> None:
    """Let an account have listened to something."""
    history = entry.runtime_data.history
    for one in sightings:
        await (await history.archive()).add_live(replace(one, account=history.name))


@pytest.fixture
async def anna(hass: HomeAssistant, link: Link) -> AccountEntry:
    """Link Anna, who on the evening of 2026-03-01 listened to five things."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    entry = await link(features=[Feature.CONTROL])
    await hass.async_block_till_done(wait_background_tasks=True)
    await keep(
        entry,
        live(0, track(1)),
        live(200, SO_WHAT, speaker=BATH),
        live(400, COVER, listened=20, skipped=True, context=None),
        live(600, episode(), paused=60),
        # Past midnight in Berlin.
        live(3 * 3_600 + 1, track(1), speaker=None),
    )
    return entry


@pytest.fixture
def call(hass: HomeAssistant, anna: AccountEntry, emulator: Emulator) -> Call:
    """Call an action, and return its answer; Spotify is never asked."""
    emulator.forget_requests()

    async def run(action: str, **data: Any) -> Any:
        answer = await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True
        )
        assert not emulator.requests
        return answer

    return run


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return [path.name for path in folder.iterdir()]


async def test_a_play_is_told_whole(call: Call) -> None:
    """With all that is known of it, lengths in seconds."""
    answer = await call("get_plays", limit=1, speaker="Bath")
    assert answer == {
        "returned": 1,
        "next_page": None,
        "items": [
            {
                "type": "track",
                "uri": SO_WHAT.uri,
                "name": "So What",
                "by": ["Miles Davis"],
                "duration": 180.0,
                "album": "The Album",
                "album_uri": "spotify:album:1",
                "played_at": "2026-03-01T20:03:20+00:00",
                "listened": 180.0,
                "paused": 0.0,
                "heard": True,
                "skipped": False,
                "estimated": False,
                "sources": ["live"],
                "speaker": "Bath",
                "context": {
                    "uri": "spotify:playlist:37i9dQZF1DX0",
                    "name": "Morning mix",
                },
            }
        ],
    }
    (spoken,) = (await call("get_plays", show="the show"))["items"]
    assert (spoken["type"], spoken["show"], spoken["by"]) == (
        "episode",
        "The Show",
        ["A publisher"],
    )
    assert spoken["paused"] == 60.0
    (skipped,) = (await call("get_plays", item=COVER.uri))["items"]
    assert (skipped["skipped"], skipped["heard"], skipped["context"]) == (
        True,
        False,
        None,
    )


@pytest.mark.parametrize(
    ("data", "starts"),
    [
        ({}, [10_801, 600, 400, 200, 0]),
        ({"start": "2026-03-02"}, [10_801]),
        ({"end": "2026-03-01"}, [600, 400, 200, 0]),
        ({"start": "2026-03-01 21:05", "end": "2026-03-01T21:10:00"}, [400]),
        ({"start": "2026-03-01T20:05:00+00:00", "end": "2026-03-01"}, [600, 400]),
        ({"period": "all_time", "min_listened": 180}, [10_801, 600, 200, 0]),
        ({"period": "last_year"}, []),
        ({"item": "So What by Miles Davis"}, [200]),
        ({"item": "so what BY miles davis"}, [200]),
        ({"item": "Song 1"}, [10_801, 0]),
        ({"item": "Episode 1 by The Show"}, [600]),
        ({"item": "spotify:track:0000000000000000000001"}, [10_801, 0]),
        (
            {"item": "https://open.spotify.com/track/0000000000000000000001"},
            [10_801, 0],
        ),
        ({"artist": "nina simone"}, [10_801, 0]),
        ({"album": "The Album"}, [10_801, 400, 200, 0]),
        ({"speaker": "kitchen"}, [600, 400, 0]),
        ({"speaker": "Nowhere"}, []),
        ({"context": "morning mix", "end": "2026-03-01"}, [600, 200, 0]),
    ],
)
async def test_plays_are_asked_for(
    call: Call, data: dict[str, Any], starts: list[int]
) -> None:
    """By when, what, where; days and hours are those of Home Assistant's zone."""
    answer = await call("get_plays", **data)
    seconds = [
        int(item["played_at"][11:13]) * 3_600
        + int(item["played_at"][14:16]) * 60
        + int(item["played_at"][17:19])
        - 20 * 3_600
        for item in answer["items"]
    ]
    assert [min(10_801, one) for one in seconds] == starts


async def test_pages_follow_each_other(call: Call) -> None:
    """Each says where the next begins."""
    found: list[str] = []
    page: dict[str, str] = {}
    while True:
        answer = await call("get_plays", limit=2, **page)
        found += [item["played_at"] for item in answer["items"]]
        if answer["next_page"] is None:
            break
        page = {"page": answer["next_page"]}
    whole = (await call("get_plays"))["items"]
    assert found == [item["played_at"] for item in whole]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"period": "today", "start": "2026-03-01"}, "period_or_bounds"),
        ({"start": "2026-03-02", "end": "2026-03-01"}, "end_before_start"),
        ({"end": "9999-12-31"}, "end_before_start"),
        ({"item": "So What"}, "history_item_ambiguous"),
        ({"item": "So"}, "history_item_unknown"),
        ({"item": "by"}, "history_item_unknown"),
        ({"item": "spotify:album:0000000000000000000001"}, "wrong_kind"),
    ],
)
async def test_what_can_not_be_meant_is_told(
    call: Call, data: dict[str, Any], key: str
) -> None:
    """And what could be, if a name is of several things."""
    with pytest.raises(ServiceValidationError) as refused:
        await call("get_plays", **data)
    assert refused.value.translation_key == key
    if key == "history_item_ambiguous":
        assert "So What by Miles Davis; So What by Somebody Else" in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        {"start": "yesterday"},
        {"start": "2026-02-30"},
        {"end": 5},
        {"period": "tomorrow"},
        {"page": "1.2"},
        {"page": "1.2.3.x"},
        {"page": f"1.2.3.{1 << 70}"},
        {"limit": 0},
        {"limit": 1_001},
        {"min_listened": float("nan")},
        {"artist": " "},
    ],
)
async def test_what_is_malformed_is_refused(call: Call, data: dict[str, Any]) -> None:
    """Before anything is asked."""
    with pytest.raises(vol.Invalid):
        await call("get_plays", **data)


async def test_what_only_an_export_named_has_a_name(
    call: Call, anna: AccountEntry
) -> None:
    """Though no URI is known of it."""
    history = anna.runtime_data.history
    begun = await (await history.archive()).begin_import(history.name, "x")
    named = digest(9_000, track(9, name="Blue in Green", artist="Miles Davis"))
    mine = replace(named, account=history.name)
    await (await history.archive()).import_batch(begun.id, [mine], "", 1, 1)
    (item,) = (await call("get_plays", item="blue in green"))["items"]
    assert item["uri"] is None


async def test_a_short_history_is_exported_at_once(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A longer one needs a file."""
    lines = (await call("export_history"))["content"].splitlines()
    assert len(lines) == 5
    assert json.loads(lines[0])["started"] == "2026-03-01T20:00:00.000+00:00"
    text = (await call("export_history", format="csv", end="2026-03-01"))["content"]
    rows = list(csv.DictReader(StringIO(text)))
    assert [row["name"] for row in rows] == [
        "Song 1",
        "So What",
        "So What",
        "Episode 1",
    ]
    monkeypatch.setattr(history_export, "MOST_AT_ONCE", 4)
    with pytest.raises(ServiceValidationError) as refused:
        await call("export_history")
    assert refused.value.translation_key == "export_too_long"


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder that Home Assistant may reach."""
    folder = tmp_path / "media"
    folder.mkdir()
    hass.config.allowlist_external_dirs = {str(folder)}
    return folder


@pytest.mark.parametrize("page", [1, 2, 5_000])
@pytest.mark.parametrize("form", ["json_lines", "csv"])
async def test_a_history_is_exported_into_a_file(
    call: Call, media: Path, monkeypatch: pytest.MonkeyPatch, form: str, page: int
) -> None:
    """For the owner's eyes; it is what it is at once, however many pages it has."""
    at_once = (await call("export_history", format=form))["content"]
    monkeypatch.setattr(
        history_export,
        "oldest_plays",
        lambda connection, asked, limit=page, after=None: oldest_plays(
            connection, asked, limit, after
        ),
    )
    file = media / "plays"
    answer = await call("export_history", path=str(file), format=form)
    assert answer == {"path": str(file), "plays": 5}
    assert file.read_bytes().decode() == at_once
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert names(media) == ["plays"]


async def test_files_are_not_overwritten_unasked(call: Call, media: Path) -> None:
    """Nor is a folder, even if asked to."""
    file = media / "plays.csv"
    file.write_text("mine")
    for path, how in ((file, False), (media, False), (media, True)):
        with pytest.raises(ServiceValidationError) as refused:
            await call("export_history", path=str(path), overwrite=how)
        assert refused.value.translation_key == "export_exists"
    assert file.read_text() == "mine"
    await call("export_history", path=str(file), overwrite=True)
    assert len(file.read_text().splitlines()) == 5


async def test_only_allowed_files_are_written(
    call: Call, media: Path, tmp_path: Path
) -> None:
    """Not even through a link."""
    (media / "link").symlink_to(tmp_path / "elsewhere.jsonl")
    for path in (tmp_path / "x.jsonl", media / ".." / "x.jsonl", media / "link"):
        with pytest.raises(ServiceValidationError) as refused:
            await call("export_history", path=str(path), overwrite=True)
        assert refused.value.translation_key == "path_not_allowed"
    assert not (tmp_path / "elsewhere.jsonl").exists()


async def test_what_can_not_be_written_leaves_nothing(call: Call, media: Path) -> None:
    """A folder that is not there, a disk that is full, an archive that fails midway."""
    with pytest.raises(HomeAssistantError) as failed:
        await call("export_history", path=str(media / "no" / "x.jsonl"))
    assert failed.value.translation_key in {"export_not_written", "path_not_allowed"}
    full = OSError(28, "No space left on device")
    with (
        patch("os.fsync", side_effect=full),
        pytest.raises(HomeAssistantError) as failed,
    ):
        await call("export_history", path=str(media / "x.jsonl"))
    assert "No space left on device" in str(failed.value)
    with (
        patch.object(Archive, "ask", side_effect=UnavailableError("locked")),
        pytest.raises(HomeAssistantError) as failed,
    ):
        await call("export_history", path=str(media / "x.jsonl"))
    assert failed.value.translation_key == "archive_unavailable"
    assert not names(media)


@pytest.mark.parametrize(
    ("data", "deleted"),
    [
        ({"period": "all_time"}, 5),
        ({"item": "Song 1"}, 2),
        ({"item": "Song 1", "end": "2026-03-01"}, 1),
        ({"start": "2026-03-02"}, 1),
        ({"period": "last_year"}, 0),
    ],
)
async def test_history_is_deleted(
    call: Call, data: dict[str, Any], deleted: int
) -> None:
    """Tried first, it changes nothing."""
    tried = await call("delete_history", dry_run=True, **data)
    assert len((await call("get_plays"))["items"]) == 5
    done = await call("delete_history", **data)
    assert (tried["dry_run"], done["dry_run"]) == (True, False)
    assert {**tried, "dry_run": False} == done
    assert done["deleted"] == deleted
    assert bool(done["first"]) is bool(done["last"]) is bool(deleted)
    assert len((await call("get_plays"))["items"]) == 5 - deleted


async def test_everything_is_deleted_only_if_that_is_said(call: Call) -> None:
    """By a period, not by leaving everything out."""
    for data in ({}, {"dry_run": True}):
        with pytest.raises(ServiceValidationError) as refused:
            await call("delete_history", **data)
        assert refused.value.translation_key == "delete_what"
    with pytest.raises(ServiceValidationError) as refused:
        await call("delete_history", period="today", start="2026-03-01")
    assert refused.value.translation_key == "period_or_bounds"
    assert len((await call("get_plays"))["items"]) == 5


async def test_only_the_own_history_is_deleted(
    hass: HomeAssistant,
    call: Call,
    anna: AccountEntry,
    link: Link,
    hass_read_only_user: MockUser,
) -> None:
    """Others' is not, even if their account is shared; administrators and scripts may."""
    ben = await link("ben", features=[Feature.CONTROL])
    await hass.async_block_till_done(wait_background_tasks=True)
    await keep(ben, live(0))
    household = anna.runtime_data.household
    somebody = Context(user_id=hass_read_only_user.id)
    # Nobody is linked to anybody: all may read, nobody may delete.
    which = {"period": "all_time", "config_entry_id": anna.entry_id}
    assert (await plays_for(hass, somebody, anna))["returned"] == 5
    with pytest.raises(Unauthorized):
        await delete_for(hass, somebody, which)
    for entry, users, shared in (
        (anna, [], True),
        (ben, [hass_read_only_user.id], False),
    ):
        household.async_set_links(
            household.links.with_account(
                entry.entry_id, users=users, areas=[], shared=shared, default=False
            )
        )
    assert (await plays_for(hass, somebody, anna))["returned"] == 5
    with pytest.raises(Unauthorized):
        await delete_for(hass, somebody, which)
    own = {"period": "all_time"}
    assert (await delete_for(hass, somebody, own))["deleted"] == 1
    assert (await plays_for(hass, somebody, anna))["returned"] == 5
    assert (await delete_for(hass, Context(), which))["deleted"] == 5


async def plays_for(
    hass: HomeAssistant, context: Context, entry: AccountEntry
) -> dict[str, Any]:
    """Ask for plays on somebody's behalf."""
    answer = await hass.services.async_call(
        DOMAIN,
        "get_plays",
        {"config_entry_id": entry.entry_id},
        blocking=True,
        return_response=True,
        context=context,
    )
    assert answer is not None
    return answer


async def delete_for(
    hass: HomeAssistant, context: Context, which: dict[str, str]
) -> dict[str, Any]:
    """Delete history on somebody's behalf."""
    answer = await hass.services.async_call(
        DOMAIN,
        "delete_history",
        which,
        blocking=True,
        return_response=True,
        context=context,
    )
    assert answer is not None
    return answer


async def test_a_closed_archive_says_so(call: Call, anna: AccountEntry) -> None:
    """As do one that can't be read, in Home Assistant's words."""
    history = anna.runtime_data.household.history
    archive, history.archive = history.require(), None
    with pytest.raises(HomeAssistantError) as failed:
        await call("get_plays")
    assert failed.value.translation_key == "archive_closed"
    history.archive = archive
    with (
        patch.object(Archive, "ask", side_effect=UnavailableError("locked")),
        pytest.raises(HomeAssistantError) as failed,
    ):
        await call("get_plays")
    assert failed.value.translation_key == "archive_unavailable"
