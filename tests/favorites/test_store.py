"""Copies in files: for the owner's eyes only, whole or not at all, and never lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import errno
import json
import os
from pathlib import Path
import stat
from tempfile import TemporaryDirectory

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.api.errors import (
    BadRequestError,
    ForbiddenError,
    InvalidAnswerError,
    NotOnAllowListError,
    OutageError,
    QuotaExceededError,
    RateLimitedError,
    ScopeMissingError,
    SignInError,
    SpotifyApiError,
)
from custom_components.spotify_hub.favorites.entries import Kind, entry_of
from custom_components.spotify_hub.favorites.progress import Progress
from custom_components.spotify_hub.favorites.snapshot import (
    DamagedSnapshotError,
    OtherSchemaError,
    Saved,
    Snapshot,
    SnapshotError,
    day_of,
    parsed,
    written,
)
from custom_components.spotify_hub.favorites.status import (
    ListChangesError,
    Reason,
    Record,
    Vanished,
    dumped,
    loaded,
    reason_of,
)
from custom_components.spotify_hub.favorites.store import (
    MissingSnapshotError,
    SnapshotFolder,
    folder_of,
)
from tests.emulator import Emulator

from .conftest import MORNING, Copier, liked, unlike


def snapshot_of(*names: str, taken_at: datetime = MORNING) -> Snapshot:
    """Return a copy of songs of these names."""
    lines = [
        entry_of(
            {
                "added_at": "2020",
                "track": {"uri": f"spotify:track:{name}", "name": name},
            },
            Kind.TRACKS,
        )
        for name in names
    ]
    return Snapshot(taken_at=taken_at, lists={Kind.TRACKS: Saved(lines, len(lines))})


@pytest.fixture
def folder(tmp_path: Path) -> SnapshotFolder:
    """Keep somebody's copies."""
    return SnapshotFolder(folder_of(tmp_path, "somebody"))


def mode(path: Path) -> int:
    """Return who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def subfolders(path: Path) -> list[Path]:
    """Return all folders in a folder."""
    return [one for one in path.rglob("*") if one.is_dir()]


async def test_nobody_else_can_read_them(
    emulator: Emulator, copier: Copier, tmp_path: Path
) -> None:
    """Neither the copies, nor what is known of runs, nor what a run has read so far."""
    os.umask(0o022)
    emulator.hoard("anna", 160)
    modes: set[int] = set()
    copier.heard = type(
        "Looking", (list,), {"append": lambda _, step: modes.update(files())}
    )()

    def files() -> set[int]:
        return {mode(path) for path in tmp_path.rglob("*") if path.is_file()}

    await copier.run()
    assert modes == files() == {0o600}
    folders = subfolders(tmp_path)
    assert len(folders) == 3
    assert {mode(path) for path in folders} == {0o700}


async def test_a_copy_is_json_of_one_entry_a_line(
    emulator: Emulator, copier: Copier
) -> None:
    """Every program can read it."""
    uris = emulator.hoard("anna", 60)
    await copier.run(kinds=(Kind.TRACKS, Kind.ALBUMS))
    text = copier.folder.file("2026-11-02").read_text()
    told = json.loads(text)
    assert told["schema"] == 1
    assert told["taken_at"] == MORNING.isoformat()
    assert told["lists"].keys() == {"tracks", "albums"}
    assert told["lists"]["tracks"]["total"] == 60
    items = told["lists"]["tracks"]["items"]
    assert [item["track"]["uri"] for item in items] == uris
    assert len(text.splitlines()) == 60 + 55 + 2 + 2 + 2


@given(
    st.dictionaries(
        st.sampled_from(Kind),
        st.builds(
            Saved,
            st.lists(
                st.dictionaries(
                    st.text(max_size=3), st.text(max_size=3), max_size=2
                ).map(lambda entry: json.dumps(entry).encode()),
                max_size=3,
            ).map(tuple),
            st.integers(0, 10**6),
        ),
    ),
    st.none() | st.just("DE"),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_what_is_written_is_read_again(
    lists: dict[Kind, Saved], market: str | None, looked_at: datetime | None
) -> None:
    """Whatever is in it, empty lists included; and every program reads it as JSON."""
    snapshot = Snapshot(
        taken_at=MORNING, market=market, looked_at=looked_at, lists=lists
    )
    lines = list(written(snapshot))
    assert parsed(lines) == snapshot
    json.loads(b"".join(lines))


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda text: "", DamagedSnapshotError),
        (lambda text: text[: len(text) // 2], DamagedSnapshotError),
        (lambda text: text.rstrip("\n").removesuffix("}}"), DamagedSnapshotError),
        (lambda text: text.replace('"name":"b"', '"name":b'), DamagedSnapshotError),
        (lambda text: text.replace("tracks", "tr4cks"), DamagedSnapshotError),
        (lambda text: text.replace("tracks", "friends"), DamagedSnapshotError),
        (lambda text: text.replace('"items":[', '"items":'), DamagedSnapshotError),
        (lambda text: text.replace(MORNING.isoformat(), "?"), DamagedSnapshotError),
        (lambda text: text.replace('"schema":1', '"schema":'), DamagedSnapshotError),
        (lambda text: json.dumps(json.loads(text), indent=2), DamagedSnapshotError),
        (lambda text: text.replace('"schema":1', '"schema":2'), OtherSchemaError),
        (lambda text: text.replace('"schema":1', '"schema":null'), OtherSchemaError),
    ],
)
def test_a_damaged_copy_is_told_from_a_whole_one(
    folder: SnapshotFolder, spoil: Callable[[str], str], error: type[SnapshotError]
) -> None:
    """And left as it is."""
    name, _ = folder.write(snapshot_of("a", "b", "c"), aside=False)
    file = folder.file(name)
    file.write_text(spoil(file.read_text()))
    before = file.read_bytes()
    with pytest.raises(error):
        folder.read(name)
    assert folder.latest() is None
    assert file.read_bytes() == before


def test_a_copy_that_is_not_there_is_said_to_be_missing(folder: SnapshotFolder) -> None:
    """Nothing is made of it."""
    assert folder.names() == []
    with pytest.raises(MissingSnapshotError):
        folder.read("2026-11-02")


async def test_a_damaged_copy_does_not_hold_up_the_next_one(
    emulator: Emulator, copier: Copier
) -> None:
    """All is read whole, and what can't be read is kept beside it."""
    uris = emulator.hoard("anna", 60)
    await copier.run()
    file = copier.folder.file("2026-11-02")
    file.write_text("{}")
    finished = await copier.run()
    assert finished.changed
    assert copier.uris("2026-11-02") == uris
    (other,) = [name for name in copier.folder.names() if name != "2026-11-02"]
    assert copier.folder.file(other).read_text() == "{}"


