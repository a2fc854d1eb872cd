"""Spotify's export comes into the archive in the background, whatever comes between."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
import zipfile

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, STATE_UNKNOWN
from homeassistant.core import Context, Event, HomeAssistant, State
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import (
    MockUser,
    async_capture_events,
)

from custom_components.spotify_hub import household_import
from custom_components.spotify_hub.account.periods import Period
from custom_components.spotify_hub.archive.errors import (
    ArchiveError,
    ClosedError,
    UnavailableError,
)
from custom_components.spotify_hub.archive.imports import Import
from custom_components.spotify_hub.archive.news import News
from custom_components.spotify_hub.archive.plays import Asked, all_plays
from custom_components.spotify_hub.archive.records import Sighting
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.archive.takeout import reading
from custom_components.spotify_hub.archive.takeout.files import open_export
from custom_components.spotify_hub.archive.takeout.reading import batches
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.household_import import EVENT_IMPORT
from tests.archive.exports import (
    account_files,
    endsong_files,
    extended_files,
    listenings,
    write_zip,
)
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator

SINCE = datetime(2024, 3, 1, tzinfo=UTC)
HEARD = list(listenings(600, since=SINCE))
PUBLIC = [one for one in HEARD if not one.private]
PROGRESS = "sensor.spotify_anna_import_progress"

type Call = Callable[..., Awaitable[Any]]


class Brake:
    """Lets an import stop after some batches, and counts them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin without stopping."""
        self.batches = 0
        self.stop_after: int | None = None
        self.error: ArchiveError | None = None
        self.reached = asyncio.Event()
        self.release = asyncio.Event()
        import_batch = Archive.import_batch

        async def held(
            archive: Archive, import_id: int, sightings: Sequence[Sighting], *how: Any
        ) -> Import:
            if self.batches == self.stop_after:
                if (error := self.error) is not None:
                    self.error = None
                    raise error
                self.reached.set()
                await self.release.wait()
            self.batches += 1
            return await import_batch(archive, import_id, sightings, *how)

        monkeypatch.setattr(Archive, "import_batch", held)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small exports have many batches, and tell of each."""
    monkeypatch.setattr(reading, "BATCH", 50)
    monkeypatch.setattr(household_import, "TELL_EVERY", 0.0)


@pytest.fixture
def brake(monkeypatch: pytest.MonkeyPatch) -> Brake:
    """Stop imports where a test wants it."""
    return Brake(monkeypatch)


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder that Home Assistant may read, and its media browser shows."""
    folder = tmp_path / "media"
    folder.mkdir()
    hass.config.allowlist_external_dirs = {str(folder)}
    hass.config.media_dirs = {"local": str(folder)}
    return folder


@pytest.fixture
async def call(hass: HomeAssistant, anna: AccountEntry) -> Call:
    """Call an action, and return its answer; the archive is open."""
    await done(hass)

    async def run(action: str, context: Context | None = None, **data: Any) -> Any:
        return await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True, context=context
        )

    return run


@pytest.fixture
def told(hass: HomeAssistant) -> list[Event]:
    """Hear what is told of imports."""
    return async_capture_events(hass, EVENT_IMPORT)


@pytest.fixture
def name(emulator: Emulator) -> str:
    """Return Anna's name at Spotify, as exports write it."""
    return emulator.world.users["anna"].id


async def done(hass: HomeAssistant) -> None:
    """Wait until nothing is under way."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def kept(entry: AccountEntry) -> list[tuple[int, str | None, int]]:
    """Return start, name and length of all plays of an account."""
    history = entry.runtime_data.history
    plays = await (await history.archive()).ask(
        lambda connection: list(all_plays(connection, Asked(history.name)))
    )
    return [(play.started, play.item.name, play.listened_ms) for play in plays]


def progress(hass: HomeAssistant) -> State:
    """Return what the sensor of Anna's imports shows."""
    state = hass.states.get(PROGRESS)
    assert state is not None
    return state


def statuses(told: list[Event]) -> list[str]:
    """Return what was told, without repeats."""
    found = [event.data["status"] for event in told]
    return [one for at, one in enumerate(found) if at == 0 or found[at - 1] != one]


