"""What is found in what somebody hands over, and what is refused."""

from contextlib import suppress
import io
import os
from pathlib import Path
import struct
import tracemalloc
import zipfile

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.spotify_hub.archive.takeout import files as files_module, zips
from custom_components.spotify_hub.archive.takeout.errors import (
    EncryptedArchiveError,
    NestedArchiveError,
    NotAnExportError,
    TakeoutError,
    TooLargeError,
    UnreadableFileError,
    UnsafeArchiveError,
)
from custom_components.spotify_hub.archive.takeout.files import (
    Export,
    open_export,
    part_of,
)
from custom_components.spotify_hub.archive.takeout.json_rows import json_rows

from .exports import write_folder, write_zip

ENDSONG = ("MyData/endsong_0.json", b"[]")
USER_DATA = ("MyData/Userdata.json", b"{}")


def opened(*paths: Path) -> Export:
    """Return what is found; its ZIPs are closed again."""
    with open_export(*paths) as export:
        return export


def history(*paths: Path) -> list[str]:
    """Return the names of the files with plays."""
    return [file.name for file in opened(*paths).history]


@pytest.mark.parametrize(
    "name",
    [
        "Spotify Extended Streaming History/Streaming_History_Audio_2019-2021_3.json",
        "Spotify Extended Streaming History/Streaming_History_Audio_2017_1.json",
        "Spotify Extended Streaming History/Streaming_History_Video_2018-2024.json",
        "MyData/endsong_12.json",
        "MyData/endvideo.json",
        "MyData/StreamingHistory0.json",
        "Spotify Account Data/StreamingHistory_music_0.json",
        "Spotify Account Data/StreamingHistory_podcast_0.json",
        "Spotify Account Data/StreamingHistory_audiobook_0.json",
        "StreamingHistory_music_0 (1).json",
        "StreamingHistory_podcast_0.json.json",
        "a/b/c/d/ENDSONG_0.JSON",
    ],
)
def test_every_name_of_a_history_is_known(tmp_path: Path, name: str) -> None:
    """In a ZIP and in a folder, however deep."""
    others = [("MyData/Playlist1.json", b"{}"), ("MyData/Read_Me_First.pdf", b"%PDF")]
    files = [(name, b"[]"), *others]
    archive = write_zip(tmp_path / "my_spotify_data.zip", files)
    assert history(archive) == [f"my_spotify_data.zip/{name}"]
    folder = write_folder(tmp_path / "unpacked", files)
    assert history(folder) == [name]


@pytest.mark.parametrize(
    "name",
    [
        "MyData/Playlist1.json",
        "MyData/SearchQueries.json",
        "MyData/YourLibrary.json",
        "__MACOSX/MyData/._endsong_0.json",
        "ReadMeFirst_ExtendedStreamingHistory.pdf",
    ],
)
def test_an_export_without_history_is_none(tmp_path: Path, name: str) -> None:
    """Account data may be asked for without it."""
    archive = write_zip(tmp_path / "a.zip", [(name, b"[]")])
    folder = write_folder(tmp_path / "a", [(name, b"[]")])
    (empty := tmp_path / "none").mkdir()
    for path in (archive, folder, empty):
        with pytest.raises(NotAnExportError):
            opened(path)


def test_a_single_file_may_have_any_name(tmp_path: Path) -> None:
    """Somebody has merged it by hand; what is not said of itself is looked for by name."""
    write_folder(tmp_path, [("all my plays.json", b"[]"), ("endsong_0.json", b"[]")])
    assert history(tmp_path / "all my plays.json") == ["all my plays.json"]
    assert history(tmp_path) == ["endsong_0.json"]
    several = history(tmp_path / "endsong_0.json", tmp_path / "all my plays.json")
    assert several == ["all my plays.json", "endsong_0.json"]


def test_user_data_is_no_history(tmp_path: Path) -> None:
    """It says whose it is, and is found beside the history."""
    archive = write_zip(tmp_path / "my.zip", [USER_DATA, ENDSONG])
    export = opened(archive)
    assert [one.name for one in export.user_data] == ["my.zip/MyData/Userdata.json"]
    with pytest.raises(NotAnExportError):
        opened(*write_folder(tmp_path / "x", [USER_DATA]).rglob("*.json"))


def test_a_folder_may_hold_the_zips_as_they_came(tmp_path: Path) -> None:
    """Both exports are downloaded into one folder."""
    write_zip(tmp_path / "my_spotify_data.zip", [USER_DATA, ENDSONG])
    write_zip(tmp_path / "my_spotify_data (1).zip", [ENDSONG])
    write_folder(tmp_path, [("endsong_0.json", b"[]")])
    assert history(tmp_path) == [
        "endsong_0.json",
        "my_spotify_data (1).zip/MyData/endsong_0.json",
        "my_spotify_data.zip/MyData/endsong_0.json",
    ]


