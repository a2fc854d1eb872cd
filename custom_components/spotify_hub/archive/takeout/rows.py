"""One row of an export as a sighting.

Account data and the extended history write rows of different form; a file merged by
hand may hold both. What is not named here (IP addresses, user agents, places, devices)
is never looked at.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
import re
from typing import Any

from ..records import Album, Artist, Item, Kind, Means, Sighting, Source

SECOND_MS = 1_000
MINUTE_MS = 60_000

type Row = Mapping[str, Any]

# Spotify began in 2006; a stamp out of these bounds is a wrong clock's.
_EARLIEST = datetime(2006, 1, 1, tzinfo=UTC).timestamp() * 1_000
_LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1_000
# Stamps of offline listening came in seconds first; milliseconds are larger than this.
_LARGEST_SECONDS = 100_000_000_000
# Milliseconds of a row that are told apart from its rank: 37 hours.
_RANK_SHIFT = 27
_HIGHEST_RANK = 15
# Whoever skips twice a second listens to fewer items.
_MOST_IN_A_MINUTE = 1_000
_URI = re.compile(r"spotify:[a-z]+:\S+")
_REASON = re.compile(r"[a-z][a-z-]{0,39}")
# What account data says of what was taken out of the catalogue.
_UNKNOWN = {"Unknown Track", "Unknown Artist"}
# A person's history has some 20,000 items.
_ITEMS_KEPT = 1 << 14


class Ignored(StrEnum):
    """Why a row is no sighting."""

    PRIVATE_SESSION = "private_session"
    NO_ITEM = "no_item"
    UNREADABLE = "unreadable"


def is_extended(row: Row) -> bool:
    """Tell whether a row is of the extended history, and not of the account data."""
    return "ts" in row


def username(row: Row) -> str | None:
    """Return whom a row says that it is of; rows before 2024 do."""
    name = row.get("username")
    return name if isinstance(name, str) and name else None


def extended(row: Row, account: str) -> Sighting | Ignored:
    """Read a row of the extended history."""
    if row.get("incognito_mode"):
        return Ignored.PRIVATE_SESSION
    stamp, listened = _stamp(row.get("ts")), _listened(row.get("ms_played"))
    if stamp is None or listened is None:
        return Ignored.UNREADABLE
    item = _extended_item(row)
    if item is None:
        return Ignored.NO_ITEM
    return Sighting(
        account,
        item,
        Source.IMPORT,
        stamp,
        Means.END,
        # One account that stops the same item in the same second after the same time
        # is one listening, in however many files, among whatever other rows it stands.
        position=listened,
        precision_ms=SECOND_MS,
        listened_ms=listened,
        skipped=_flag(row.get("skipped")),
        reason_start=_reason(row.get("reason_start")),
        reason_end=_reason(row.get("reason_end")),
        shuffle=_flag(row.get("shuffle")),
        offline=_flag(row.get("offline")),
        offline_stamp=_offline_stamp(row.get("offline_timestamp")),
    )


class AccountData:
    """Reads the rows of a list of account data, in its order.

    Its stamps tell only the minute, in which a short item may be played through
    several times: equal rows side by side are told apart by their rank, and that of
    equal rows elsewhere begins anew, as they are another copy of these.
    """

    def __init__(self) -> None:
        """Begin with no row."""
        self._stamp = 0
        self._seen: dict[tuple[Item, int], int] = {}

    def read(self, row: Row, account: str) -> Sighting | Ignored:
        """Read the next row."""
        stamp, listened = _stamp(row.get("endTime")), _listened(row.get("msPlayed"))
        if stamp is None or listened is None:
            return Ignored.UNREADABLE
        item = _account_data_item(row)
        if item is None:
            return Ignored.NO_ITEM
        if stamp != self._stamp or len(self._seen) > _MOST_IN_A_MINUTE:
            self._stamp, self._seen = stamp, {}
        rank = self._seen.get((item, listened), 0)
        self._seen[item, listened] = rank + 1
        return Sighting(
            account,
            item,
            Source.IMPORT,
            stamp,
            Means.END,
            position=listened + (min(rank, _HIGHEST_RANK) << _RANK_SHIFT),
            precision_ms=MINUTE_MS,
            listened_ms=listened,
        )


def _extended_item(row: Row) -> Item | None:
    try:
        return (
            _chapter(
                row.get("audiobook_chapter_title"),
                row.get("audiobook_title"),
                row.get("audiobook_chapter_uri"),
                row.get("audiobook_uri"),
            )
            or _track(
                row.get("master_metadata_track_name"),
                row.get("master_metadata_album_artist_name"),
                row.get("master_metadata_album_album_name"),
                row.get("spotify_track_uri"),
            )
            or _episode(
                row.get("episode_name"),
                row.get("episode_show_name"),
                row.get("spotify_episode_uri"),
            )
        )
    except TypeError:
        return None


def _account_data_item(row: Row) -> Item | None:
    try:
        return (
            _chapter(row.get("chapterName"), row.get("audiobookName"))
            or _episode(row.get("episodeName"), row.get("podcastName"))
            or _track(row.get("trackName"), row.get("artistName"))
        )
    except TypeError:
        return None


@lru_cache(_ITEMS_KEPT)
def _track(name: Any, artist: Any, album: Any = None, uri: Any = None) -> Item | None:
    title, by, uri = _text(name), _text(artist), _uri(uri)
    if uri is None and (title is None or by is None or {title, by} & _UNKNOWN):
        return None
    record = _text(album)
    return Item(
        Kind.TRACK,
        title,
        uri,
        artists=(Artist(by),) if by else (),
        album=Album(record, artist=by) if record else None,
    )


@lru_cache(_ITEMS_KEPT)
def _episode(name: Any, show: Any, uri: Any = None) -> Item | None:
    title, series, uri = _text(name), _text(show), _uri(uri)
    if uri is None and (title is None or series is None):
        return None
    return Item(Kind.EPISODE, title, uri, album=Album(series) if series else None)


@lru_cache(_ITEMS_KEPT)
def _chapter(
    name: Any, book: Any, uri: Any = None, book_uri: Any = None
) -> Item | None:
    volume, uri = _text(book), _uri(uri)
    if uri is None and volume is None:
        return None
    # Account data does not always tell the chapter.
    title = _text(name) or (volume if uri is None else None)
    album = Album(volume, _uri(book_uri)) if volume else None
    return Item(Kind.CHAPTER, title, uri, album=album)


def forget_items() -> None:
    """Let go of the items that were kept because histories repeat them."""
    for reader in (_track, _episode, _chapter):
        reader.cache_clear()


def _text(value: Any) -> str | None:
    """Return a text as every database takes it."""
    if not isinstance(value, str):
        return None
    if not value.isascii():
        # Half a surrogate pair can't be written as UTF-8.
        value = value.encode("utf-8", "replace").decode("utf-8")
    return value.replace("\0", "").strip() or None


def _uri(value: Any) -> str | None:
    text = _text(value)
    return text if text and _URI.fullmatch(text) else None


def _stamp(value: Any) -> int | None:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        stamp = round(moment.timestamp() * 1_000)
    except OverflowError, TypeError, ValueError:
        return None
    return stamp if _EARLIEST <= stamp < _LATEST else None


def _listened(value: Any) -> int | None:
    if type(value) is int and 0 <= value < 1 << _RANK_SHIFT:
        return value
    return None


def _offline_stamp(value: Any) -> int | None:
    if type(value) is not int:
        return None
    stamp = value if value > _LARGEST_SECONDS else value * 1_000
    return stamp if _EARLIEST <= stamp < _LATEST else None


def _flag(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    return value != 0 if isinstance(value, (int, float)) else None


def _reason(value: Any) -> str | None:
    return _known_reason(value) if isinstance(value, str) else None


@lru_cache(256)
def _known_reason(text: str) -> str | None:
    return text if _REASON.fullmatch(text) else None
