"""Answers as a whole: pages, search results, and the values in them."""

from datetime import UTC, datetime

import pytest

from custom_components.spotify_hub.api import parse
from custom_components.spotify_hub.api.errors import InvalidAnswerError
from custom_components.spotify_hub.api.models import (
    Image,
    Json,
)

from .objects import least


def test_m8_one_odd_object_does_not_cost_the_list() -> None:
    """Upstream fails on all of them."""
    odd: list[object] = [None, 1, "x", [], {}, {"uri": 1, "id": 2, "name": 3}]
    found = parse.page({"items": [least("album"), *odd, least("album")]}, parse.album)
    assert len(found.items) == 2


@pytest.mark.parametrize("data", [{}, {"items": None}, {"items": {}}, {"items": 5}])
def test_an_answer_without_a_list_is_unreadable(data: Json) -> None:
    """An empty one would say that nothing was found."""
    with pytest.raises(InvalidAnswerError):
        parse.page(data, parse.track)


def test_a_page_without_counts_counts_what_it_has() -> None:
    """Cursor pages have no total."""
    found = parse.page({"items": [None, least("track")]}, parse.track)
    assert (found.total, found.offset, found.limit, found.has_next) == (2, 0, 2, False)


@pytest.mark.parametrize(
    "body", ["", " ", "{", "null", "[]", "7", '"x"', "NaN", "\ud800"]
)
def test_a_body_that_is_no_object_is_unreadable(body: str) -> None:
    """Whatever it is instead."""
    with pytest.raises(InvalidAnswerError):
        parse.json_object(body)


def test_m13_search_keeps_albums_images_and_totals() -> None:
    """Upstream drops all three; nulls stand in its lists."""
    image = {"url": "u", "width": 640, "height": 640}
    page = {"total": 321, "offset": 10, "limit": 10, "next": "…"}
    track = least("track", album=least("album", images=[image]))
    found = parse.search_results(
        {
            "tracks": {**page, "items": [track]},
            "artists": {**page, "items": [least("artist", images=[image])]},
            "playlists": {**page, "items": [None, least("playlist"), None]},
        }
    )
    assert found.tracks.items[0].album
    assert found.tracks.items[0].album.images == (Image("u", 640, 640),)
    assert found.artists.items[0].images == (Image("u", 640, 640),)
    assert len(found.playlists.items) == 1
    for part in (found.tracks, found.artists, found.playlists):
        assert (part.total, part.offset, part.limit, part.has_next) == (
            321,
            10,
            10,
            True,
        )
    assert (found.albums.items, found.albums.total, found.albums.has_next) == (
        (),
        0,
        False,
    )


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.678Z", datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("0000", None),
        ("", None),
        ("yesterday", None),
        (1_767_323_045, None),
        (None, None),
    ],
)
def test_times_are_read_in_utc_or_not_at_all(raw: object, at: datetime | None) -> None:
    """One without a zone could be compared with no other."""
    entry = parse.playlist_entry({"added_at": raw})
    assert entry is not None
    assert entry.added_at == at


@pytest.mark.parametrize(
    ("raw", "number"),
    [(7, 7), (7.9, 7), (-1, -1), (True, None), ("7", None), (None, None), ([], None)],
)
def test_numbers_are_whole_or_absent(raw: object, number: int | None) -> None:
    """A field of another type counts as absent."""
    album = parse.album(least("album", total_tracks=raw))
    assert album is not None
    assert album.total_tracks == number
