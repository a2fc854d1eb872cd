"""One row of an export as a sighting."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.spotify_hub.archive.records import (
    Album,
    Artist,
    Item,
    Kind,
    Means,
    Sighting,
    Source,
)
from custom_components.spotify_hub.archive.takeout.rows import (
    AccountData,
    Ignored,
    extended,
    is_extended,
    username,
)

from .exports import (
    EMAIL,
    IP_ADDRESS,
    USER_AGENT,
    Listening,
    Row,
    account_row,
    endsong_row,
    extended_row,
    spotify_uri,
)

NOON = datetime(2024, 3, 31, 12, 0, 7, tzinfo=UTC)
HEARD = Listening(NOON, 200_000, item=42)
NOON_MS = 1_711_886_407_000


def account_data(*rows: Row) -> list[Sighting | Ignored]:
    """Read rows as one list of account data."""
    reader = AccountData()
    return [reader.read(row, "ana") for row in rows]


def sighting(row: Row) -> Sighting:
    """Read a row that is one, of either kind."""
    read = extended(row, "ana") if is_extended(row) else account_data(row)[0]
    assert isinstance(read, Sighting)
    return read


def test_a_track_of_the_extended_history() -> None:
    """Everything that is to be kept of it."""
    assert sighting(extended_row(HEARD)) == Sighting(
        "ana",
        Item(
            Kind.TRACK,
            "Träck 42",
            spotify_uri("track", 42),
            (Artist("Artist 4"),),
            Album("Album 4", artist="Artist 4"),
        ),
        Source.IMPORT,
        NOON_MS,
        Means.END,
        position=200_000,
        precision_ms=1_000,
        listened_ms=200_000,
        skipped=False,
        reason_start="trackdone",
        reason_end="trackdone",
        shuffle=False,
        offline=False,
        offline_stamp=NOON_MS - 200_000,
    )


def test_an_episode_and_a_chapter() -> None:
    """A chapter bears the URIs of an episode and a show; they stay as they are."""
    episode = sighting(extended_row(replace(HEARD, kind=Kind.EPISODE)))
    assert episode.item == Item(
        Kind.EPISODE, "Episode 42", spotify_uri("episode", 42), album=Album("Show 4")
    )
    chapter = sighting(extended_row(replace(HEARD, kind=Kind.CHAPTER)))
    assert chapter.item == Item(
        Kind.CHAPTER,
        "Chapter 42",
        spotify_uri("episode", 42),
        album=Album("Book 4", spotify_uri("show", 4)),
    )


def test_a_row_as_it_was_until_2023() -> None:
    """Other keys, no offline stamp, nothing known of a skip."""
    assert sighting(endsong_row(HEARD, "ana")) == replace(
        sighting(extended_row(HEARD)), skipped=None, offline_stamp=None
    )


@pytest.mark.parametrize("kind", Kind)
def test_account_data_knows_names_only(kind: Kind) -> None:
    """And the minute."""
    heard = replace(HEARD, kind=kind)
    named = sighting(extended_row(heard)).item
    album = named.album if kind is not Kind.TRACK else None
    assert sighting(account_row(heard)) == Sighting(
        "ana",
        replace(named, uri=None, album=replace(album, uri=None) if album else None),
        Source.IMPORT,
        NOON_MS - 7_000,
        Means.END,
        position=200_000,
        precision_ms=60_000,
        listened_ms=200_000,
    )


def test_a_chapter_may_go_without_its_name() -> None:
    """It is known by its book's."""
    row = account_row(replace(HEARD, kind=Kind.CHAPTER)) | {"chapterName": None}
    item = sighting(row).item
    assert item == Item(Kind.CHAPTER, "Book 4", album=Album("Book 4"))


