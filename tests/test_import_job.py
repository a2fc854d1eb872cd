"""An import says of what it tells all, goes on where it was, and knows its export."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from custom_components.spotify_hub.archive.takeout.files import open_export
from custom_components.spotify_hub.archive.takeout.person import Owner, Verdict
from custom_components.spotify_hub.archive.takeout.preview import FilePreview, Preview
from custom_components.spotify_hub.archive.takeout.reading import Token
from custom_components.spotify_hub.import_job import (
    ImportJob,
    Progress,
    dump_token,
    fingerprint_of,
    load,
    load_token,
    vouched,
)
from tests.archive.exports import extended_files, listenings, write_folder, write_zip

HEARD = list(listenings(100, since=datetime(2024, 3, 1, tzinfo=UTC)))
AUDIO = "Streaming_History_Audio_"


def previewed(**files: tuple[int | None, int | None]) -> Preview:
    """Return a look at files, of which each is about some time."""
    found = tuple(
        FilePreview(f"my.zip/{name}.json", 1, 1, {}, None, *span)
        for name, span in files.items()
    )
    return Preview(found, Owner(Verdict.UNKNOWN), estimated=False)


@pytest.mark.parametrize(
    ("files", "spans"),
    [
        # Parts in a row tell of what lies between them too.
        (
            {f"{AUDIO}2023_0": (0, 10), f"{AUDIO}2023-2024_1": (12, 20)},
            {(0, 20)},
        ),
        # One that is missing may have told more.
        (
            {
                f"{AUDIO}2023_0": (0, 10),
                f"{AUDIO}2023-2024_2": (22, 30),
                f"{AUDIO}2024_3": (30, 40),
            },
            {(0, 10), (22, 40)},
        ),
        ({f"{AUDIO}2024_7": (70, 80)}, {(70, 80)}),
        ({f"{AUDIO}2024_7": (None, None)}, set()),
        # Account data, of either time.
        ({"StreamingHistory0": (0, 10), "StreamingHistory1": (10, 20)}, {(0, 20)}),
        (
            {
                "StreamingHistory_music_0": (0, 10),
                "StreamingHistory_podcast_0": (5, 30),
            },
            {(0, 10)},
        ),
        # In no order: all of them tell of all, some of nothing for sure.
        ({"endsong_0": (0, 30), "endsong_1": (2, 40)}, {(0, 40)}),
        ({"endsong_0": (0, 30), "endsong_2": (2, 40)}, set()),
        ({"endsong_1": (2, 40)}, set()),
        # Videos are told beside what else was played, and what was merged, who knows.
        ({"Streaming_History_Video_2020-2024": (0, 50)}, set()),
        ({"merged": (0, 50)}, set()),
    ],
)
def test_what_an_export_vouches_for(
    files: dict[str, tuple[int | None, int | None]], spans: set[tuple[int, int]]
) -> None:
    """Of which time every play is in it."""
    assert set(vouched(previewed(**files))) == spans


def test_an_export_is_known_again(tmp_path: Path) -> None:
    """Wherever it lies; not if a file of it became longer."""

    def fingerprint(path: Path) -> str:
        with open_export(path) as export:
            return fingerprint_of(export)

    one = write_folder(tmp_path / "one", extended_files(HEARD))
    other = write_folder(tmp_path / "other", extended_files(HEARD))
    assert fingerprint(one) == fingerprint(other)
    write_folder(tmp_path / "other", extended_files(HEARD[:99]))
    assert fingerprint(one) != fingerprint(other)
    assert fingerprint(write_zip(tmp_path / "a.zip", extended_files(HEARD)))


def test_what_is_kept_is_read_again() -> None:
    """The job, and where it goes on."""
    job = ImportJob("entry", "/media/x.zip", "x.zip", "abc", 5, ((1, 2), (3, 4)))
    assert load(job.dump()) == job
    token = Token("my.zip/Träck.json", 7, 9)
    assert load_token(dump_token(token)) == token
    assert load_token(None) is None


def test_only_what_is_done_is_a_hundred_percent() -> None:
    """And an export without rows is."""
    assert Progress("entry", "x.zip", 999, 1_000).percent == 99
    assert Progress("entry", "x.zip", 1_000, 1_000).percent == 100
    assert Progress("entry", "x.zip", 0, 0).percent == 100
