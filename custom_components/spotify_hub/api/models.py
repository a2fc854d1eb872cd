"""What Spotify's answers mean, in one form for both regimes of apps.

Fields that Spotify leaves out for some apps are None or empty; nothing here
fails because a field is absent. Durations and positions are in milliseconds.
Source: https://developer.spotify.com/documentation/web-api/reference
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

type Json = dict[str, Any]


class Repeat(StrEnum):
    """What is played again, in Spotify's words."""

    OFF = "off"
    TRACK = "track"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture; sizes are in pixels where Spotify knows them."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist; images come only with the full object.

    Of a local file only the name is known: uri and id are empty.
    """

    uri: str
    id: str
    name: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Album:
    """An album, single or compilation; `release_date` is a year, month or day.

    Of a local file only the name is known: uri and id are empty.
    """

    uri: str
    id: str
    name: str
    album_type: str = "album"
    artists: tuple[Artist, ...] = ()
    images: tuple[Image, ...] = ()
    release_date: str | None = None
    total_tracks: int | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """A track. A local file has no id, and is not playable from here."""

    uri: str
    id: str | None
    name: str
    duration_ms: int
    artists: tuple[Artist, ...] = ()
    album: Album | None = None
    explicit: bool = False
    is_local: bool = False
    is_playable: bool | None = None
    track_number: int | None = None
    disc_number: int | None = None
    isrc: str | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """A podcast, or an audiobook as the player names it."""

    uri: str
    id: str
    name: str
    publisher: str | None = None
    description: str | None = None
    images: tuple[Image, ...] = ()
    total_episodes: int | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode of a podcast, or a chapter of an audiobook.

    `resume_ms` and `fully_played` are where this account stopped listening.
    """

    uri: str
    id: str
    name: str
    duration_ms: int
    show: Show | None = None
    description: str | None = None
    images: tuple[Image, ...] = ()
    release_date: str | None = None
    is_playable: bool | None = None
    resume_ms: int | None = None
    fully_played: bool | None = None

    @property
    def is_chapter(self) -> bool:
        """Tell whether it is an audiobook's: only those never came out."""
        return self.release_date == "0000"


@dataclass(frozen=True, slots=True)
class Audiobook:
    """An audiobook."""

    uri: str
    id: str
    name: str
    authors: tuple[str, ...] = ()
    description: str | None = None
    images: tuple[Image, ...] = ()
    total_chapters: int | None = None


@dataclass(frozen=True, slots=True)
class OtherItem:
    """Something that plays and is none of the kinds known here (an advert, say)."""

    kind: str
    uri: str | None = None
    name: str | None = None
    duration_ms: int | None = None


type Playable = Track | Episode
type PlayingItem = Track | Episode | OtherItem


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist; `total` is None where Spotify does not tell it, or was not asked."""

    uri: str
    id: str
    name: str
    description: str | None = None
    owner_id: str | None = None
    owner_name: str | None = None
    images: tuple[Image, ...] = ()
    public: bool | None = None
    collaborative: bool = False
    snapshot_id: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class PlaylistEntry:
    """One entry of a playlist; item is None where Spotify no longer has it."""

    item: Playable | None
    added_at: datetime | None = None
    added_by: str | None = None


@dataclass(frozen=True, slots=True)
class Saved[T]:
    """Something in an account's library, and since when."""

    item: T
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """One row of the recently-played list.

    `played_at` is Spotify's stamp, which is sometimes the start and sometimes
    the end of the play. `raw_played_at` is its text as received.
    """

    track: Track
    played_at: datetime
    raw_played_at: str
    context_uri: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """The profile of the account; new apps get neither product nor country."""

    id: str
    account_id: str | None = None
    display_name: str | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """A Spotify Connect device. Its id may be absent, and may change over time."""

    id: str | None
    name: str
    type: str
    is_active: bool = False
    is_private_session: bool = False
    is_restricted: bool = False
    volume_percent: int | None = None
    supports_volume: bool = True


@dataclass(frozen=True, slots=True)
class Context:
    """What the player plays from: an album, artist, playlist, show or collection."""

    type: str
    uri: str


@dataclass(frozen=True, slots=True)
class Playback:
    """What an account plays, where and how.

    `progress_ms` is the position at the moment of the answer; `timestamp_ms` is
    when Spotify last changed the state (milliseconds since the epoch).
    `disallows` names the actions that the player refuses at present.
    """

    is_playing: bool
    device: Device | None = None
    item: PlayingItem | None = None
    context: Context | None = None
    progress_ms: int | None = None
    timestamp_ms: int | None = None
    shuffle: bool = False
    smart_shuffle: bool = False
    repeat: Repeat = Repeat.OFF
    disallows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Queue:
    """What plays, and what Spotify says comes next: queued items, then the context."""

    playing: PlayingItem | None = None
    upcoming: tuple[Playable, ...] = ()


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One page of a list.

    `total` counts the whole list; `offset` and `limit` are the window asked for.
    `items` may be fewer than the window where Spotify sent entries without content.
    """

    items: tuple[T, ...]
    total: int
    offset: int
    limit: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page per type that was searched for; others are empty."""

    tracks: Page[Track] = field(default_factory=lambda: EMPTY_PAGE)
    albums: Page[Album] = field(default_factory=lambda: EMPTY_PAGE)
    artists: Page[Artist] = field(default_factory=lambda: EMPTY_PAGE)
    playlists: Page[Playlist] = field(default_factory=lambda: EMPTY_PAGE)
    shows: Page[Show] = field(default_factory=lambda: EMPTY_PAGE)
    episodes: Page[Episode] = field(default_factory=lambda: EMPTY_PAGE)
    audiobooks: Page[Audiobook] = field(default_factory=lambda: EMPTY_PAGE)


EMPTY_PAGE: Page[Any] = Page(items=(), total=0, offset=0, limit=0, has_next=False)
