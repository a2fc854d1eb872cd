"""What is known of an account's Liked Songs, and when that has to be asked anew.

Decisions only. A list that was seen whole is compared by its beginning and its length:
one request tells whether it still is what is known of it, however long it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

# A mark that Spotify was asked for holds for so long: it may be changed on a phone.
FRESH = timedelta(hours=1)
# So does the whole list, which costs as much to look at as one mark.
LIST_FRESH = timedelta(minutes=15)
# Whoever turns a mark round must not be mistaken: for them it holds only so long.
CERTAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LikedSong:
    """A liked song by its names; `name` is empty while only its URI is known."""

    name: str = ""
    artists: tuple[str, ...] = ()
    album: str | None = None
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class LikedList:
    """Liked Songs by URI, newest first, as they were `at` a time and changed since.

    `total` is how many Spotify counts, with those that no app can name; None where it
    is known that the list holds something else by now.
    """

    songs: Mapping[str, LikedSong]
    total: int | None
    at: datetime


class Ask(Enum):
    """What Spotify is asked about a mark: nothing, the list's beginning, or the item."""

    NOTHING = auto()
    LIST = auto()
    ITEM = auto()


def to_ask(
    uri: str, marked: datetime | None, known: LikedList | None, now: datetime
) -> Ask:
    """Return what to ask about an item that begins to play.

    `marked` is when it was asked about by itself, or changed from here.
    """
    if marked is not None and holds(marked, FRESH, now):
        return Ask.NOTHING
    if known is None or not is_song(uri):
        return Ask.ITEM
    if is_fresh(known, now):
        return Ask.NOTHING
    return Ask.ITEM if known.total is None else Ask.LIST


def is_fresh(known: LikedList, now: datetime) -> bool:
    """Tell whether the list has been looked at just now."""
    return holds(known.at, LIST_FRESH, now)


def holds(at: datetime, span: timedelta, now: datetime) -> bool:
    """Tell whether it was so lately; a clock that was set back lengthens nothing."""
    return timedelta(0) <= now - at < span


def is_song(uri: str) -> bool:
    """Tell whether an item would be among Liked Songs, as episodes are not."""
    return uri.startswith("spotify:track:")


def changed(
    known: LikedList, marks: Mapping[str, bool], names: Mapping[str, LikedSong]
) -> LikedList:
    """Return the list after some of it was changed, the first of `marks` in front."""
    marks = {uri: liked for uri, liked in marks.items() if is_song(uri)}
    new = {
        uri: names.get(uri, LikedSong())
        for uri, liked in marks.items()
        if liked and uri not in known.songs
    }
    kept = {
        uri: song for uri, song in known.songs.items() if marks.get(uri) is not False
    }
    songs = new | kept
    more = len(songs) - len(known.songs)
    total = None if known.total is None else known.total + more
    return replace(known, songs=songs, total=total)


def looked(
    known: LikedList,
    front: Sequence[tuple[str, LikedSong]],
    total: int,
    now: datetime,
) -> LikedList:
    """Return the list after a look at its beginning.

    What is new stands in front, for a look reaches further than what is changed on
    phones meanwhile. If more differs it is not known any more what the list holds:
    `total` is None then.
    """
    new = {uri: song for uri, song in front if uri not in known.songs}
    in_front = [uri for uri, _ in front[: len(new)]] == list(new)
    if known.total is None or not in_front or total != known.total + len(new):
        return replace(known, total=None)
    if len(new) == len(front) and known.songs:
        # There may be more that is new behind it.
        return replace(known, total=None)
    return LikedList(new | dict(known.songs), total, now)