async def test_account_data_says_whose_it_is(
    hass: HomeAssistant,
    anna: AccountEntry,
    emulator: Emulator,
    call: Call,
    told: list[Event],
    media: Path,
    name: str,
) -> None:
    """It is found, brought in and told; Spotify is not asked."""
    write_zip(media / "my.zip", account_files(HEARD, name))
    emulator.forget_requests()
    answer = await call(
        "import_history", path="media-source://media_source/local/my.zip"
    )
    assert answer["account"] == anna.title
    assert answer["config_entry_id"] == anna.entry_id
    assert (answer["rows"], answer["new"], answer["known"]) == (600, 600, 0)
    assert answer["started"]
    await done(hass)
    assert len(await kept(anna)) > 500
    assert statuses(told) == ["started", "progress", "finished"]
    assert told[-1].data == {
        "config_entry_id": anna.entry_id,
        "account": anna.title,
        "status": "finished",
        "reason": None,
        "file": "my.zip",
        "done": 600,
        "total": 600,
        "added": 600,
        "known": 0,
    }
    assert not emulator.requests
    again = await call("import_history", path=str(media / "my.zip"), dry_run=True)
    assert again["new"] == 0
    assert again["known"] == 600


async def test_a_look_changes_nothing(
    hass: HomeAssistant, anna: AccountEntry, call: Call, told: list[Event], media: Path
) -> None:
    """What an extended history would bring; whose it is, it does not say."""
    write_zip(media / "my.zip", extended_files(HEARD, rows_per_file=200))
    answer = await call("import_history", path=str(media / "my.zip"), dry_run=True)
    private = len(HEARD) - len(PUBLIC)
    assert answer["account"] is None
    assert answer["config_entry_id"] is None
    assert answer["started"] is False
    assert answer["new"] is answer["known"] is None
    assert answer["plays"] == len(PUBLIC)
    assert answer["ignored"] == {"private_session": private}
    assert answer["first"].startswith("2024-03-01T")
    assert [file["rows"] for file in answer["files"] if "Audio" in file["name"]]
    await done(hass)
    assert not told
    assert not await kept(anna)
    assert progress(hass).state == STATE_UNKNOWN


async def test_whose_it_is_has_to_be_said(
    anna: AccountEntry, call: Call, media: Path, hass: HomeAssistant
) -> None:
    """Where the export and the archive don't tell, even if there is only one account."""
    write_zip(media / "my.zip", extended_files(HEARD))
    with pytest.raises(ServiceValidationError) as refused:
        await call("import_history", path=str(media / "my.zip"))
    assert refused.value.translation_key == "import_whose"
    await call(
        "import_history", path=str(media / "my.zip"), config_entry_id=anna.entry_id
    )
    await done(hass)
    # Two rows of one moment may be one play.
    assert len(PUBLIC) * 0.9 < len(await kept(anna)) <= len(PUBLIC)


async def test_known_plays_tell_whose_it_is(
    hass: HomeAssistant, anna: AccountEntry, link: Link, call: Call, media: Path
) -> None:
    """Who has heard the same at the same time, whoever saw it."""
    ben = await link("ben")
    history = ben.runtime_data.history
    digest = write_zip(media / "digest.zip", account_files(HEARD[300:], "x"))
    with open_export(digest) as export:
        found = list(batches(export, history.name, 300))
    begun = await (await history.archive()).begin_import(history.name, "digest")
    for batch in found:
        await (await history.archive()).import_batch(
            begun.id, batch.sightings, "", 1, 1
        )
    write_zip(media / "my.zip", extended_files(HEARD))
    answer = await call("import_history", path=str(media / "my.zip"), dry_run=True)
    assert answer["account"] == ben.title
    assert 250 < answer["known"] <= 300
    with pytest.raises(ServiceValidationError) as refused:
        await call(
            "import_history",
            path=str(media / "my.zip"),
            config_entry_id=anna.entry_id,
        )
    assert refused.value.translation_key == "import_of_other_account"
    assert not await kept(anna)


async def test_a_foreign_export_is_refused(
    hass: HomeAssistant, anna: AccountEntry, call: Call, media: Path
) -> None:
    """One that bears the name of somebody who is not linked, whomever is named."""
    write_zip(media / "my.zip", endsong_files(HEARD, "somebody"))
    for named in ({}, {ATTR_CONFIG_ENTRY_ID: anna.entry_id}):
        for dry_run in (True, False):
            with pytest.raises(ServiceValidationError) as refused:
                await call(
                    "import_history",
                    path=str(media / "my.zip"),
                    dry_run=dry_run,
                    **named,
                )
            assert refused.value.translation_key == "foreign_account"
            assert "somebody" not in str(refused.value)
    await done(hass)
    assert not await kept(anna)


