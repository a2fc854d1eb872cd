"""What the archive is told and what it tells: items, sightings, plays, gaps.

Stamps are milliseconds since the epoch (UTC), lengths are milliseconds. A sighting
is what one source said of one listening; plays are derived from the sightings.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an item is; a music video is the track that it shows."""

    TRACK = "track"
    EPISODE = "episode"
    CHAPTER = "chapter"


class Source(StrEnum):
    """Who saw a listening: our own watching, Spotify's recent list, its privacy export."""

    LIVE = "live"
    RECENT = "recent"
    IMPORT = "import"


class Means(StrEnum):
    """Which moment of the listening a stamp is."""

    START = "start"
    END = "end"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist; an export tells no URIs."""

    name: str
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class Album:
    """An album, or the show of an episode, or the audiobook of a chapter.

    `artist` is the album's first artist, or the publisher; it tells apart what has
    the same name.
    """

    name: str
    uri: str | None = None
    artist: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that was listened to, as far as its source knows it.

    An item without a URI is known by kind, name and first artist (an episode or
    chapter by its `album`'s name), and counts as the item with a URI that has these.
    An item without a name is known by its URI until it is enriched.
    """

    kind: Kind
    name: str | None
    uri: str | None = None
    artists: tuple[Artist, ...] = ()
    album: Album | None = None
    duration_ms: int | None = None
    isrc: str | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Where something was played: the household's own id of it, and its name then."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Context:
    """What something was played from."""

    uri: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one source said of one listening; never of a private session.

    `account` is the archive's name of the account: any text that stays the same.
    `stamp` is as the source gave it, and `precision_ms` its fineness: a stamp that
    tells only the minute is its beginning, with 60,000. `position` is an opaque number
    below 2**31 that keeps rows of one source apart whose account, item and stamp are
    equal. It follows from what a row says, not from where it stands, so that the same
    row has the same one wherever it is found again: `takeout` derives it from
    `listened_ms`. `ended` is when it stopped, pauses included; `listened_ms` leaves
    pauses out. Reasons are Spotify's words ("trackdone", "fwdbtn" …). `offline_stamp`
    is None where the source says 0.
    """

    account: str
    item: Item
    source: Source
    stamp: int
    means: Means
    position: int = 0
    precision_ms: int = 1
    listened_ms: int | None = None
    ended: int | None = None
    skipped: bool | None = None
    reason_start: str | None = None
    reason_end: str | None = None
    shuffle: bool | None = None
    offline: bool | None = None
    offline_stamp: int | None = None
    speaker: Speaker | None = None
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """One listening, with the best that each of its sources knows.

    `heard` is False for what was left within half a minute, which no top counts.
    `listened_ms` leaves pauses out; where no source tells it, it is the item's
    length, and `listened_estimated` is true. `paused_ms` is the time of the pauses
    as far as it is known. `skipped` is None where no source tells.
    """

    account: str
    item: Item
    started: int
    listened_ms: int
    sources: frozenset[Source]
    heard: bool = True
    skipped: bool | None = None
    paused_ms: int = 0
    start_estimated: bool = False
    listened_estimated: bool = False
    speaker: Speaker | None = None
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of an account's time in which plays may be missing."""

    account: str
    since: int
    until: int
