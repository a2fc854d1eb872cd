"""Copies of Liked Songs by actions: made, read, compared, put back, and handed on."""

import csv
from datetime import date
import errno
import io
import json
from pathlib import Path
from threading import get_ident
from typing import Any, Protocol

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockUser,
    async_capture_events,
)

from custom_components.spotify_hub.account import patience
from custom_components.spotify_hub.account.changes import EVENT_CHANGED
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.favorites import snapshot as copies
from custom_components.spotify_hub.favorites.entries import (
    Kind,
    Song,
    entry_of,
    song_of,
)
from custom_components.spotify_hub.favorites.snapshot import Saved, Snapshot
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, Fault

from .conftest import Call

DAY = 86_400
pytestmark = pytest.mark.usefixtures("freezer")


class Copied(Protocol):
    """Copies an account's lists at once."""

    async def __call__(self, entry: AccountEntry) -> str:
        """Return the name of the newest copy."""


@pytest.fixture
def copied(later: Later, call: Call) -> Copied:
    """Copy."""

    async def run(entry: AccountEntry) -> str:
        await call("sync_favorites", config_entry_id=entry.entry_id, force=True)
        await later(1)
        name = entry.runtime_data.favorites.record.snapshot
        assert name is not None
        return name

    return run


@pytest.fixture(autouse=True)
def _noon(freezer: FrozenDateTimeFactory) -> None:
    """Begin at noon, so that a moment later is the same day."""
    freezer.move_to("2026-12-01T12:00:00+00:00")


def liked(emulator: Emulator, user: str = "anna") -> list[str]:
    """Return what a user likes at Spotify."""
    return list(emulator.world.users[user].saved.get("track", {}))


def forget(emulator: Emulator, user: str = "anna") -> None:
    """Empty Liked Songs by a wrong tap."""
    emulator.world.users[user].saved["track"] = {}


def names(songs: list[dict[str, Any]]) -> list[str]:
    """Return the URIs of an answer's songs."""
    return [song["uri"] for song in songs]


async def test_syncing_is_begun_and_answered(
    anna: AccountEntry, call: Call, later: Later
) -> None:
    """Once, however often it is asked for."""
    answer = await call("sync_favorites")
    assert answer["started"] is True
    assert answer["state"] == "queued"
    assert answer["begins_at"].startswith("2026-12-01T12:00:00")
    assert (await call("sync_favorites"))["started"] is False
    await later(1)
    with pytest.raises(ServiceValidationError, match="less than an hour ago"):
        await call("sync_favorites")
    assert (await call("sync_favorites", force=True))["started"] is True


async def test_a_copy_is_read_without_asking_spotify(
    emulator: Emulator, anna: AccountEntry, call: Call, copied: Copied
) -> None:
    """In parts, if wanted."""
    name = await copied(anna)
    emulator.forget_requests()
    answer = await call("get_favorites")
    assert not emulator.requests
    assert names(answer["items"]) == liked(emulator)
    assert answer["snapshot"] == name == "2026-12-01"
    assert answer["snapshots"] == [name]
    assert answer["total"] == answer["returned"] == 120
    song = answer["items"][0]
    track = emulator.world.catalogue[song["uri"]]
    assert song == {
        "uri": track["uri"],
        "name": track["name"],
        "by": [one["name"] for one in track["artists"]],
        "album": track["album"]["name"],
        "added_at": emulator.world.users["anna"].saved["track"][track["uri"]],
        "duration": track["duration_ms"] / 1000,
        "playable": None,
        "local": False,
    }
    part = await call("get_favorites", offset=100, limit=50)
    assert names(part["items"]) == liked(emulator)[100:]
    assert part["returned"] == 20
    assert part["total"] == 120


@pytest.mark.parametrize(
    "action", ["get_favorites", "restore_favorites", "export_favorites"]
)
async def test_songs_are_read_in_a_thread(
    anna: AccountEntry,
    call: Call,
    copied: Copied,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
) -> None:
    """Ten thousand of them hold up nobody."""
    await copied(anna)
    threads = set[int]()

    def spy(line: bytes) -> Song:
        threads.add(get_ident())
        return song_of(line)

    monkeypatch.setattr(copies, "song_of", spy)
    await call(action)
    assert threads
    assert get_ident() not in threads


