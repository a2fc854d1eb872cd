"""What holds of every export, however it is split, overlaps, or is damaged."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random
import tempfile

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.spotify_hub.archive.records import Item, Kind
from custom_components.spotify_hub.archive.takeout import reading
from custom_components.spotify_hub.archive.takeout.errors import TakeoutError
from custom_components.spotify_hub.archive.takeout.files import open_export
from custom_components.spotify_hub.archive.takeout.preview import preview
from custom_components.spotify_hub.archive.takeout.reading import batches

from .exports import (
    Listening,
    Row,
    account_row,
    as_json,
    endsong_row,
    extended_row,
    write_folder,
    write_zip,
)

_ANY = Listening(datetime(2024, 1, 1, tzinfo=UTC), 1)
KEYS = sorted({*extended_row(_ANY), *endsong_row(_ANY, "ana"), *account_row(_ANY)})
START = 1_700_000_000 // 60 * 60

type Key = tuple[Item, int, int]
type File = tuple[str, bytes]

# Few items, lengths and seconds, so that everything coincides often.
ONE = st.builds(
    Listening,
    st.integers(START, START + 200).map(
        lambda second: datetime.fromtimestamp(second, UTC)
    ),
    st.sampled_from([0, 400, 20_000]),
    st.integers(0, 2),
    st.sampled_from([Kind.TRACK, Kind.TRACK, Kind.EPISODE]),
    skipped=st.booleans(),
    private=st.integers(0, 9).map(lambda number: number == 0),
)
HEARD = st.lists(ONE, min_size=1, max_size=15).map(
    lambda heard: sorted(heard, key=lambda one: one.ended)
)


@pytest.fixture(autouse=True, scope="module")
def small_batches() -> Iterator[None]:
    """Let batches end anywhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BATCH", 3)
        yield


def kept(files: Iterable[File], *, packed: bool = False) -> set[Key]:
    """Return what an archive keeps of an export of these files."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        if packed:
            write_zip(path / "my.zip", files)
        else:
            write_folder(path, files)
        with open_export(path) as export:
            return {
                (one.item, one.stamp, one.position)
                for batch in batches(export, "ana", 0)
                for one in batch.sightings
            }


def split(rows: Sequence[Row], cuts: Iterable[int], name: str) -> list[File]:
    """Split rows into the parts of one list."""
    ends = sorted({0, len(rows), *(cut % (len(rows) + 1) for cut in cuts)})
    return [
        (f"{name}{number}.json", as_json(rows[since:until]))
        for number, (since, until) in enumerate(pairwise(ends))
    ]


CUTS = st.lists(st.integers(0, 100), max_size=4)
DICE = st.randoms(use_true_random=False)


@settings(deadline=None)
@given(HEARD, CUTS, DICE, st.booleans())
def test_splitting_account_data_does_not_matter(
    heard: list[Listening], cuts: list[int], dice: Random, packed: bool
) -> None:
    """Nor the order in which the parts are found; each row is a listening."""
    rows = [account_row(replace(one, kind=Kind.TRACK)) for one in heard]
    parts = split(rows, cuts, "StreamingHistory_music_")
    dice.shuffle(parts)
    found = kept(parts, packed=packed)
    assert found == kept([("StreamingHistory_music_0.json", as_json(rows))])
    assert len(found) == len(rows)


@settings(deadline=None)
@given(HEARD, CUTS, DICE, st.booleans())
def test_splitting_and_shuffling_the_extended_history_does_not_matter(
    heard: list[Listening], cuts: list[int], dice: Random, packed: bool
) -> None:
    """What was played to a different moment, or for longer, is another listening."""
    shuffled = list(heard)
    dice.shuffle(shuffled)
    rows = [extended_row(one) for one in shuffled]
    found = kept(split(rows, cuts, "Streaming_History_Audio_2023_"), packed=packed)
    assert found == kept([("endsong_0.json", as_json(rows))])
    assert len(found) == len(
        {(one.item, one.kind, one.stamp, one.ms_played) for one in public(heard)}
    )


@settings(deadline=None)
@given(HEARD, st.integers(0, 15), st.integers(0, 15), CUTS)
def test_overlapping_account_data_adds_only_what_is_new(
    heard: list[Listening], since: int, until: int, cuts: list[int]
) -> None:
    """An older export ends at any moment; a newer one begins with a whole day."""
    whole = [account_row(replace(one, kind=Kind.TRACK)) for one in heard]
    since = min(since, until, len(whole) - 1)
    begin = next(
        at for at, row in enumerate(whole) if row["endTime"] == whole[since]["endTime"]
    )
    old = split(whole[:until], cuts, "2023/StreamingHistory_music_")
    new = split(whole[begin:], cuts, "2024/StreamingHistory_music_")
    assert kept([*old, *new]) == kept([("StreamingHistory0.json", as_json(whole))])


@settings(deadline=None)
@given(HEARD, st.data())
def test_overlapping_extended_histories_add_only_what_is_new(
    heard: list[Listening], data: st.DataObject
) -> None:
    """Whatever rows either of them lacks, and in whatever year it was made."""
    inside = data.draw(st.lists(st.sampled_from("ona"), min_size=len(heard)))
    old = [one for one, at in zip(heard, inside, strict=False) if at != "n"]
    new = [one for one, at in zip(heard, inside, strict=False) if at != "o"]
    files = [
        ("a/endsong_0.json", as_json([endsong_row(one, "ana") for one in old])),
        ("b/endsong_0.json", as_json([extended_row(one) for one in new])),
    ]
    whole = as_json([extended_row(one) for one in heard])
    assert kept(files) == kept([("endsong_0.json", whole)])


@settings(deadline=None)
@given(HEARD, HEARD, CUTS, st.integers(0, 12))
def test_it_goes_on_after_any_batch(
    short: list[Listening], whole: list[Listening], cuts: list[int], number: int
) -> None:
    """As if it had never stopped."""
    rows = [account_row(replace(one, kind=Kind.TRACK)) for one in short]
    files = [
        *split(rows, cuts, "StreamingHistory_music_"),
        *split([extended_row(one) for one in whole], cuts, "endsong_"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = write_folder(Path(folder), files)
        with open_export(path) as export:
            found = list(batches(export, "ana", 0))
            batch = found[number % len(found)]
            rest = list(batches(export, "ana", 0, after=batch.token))
    assert rest == found[number % len(found) + 1 :]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner)
    ),
    max_leaves=12,
)
CONTENT = (
    JSON.map(as_json)
    | st.lists(st.dictionaries(st.sampled_from(KEYS), JSON)).map(as_json)
    | st.binary(max_size=60)
)
NAMES = st.sampled_from(["endsong_0.json", "StreamingHistory0.json", "Userdata.json"])


@settings(deadline=None)
@given(st.dictionaries(NAMES, CONTENT), st.booleans())
def test_whatever_is_handed_over_only_our_errors_come(
    files: dict[str, bytes], packed: bool
) -> None:
    """And what the preview has read, the import reads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        if packed:
            write_zip(path / "my.zip", files.items())
        else:
            write_folder(path, files.items())
        with suppress(TakeoutError), open_export(path) as export:
            found = preview(export, {"ana": ["ana"]}, lambda _, some: len(some))
            read = sum(len(one.sightings) for one in batches(export, "ana", found.rows))
            assert read == sum(file.plays for file in found.files)


def public(heard: list[Listening]) -> list[Listening]:
    """Return what was not private."""
    return [one for one in heard if not one.private]
