"""A whole export, from what is handed over to the sightings that are kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
import tracemalloc

import pytest

from custom_components.spotify_hub.archive.records import Kind, Sighting
from custom_components.spotify_hub.archive.takeout import errors, reading
from custom_components.spotify_hub.archive.takeout.errors import (
    BrokenFileError,
    ChangedExportError,
    ForeignAccountError,
    TakeoutError,
)
from custom_components.spotify_hub.archive.takeout.files import open_export
from custom_components.spotify_hub.archive.takeout.reading import (
    Batch,
    Token,
    batches,
)

from .exports import (
    EMAIL,
    IP_ADDRESS,
    USER_AGENT,
    Listening,
    account_files,
    account_row,
    as_json,
    endsong_files,
    extended_files,
    listenings,
    write_folder,
    write_zip,
)

SINCE = datetime(2019, 5, 1, tzinfo=UTC)
HEARD = list(listenings(500, since=SINCE))
REPEATED = Listening(SINCE, 20_000)

type Key = tuple[str, object, int, int]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small exports have many batches."""
    monkeypatch.setattr(reading, "BATCH", 40)


def read(
    *paths: Path, after: Token | None = None, own: tuple[str, ...] | None = None
) -> Iterator[Batch]:
    """Read what is handed over."""
    with open_export(*paths) as export:
        yield from batches(export, "ana", 500, own_names=own, after=after)


def key(one: Sighting) -> Key:
    """Return what tells a sighting from others."""
    return one.account, one.item, one.stamp, one.position


def kept(*paths: Path) -> dict[Key, Sighting]:
    """Return what an archive keeps of it."""
    return {key(one): one for batch in read(*paths) for one in batch.sightings}


def expected(heard: list[Listening]) -> set[tuple[int, int, str]]:
    """Return stamp, length and kind of what is to be kept."""
    return {(one.stamp, one.ms_played, one.kind) for one in heard if not one.private}


def test_an_extended_history_is_kept_but_for_private_sessions(tmp_path: Path) -> None:
    """Pitfalls 5 and 6: music, videos, episodes and chapters."""
    archive = write_zip(tmp_path / "my.zip", extended_files(HEARD, rows_per_file=120))
    found = kept(archive).values()
    assert {(one.stamp, one.listened_ms, one.item.kind) for one in found} == expected(
        HEARD
    )
    assert {one.item.kind for one in found} == set(Kind)


def test_an_older_history_in_no_order_is_the_same(tmp_path: Path) -> None:
    """Files of 2022 and of 2025 tell of the same plays by the same keys."""
    old = write_zip(tmp_path / "old.zip", endsong_files(HEARD, "ana", rows_per_file=99))
    new = write_zip(tmp_path / "new.zip", extended_files(HEARD))
    without_chapters = {
        at: one for at, one in kept(new).items() if one.item.kind is not Kind.CHAPTER
    }
    assert kept(old).keys() == without_chapters.keys()


def test_account_data_is_kept_to_the_minute(tmp_path: Path) -> None:
    """All of it: it does not tell what was private."""
    archive = write_zip(tmp_path / "my.zip", account_files(HEARD, "ana"))
    found = kept(archive).values()
    assert len(found) == len(HEARD)
    assert {one.stamp % 60_000 for one in found} == {0}
    assert {one.item.uri for one in found} == {None}


def test_nothing_personal_comes_out(tmp_path: Path) -> None:
    """Pitfall 7: no address, no device, no name of a user."""
    folder = tmp_path / "media"
    write_folder(folder, endsong_files(HEARD, "ana.private"))
    write_folder(folder, extended_files(HEARD))
    write_folder(folder, account_files(HEARD, "ana.private"))
    text = repr(list(read(folder)))
    for secret in (IP_ADDRESS, USER_AGENT, EMAIL, "ana.private"):
        assert secret not in text


def test_the_same_export_twice_changes_nothing(tmp_path: Path) -> None:
    """Packed, unpacked, or beside itself."""
    files = [*extended_files(HEARD, rows_per_file=70), *account_files(HEARD, "ana")]
    archive = write_zip(tmp_path / "my.zip", files)
    once = kept(archive)
    assert kept(write_folder(tmp_path / "unpacked", files)) == once
    write_zip(tmp_path / "unpacked" / "again.zip", files)
    assert kept(tmp_path / "unpacked") == once


def test_overlapping_exports_tell_of_each_play_once(tmp_path: Path) -> None:
    """Also when the newer one has rows of the same second that the older one lacks."""
    late = [replace(one, ms_played=one.ms_played + 7) for one in HEARD[100:300:9]]
    newer = sorted([*HEARD[100:], *late], key=lambda one: one.ended)
    for name, heard in (("old", HEARD[:400]), ("new", newer)):
        write_zip(tmp_path / f"{name}.zip", extended_files(heard, rows_per_file=60))
    both = kept(tmp_path / "old.zip", tmp_path / "new.zip")
    whole = kept(write_zip(tmp_path / "all.zip", extended_files([*HEARD, *late])))
    assert both == whole