async def test_progress_is_shown(
    hass: HomeAssistant,
    anna: AccountEntry,
    call: Call,
    brake: Brake,
    media: Path,
    name: str,
) -> None:
    """By the sensor, until it is done."""
    brake.stop_after = 3
    write_zip(media / "my.zip", endsong_files(HEARD, name))
    news: list[News | None] = []
    anna.runtime_data.household.history.async_add_listener(news.append)
    await call("import_history", path=str(media / "my.zip"))
    await brake.reached.wait()
    state = progress(hass)
    assert state.state == "25"
    assert state.attributes["file"] == "my.zip"
    assert state.attributes["done"] == 150
    assert state.attributes["added"] > 130
    assert {one.account for one in news if one} == {anna.runtime_data.history.name}
    brake.release.set()
    await done(hass)
    assert progress(hass).state == STATE_UNKNOWN
    assert "file" not in progress(hass).attributes
    firsts = [one.since for one in news if one]
    assert min(firsts) <= (await kept(anna))[0][0]


async def test_it_goes_on_after_a_reload(
    hass: HomeAssistant,
    anna: AccountEntry,
    call: Call,
    brake: Brake,
    told: list[Event],
    media: Path,
    name: str,
    hass_storage: dict[str, Any],
) -> None:
    """Where it was, as if nothing had been; then nothing is left of it."""
    brake.stop_after = 5
    write_zip(media / "my.zip", endsong_files(HEARD, name))
    await call("import_history", path=str(media / "my.zip"))
    await brake.reached.wait()
    assert await hass.config_entries.async_unload(anna.entry_id)
    assert statuses(told) == ["started", "progress"]
    assert f"{DOMAIN}.import" in hass_storage
    brake.stop_after = None
    assert await hass.config_entries.async_setup(anna.entry_id)
    await done(hass)
    assert statuses(told) == ["started", "progress", "started", "progress", "finished"]
    resumed = [event for event in told if event.data["status"] == "started"][1]
    assert resumed.data["done"] == 250
    assert brake.batches == 12
    assert f"{DOMAIN}.import" not in hass_storage
    whole = await kept(anna)
    assert whole
    await anna.runtime_data.history.delete(
        anna.runtime_data.history.span(Period.ALL_TIME)
    )
    await call("import_history", path=str(media / "my.zip"))
    await done(hass)
    assert await kept(anna) == whole


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("other", "changed_export"),
        ("gone", "unreadable_file"),
        ("broken", "unreadable_file"),
        ("forbidden", "path_not_allowed"),
    ],
)
async def test_what_has_changed_meanwhile_ends_it(
    hass: HomeAssistant,
    anna: AccountEntry,
    call: Call,
    brake: Brake,
    told: list[Event],
    media: Path,
    name: str,
    hass_storage: dict[str, Any],
    change: str,
    reason: str,
) -> None:
    """What was imported stays; the event says why it ended."""
    brake.stop_after = 5
    file = write_zip(media / "my.zip", endsong_files(HEARD, name))
    await call("import_history", path=str(file))
    await brake.reached.wait()
    assert await hass.config_entries.async_unload(anna.entry_id)
    brake.stop_after = None
    match change:
        case "other":
            write_zip(file, endsong_files(HEARD[:500], name))
        case "gone":
            file.unlink()
        case "broken":
            file.write_bytes(file.read_bytes()[:-200])
        case "forbidden":
            hass.config.allowlist_external_dirs = set()
    assert await hass.config_entries.async_setup(anna.entry_id)
    await done(hass)
    assert told[-1].data["status"] == "failed"
    assert told[-1].data["reason"] == reason
    assert 200 < len(await kept(anna)) <= 250
    assert f"{DOMAIN}.import" not in hass_storage
    hass.config.allowlist_external_dirs = {str(media)}
    write_zip(file, endsong_files(HEARD, name))
    await call("import_history", path=str(file))
    await done(hass)
    assert told[-1].data["status"] == "finished"


async def test_one_at_a_time(
    hass: HomeAssistant, call: Call, brake: Brake, media: Path, name: str
) -> None:
    """The second is told how far the first is; a look is always possible."""
    brake.stop_after = 6
    write_zip(media / "my.zip", endsong_files(HEARD, name))
    await call("import_history", path=str(media / "my.zip"))
    await brake.reached.wait()
    with pytest.raises(ServiceValidationError) as refused:
        await call("import_history", path=str(media / "my.zip"))
    assert str(refused.value).startswith("my.zip is still being imported (51 %)")
    look = await call("import_history", path=str(media / "my.zip"), dry_run=True)
    assert look["known"] > 200
    brake.release.set()
    await done(hass)
    await call("import_history", path=str(media / "my.zip"))
    await done(hass)


