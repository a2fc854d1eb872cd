"""Objects of the catalogue and library as Spotify sends them, whole, reduced or odd."""

from collections.abc import Callable

import pytest

from custom_components.spotify_hub.api import parse
from custom_components.spotify_hub.api.models import (
    Album,
    Artist,
    Audiobook,
    Image,
    Json,
    Playlist,
    Saved,
    Show,
    User,
)

from .objects import EPISODE, TRACK, least


@pytest.mark.parametrize(
    ("reader", "kind", "model"),
    [
        (parse.artist, "artist", Artist("spotify:artist:1", "1", "Name")),
        (parse.album, "album", Album("spotify:album:1", "1", "Name")),
        (parse.track, "track", TRACK),
        (parse.show, "show", Show("spotify:show:1", "1", "Name")),
        (parse.episode, "episode", EPISODE),
        (parse.audiobook, "show", Audiobook("spotify:show:1", "1", "Name")),
        (parse.playlist, "playlist", Playlist("spotify:playlist:1", "1", "Name")),
    ],
)
def test_uri_and_name_are_enough_and_nothing_less(
    reader: Callable[[Json], object], kind: str, model: object
) -> None:
    """Everything else may be taken away one day, as much was in February 2026."""
    data = least(kind)
    assert reader(data) == model
    for key in ("uri", "name"):
        assert reader({**data, key: None}) is None
        assert reader({name: data[name] for name in data.keys() - {key}}) is None


@pytest.mark.parametrize("album_type", [None, "ALBUM", "Single", "compilation", 7])
def test_m12_album_type_is_lower_case_or_album(album_type: object) -> None:
    """Upstream fails on null, and lower-cases only the simplified form."""
    album = parse.album(least("album", album_type=album_type, tracks=None))
    assert album is not None
    known = str(album_type).lower() if isinstance(album_type, str) else "album"
    assert album.album_type == known


def test_m12_an_album_by_everybody_without_pictures() -> None:
    """Neither artists nor images need be there."""
    album = parse.album(least("album", artists=[], images=[], release_date="0000"))
    assert album == Album("spotify:album:1", "1", "Name", release_date="0000")


def test_a_track_knows_where_it_stands_and_its_recording() -> None:
    """`external_ids` were taken back into the answers in March 2026."""
    track = parse.track(
        least(
            "track",
            duration_ms=187_000,
            disc_number=2,
            track_number=7,
            explicit=True,
            is_playable=False,
            external_ids={"isrc": "XX0000001", "ean": "1"},
            artists=[least("artist", "One"), least("artist", "Other")],
            album=least("album", "Where", images=[{"url": "u", "width": 64}]),
        )
    )
    assert track is not None
    assert (track.disc_number, track.track_number, track.isrc) == (2, 7, "XX0000001")
    assert track.explicit
    assert track.is_playable is False
    assert [artist.name for artist in track.artists] == ["One", "Other"]
    assert track.album
    assert track.album.images == (Image("u", 64),)


def test_m9_a_local_file_keeps_title_artist_and_album() -> None:
    """Upstream makes of it that nothing plays."""
    nameless = {"id": None, "uri": None, "name": ""}
    track = parse.track(
        {
            "type": "track",
            "id": None,
            "uri": "spotify:local:Band:Tapes:Demo:187",
            "name": "Demo",
            "is_local": True,
            "duration_ms": 187_000,
            "artists": [{"id": None, "uri": None, "name": "Band"}, nameless],
            "album": {"id": None, "uri": None, "name": "Tapes", "album_type": None},
        }
    )
    assert track is not None
    assert track.is_local
    assert (track.id, track.name) == (None, "Demo")
    assert track.artists == (Artist("", "", "Band"),)
    assert track.album == Album("", "", "Tapes")
    nowhere = parse.track(least("track", album=nameless))
    assert nowhere is not None
    assert nowhere.album is None


def test_m14_where_listening_stopped() -> None:
    """Upstream drops it."""
    point = {"fully_played": False, "resume_position_ms": 61_000}
    episode = parse.episode(least("episode", resume_point=point))
    assert episode is not None
    assert (episode.resume_ms, episode.fully_played) == (61_000, False)


def test_m14_without_the_scope_nobody_knows_where_listening_stopped() -> None:
    """Spotify leaves it out, or says null."""
    assert parse.episode(least("episode", resume_point=None)) == EPISODE


def test_m9_an_episode_without_its_show() -> None:
    """Lists of a show's episodes leave it out; upstream wants it while playing."""
    assert parse.episode(least("episode", show=None)) == EPISODE


def test_m10_a_chapter_is_an_episode_of_its_audiobook() -> None:
    """It plays by an episode URI; `publisher` and `edition` are gone for new apps."""
    book = least("audiobook", "Book", uri="spotify:show:2", authors=[])
    chapter = parse.episode(
        least("chapter", uri="spotify:episode:1", audiobook=book, release_date="0000")
    )
    assert chapter is not None
    assert chapter.uri == "spotify:episode:1"
    assert chapter.show == Show("spotify:show:2", "1", "Book")


def test_m10_an_audiobook_as_new_apps_get_it() -> None:
    """Upstream requires what was removed."""
    authors: list[object] = [
        {"name": "A"},
        {"name": None},
        None,
        "B",
        {},
        {"name": "C"},
    ]
    book = parse.audiobook(least("audiobook", authors=authors, total_chapters=15))
    assert book is not None
    assert book.authors == ("A", "C")
    assert book.total_chapters == 15


@pytest.mark.parametrize("wrapped", [True, False])
def test_m11_saved_audiobooks_come_wrapped_or_bare(*, wrapped: bool) -> None:
    """Spotify's description says the one, some answers are the other."""
    book = least("audiobook")
    at = "2026-01-02T03:04:05Z"
    data = {"added_at": at, "audiobook": book} if wrapped else book
    saved = parse.saved("audiobook", parse.audiobook)(data)
    assert saved is not None
    assert saved.item.name == "Name"
    assert (saved.added_at is not None) is wrapped


def test_m15_a_saved_item_that_is_gone_is_left_out() -> None:
    """Upstream fails the whole list."""
    reader = parse.saved("track", parse.track)
    entries = [{"added_at": None, "track": None}, None, {}, {"track": least("track")}]
    found = parse.page({"items": entries, "total": 4}, reader)
    assert found.items == (Saved(TRACK),)
    assert found.total == 4


def test_m5_m6_a_profile_as_new_apps_get_it() -> None:
    """Without `product`; a `display_name` of null is not the text "None"."""
    assert parse.user({"id": "ben", "display_name": None}) == User("ben")
    assert parse.user({"id": "ben", "account_id": "a1"}) == User("ben", "a1")
    assert parse.user({"id": "ben", "product": "open", "images": None}) == User("ben")


@pytest.mark.parametrize("data", [{}, {"id": None}, {"id": ""}, {"id": 7}])
def test_a_profile_without_an_id_is_none(data: Json) -> None:
    """It names nobody."""
    assert parse.user(data) is None
