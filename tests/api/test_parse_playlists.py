"""Playlists and their entries under the names of both regimes."""

from datetime import UTC, datetime

import pytest

from custom_components.spotify_hub.api import parse
from custom_components.spotify_hub.api.models import (
    Json,
    PlaylistEntry,
)

from .objects import EPISODE, TRACK, least


@pytest.mark.parametrize(
    "entry",
    [
        {"item": least("track", track=True, episode=False)},
        {"track": least("track", track=True, episode=False)},
        {"item": least("track"), "track": least("track")},
        {"item": least("track"), "track": True},
        {"item": None, "track": least("track")},
    ],
    ids=["reduced", "old", "both", "flag", "null"],
)
def test_m1_an_entry_of_a_playlist_has_an_item_or_a_track(entry: Json) -> None:
    """Upstream knows the old key only, and fails on the whole list."""
    assert parse.playlist_entry(entry) == PlaylistEntry(TRACK)


@pytest.mark.parametrize(
    "content", [None, {}, {"type": "track"}, least("video"), "gone", []]
)
def test_m2_m4_an_entry_whose_track_is_gone_stays_an_entry(content: object) -> None:
    """Spotify says null for it; `added_at` and `added_by` are null in old playlists."""
    for key in ("item", "track"):
        entry = {key: content, "added_at": None, "added_by": None}
        assert parse.playlist_entry(entry) == PlaylistEntry(None, None, None)


def test_m2_an_entry_knows_who_added_it_and_when() -> None:
    """Episodes stand in playlists too."""
    entry = parse.playlist_entry(
        {
            "item": least("episode"),
            "added_at": "2026-01-02T03:04:05Z",
            "added_by": {"id": "ben"},
        }
    )
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert entry == PlaylistEntry(EPISODE, at, "ben")


@pytest.mark.parametrize(
    ("counts", "total"),
    [
        ({"items": {"total": 3}}, 3),
        ({"tracks": {"total": 3}}, 3),
        ({"items": {"total": 3}, "tracks": {"total": 3}}, 3),
        ({"items": None, "tracks": {"total": 3}}, 3),
        ({"items": {"total": 0}}, 0),
        ({"items": []}, None),
        ({}, None),
    ],
)
def test_m3_a_playlist_counts_items_or_tracks_or_tells_nothing(
    counts: Json, total: int | None
) -> None:
    """New apps get neither for playlists of others; upstream fails on those."""
    playlist = parse.playlist(least("playlist", **counts))
    assert playlist is not None
    assert playlist.total == total


def test_a_playlist_of_somebody_without_a_name() -> None:
    """A null stays a null, and an empty description is none."""
    owner = {"id": "ben", "display_name": None}
    playlist = parse.playlist(
        least("playlist", owner=owner, images=None, public=None, description="")
    )
    assert playlist is not None
    assert (playlist.owner_id, playlist.owner_name) == ("ben", None)
    assert (playlist.images, playlist.public, playlist.description) == ((), None, None)