async def test_a_day_without_a_copy_is_like_the_one_before(
    emulator: Emulator, anna: AccountEntry, call: Call, copied: Copied, later: Later
) -> None:
    """A day before the first is said to be too early."""
    await copied(anna)
    await later(3 * DAY)
    emulator.phone("anna").unlike(liked(emulator)[0])
    assert await copied(anna) == "2026-12-04"
    for day, snapshot in (
        ("2026-12-01", "2026-12-01"),
        (date(2026, 12, 3), "2026-12-01"),
        ("2026-12-09", "2026-12-04"),
    ):
        answer = await call("get_favorites", snapshot=day, limit=1)
        assert answer["snapshot"] == snapshot
    with pytest.raises(ServiceValidationError, match="first one is of 2026-12-01"):
        await call("get_favorites", snapshot="2026-11-30")
    with pytest.raises(ServiceValidationError, match="no copy called yesterday"):
        await call("get_favorites", snapshot="yesterday")


async def test_without_copies_nothing_is_made_up(
    anna: AccountEntry, call: Call
) -> None:
    """The error says what to do."""
    for action in ("get_favorites", "compare_favorites", "restore_favorites"):
        with pytest.raises(ServiceValidationError, match="not copied yet"):
            await call(action)


@pytest.mark.parametrize(
    ("text", "says"),
    [("{}", "damaged"), ('{"schema":2,"lists":{\n}}\n', "another version")],
)
async def test_a_copy_that_can_not_be_read_is_named(
    anna: AccountEntry, call: Call, copied: Copied, text: str, says: str
) -> None:
    """And left as it is."""
    name = await copied(anna)
    file = anna.runtime_data.favorites.folder.file(name)
    file.write_text(text)
    for action in ("get_favorites", "export_favorites", "restore_favorites"):
        with pytest.raises(ServiceValidationError, match=says) as caught:
            await call(action)
        assert str(file) in str(caught.value)
    assert file.read_text() == text