def test_parts_stand_in_their_order(tmp_path: Path) -> None:
    """The tenth after the ninth, and each copy for itself."""
    names = [
        *(f"StreamingHistory_music_{number}.json" for number in range(12)),
        "StreamingHistory_music_0 (1).json",
        "StreamingHistory_music_1 (1).json",
    ]
    write_folder(tmp_path, [(name, b"[]") for name in reversed(names)])
    assert history(tmp_path) == names


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("endsong_3.json", ("/(", "endsong_", 3)),
        ("MyData/endsong_3 (2).json", ("MyData/(2)", "endsong_", 3)),
        ("StreamingHistory10.JSON.json", ("/(", "StreamingHistory", 10)),
        ("a/plays.json", ("a/(", "plays", 0)),
        ("9" * 5_000, ("/(", "", 999_999_999)),
    ],
)
def test_what_a_name_says(name: str, part: tuple[str, str, int]) -> None:
    """Which part of which list, in which copy."""
    assert part_of(name) == part


def test_what_is_read_is_what_stands_there(tmp_path: Path) -> None:
    """From disk and from a ZIP; its size is told unpacked."""
    content = b"[" + b" " * 3_000 + b"]"
    files = [("endsong_0.json", content)]
    for path in (
        write_zip(tmp_path / "a.zip", files),
        write_folder(tmp_path / "a", files),
    ):
        with open_export(path) as export:
            (file,) = export.history
            assert file.size == len(content)
            with file.open() as stream:
                assert stream.read() == content


