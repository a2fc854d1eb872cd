"""Lists of plays that are whole, broken, or of any size."""

from contextlib import suppress
import io
import json
from typing import Any, override

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.spotify_hub.archive.takeout import json_rows as module
from custom_components.spotify_hub.archive.takeout.errors import (
    BrokenFileError,
    UnreadableFileError,
)
from custom_components.spotify_hub.archive.takeout.json_rows import json_rows


def read(content: bytes) -> list[dict[str, Any]]:
    """Read a file at once."""
    return list(json_rows(io.BytesIO(content), "history.json"))


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"[]", []),
        (b" [ ] \n", []),
        (b'[{"a": 1}]', [{"a": 1}]),
        (b'[\n  {"a": "}]"},\r\n\t{"b": [{}]}\n]\n', [{"a": "}]"}, {"b": [{}]}]),
        (b'\xef\xbb\xbf[{"a": "\xc3\xa4"}]', [{"a": "ä"}]),
    ],
)
def test_every_object_is_read(content: bytes, rows: list[dict[str, Any]]) -> None:
    """Whatever stands between them and in them."""
    assert read(content) == rows


@pytest.mark.parametrize(
    ("content", "after"),
    [
        (b"", 0),
        (b"\0", 0),
        (b"{}", 0),
        (b"[", 0),
        (b"[{}", 1),
        (b"[{},", 1),
        (b"[{},]", 1),
        (b"[{} {}]", 1),
        (b"[{}][{}]", 1),
        (b"[{}]x", 1),
        (b"[{}, 5]", 1),
        (b"[[]]", 0),
        (b'[{}, {}, {"a": "cut o', 2),
        (b'[{}, {"a": tru}]', 1),
        (b'[{"a": "\xff"}]', 0),
        (b'[{"a": "\xc3', 0),
        (b'[{"a": ' + b"9" * 5_000 + b"}]", 0),
        (b'[{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]", 0),
        ("[{}]".encode("utf-16"), 0),
    ],
)
def test_a_broken_file_says_where(content: bytes, after: int) -> None:
    """How many plays stand before the fault, and in which file."""
    with pytest.raises(BrokenFileError) as caught:
        read(content)
    assert (caught.value.file, caught.value.row) == ("history.json", after)
    assert str(after) in str(caught.value)


def test_what_was_read_before_the_fault_was_handed_over() -> None:
    """Nothing waits for the end of the file."""
    rows = json_rows(io.BytesIO(b'[{"a": 1}, {"a": 2}, oops'), "history.json")
    assert [next(rows), next(rows)] == [{"a": 1}, {"a": 2}]
    with pytest.raises(BrokenFileError):
        next(rows)


class Endless(io.BytesIO):
    """A file that begins somehow and then repeats itself; counts what was read."""

    def __init__(self, begin: bytes, again: bytes, limit: int) -> None:
        """Repeat until `limit` bytes were read."""
        super().__init__()
        self.begin, self.again, self.left = begin, again, limit
        self.taken = 0

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes."""
        size = size or 0
        begin, self.begin = self.begin, b""
        found = (begin + self.again * (size // len(self.again)))[: max(self.left, 0)]
        self.left -= len(found)
        self.taken += len(found)
        return found


@pytest.mark.parametrize("begin", [b'[{"a": "', b'[{"a": [', b"[{"])
def test_an_object_without_end_is_not_kept_whole(begin: bytes) -> None:
    """It ends when it is longer than any play can be."""
    stream = Endless(begin, b" ", 1 << 30)
    with pytest.raises(BrokenFileError):
        list(json_rows(stream, "history.json"))
    assert stream.taken <= module.MAX_OBJECT + 3 * module.CHUNK


def test_a_file_of_many_chunks_is_read_in_chunks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No more of it than is needed for the rows that were asked for."""
    monkeypatch.setattr(module, "CHUNK", 100)
    stream = Endless(b'[{"a": "\xc3\xa4"}', b',{"a": "\xc3\xa4"}', 10_000)
    rows = json_rows(stream, "history.json")
    assert [next(rows) for _ in range(50)] == [{"a": "ä"}] * 50
    assert stream.taken < 1_500
    rows.close()
    assert stream.closed


class Failing(io.BytesIO):
    """A file on a disk that fails."""

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        """Fail as a system does."""
        raise OSError(5, "Input/output error", "/secret/place/history.json")


def test_a_failing_disk_is_no_broken_file() -> None:
    """And its path is told to nobody."""
    with pytest.raises(UnreadableFileError, match="Input/output error") as caught:
        list(json_rows(Failing(), "history.json"))
    assert "secret" not in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=8)


@settings(deadline=None)
@given(
    OBJECTS,
    st.sampled_from([None, 2]),
    st.booleans(),
    st.integers(1, 40),
)
def test_all_json_is_read_whatever_the_chunks(
    rows: list[dict[str, Any]], indent: int | None, ascii_only: bool, chunk: int
) -> None:
    """As reading it whole would."""
    text = json.dumps(rows, indent=indent, ensure_ascii=ascii_only)
    content = text.encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK", chunk)
        assert read(content) == json.loads(content)


@settings(deadline=None)
@given(st.binary(max_size=200) | OBJECTS.map(lambda rows: json.dumps(rows).encode()))
def test_garbage_raises_only_our_errors(content: bytes) -> None:
    """Cut anywhere, it is the same."""
    for end in range(0, len(content) + 1, 7):
        with suppress(BrokenFileError):
            read(content[:end])