def test_repeats_within_a_minute_count_across_parts(tmp_path: Path) -> None:
    """Where Spotify splits a list does not matter, and a second copy adds nothing."""
    rows = [account_row(REPEATED)] * 3
    parts = [
        ("StreamingHistory_music_9.json", as_json(rows[:2])),
        ("StreamingHistory_music_10.json", as_json(rows[2:])),
    ]
    folder = write_folder(tmp_path / "a", parts)
    assert len(kept(folder)) == 3
    write_folder(folder, [("StreamingHistory_music_9 (1).json", as_json(rows))])
    assert len(kept(folder)) == 3


def test_progress_comes_to_its_end(tmp_path: Path) -> None:
    """Rows that are ignored count as read."""
    archive = write_zip(tmp_path / "my.zip", extended_files(HEARD, rows_per_file=120))
    progress = [(batch.done, batch.total) for batch in read(archive)]
    assert progress == sorted(set(progress))
    assert progress[-1] == (500, 500)
    assert len(progress) > 12


def test_an_import_goes_on_where_it_was(tmp_path: Path) -> None:
    """After any batch, as if it had never been interrupted."""
    repeats = [replace(REPEATED, ended=SINCE + timedelta(seconds=n)) for n in range(90)]
    folder = tmp_path / "media"
    write_folder(folder, account_files([*repeats, *HEARD], "ana", rows_per_file=35))
    write_zip(folder / "my.zip", extended_files(HEARD, rows_per_file=120))
    whole = list(read(folder))
    for number, batch in enumerate(whole):
        rest = list(read(folder, after=batch.token))
        assert rest == whole[number + 1 :]


def test_it_goes_on_within_a_minute_of_equal_rows(tmp_path: Path) -> None:
    """Even if Spotify had split it into several parts."""
    row = as_json([account_row(REPEATED)])
    parts = [(f"StreamingHistory_music_{number}.json", row) for number in range(4)]
    whole = list(read(write_folder(tmp_path / "a", parts)))
    assert len({one.position for batch in whole for one in batch.sightings}) == 4
    for number, batch in enumerate(whole):
        assert list(read(tmp_path / "a", after=batch.token)) == whole[number + 1 :]


def test_an_import_does_not_go_on_with_something_else(tmp_path: Path) -> None:
    """A file is gone, or has become shorter."""
    folder = write_folder(tmp_path / "a", extended_files(HEARD, rows_per_file=120))
    token = next(read(folder)).token
    with pytest.raises(ChangedExportError):
        list(read(folder, after=replace(token, row=1_000)))
    (folder / token.file).unlink()
    with pytest.raises(ChangedExportError):
        list(read(folder, after=token))


def test_a_file_that_breaks_keeps_what_came_before(tmp_path: Path) -> None:
    """It was whole when the preview read it; what was handed over can be kept."""
    folder = write_folder(tmp_path / "a", extended_files(HEARD, rows_per_file=120))
    (second,) = folder.rglob("*Audio*_1.json")
    second.write_bytes(second.read_bytes()[:-100])
    got: list[Batch] = []
    with pytest.raises(BrokenFileError) as caught:
        got.extend(read(folder))
    assert second.name in caught.value.file
    assert got[-1].token.row == 80


@pytest.mark.parametrize(
    ("named", "own"),
    [("ben", ("ana",)), ("ben", ()), ("Ana", ("ana", "1122")), ("ana", None)],
)
def test_a_foreign_export_is_refused(
    tmp_path: Path, named: str, own: tuple[str, ...] | None
) -> None:
    """By its user data, or by what its rows say."""
    packed = write_zip(tmp_path / "a.zip", account_files(HEARD, named))
    old = write_zip(tmp_path / "b.zip", endsong_files(HEARD, named))
    for archive in (packed, old):
        if named == "ben":
            with pytest.raises(ForeignAccountError) as caught:
                list(read(archive, own=own))
            assert "ben" not in str(caught.value)
        else:
            assert list(read(archive, own=own))


def test_a_row_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """Two people's histories in one file, merged by hand."""
    (_, mine), *_ = endsong_files(HEARD[:100], "ana")
    (_, other), *_ = endsong_files(HEARD[100:], "ben")
    merged = mine.rstrip(b"]\n") + b"," + other.lstrip(b"[")
    file = tmp_path / "merged.json"
    file.write_bytes(merged)
    assert sum(len(batch.sightings) for batch in read(file)) > 400
    with pytest.raises(ForeignAccountError):
        list(read(file, own=("ana",)))


def test_every_error_has_a_key_of_its_own() -> None:
    """By which the doors find its text."""
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, TakeoutError)
    ]
    assert len({kind.key for kind in kinds}) == len(kinds) > 8


def test_memory_does_not_grow_with_the_export(tmp_path: Path) -> None:
    """Of a file merged by hand, too."""

    def peak(count: int) -> int:
        heard = listenings(count, since=SINCE, items=500)
        (_, content), *_ = extended_files(heard, rows_per_file=count)
        file = tmp_path / "merged.json"
        file.write_bytes(content)
        del content
        tracemalloc.start()
        try:
            assert sum(len(batch.sightings) for batch in read(file)) > count * 0.9
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(20_000) < 1.2 * peak(4_000)