@pytest.mark.parametrize(
    ("key", "told", "field", "kept"),
    [
        ("skipped", None, "skipped", None),
        ("skipped", True, "skipped", True),
        ("skipped", 0, "skipped", False),
        ("skipped", 1.0, "skipped", True),
        ("skipped", "yes", "skipped", None),
        ("offline", None, "offline", None),
        ("offline", True, "offline", True),
        ("shuffle", True, "shuffle", True),
        ("offline_timestamp", 0, "offline_stamp", None),
        ("offline_timestamp", None, "offline_stamp", None),
        ("offline_timestamp", True, "offline_stamp", None),
        ("offline_timestamp", 1e9, "offline_stamp", None),
        ("offline_timestamp", 10**30, "offline_stamp", None),
        ("offline_timestamp", -1, "offline_stamp", None),
        ("offline_timestamp", 1_711_886_300, "offline_stamp", 1_711_886_300_000),
        ("offline_timestamp", 1_711_886_300_123, "offline_stamp", 1_711_886_300_123),
        ("reason_end", "unexpected-exit", "reason_end", "unexpected-exit"),
        ("reason_end", "", "reason_end", None),
        ("reason_end", 7, "reason_end", None),
        ("reason_start", IP_ADDRESS, "reason_start", None),
        ("ms_played", 0, "listened_ms", 0),
        ("ts", "2024-03-31T12:00:07+00:00", "stamp", NOON_MS),
        ("ts", "2024-03-31T14:00:07+02:00", "stamp", NOON_MS),
        ("ts", "2024-03-31 12:00:07", "stamp", NOON_MS),
    ],
)
def test_odd_values(key: str, told: Any, field: str, kept: Any) -> None:
    """What is odd is unknown, and the rest of the row stands."""
    assert getattr(sighting(extended_row(HEARD) | {key: told}), field) == kept


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"incognito_mode": True}, Ignored.PRIVATE_SESSION),
        ({"incognito_mode": 1, "ts": None}, Ignored.PRIVATE_SESSION),
        ({"ts": None}, Ignored.UNREADABLE),
        ({"ts": 5}, Ignored.UNREADABLE),
        ({"ts": "yesterday"}, Ignored.UNREADABLE),
        ({"ts": "1970-01-01T00:00:00Z"}, Ignored.UNREADABLE),
        ({"ts": "0001-01-01T00:00:00+23:59"}, Ignored.UNREADABLE),
        ({"ts": "9999-12-31T23:59:59-23:59"}, Ignored.UNREADABLE),
        ({"ms_played": None}, Ignored.UNREADABLE),
        ({"ms_played": -1}, Ignored.UNREADABLE),
        ({"ms_played": True}, Ignored.UNREADABLE),
        ({"ms_played": "200000"}, Ignored.UNREADABLE),
        ({"ms_played": 10**12}, Ignored.UNREADABLE),
        (
            {"spotify_track_uri": None, "master_metadata_track_name": None},
            Ignored.NO_ITEM,
        ),
        (
            {"spotify_track_uri": None, "master_metadata_album_artist_name": " "},
            Ignored.NO_ITEM,
        ),
        ({"master_metadata_track_name": ["a", "list"]}, Ignored.NO_ITEM),
    ],
)
def test_what_is_ignored_of_the_extended_history(change: Row, why: Ignored) -> None:
    """And why."""
    assert extended(extended_row(HEARD) | change, "ana") is why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"endTime": "12:00"}, Ignored.UNREADABLE),
        ({"msPlayed": None}, Ignored.UNREADABLE),
        ({"trackName": None}, Ignored.NO_ITEM),
        ({"trackName": {}}, Ignored.NO_ITEM),
        ({"trackName": "Unknown Track"}, Ignored.NO_ITEM),
        ({"artistName": "Unknown Artist"}, Ignored.NO_ITEM),
    ],
)
def test_what_is_ignored_of_account_data(change: Row, why: Ignored) -> None:
    """And why."""
    assert account_data(account_row(HEARD) | change) == [why]


@pytest.mark.parametrize("uri", [None, "", "no uri", 5])
def test_a_local_file_is_known_by_its_name(uri: Any) -> None:
    """Spotify tells no URI of it."""
    item = sighting(extended_row(HEARD) | {"spotify_track_uri": uri}).item
    assert (item.uri, item.name, item.artists) == (
        None,
        "Träck 42",
        (Artist("Artist 4"),),
    )


def test_an_item_taken_out_of_the_catalogue_keeps_its_uri() -> None:
    """Its name can be learned later."""
    row = extended_row(HEARD) | dict.fromkeys(
        (
            "master_metadata_track_name",
            "master_metadata_album_artist_name",
            "master_metadata_album_album_name",
        )
    )
    assert sighting(row).item == Item(Kind.TRACK, None, spotify_uri("track", 42))