async def test_a_copy_of_the_day_that_has_more_is_set_aside(
    emulator: Emulator, copier: Copier
) -> None:
    """A wrong tap in the evening does not cost what was copied in the morning."""
    uris = emulator.hoard("anna", 60)
    await copier.run()
    unlike(emulator, uris[:2])
    await copier.run()
    names = copier.folder.names()
    assert len(names) == 2
    assert names[0] == "2026-11-02"
    assert names[1].startswith("2026-11-02T")
    assert copier.uris() == uris[2:]
    assert copier.uris(names[1]) == uris
    emulator.phone("anna").like(uris[0])
    await copier.run()
    assert copier.folder.names() == names
    assert copier.uris() == [uris[0], *uris[2:]]


async def test_a_copy_is_set_aside_on_any_file_system(
    emulator: Emulator, copier: Copier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some know no hard links."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    uris = emulator.hoard("anna", 60)
    await copier.run()
    unlike(emulator, uris[:2])
    await copier.run()
    first, earlier = copier.folder.names()
    assert (copier.uris(first), copier.uris(earlier)) == (uris[2:], uris)
    assert stat.S_IMODE(copier.folder.file(earlier).stat().st_mode) == 0o600


async def test_a_clock_that_was_set_back_costs_no_copy_of_an_earlier_day(
    emulator: Emulator, copier: Copier
) -> None:
    """It is set aside, whatever the newest copy has."""
    uris = emulator.hoard("anna", 60)
    await copier.run()
    unlike(emulator, uris[:2])
    await copier.next_day()
    emulator.phone("anna").like(uris[0])
    copier.now -= timedelta(days=1)
    await copier.run()
    assert copier.uris("2026-11-02") == [uris[0], *uris[2:]]
    (earlier,) = [name for name in copier.folder.names() if "T" in name]
    assert copier.uris(earlier) == uris


async def test_what_is_no_longer_copied_is_set_aside_too(
    emulator: Emulator, copier: Copier
) -> None:
    """Albums, say, when somebody changes the options; playlists that have changed."""
    await copier.run(kinds=(Kind.TRACKS, Kind.ALBUMS, Kind.PLAYLISTS))
    await copier.run(kinds=(Kind.TRACKS, Kind.PLAYLISTS))
    assert len(copier.folder.names()) == 2
    await copier.run()
    assert 2 <= len(copier.folder.names()) <= 3
    assert Kind.PLAYLISTS not in copier.folder.read("2026-11-02").lists


def test_old_copies_are_thinned(folder: SnapshotFolder) -> None:
    """Daily for a month, the last of each month for ever; what is spared stays."""
    first = date(2026, 1, 1)
    for day in range(300):
        at = datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=day)
        folder.write(snapshot_of("a", taken_at=at), aside=False)
    today = first + timedelta(days=299)
    folder.thin(today, 31, ["2026-02-02"])
    names = folder.names()
    recent = [str(today - timedelta(days=ago)) for ago in range(31)]
    assert names[:31] == recent
    assert names[31:] == [
        *(f"2026-{end}" for end in ("08-31", "07-31", "06-30", "05-31", "04-30")),
        "2026-03-31",
        "2026-02-28",
        "2026-02-02",
        "2026-01-31",
    ]
    folder.thin(today, 31, ["2026-02-02"])
    assert folder.names() == names
    folder.thin(today + timedelta(days=4000), 31)
    assert len(folder.names()) == 10