def test_links_are_not_followed(tmp_path: Path) -> None:
    """They would lead out of the folder that may be read."""
    secret = write_folder(tmp_path / "elsewhere", [("endsong_1.json", b"[]")])
    folder = write_folder(tmp_path / "media", [("endsong_0.json", b"[]")])
    (folder / "endsong_1.json").symlink_to(secret / "endsong_1.json")
    (folder / "more").symlink_to(secret)
    assert history(folder) == ["endsong_0.json"]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """Reading a pipe would wait for ever."""
    os.mkfifo(tmp_path / "endsong_0.json")
    with pytest.raises(NotAnExportError):
        opened(tmp_path)
    with pytest.raises(UnreadableFileError):
        opened(tmp_path / "endsong_0.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """By its name, without the path that leads there."""
    for missing in (tmp_path / "no.zip", tmp_path / "no", tmp_path / "n\0.json"):
        with pytest.raises(UnreadableFileError) as caught:
            opened(missing)
        assert caught.value.file == missing.name
        assert str(tmp_path) not in str(caught.value)


def test_a_file_that_is_gone_by_now(tmp_path: Path) -> None:
    """Between the preview and the import."""
    write_folder(tmp_path, [ENDSONG])
    (file,) = opened(tmp_path).history
    (tmp_path / file.name).unlink()
    with pytest.raises(UnreadableFileError):
        file.open()


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """Nobody could say which of them an import is to go on with."""
    archive = tmp_path / "my.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(*ENDSONG)
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr(*ENDSONG)
    with pytest.raises(UnsafeArchiveError):
        opened(archive)
    for folder in ("a", "b"):
        write_folder(tmp_path / folder, [("endsong_0.json", b"[]")])
    with pytest.raises(UnsafeArchiveError):
        opened(tmp_path / "a/endsong_0.json", tmp_path / "b/endsong_0.json")


def test_a_folder_of_everything_is_no_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Going through it would take for ever."""
    monkeypatch.setattr(files_module, "MAX_FILES", 3)
    write_folder(tmp_path, [(f"{number}/a.txt", b"") for number in range(5)])
    with pytest.raises(TooLargeError):
        opened(tmp_path)


def test_a_folder_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not count as empty."""

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UnreadableFileError, match="Permission denied"):
        opened(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "../endsong_0.json",
        "/etc/endsong_0.json",
        "a/../../b.txt",
        "..\\x",
        "C:\\x.json",
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    """Nothing is unpacked, but such a ZIP means no good."""
    with pytest.raises(UnsafeArchiveError):
        opened(write_zip(tmp_path / "a.zip", [ENDSONG, (name, b"[]")]))


@pytest.mark.parametrize("name", ["", "."])
def test_a_member_without_a_name_is_let_be(tmp_path: Path, name: str) -> None:
    """Damage elsewhere in a ZIP does not keep the plays from being read."""
    archive = write_zip(tmp_path / "a.zip", [ENDSONG, (name, b"[]")])
    assert history(archive) == ["a.zip/MyData/endsong_0.json"]


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A ratio that no history has."""
    bomb = b"[" + b" " * (30 << 20) + b"]"
    with pytest.raises(TooLargeError):
        opened(write_zip(tmp_path / "a.zip", [("endsong_0.json", bomb)]))


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    """Even when each is empty."""
    files = [(f"{number}.txt", b"") for number in range(zips.MAX_FILES + 1)]
    with pytest.raises(TooLargeError):
        opened(write_zip(tmp_path / "a.zip", files))


def test_a_list_of_members_without_end_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Millions of members would fill the memory before they are counted."""
    archive = write_zip(
        tmp_path / "a.zip", [(f"{number}.txt", b"") for number in range(100)]
    )
    monkeypatch.setattr(zips, "MAX_DIRECTORY", 1_000)
    with pytest.raises(TooLargeError):
        opened(archive)


def test_no_more_of_a_zip_is_read_at_once(tmp_path: Path) -> None:
    """However long it says that its list of members is."""
    with (tmp_path / "a.zip").open("wb") as made:
        made.truncate(50 << 20)
    tracemalloc.start()
    try:
        with zips._BoundedFile(tmp_path / "a.zip") as file:
            for size in (40 << 20, -1, None):
                with pytest.raises(TooLargeError):
                    file.read(size)
        assert tracemalloc.get_traced_memory()[1] < 3 * zips.MAX_DIRECTORY
    finally:
        tracemalloc.stop()


def test_more_than_any_history_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All members together."""
    monkeypatch.setattr(zips, "MAX_BYTES", 100)
    files = [(f"endsong_{number}.json", b" " * 40) for number in range(3)]
    with pytest.raises(TooLargeError):
        opened(write_zip(tmp_path / "a.zip", files))


def test_a_member_larger_than_it_says_is_cut(tmp_path: Path) -> None:
    """So the sizes that were judged hold."""
    archive = write_zip(tmp_path / "a.zip", [("endsong_0.json", b" " * 10_000)])
    content = archive.read_bytes()
    assert content.count(struct.pack("<L", 10_000)) == 2
    archive.write_bytes(
        content.replace(struct.pack("<L", 10_000), struct.pack("<L", 50))
    )
    with open_export(archive) as export:
        (file,) = export.history
        assert file.size == 50
        with file.open() as stream, pytest.raises(zipfile.BadZipFile):
            stream.read()


def test_a_zip_in_a_zip_is_refused(tmp_path: Path) -> None:
    """Silence about what it holds would look like success."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr(*ENDSONG)
    files = [ENDSONG, ("old/my_spotify_data.ZIP", inner.getvalue())]
    with pytest.raises(NestedArchiveError):
        opened(write_zip(tmp_path / "a.zip", files))


@pytest.mark.parametrize("flag", [0x1, 0x41])
def test_an_encrypted_zip_says_so(tmp_path: Path, flag: int) -> None:
    """Spotify's are not."""
    archive = write_zip(tmp_path / "a.zip", [ENDSONG])
    content = bytearray(archive.read_bytes())
    content[content.index(b"PK\1\2") + 8] |= flag
    archive.write_bytes(content)
    with pytest.raises(EncryptedArchiveError):
        opened(archive)


def test_an_unusual_method_is_refused(tmp_path: Path) -> None:
    """Some let a few bytes become gigabytes at once."""
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_LZMA) as made:
        made.writestr(*ENDSONG)
    with pytest.raises(UnsafeArchiveError):
        opened(archive)


def test_what_only_is_called_a_zip(tmp_path: Path) -> None:
    """A download that broke off, say."""
    whole = write_zip(tmp_path / "whole.zip", [ENDSONG]).read_bytes()
    for content in (b"", b"<html>", whole[:-30]):
        (tmp_path / "a.zip").write_bytes(content)
        with pytest.raises(UnreadableFileError) as caught:
            opened(tmp_path / "a.zip")
        assert caught.value.file == "a.zip"


def test_the_zip_is_closed_again(tmp_path: Path) -> None:
    """Also when it is refused."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    (file,) = opened(write_zip(tmp_path / "a.zip", [ENDSONG])).history
    with pytest.raises(UnreadableFileError):
        file.open()
    with pytest.raises(NotAnExportError):
        opened(write_zip(tmp_path / "b.zip", [USER_DATA]))
    with pytest.raises(UnsafeArchiveError):
        opened(write_zip(tmp_path / "c.zip", [("../x", b"")]))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_a_damaged_zip_raises_only_our_errors(
    tmp_path: Path, data: st.DataObject
) -> None:
    """Whatever bytes are changed or lost."""
    archive = write_zip(
        tmp_path / "a.zip", [USER_DATA, ("endsong_0.json", b'[{"ts": 1}]' * 20)]
    )
    content = bytearray(archive.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(
            st.integers(0, 255)
        )
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    archive.write_bytes(content)
    with suppress(TakeoutError), open_export(archive) as export:
        for file in export.history:
            list(json_rows(file.open(), file.name))
