"""What a copy keeps of a thing: enough to know it and to put it back, and no more."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.favorites.entries import (
    MOST_BYTES,
    Kind,
    Song,
    entry_of,
    flagged,
    flags_by_uri,
    keys_of,
    playlist_again,
    playlist_of,
    read,
    song_of,
)
from tests.emulator.data import build_world
from tests.emulator.world import Clock, Json

WORLD = build_world(Clock(), "https://api.spotify.com")
LATELY = "2026-10-30T18:05:11Z"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "uri", "name", "images", "track", "album", "artists", "type"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
objects = st.dictionaries(
    st.sampled_from(["added_at", "track", "album", "uri", "id", "images", "playlist"]),
    json_values,
)


def things(kind: str) -> list[Json]:
    """Return everything of a kind in the catalogue."""
    return [obj for obj in WORLD.catalogue.values() if obj["type"] == kind]


def kept(kind: Kind, thing: Json) -> dict[str, Any]:
    """Return what is kept of a saved thing."""
    return read(entry_of({"added_at": LATELY, kind.word: thing}, kind))


def test_a_song_takes_900_bytes_at_most() -> None:
    """The longest names of the catalogue included; most are far smaller."""
    sizes = [
        len(entry_of({"added_at": LATELY, "track": track}, Kind.TRACKS))
        for track in things("track")
    ]
    assert max(sizes) <= MOST_BYTES
    assert sum(sizes) / len(sizes) < 720


@pytest.mark.parametrize("artists", [1, 5, 12])
def test_a_song_of_many_keeps_all_their_names(artists: int) -> None:
    """What goes for them can be had again by ids."""
    track = things("track")[0]
    several = [
        {**track["artists"][0], "id": f"{number:022}", "name": f"Member {number}"}
        for number in range(artists)
    ]
    line = entry_of(
        {"added_at": LATELY, "track": {**track, "artists": several}}, Kind.TRACKS
    )
    assert len(line) <= MOST_BYTES
    song = song_of(line)
    assert song.artists == tuple(one["name"] for one in several)
    assert (song.uri, song.name) == (track["uri"], track["name"])
    assert song.album == track["album"]["name"]


def test_what_an_id_leads_to_is_left_out() -> None:
    """And what changes by itself; of the images the largest stays."""
    track = things("track")[0]
    found = kept(Kind.TRACKS, {**track, "is_playable": True, "preview_url": None})
    told = found["track"]
    assert found["added_at"] == LATELY
    assert told.keys() == {
        "album",
        "artists",
        "disc_number",
        "duration_ms",
        "explicit",
        "external_ids",
        "id",
        "is_local",
        "name",
        "track_number",
        "type",
        "uri",
    }
    assert [image["width"] for image in told["album"]["images"]] == [640]
    assert told["artists"][0].keys() == {"id", "name"}


@pytest.mark.parametrize(
    ("kind", "inner"),
    [
        (Kind.ALBUMS, "tracks"),
        (Kind.SHOWS, "episodes"),
        (Kind.EPISODES, "resume_point"),
        (Kind.AUDIOBOOKS, "chapters"),
    ],
)
def test_other_things_are_kept_lean_too(kind: Kind, inner: str) -> None:
    """By URI and name, without what is inside."""
    thing = things(kind.word)[0]
    found = kept(kind, thing)[kind.word]
    assert (found["uri"], found["name"]) == (thing["uri"], thing["name"])
    assert inner not in found
    assert "available_markets" not in found


def test_an_audiobook_may_come_bare() -> None:
    """As some apps are answered."""
    book = things("audiobook")[0]
    line = entry_of(book, Kind.AUDIOBOOKS)
    assert keys_of([line], Kind.AUDIOBOOKS) == [("", book["uri"])]


def test_a_song_that_spotify_has_lost_keeps_its_place() -> None:
    """Nobody can save it again."""
    song = song_of(entry_of({"added_at": LATELY, "track": None}, Kind.TRACKS))
    assert song == Song(uri="", name="", added_at=LATELY)
    assert not song.is_savable


def test_a_playlist_keeps_its_items_in_both_forms() -> None:
    """Old answers hold an item under two names; entries without one stay."""
    track = things("track")[0]
    entry = {"added_at": LATELY, "added_by": {"id": "ben", "uri": "x"}}
    line = playlist_of(
        {"id": "1", "uri": "spotify:playlist:1", "name": "Mix", "tracks": {"total": 3}},
        [
            {**entry, "item": {**track, "track": True}, "track": track},
            {**entry, "track": track},
            {**entry, "item": None},
        ],
    )
    found = read(line)
    assert found["playlist"] == {"id": "1", "uri": "spotify:playlist:1", "name": "Mix"}
    uris = [one["item"] and one["item"]["uri"] for one in found["items"]]
    assert uris == [track["uri"], track["uri"], None]
    assert found["items"][0]["added_by"] == "ben"
    again = read(playlist_again({"id": "1", "name": "Other"}, found))
    assert again["playlist"]["name"] == "Other"
    assert again["items"] == found["items"]


def test_flags_are_added_changed_and_taken_away() -> None:
    """Nothing else of a song changes."""
    lines = [
        entry_of({"added_at": LATELY, "track": track}, Kind.TRACKS)
        for track in things("track")[:3]
    ]
    told = flagged(lines, [True, False, None])
    assert [song_of(line).playable for line in told] == [True, False, None]
    assert list(flags_by_uri(told).values()) == [True, False]
    assert flagged(told, [True, False, None]) == told
    assert flagged(told, [None] * 3) == lines


@given(objects, st.sampled_from([kind for kind in Kind if kind is not Kind.PLAYLISTS]))
def test_whatever_spotify_sends_is_kept(raw: dict[str, Any], kind: Kind) -> None:
    """In one line, under the key that it has on the wire if that is one."""
    line = entry_of(raw, kind)
    assert b"\n" not in line
    assert len(keys_of([line], kind)) == 1
    assert entry_of(raw, kind) == line
    song_of(line)


@given(objects, st.lists(objects, max_size=3) | st.none())
def test_whatever_spotify_sends_of_a_playlist_is_kept(
    raw: dict[str, Any], items: list[dict[str, Any]] | None
) -> None:
    """As many items as came."""
    found = read(playlist_of(raw, items))
    assert (found["items"] and len(found["items"])) == (items and len(items))


@pytest.mark.parametrize("line", [b"[]", b"3", b"{", b""])
def test_what_is_no_entry_is_refused(line: bytes) -> None:
    """It is not taken for an empty one."""
    with pytest.raises(ValueError, match=r"object|unexpected|EOF|empty"):
        read(line)
