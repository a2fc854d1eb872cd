"""What differs between two copies, what is put back of one, and what others read of it."""

import csv
import io
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.favorites.diff import (
    Difference,
    difference,
    is_much,
    surplus,
)
from custom_components.spotify_hub.favorites.entries import Song
from custom_components.spotify_hub.favorites.export import Form, exported
from custom_components.spotify_hub.favorites.reading import is_in_front
from custom_components.spotify_hub.favorites.restore import plan


def song(name: str, *, playable: bool | None = None, local: bool = False) -> Song:
    """Return a song."""
    word = "local" if local else "track"
    return Song(
        f"spotify:{word}:{name}", name, ("X",), playable=playable, is_local=local
    )


names = st.lists(st.sampled_from("abcdefg"), max_size=12)


def songs(text: str) -> list[Song]:
    """Return songs that are called by a letter each."""
    return [song(letter) for letter in text]


@given(names, names)
def test_what_is_added_and_removed_leads_from_one_to_the_other(
    before: list[str], after: list[str]
) -> None:
    """Duplicates are counted."""
    found = difference(songs("".join(before)), songs("".join(after)))
    left = sorted([*before, *(one.name for one in found.added)])
    assert left == sorted([*after, *(one.name for one in found.removed)])
    assert not ({one.uri for one in found.added} & {one.uri for one in found.removed})


def test_what_became_unplayable_is_told_by_both_copies() -> None:
    """Unknown in one of them is unknown, never gone; local files are nobody's business."""
    before = [
        song("a", playable=True),
        song("b", playable=True),
        song("c", playable=False),
        song("d"),
        song("e", playable=True),
        song("f", local=True),
    ]
    after = [
        song("a", playable=False),
        song("b", playable=True),
        song("c", playable=False),
        song("d", playable=False),
        song("e"),
        song("f", local=True),
    ]
    found = difference(before, after)
    assert found == Difference(unplayable=(after[0],), unknown=2)
    assert difference(before, after, same_market=False) == Difference(unknown=5)


@pytest.mark.parametrize(
    ("gone", "of", "much"),
    [
        (2001, 10_000, True),
        (2000, 10_000, False),
        (13, 60, True),
        (12, 60, False),
        (4, 4, False),
        (5, 5, True),
        (0, 0, False),
    ],
)
def test_more_than_a_fifth_is_much(gone: int, of: int, much: bool) -> None:
    """But of a short list a few are taken out by hand."""
    assert is_much(gone, of) is much


@given(names, st.lists(st.sampled_from("hij"), max_size=4), st.integers(1, 12))
def test_new_entries_in_front_are_seen(
    known: list[str], new: list[str], shown: int
) -> None:
    """If the front reaches into what was known."""
    keys = [("", name) for name in known]
    whole = [*(("", name) for name in new), *keys]
    front = whole[: max(shown, len(new) + 1)]
    assert is_in_front(front, keys[: len(front)], len(new))
    if known:
        moved = [("", "other"), *keys[1:]]
        assert not is_in_front(front, moved[: len(front)], len(new))
    assert not is_in_front(front, keys, -1)


def test_surplus_is_by_place() -> None:
    """The first ones are those that are there."""
    assert surplus(["a", "b", "a", "a"], ["a"]) == [1, 2, 3]


@given(st.integers(0, 130), st.integers(0, 130))
def test_songs_are_put_back_oldest_first(count: int, there: int) -> None:
    """In parts of 40, within which the newest stands first."""
    newest_first = [song(str(number)) for number in range(count)]
    planned = plan(newest_first, {one.uri for one in newest_first[:there]})
    missing = [one.uri for one in newest_first[there:]]
    assert [one.uri for one in planned.songs] == missing
    assert planned.there == min(there, count)
    shown: list[str] = []
    for at in range(0, len(planned.uris), 40):
        shown = [*planned.uris[at : at + 40], *shown]
    assert shown == missing


def test_what_no_app_can_save_is_named() -> None:
    """Local files, and what Spotify has lost; duplicates are saved once."""
    lost = Song("", "")
    local = song("tape", local=True)
    planned = plan([song("a"), song("a"), local, lost], set())
    assert planned.uris == ("spotify:track:a",)
    assert planned.impossible == (local, lost)


SONGS = [
    Song("spotify:track:1", "=SUM(A1)", ("Ann", "B,en"), "-", "2026", 215_400, True),
    Song("spotify:track:2", 'Line\nbreak "quoted"', (), None, None, None, None),
    Song("spotify:local:3", "@home", ("+1",), "", None, 1000, None, is_local=True),
]


def test_a_table_is_read_by_spreadsheets_and_not_run() -> None:
    """Whatever songs are called."""
    rows = list(csv.DictReader(io.StringIO(exported(SONGS, Form.CSV))))
    assert [row["name"] for row in rows] == [
        "'=SUM(A1)",
        'Line\nbreak "quoted"',
        "'@home",
    ]
    assert [row["artists"] for row in rows] == ["Ann, B,en", "", "'+1"]
    assert [row["album"] for row in rows] == ["'-", "", ""]
    assert [row["duration"] for row in rows] == ["215.4", "", "1.0"]
    assert [row["playable"] for row in rows] == ["true", "", ""]
    assert [row["local"] for row in rows] == ["false", "false", "true"]


def test_json_is_what_songs_are() -> None:
    """Nothing is changed for spreadsheets."""
    rows = json.loads(exported(SONGS, Form.JSON))
    assert [row["name"] for row in rows] == [one.name for one in SONGS]
    assert rows[0]["artists"] == ["Ann", "B,en"]


def test_a_playlist_is_of_uris() -> None:
    """A line for each, and one for its name."""
    text = exported([*SONGS, Song("", "")], Form.M3U)
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXTINF:215,Ann, B,en - =SUM(A1)",
        "spotify:track:1",
        '#EXTINF:-1,- Line break "quoted"',
        "spotify:track:2",
        "#EXTINF:1,+1 - @home",
        "spotify:local:3",
    ]