async def test_a_copy_that_goes_away_meanwhile_is_said_to_be_gone(
    anna: AccountEntry, call: Call, copied: Copied, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody tidies up."""
    folder = anna.runtime_data.favorites.folder
    monkeypatch.setattr(folder, "names", lambda: ["2026-11-01"])
    with pytest.raises(ServiceValidationError, match="no copy called 2026-11-01"):
        await call("get_favorites")


async def test_two_days_are_compared(
    emulator: Emulator,
    anna: AccountEntry,
    call: Call,
    copied: Copied,
    later: Later,
    hass: HomeAssistant,
) -> None:
    """By default the two newest."""
    hass.config.country = "DE"
    before = liked(emulator)
    await copied(anna)
    with pytest.raises(ServiceValidationError, match="no earlier copy"):
        await call("compare_favorites")
    await later(DAY)
    await copied(anna)
    await later(DAY)
    (new,) = emulator.hoard("ben", 1)
    emulator.phone("anna").like(new)
    emulator.phone("anna").unlike(before[3])
    gone = before[7]
    emulator.world.catalogue[gone]["is_playable"] = False
    await copied(anna)
    for _ in range(7):
        await later(DAY)
        await copied(anna)
    answer = await call("compare_favorites", before="2026-12-02")
    assert answer["before"]["snapshot"] == "2026-12-02"
    assert answer["before"]["market"] == "DE"
    assert names(answer["added"]) == [new]
    assert names(answer["removed"]) == [before[3]]
    assert names(answer["became_unplayable"]) == [gone]
    assert answer["playability_unknown"] == 0
    first = await call("compare_favorites", before="2026-12-01")
    assert first["became_unplayable"] == []
    assert first["playability_unknown"] == 119
    again = await call("compare_favorites", before="2026-12-02", after="2026-12-02")
    assert again["added"] == again["removed"] == []


async def test_two_accounts_are_compared(
    emulator: Emulator, anna: AccountEntry, link: Link, call: Call, copied: Copied
) -> None:
    """What the other has, and what only this one has."""
    ben = await link("ben")
    shared = liked(emulator, "ben")[0]
    emulator.phone("anna").like(shared)
    await copied(anna)
    await copied(ben)
    answer = await call(
        "compare_favorites",
        config_entry_id=anna.entry_id,
        other_config_entry_id=ben.entry_id,
    )
    assert shared not in names(answer["added"])
    assert names(answer["added"]) == liked(emulator, "ben")[1:]
    assert names(answer["removed"]) == liked(emulator)[1:]
    assert answer["playability_unknown"] == 1


async def test_what_a_wrong_tap_took_is_put_back(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    call: Call,
    copied: Copied,
) -> None:
    """In its old order, after it was tried; the change is on record."""
    before = liked(emulator)
    await copied(anna)
    forget(emulator)
    emulator.phone("anna").like(before[5])
    changes = async_capture_events(hass, EVENT_CHANGED)
    emulator.forget_requests()
    answer = await call("restore_favorites")
    assert answer["dry_run"] is True
    assert answer["planned"] == 119
    assert answer["restored"] == 0
    assert answer["there_already"] == 1
    assert names(answer["items"]) == [uri for uri in before if uri != before[5]]
    assert not emulator.calls(method="PUT")
    assert liked(emulator) == [before[5]]

    answer = await call("restore_favorites", dry_run=False)
    assert answer["restored"] == answer["planned"] == 119
    assert answer["refused"] == answer["impossible"] == []
    assert len(emulator.calls(method="PUT")) == 3
    assert liked(emulator) == [*(uri for uri in before if uri != before[5]), before[5]]
    (change,) = changes
    assert change.data["change"] == "saved"
    assert change.data["count"] == 119
    assert change.data["door"] == "action"

    answer = await call("restore_favorites", dry_run=False)
    assert answer["restored"] == answer["planned"] == 0
    assert answer["there_already"] == 120
    assert len(changes) == 1


async def test_what_vanished_is_put_back_from_the_copy_that_has_it(
    emulator: Emulator, anna: AccountEntry, call: Call, copied: Copied, later: Later
) -> None:
    """Though a newer copy has not; other copies have to be named."""
    before = liked(emulator)
    await copied(anna)
    forget(emulator)
    await later(86_400)
    await copied(anna)
    answer = await call("restore_favorites", dry_run=False)
    assert answer["snapshot"] != (await call("get_favorites"))["snapshot"]
    assert answer["restored"] == 120
    assert liked(emulator) == before


async def test_asking_what_is_missing_is_one_request_as_long_as_nothing_changed(
    emulator: Emulator, anna: AccountEntry, call: Call, copied: Copied
) -> None:
    """The newest copy says the rest."""
    await copied(anna)
    emulator.forget_requests()
    answer = await call("restore_favorites")
    assert answer["planned"] == 0
    assert len(emulator.calls(path="/me/tracks$")) == 1


async def test_everything_can_be_saved_once_more(
    emulator: Emulator, anna: AccountEntry, call: Call, copied: Copied
) -> None:
    """Without looking at what is there."""
    await copied(anna)
    emulator.forget_requests()
    answer = await call("restore_favorites", missing_only=False, dry_run=False)
    assert answer["planned"] == answer["restored"] == 120
    assert not emulator.calls(path="/me/tracks$")


async def test_songs_move_to_another_account_even_a_free_one(
    emulator: Emulator, anna: AccountEntry, link: Link, call: Call, copied: Copied
) -> None:
    """Saving needs no Premium."""
    free = await link("free")
    await copied(anna)
    answer = await call(
        "restore_favorites",
        config_entry_id=anna.entry_id,
        other_config_entry_id=free.entry_id,
        dry_run=False,
    )
    assert answer["restored"] == 120
    assert liked(emulator, "free") == liked(emulator)


async def test_what_can_not_be_put_back_is_named(
    emulator: Emulator, anna: AccountEntry, call: Call, copied: Copied
) -> None:
    """Local files, and songs that Spotify does not know any more; the rest is put back."""
    before = liked(emulator)
    local = "spotify:local:Band::Demo:190"
    emulator.world.catalogue[local] = {
        "type": "track",
        "uri": local,
        "id": None,
        "name": "Demo",
        "is_local": True,
        "artists": [],
        "duration_ms": 190_000,
    }
    emulator.world.users["anna"].saved["track"][local] = "2010-01-01T00:00:00Z"
    await copied(anna)
    forget(emulator)
    lost = [before[3], before[77]]
    for uri in lost:
        del emulator.world.catalogue[uri]
    answer = await call("restore_favorites", dry_run=False)
    assert answer["planned"] == 120
    assert answer["restored"] == 118
    assert sorted(names(answer["refused"])) == sorted(lost)
    assert names(answer["impossible"]) == [local]
    assert liked(emulator) == [uri for uri in before if uri not in lost]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("/me/library$", status=503, method="PUT", times=None),
        Fault("/me/library$", status=429, retry_after=3600, method="PUT", times=None),
    ],
    ids=["outage", "limit"],
)
async def test_a_restore_that_is_ended_goes_on_when_called_again(
    emulator: Emulator,
    anna: AccountEntry,
    call: Call,
    copied: Copied,
    later: Later,
    fault: Fault,
) -> None:
    """The error says how far it came; nothing is saved twice."""
    before = liked(emulator)
    await copied(anna)
    forget(emulator)
    emulator.faults.add(Fault("/me/library$", status=None, method="PUT"))
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError, match="Only 40 of 120"):
        await call("restore_favorites", dry_run=False)
    assert liked(emulator) == before[80:]
    emulator.faults.clear()
    await later(3601)
    emulator.forget_requests()
    answer = await call("restore_favorites", dry_run=False)
    assert answer["restored"] == 80
    assert answer["there_already"] == 40
    assert len(emulator.calls(method="PUT")) == 2
    assert liked(emulator) == before


async def test_what_is_there_can_not_be_learnt(
    emulator: Emulator, anna: AccountEntry, call: Call, copied: Copied
) -> None:
    """Then nothing is changed."""
    await copied(anna)
    forget(emulator)
    emulator.faults.add(Fault("/me/tracks$", status=429, retry_after=3600))
    emulator.forget_requests()
    with pytest.raises(HomeAssistantError, match="too many requests"):
        await call("restore_favorites", dry_run=False)
    assert not emulator.calls(method="PUT")


async def test_an_account_without_its_library_says_so(
    anna: AccountEntry, link: Link, call: Call, copied: Copied
) -> None:
    """As the one that is meant, and as the other one."""
    ben = await link("ben", features=[Feature.CONTROL])
    await copied(anna)
    for action in (
        "sync_favorites",
        "get_favorites",
        "compare_favorites",
        "restore_favorites",
        "export_favorites",
    ):
        with pytest.raises(ServiceValidationError, match="has not granted its library"):
            await call(action, config_entry_id=ben.entry_id)
    for action in ("compare_favorites", "restore_favorites"):
        with pytest.raises(ServiceValidationError, match="has not granted its library"):
            await call(
                action,
                config_entry_id=anna.entry_id,
                other_config_entry_id=ben.entry_id,
            )


async def test_nobody_reads_or_fills_what_is_somebody_elses(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    link: Link,
    copied: Copied,
    hass_admin_user: MockUser,
) -> None:
    """Both accounts must be one's own, or shared."""
    ben = await link("ben")
    await copied(anna)
    await copied(ben)
    person = MockUser(id="somebody").add_to_hass(hass)
    person.mock_policy({"entities": True})
    household = anna.runtime_data.household
    for entry, user in ((anna, person.id), (ben, hass_admin_user.id)):
        household.async_set_links(
            household.links.with_account(
                entry.entry_id, users=[user], areas=[], shared=False, default=False
            )
        )
    emulator.forget_requests()
    for mine, other in ((anna, ben), (ben, anna)):
        for action in ("compare_favorites", "restore_favorites"):
            with pytest.raises(Unauthorized):
                await hass.services.async_call(
                    DOMAIN,
                    action,
                    {
                        "config_entry_id": mine.entry_id,
                        "other_config_entry_id": other.entry_id,
                    },
                    blocking=True,
                    return_response=True,
                    context=Context(user_id=person.id),
                )
    assert not emulator.requests


async def test_a_copy_is_handed_on(
    emulator: Emulator, anna: AccountEntry, call: Call, copied: Copied
) -> None:
    """As a table, JSON, or a playlist."""
    await copied(anna)
    answer = await call("export_favorites")
    assert answer["path"] is None
    assert answer["total"] == 120
    rows = list(csv.DictReader(io.StringIO(answer["content"])))
    assert [row["uri"] for row in rows] == liked(emulator)
    answer = await call("export_favorites", format="json")
    assert [row["uri"] for row in json.loads(answer["content"])] == liked(emulator)
    answer = await call("export_favorites", format="m3u")
    assert answer["content"].splitlines()[2::2] == liked(emulator)


def content(path: Path) -> str:
    """Return what is in a file."""
    return path.read_text()


def names_in(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return [one.name for one in folder.iterdir()]


async def test_a_copy_is_written_where_home_assistant_may_write(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    call: Call,
    copied: Copied,
    tmp_path: Path,
) -> None:
    """And nowhere else, least of all where everybody could fetch it."""
    await copied(anna)
    file = tmp_path / "liked.m3u"
    with pytest.raises(ServiceValidationError, match="may not write"):
        await call("export_favorites", path=str(file), format="m3u")
    hass.config.allowlist_external_dirs = {str(tmp_path), hass.config.path("www")}
    answer = await call("export_favorites", path=str(file), format="m3u")
    assert answer["content"] is None
    assert answer["path"] == str(file)
    assert content(file).splitlines()[2::2] == liked(emulator)
    with pytest.raises(ServiceValidationError, match="without signing in"):
        await call("export_favorites", path=hass.config.path("www", "liked.csv"))
    with pytest.raises(ServiceValidationError, match="may not write"):
        await call("export_favorites", path=str(tmp_path / ".." / "liked.csv"))
    with pytest.raises(HomeAssistantError, match="can't be written"):
        await call("export_favorites", path=str(tmp_path))


async def test_a_link_leads_nowhere_else(
    hass: HomeAssistant,
    anna: AccountEntry,
    call: Call,
    copied: Copied,
    tmp_path: Path,
) -> None:
    """Though what it leads to does not exist yet."""
    await copied(anna)
    allowed, outside = tmp_path / "allowed", tmp_path / "outside"
    allowed.mkdir()
    (allowed / "liked.csv").symlink_to(outside)
    hass.config.allowlist_external_dirs = {str(allowed)}
    with pytest.raises(ServiceValidationError, match="may not write"):
        await call("export_favorites", path=str(allowed / "liked.csv"))
    assert not outside.exists()


async def test_a_full_disk_costs_no_earlier_file(
    hass: HomeAssistant,
    anna: AccountEntry,
    call: Call,
    copied: Copied,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It stays until the new one is written, and nothing half written lies around."""
    await copied(anna)
    folder = tmp_path / "exports"
    folder.mkdir()
    hass.config.allowlist_external_dirs = {str(folder)}
    file = folder / "liked.csv"
    file.write_text("earlier")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("atomicwrites._proper_fsync", fail)
    with pytest.raises(HomeAssistantError, match="No space left on device"):
        await call("export_favorites", path=str(file))
    monkeypatch.undo()
    assert content(file) == "earlier"
    assert names_in(folder) == ["liked.csv"]
    await call("export_favorites", path=str(file))
    assert content(file) != "earlier"


async def test_ten_thousand_songs_are_put_back(
    emulator: Emulator,
    anna: AccountEntry,
    call: Call,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the order in which they stood, waiting for room as long as it takes."""

    async def pause(seconds: float) -> None:
        freezer.tick(seconds)

    monkeypatch.setattr(patience, "pause", pause)
    uris = emulator.hoard("anna", 10_000)
    saved = emulator.world.users["anna"].saved["track"]
    lines = [
        entry_of({"added_at": at, "track": emulator.world.catalogue[uri]}, Kind.TRACKS)
        for uri, at in saved.items()
    ]
    copy = Snapshot(
        taken_at=dt_util.utcnow(), lists={Kind.TRACKS: Saved(lines, len(lines))}
    )
    anna.runtime_data.favorites.folder.write(copy, aside=False)
    forget(emulator)
    emulator.forget_requests()
    answer = await call("restore_favorites")
    assert answer["planned"] == 10_000
    answer = await call("restore_favorites", dry_run=False)
    assert answer["restored"] == 10_000
    assert liked(emulator) == uris
    assert len(emulator.calls(method="PUT")) == 250
    compared = await call("compare_favorites", before=answer["snapshot"])
    assert compared["added"] == compared["removed"] == []


async def test_an_empty_list_is_a_list(
    emulator: Emulator, anna: AccountEntry, call: Call, copied: Copied
) -> None:
    """It can be copied, read, handed on and put back."""
    forget(emulator)
    await copied(anna)
    assert (await call("get_favorites"))["items"] == []
    assert (await call("restore_favorites", dry_run=False))["planned"] == 0
    assert (await call("export_favorites", format="m3u"))["content"] == "#EXTM3U\n"
    same = {"before": "2026-12-01", "after": "2026-12-01"}
    assert (await call("compare_favorites", **same))["added"] == []