def test_names_that_no_database_takes() -> None:
    """Half a character, and the sign that ends texts in C."""
    row = extended_row(HEARD)
    row["master_metadata_track_name"] = json.loads('"a\\ud800b\\u0000c "')
    name = sighting(row).item.name
    assert name == "a?bc"


def test_nothing_personal_leaves_the_row() -> None:
    """Addresses, devices and names stay where they are."""
    row = endsong_row(HEARD, "ana.private") | {
        "ip_addr": IP_ADDRESS,
        "city": "Berlin",
        "email": EMAIL,
    }
    text = repr(asdict(sighting(row)))
    for secret in (IP_ADDRESS, USER_AGENT, EMAIL, "ana.private", "Berlin", "DE"):
        assert secret not in text


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"username": "ana"}, "ana"),
        ({"username": ""}, None),
        ({"username": 5}, None),
        ({}, None),
    ],
)
def test_whom_a_row_is_of(row: Row, name: str | None) -> None:
    """Older ones say it."""
    assert username(row) == name


def test_equal_stamps_are_told_apart_by_content() -> None:
    """Not by what else stands there: a newer export has rows that an older one lacks."""
    skips = [replace(HEARD, ms_played=played) for played in (0, 900, 450)]
    positions = [sighting(extended_row(one)).position for one in skips]
    assert len(set(positions)) == 3
    assert sighting(extended_row(skips[2])).position == positions[2]


def test_a_short_track_on_repeat_counts_each_time() -> None:
    """Account data writes the same row for each time within a minute."""
    row = account_row(replace(HEARD, ms_played=20_000))
    other = account_row(replace(HEARD, item=43, ms_played=20_000))
    later = row | {"endTime": "2024-03-31 12:01"}
    first, _, second, third, fourth = account_data(row, other, row, row, later)
    assert isinstance(first, Sighting)
    found = {
        one.position for one in (first, second, third) if isinstance(one, Sighting)
    }
    assert len(found) == 3
    assert isinstance(fourth, Sighting)
    assert fourth.position == first.position


def test_a_minute_has_so_many_rows_at_most() -> None:
    """Positions stay within 31 bits, and memory within bounds."""
    longest = account_row(replace(HEARD, ms_played=(1 << 27) - 1))
    positions = {
        one.position
        for one in account_data(*[longest] * 40)
        if isinstance(one, Sighting)
    }
    assert len(positions) == 16
    assert max(positions) < 1 << 31
    reader = AccountData()
    for number in range(5_000):
        reader.read(account_row(replace(HEARD, item=number)), "ana")
    assert len(reader._seen) <= 1_001


TIMES = st.integers(1_200_000_000, 1_900_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
LISTENINGS = st.builds(
    Listening,
    TIMES,
    st.integers(0, 10_000_000),
    st.integers(0, 10**6),
    st.sampled_from(Kind),
    skipped=st.none() | st.booleans(),
    offline=st.booleans(),
)


@given(LISTENINGS)
def test_what_was_heard_comes_back(heard: Listening) -> None:
    """From either kind of export: when, what, and for how long."""
    whole, short = sighting(extended_row(heard)), sighting(account_row(heard))
    assert whole.stamp == heard.stamp
    assert heard.ended - timedelta(seconds=60) < datetime.fromtimestamp(
        short.stamp / 1_000, UTC
    )
    assert short.stamp <= heard.stamp
    for read in (whole, short):
        assert read.listened_ms == heard.ms_played
        assert read.item.kind is heard.kind
        assert (read.item.name or "").endswith(f" {heard.item}")
    assert (whole.skipped, whole.offline) == (heard.skipped, heard.offline)


KEYS = sorted({*extended_row(HEARD), *endsong_row(HEARD, "ana"), *account_row(HEARD)})
GARBAGE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2024-01-01T00:00:00Z", "2024-01-01 00:00", "spotify:track:1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(KEYS), GARBAGE, max_size=12),
    st.sampled_from([{}, extended_row(HEARD), account_row(HEARD)]),
)
def test_garbage_is_ignored_for_a_reason(row: Row, whole: Row) -> None:
    """And what is none can be written: whole numbers, texts of whole characters."""
    for read in (extended({**whole, **row}, "ana"), *account_data({**whole, **row})):
        if isinstance(read, Sighting):
            repr(read).encode()
            assert 0 <= read.position < 1 << 31
            assert type(read.stamp) is int
            assert read.item.uri or read.item.name