async def test_it_can_be_called_off_and_begun_again(
    hass: HomeAssistant,
    anna: AccountEntry,
    link: Link,
    call: Call,
    brake: Brake,
    told: list[Event],
    media: Path,
    name: str,
    hass_storage: dict[str, Any],
) -> None:
    """What was imported stays, and the same export goes on from there."""
    ben = await link("ben")
    brake.stop_after = 5
    write_zip(media / "my.zip", endsong_files(HEARD, name))
    assert await call("cancel_import") == {"cancelled": False}
    await call("import_history", path=str(media / "my.zip"))
    await brake.reached.wait()
    other = await call("cancel_import", config_entry_id=ben.entry_id)
    assert other == {"cancelled": False}
    answer = await call("cancel_import", config_entry_id=anna.entry_id)
    assert answer["cancelled"]
    assert (answer["file"], answer["done"], answer["total"]) == ("my.zip", 250, 582)
    assert told[-1].data["status"] == "cancelled"
    assert f"{DOMAIN}.import" not in hass_storage
    assert progress(hass).state == STATE_UNKNOWN
    assert 200 < len(await kept(anna)) <= 250
    brake.stop_after = None
    await call("import_history", path=str(media / "my.zip"))
    await done(hass)
    assert brake.batches == 12
    assert told[-1].data["status"] == "finished"


async def test_an_account_that_is_removed_ends_it(
    hass: HomeAssistant,
    anna: AccountEntry,
    link: Link,
    call: Call,
    brake: Brake,
    told: list[Event],
    media: Path,
    name: str,
    hass_storage: dict[str, Any],
) -> None:
    """While others stay."""
    ben = await link("ben")
    brake.stop_after = 5
    write_zip(media / "my.zip", endsong_files(HEARD, name))
    await call("import_history", path=str(media / "my.zip"))
    await brake.reached.wait()
    await hass.config_entries.async_remove(anna.entry_id)
    await done(hass)
    assert told[-1].data["status"] == "failed"
    assert told[-1].data["reason"] == "account_removed"
    assert f"{DOMAIN}.import" not in hass_storage
    assert ben.runtime_data.household.imports.under_way is None


async def test_an_account_that_is_unloaded_does_not(
    hass: HomeAssistant,
    anna: AccountEntry,
    link: Link,
    call: Call,
    brake: Brake,
    told: list[Event],
    media: Path,
    name: str,
) -> None:
    """The archive is the household's."""
    await link("ben")
    brake.stop_after = 5
    write_zip(media / "my.zip", endsong_files(HEARD, name))
    await call("import_history", path=str(media / "my.zip"))
    await brake.reached.wait()
    assert await hass.config_entries.async_unload(anna.entry_id)
    brake.release.set()
    await done(hass)
    assert told[-1].data["status"] == "finished"
    assert brake.batches == 12


async def test_an_archive_that_is_closed_meanwhile_is_waited_for(
    hass: HomeAssistant,
    anna: AccountEntry,
    call: Call,
    brake: Brake,
    told: list[Event],
    media: Path,
    name: str,
) -> None:
    """As when it is moved elsewhere."""
    brake.stop_after, brake.error = 5, ClosedError("closed")
    write_zip(media / "my.zip", endsong_files(HEARD, name))
    history = anna.runtime_data.household.history
    archive, history.archive = history.require(), None
    with pytest.raises(Exception, match="history"):
        await call("import_history", path=str(media / "my.zip"))
    history.archive = archive
    await call("import_history", path=str(media / "my.zip"))
    brake.release.set()
    await done(hass)
    assert statuses(told) == ["started", "progress", "started", "progress", "finished"]
    assert brake.batches == 12
    assert len(await kept(anna)) > 500


async def test_an_archive_that_can_not_be_written_ends_it(
    hass: HomeAssistant,
    call: Call,
    brake: Brake,
    told: list[Event],
    media: Path,
    name: str,
) -> None:
    """And says so."""
    brake.stop_after, brake.error = 5, UnavailableError("disk is full")
    write_zip(media / "my.zip", endsong_files(HEARD, name))
    await call("import_history", path=str(media / "my.zip"))
    await done(hass)
    assert told[-1].data["status"] == "failed"
    assert told[-1].data["reason"] == "archive_unavailable"
    assert told[-1].data["done"] == 250


def _zip(files: dict[str, bytes]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)

    return make


def _encrypted(path: Path) -> None:
    _zip({"endsong_0.json": b"[]"})(path)
    content = bytearray(path.read_bytes())
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(head) + at] |= 1
    path.write_bytes(content)