def test_the_newest_copy_is_never_thinned(folder: SnapshotFolder) -> None:
    """However long nothing has changed."""
    folder.write(snapshot_of("a"), aside=False)
    folder.thin(MORNING.date() + timedelta(days=9000), 1)
    assert folder.names() == ["2026-11-02"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, Reason.DISK_FULL),
        (errno.EDQUOT, Reason.DISK_FULL),
        (errno.EROFS, Reason.NOT_WRITABLE),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
async def test_a_disk_that_fails_costs_no_copy(
    emulator: Emulator,
    copier: Copier,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    reason: Reason,
    call: str,
) -> None:
    """The last good one stays, and nothing half written lies around."""
    uris = emulator.hoard("anna", 60)
    await copier.run()
    files = {path.name for path in copier.folder.path.iterdir()}
    before = copier.folder.file("2026-11-02").read_bytes()
    unlike(emulator, uris[:1])
    write = copier.folder.write

    def failing(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    def fail_then(snapshot: Snapshot, *, aside: bool) -> tuple[str, str | None]:
        with monkeypatch.context() as context:
            context.setattr(os if call == "fsync" else Path, call, failing)
            return write(snapshot, aside=aside)

    monkeypatch.setattr(copier.folder, "write", fail_then)
    with pytest.raises(OSError, match=os.strerror(number)) as caught:
        await copier.next_day()
    assert reason_of(caught.value) is reason
    assert {path.name for path in copier.folder.path.iterdir()} == files | {
        "progress.jsonl"
    }
    assert copier.folder.file("2026-11-02").read_bytes() == before
    monkeypatch.undo()
    await copier.run()
    assert copier.uris() == liked(emulator)


async def test_a_folder_that_can_not_be_made_is_said(
    emulator: Emulator, copier: Copier, tmp_path: Path
) -> None:
    """Nothing is asked of Spotify for nothing."""
    emulator.hoard("anna", 60)
    (tmp_path / "favorites_raw").write_text("in the way")
    with pytest.raises(OSError, match="directory") as caught:
        await copier.run()
    assert reason_of(caught.value) is Reason.NOT_WRITABLE
    assert copier.asked == 0
    assert copier.folder.failed(Reason.NOT_WRITABLE).reason is Reason.NOT_WRITABLE


def test_what_is_known_of_runs_is_kept(folder: SnapshotFolder) -> None:
    """What can't be read is begun anew: it is not worth an account that won't start."""
    assert folder.record() == Record()
    record = Record(
        began=MORNING,
        succeeded=MORNING,
        whole_at=None,
        looked_at=MORNING,
        looked_for="DE",
        unchanged_since=MORNING,
        snapshot="2026-11-02",
        total=3,
        added=1,
        removed=2,
        reason=Reason.OUTAGE,
        vanished=Vanished("2026-11-01", 2, 3),
    )
    folder.keep(record)
    assert folder.record() == record
    assert folder.record() == loaded(json.loads(json.dumps(dumped(record))))
    for text in ("", "[]", "{}", '{"vanished": 3, "reason": null}'):
        (folder.path / "status.json").write_text(text)
        assert folder.record() == Record()
    assert folder.failed(Reason.QUOTA) == replace(Record(), reason=Reason.QUOTA)


@pytest.mark.parametrize(
    "account", ["anna", "../../etc", "..", "ünï/cödé", "a.b", "smedjan%2F"]
)
def test_every_account_has_a_folder_of_its_own(tmp_path: Path, account: str) -> None:
    """Whatever it is called, it is one name below the folder of all."""
    path = folder_of(tmp_path, account)
    assert path.resolve().parent == tmp_path / "favorites_raw" / "spotify"
    assert path != folder_of(tmp_path, account + "x")


def test_copies_move_when_the_account_gets_its_lasting_id(tmp_path: Path) -> None:
    """Unless it has some under that already."""
    by_name, by_id = (
        SnapshotFolder(folder_of(tmp_path, one)) for one in ("anna", "4f")
    )
    by_id.adopt(by_name.path)
    by_name.write(snapshot_of("a"), aside=False)
    by_id.adopt(by_name.path)
    assert by_id.names() == ["2026-11-02"]
    by_name.write(snapshot_of("a", "b"), aside=False)
    by_id.adopt(by_name.path)
    assert by_id.read("2026-11-02").liked.total == 1
    assert by_name.names()


@given(st.data())
def test_progress_is_what_was_kept_however_it_is_cut(data: st.DataObject) -> None:
    """What stands before a torn row holds; the next row takes its place."""
    with TemporaryDirectory() as name:
        progress = Progress(Path(name))
        for number in range(4):
            progress.page(Kind.TRACKS, [b'{"at":%d}' % number], 50 * number + 50, 200)
        file = Path(name, "progress.jsonl")
        whole = file.read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        file.write_bytes(whole[:cut] + data.draw(st.binary(max_size=5)))
        again = Progress(Path(name))
        again.load()
        walk = again.walks.get(Kind.TRACKS)
        rows = len(walk.lines) if walk else 0
        assert rows <= 4
        assert rows >= whole[:cut].count(b"\n")
        again.page(Kind.TRACKS, [b'{"at":9}'], 500, 200)
        third = Progress(Path(name))
        third.load()
        assert third.walks[Kind.TRACKS].lines[-1] == b'{"at":9}'
        assert third.walks == again.walks


def test_only_days_are_names() -> None:
    """Other files are nobody's copies."""
    assert day_of("2026-10-31T181500") == date(2026, 10, 31)
    for name in ("status", "2026-10-31T18", "../2026-10-31", "2026-13-01"):
        with pytest.raises(ValueError, match=r"copy|month"):
            day_of(name)


def test_a_row_of_another_version_ends_what_is_taken_back(tmp_path: Path) -> None:
    """What stands before it holds."""
    progress = Progress(tmp_path)
    progress.page(Kind.TRACKS, [b"{}"], 50, 200)
    file = tmp_path / "progress.jsonl"
    file.write_bytes(file.read_bytes() + b'{"other":1}\n' + file.read_bytes())
    again = Progress(tmp_path)
    again.load()
    assert again.walks == progress.walks


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SignInError("401"), Reason.SIGN_IN),
        (ScopeMissingError("403"), Reason.NOT_GRANTED),
        (ForbiddenError("403"), Reason.REFUSED),
        (NotOnAllowListError("403"), Reason.REFUSED),
        (QuotaExceededError("429", 1), Reason.QUOTA),
        (RateLimitedError("429", 1), Reason.RATE_LIMITED),
        (InvalidAnswerError("?"), Reason.INVALID_ANSWER),
        (ListChangesError("again"), Reason.LIST_CHANGES),
        (OutageError("503", 1), Reason.OUTAGE),
        (BadRequestError("400"), Reason.UNEXPECTED),
        (PermissionError(errno.EACCES, "no"), Reason.NOT_WRITABLE),
    ],
)
def test_every_failure_has_a_reason(
    error: SpotifyApiError | OSError, reason: Reason
) -> None:
    """Of a list that never changes."""
    assert reason_of(error) is reason


def test_a_shorter_row_leaves_nothing_of_a_longer_one_that_was_torn(
    tmp_path: Path,
) -> None:
    """The file ends with what was written last."""
    progress = Progress(tmp_path)
    progress.page(Kind.TRACKS, [b"{}"], 50, 200)
    file = tmp_path / "progress.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"kind":"tracks","items":[' + b'{"a":1},' * 500)
    again = Progress(tmp_path)
    again.load()
    again.again(Kind.TRACKS)
    assert len(file.read_bytes()) < 2 * len(whole)
    assert file.read_bytes().endswith(b"}\n")
