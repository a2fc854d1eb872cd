"""What an import would bring, told before it is begun; and whose export it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
import random

import pytest

from custom_components.spotify_hub.archive.records import Sighting
from custom_components.spotify_hub.archive.takeout import reading
from custom_components.spotify_hub.archive.takeout.errors import (
    BrokenFileError,
    EmptyExportError,
    NotAnExportError,
)
from custom_components.spotify_hub.archive.takeout.files import open_export
from custom_components.spotify_hub.archive.takeout.person import (
    SAMPLE,
    Owner,
    Sample,
    Verdict,
    names_in,
    owner_by_name,
    owner_by_plays,
)
from custom_components.spotify_hub.archive.takeout.preview import (
    FilePreview,
    Preview,
    preview,
)
from custom_components.spotify_hub.archive.takeout.reading import batches
from custom_components.spotify_hub.archive.takeout.rows import Ignored

from .exports import (
    EXTENDED,
    Listening,
    Row,
    account_files,
    as_json,
    endsong_files,
    endsong_row,
    extended_files,
    extended_row,
    listenings,
    user_data,
    write_folder,
    write_zip,
)

SINCE = datetime(2019, 5, 1, tzinfo=UTC)
HEARD = list(listenings(400, since=SINCE))
KEPT = [one for one in HEARD if not one.private]
ACCOUNTS = {"entry_ana": ["ana", "acc-1"], "entry_ben": ["ben"]}
ANA = Owner(Verdict.MATCH, "entry_ana")
FOREIGN = Owner(Verdict.FOREIGN)
UNKNOWN = Owner(Verdict.UNKNOWN)
AUDIO = f"{EXTENDED}/Streaming_History_Audio_2019_0.json"


@dataclass
class Shelf:
    """An archive: the seconds in which its accounts stopped something."""

    stamps: dict[str, set[int]] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, account: str, sightings: Sequence[Sighting]) -> int:
        """Say how many of these plays it knows."""
        assert {one.account for one in sightings} <= {account}
        self.asked.append((account, len(sightings)))
        known = self.stamps.get(account, set())
        return sum(one.stamp in known for one in sightings)


def shelf(**heard: Iterable[Listening]) -> Shelf:
    """Return an archive in which accounts have listened to these."""
    return Shelf({name: {one.stamp for one in some} for name, some in heard.items()})


def look(path: Path, knows: Shelf | None = None, account: str | None = None) -> Preview:
    """Preview what is handed over."""
    with open_export(path) as export:
        return preview(export, ACCOUNTS, knows or Shelf(), account=account)


def history(path: Path, *rows: Row, name: str = AUDIO) -> Path:
    """Lay one file with these rows into a folder."""
    return write_folder(path, [(name, as_json(list(rows)))])


def test_it_counts_by_file(tmp_path: Path) -> None:
    """New, known and ignored, with the reasons and the time it spans."""
    one, two, three = (
        Listening(SINCE + timedelta(days=day), 90_000, item=day) for day in (0, 3, 5)
    )
    private = extended_row(one) | {"incognito_mode": True}
    nothing = extended_row(one) | dict.fromkeys(
        ("spotify_track_uri", "master_metadata_track_name")
    )
    broken = extended_row(one) | {"ts": None}
    rows = [two, one, three]
    write_folder(
        tmp_path,
        [
            (AUDIO, as_json([*map(extended_row, rows), private, private])),
            ("endsong_0.json", as_json([nothing, broken])),
            ("endsong_1.json", b"[]"),
        ],
    )
    found = look(tmp_path, shelf(entry_ana=[two]), account="entry_ana")
    first, second, third = found.files
    assert (second, third) == (
        FilePreview("endsong_1.json", 0, 0, {}, known=0, first=None, last=None),
        FilePreview(
            AUDIO,
            5,
            3,
            {Ignored.PRIVATE_SESSION: 2},
            known=1,
            first=one.stamp,
            last=three.stamp,
        ),
    )
    assert first.ignored == {Ignored.NO_ITEM: 1, Ignored.UNREADABLE: 1}
    assert [file.new for file in found.files] == [0, 0, 2]
    assert (found.rows, found.new, found.known) == (7, 2, 1)
    assert found.ignored == {
        Ignored.PRIVATE_SESSION: 2,
        Ignored.NO_ITEM: 1,
        Ignored.UNREADABLE: 1,
    }
    assert (found.first, found.last) == (one.stamp, three.stamp)
    assert found.estimated is False


def test_without_plays_there_is_no_time(tmp_path: Path) -> None:
    """Everything was private."""
    row = extended_row(HEARD[0]) | {"incognito_mode": True}
    found = look(history(tmp_path, row))
    assert (found.first, found.last, found.rows) == (None, None, 1)


def test_what_it_counts_is_what_comes(tmp_path: Path) -> None:
    """The import has as many rows as the preview said, and the new ones are new."""
    archive = write_zip(tmp_path / "a.zip", extended_files(HEARD, rows_per_file=90))
    found = look(archive, shelf(entry_ana=KEPT[:100]), account="entry_ana")
    assert found.known is not None
    assert found.new == len(KEPT) - found.known
    assert found.known >= 100
    with open_export(archive) as export:
        *_, last = batches(export, "entry_ana", found.rows)
    assert last.done == last.total == len(HEARD)


@pytest.mark.parametrize(
    ("name", "owner"),
    [("ana", ANA), ("ANA", ANA), ("acc-1", ANA), ("carl", FOREIGN)],
)
def test_the_user_data_says_whose_it_is(
    tmp_path: Path, name: str, owner: Owner
) -> None:
    """By any of the ids of a linked account."""
    archive = write_zip(tmp_path / "a.zip", account_files(HEARD, name))
    found = look(archive)
    assert found.owner == owner
    assert "carl" not in repr(found)


def test_older_rows_say_whose_they_are(tmp_path: Path) -> None:
    """Each of them does."""
    archive = write_zip(tmp_path / "a.zip", endsong_files(HEARD, "ana"))
    knows = shelf(entry_ana=KEPT)
    found = look(archive, knows)
    assert (found.owner, found.new) == (ANA, 0)
    # Known from the first row on: the archive is asked once.
    assert sum(count for _, count in knows.asked) == sum(
        file.plays for file in found.files
    )


def test_a_file_of_two_people_is_foreign(tmp_path: Path) -> None:
    """Wherever the rows of the second begin."""
    rows = [
        endsong_row(one, "ana" if at < 300 else "ben") for at, one in enumerate(HEARD)
    ]
    assert look(history(tmp_path, *rows)).owner == FOREIGN


def test_the_export_of_two_people_is_foreign(tmp_path: Path) -> None:
    """Two downloads in one folder."""
    for name in ("ana", "ben"):
        write_zip(tmp_path / f"{name}.zip", account_files(HEARD[:20], name))
    assert look(tmp_path).owner == FOREIGN


def test_known_plays_say_whose_it_is(tmp_path: Path) -> None:
    """The archive has seen the last weeks of ten years, say; then it is compared."""
    archive = write_zip(tmp_path / "a.zip", extended_files(HEARD))
    found = look(archive, shelf(entry_ana=KEPT[-8:], entry_ben=HEARD[:1]))
    assert (found.owner, found.known) == (ANA, 8)


@pytest.mark.parametrize(
    "knows",
    [
        Shelf(),
        shelf(entry_ana=KEPT[50:53]),
        # Two accounts that one person listens with.
        shelf(entry_ana=KEPT[:200], entry_ben=KEPT[100:300]),
    ],
)
def test_what_is_not_clear_is_asked(tmp_path: Path, knows: Shelf) -> None:
    """And nothing is known before the answer."""
    archive = write_zip(tmp_path / "a.zip", extended_files(HEARD))
    found = look(archive, knows)
    assert (found.owner, found.known, found.new) == (UNKNOWN, None, None)
    assert look(archive, knows, account="entry_ben").known is not None


def test_the_answer_does_not_change_whose_it_is(tmp_path: Path) -> None:
    """Whoever takes somebody else's export for theirs is told."""
    archive = write_zip(tmp_path / "a.zip", endsong_files(HEARD, "ana"))
    found = look(archive, shelf(entry_ana=KEPT), account="entry_ben")
    assert (found.owner, found.known) == (ANA, 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"username": 5}', b'["ana"]', b"\xff", b"[" * 10_000],
)
def test_user_data_of_another_form_says_nothing(tmp_path: Path, content: bytes) -> None:
    """It does not keep the plays from being read."""
    write_folder(tmp_path, [("Userdata.json", content)])
    history(tmp_path, extended_row(HEARD[0]))
    assert look(tmp_path).owner == UNKNOWN