def _wrong(_path: Path) -> None:
    """Leave it missing."""


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (_wrong, "unreadable_file"),
        (lambda path: path.write_bytes(b"PK no ZIP"), "unreadable_file"),
        (_zip({"Playlist1.json": b"{}"}), "not_an_export"),
        (_zip({"endsong_0.json": b"[]"}), "empty_export"),
        (_zip({"endsong_0.json": b'[{"ts": "2024'}), "broken_file"),
        (_encrypted, "encrypted_archive"),
        (_zip({"my.zip": b"PK"}), "nested_archive"),
        (_zip({"../endsong_0.json": b"[]"}), "unsafe_archive"),
        (_zip({"endsong_0.json": b" " * (11 << 20)}), "too_large"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
async def test_what_is_no_export_is_told(
    hass: HomeAssistant,
    anna: AccountEntry,
    call: Call,
    told: list[Event],
    media: Path,
    make: Callable[[Path], Any],
    key: str,
    dry_run: bool,
) -> None:
    """In words that say what to do; nothing is begun."""
    make(media / "it.zip")
    with pytest.raises(ServiceValidationError) as refused:
        await call(
            "import_history",
            path=str(media / "it.zip"),
            dry_run=dry_run,
            config_entry_id=anna.entry_id,
        )
    assert refused.value.translation_key == key
    assert "{" not in str(refused.value)
    assert str(media) not in str(refused.value)
    await done(hass)
    assert not told


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "my.zip",
        "media-source://media_source/other/my.zip",
        "media-source://media_source/local/../../my.zip",
        "\0",
    ],
)
async def test_only_allowed_paths_are_read(call: Call, media: Path, path: str) -> None:
    """Neither others nor what leads to others."""
    with pytest.raises(ServiceValidationError) as refused:
        await call("import_history", path=path, dry_run=True)
    assert refused.value.translation_key == "path_not_allowed"


async def test_links_do_not_lead_out(call: Call, media: Path, tmp_path: Path) -> None:
    """Of the folders that Home Assistant may read."""
    write_zip(tmp_path / "my.zip", extended_files(HEARD))
    (media / "link.zip").symlink_to(tmp_path / "my.zip")
    with pytest.raises(ServiceValidationError) as refused:
        await call("import_history", path=str(media / "link.zip"), dry_run=True)
    assert refused.value.translation_key == "path_not_allowed"


async def test_people_import_for_their_own_account(
    hass: HomeAssistant,
    anna: AccountEntry,
    link: Link,
    call: Call,
    brake: Brake,
    media: Path,
    name: str,
    hass_read_only_user: MockUser,
) -> None:
    """Whatever the export says; nor do they call off others' imports."""
    ben = await link("ben")
    household = anna.runtime_data.household
    household.async_set_links(
        household.links.with_account(
            ben.entry_id,
            users=[hass_read_only_user.id],
            areas=[],
            shared=False,
            default=False,
        )
    )
    somebody = Context(user_id=hass_read_only_user.id)
    write_zip(media / "my.zip", endsong_files(HEARD, name))
    for named in ({}, {ATTR_CONFIG_ENTRY_ID: anna.entry_id}):
        with pytest.raises(Unauthorized):
            await call("import_history", somebody, path=str(media / "my.zip"), **named)
    brake.stop_after = 1
    await call("import_history", path=str(media / "my.zip"))
    await brake.reached.wait()
    with pytest.raises(Unauthorized):
        await call("cancel_import", somebody)
    assert household.imports.under_way
    brake.release.set()
    await done(hass)


async def test_who_calls_off_a_look_ends_it(
    hass: HomeAssistant, anna: AccountEntry, media: Path
) -> None:
    """At once, though it reads in a thread."""
    await done(hass)
    write_zip(media / "my.zip", extended_files(HEARD * 20))
    imports = anna.runtime_data.household.imports
    looking = asyncio.create_task(imports.async_look(str(media / "my.zip")))
    await asyncio.sleep(0.02)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking


@pytest.mark.parametrize("stored", [{"path": 1}, [], {"entry_id": "x", "covers": 5}])
async def test_what_was_kept_wrong_is_forgotten(
    hass: HomeAssistant,
    link: Link,
    hass_storage: dict[str, Any],
    told: list[Event],
    stored: Any,
) -> None:
    """The account starts all the same."""
    key = f"{DOMAIN}.import"
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": stored}
    anna = await link()
    await done(hass)
    assert anna.runtime_data.household.imports.under_way is None
    assert not told


async def test_without_accounts_there_is_nothing_to_import_into(
    hass: HomeAssistant, anna: AccountEntry, call: Call, media: Path
) -> None:
    """And it is said so."""
    await hass.config_entries.async_unload(anna.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await call("import_history", path=str(media / "my.zip"))
    assert refused.value.translation_key == "no_account"