def test_user_data_without_end_says_nothing(tmp_path: Path) -> None:
    """It is not read to its end."""
    data = user_data("ana") | {"more": "x" * (2 << 20)}
    write_folder(tmp_path, [("Userdata.json", as_json(data))])
    history(tmp_path, extended_row(HEARD[0]))
    with open_export(tmp_path) as export:
        assert names_in(export) == frozenset()


def test_user_data_that_fails_says_nothing(tmp_path: Path) -> None:
    """A member of a ZIP that is damaged, say."""
    write_folder(tmp_path, [("Userdata.json", as_json(user_data("ana")))])
    history(tmp_path, extended_row(HEARD[0]))
    with open_export(tmp_path) as export:
        (tmp_path / "Userdata.json").unlink()
        assert names_in(export) == frozenset()


@pytest.mark.parametrize(
    ("names", "owner"),
    [
        ([], UNKNOWN),
        (["acc-1"], ANA),
        (["ana", "acc-1"], ANA),
        (["ana", "ben"], FOREIGN),
        (["carl"], FOREIGN),
    ],
)
def test_whose_a_name_is(names: list[str], owner: Owner) -> None:
    """All names of one export are to be of one account."""
    assert owner_by_name(names, ACCOUNTS) == owner


def test_no_account_is_nobody() -> None:
    """Before the first one is linked."""
    assert owner_by_plays(Sample(), [], Shelf()) == UNKNOWN


def test_a_sample_is_of_all_times_and_of_the_latest(tmp_path: Path) -> None:
    """And of a bounded size, in whatever order the rows come."""
    heard = [Listening(SINCE + timedelta(minutes=n), 50_000) for n in range(3_000)]
    shuffled = random.Random(1).sample(heard, len(heard))
    with open_export(history(tmp_path, *map(extended_row, shuffled))) as export:
        sample = Sample()
        for batch in batches(export, "", len(heard)):
            sample.add(batch.sightings)
    stamps = sorted(one.stamp for one in sample.of("entry_ana"))
    assert SAMPLE < len(stamps) <= 2 * SAMPLE
    assert stamps[-SAMPLE:] == [one.stamp for one in heard[-SAMPLE:]]
    assert sum(stamp < heard[1_500].stamp for stamp in stamps) > SAMPLE // 4


def test_two_exports_of_one_time_are_an_estimate(tmp_path: Path) -> None:
    """A play that both tell of is one, but is counted with each."""
    extended, account = extended_files(HEARD), account_files(HEARD, "ana")
    write_zip(tmp_path / "a.zip", extended)
    assert not look(tmp_path).estimated
    write_zip(tmp_path / "b.zip", account)
    assert look(tmp_path).estimated


def test_parts_of_one_export_are_none(tmp_path: Path) -> None:
    """Also when they are in no order; nor are exports of different years."""
    write_zip(tmp_path / "a.zip", endsong_files(HEARD[:200], "ana", rows_per_file=40))
    assert not look(tmp_path).estimated
    write_zip(tmp_path / "b.zip", extended_files(HEARD[230:], rows_per_file=40))
    assert not look(tmp_path).estimated
    write_zip(tmp_path / "c.zip", extended_files(HEARD[190:210]))
    assert look(tmp_path).estimated


@pytest.mark.parametrize("content", [b"[]", b" [ ] "])
def test_an_empty_history_says_so(tmp_path: Path, content: bytes) -> None:
    """Spotify has sent it before there was anything in it."""
    with pytest.raises(EmptyExportError):
        look(write_folder(tmp_path, [(AUDIO, content)]))


def test_a_list_of_something_else_is_no_history(tmp_path: Path) -> None:
    """Somebody has chosen another file of the export."""
    with pytest.raises(NotAnExportError):
        look(history(tmp_path, {"searchQuery": "x"}) / AUDIO)


def test_a_broken_file_is_found_before_anything_is_imported(tmp_path: Path) -> None:
    """Even the last of many."""
    *files, (name, content), _ = extended_files(HEARD, rows_per_file=90)
    write_zip(tmp_path / "a.zip", [*files, (name, content[:-20])])
    with pytest.raises(BrokenFileError) as caught:
        look(tmp_path / "a.zip")
    assert caught.value.file == f"a.zip/{name}"


class StoppedError(Exception):
    """Home Assistant is shutting down."""


def test_it_can_be_watched_and_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten million rows take minutes."""
    monkeypatch.setattr(reading, "BATCH", 100)
    seen: list[int] = []

    def watch(rows: int) -> None:
        seen.append(rows)
        if rows >= 250:
            raise StoppedError

    (file,) = history(tmp_path, *map(extended_row, HEARD)).rglob("*.json")
    with open_export(file) as export, pytest.raises(StoppedError):
        preview(export, ACCOUNTS, Shelf(), watch=watch)
    assert seen == [100, 200, 300]
