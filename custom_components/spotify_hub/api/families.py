"""Which family of endpoints a request belongs to: Spotify counts quotas by such groups.

Spotify does not publish its groups ("quota buckets"); these follow its reference,
and what was seen to be exhausted while the rest went on.
Source: https://developer.spotify.com/documentation/web-api/concepts/quota-modes
"""

from enum import StrEnum
import re


class Family(StrEnum):
    """A group of endpoints that is counted, and closed, as one."""

    PLAYER = "player"
    COMMANDS = "commands"
    QUEUE = "queue"
    RECENT = "recently_played"
    PROFILE = "profile"
    TOP = "top_items"
    LIBRARY = "library"
    LIBRARY_CHANGES = "library_changes"
    PLAYLISTS = "playlists"
    PLAYLIST_ITEMS = "playlist_items"
    PLAYLIST_CHANGES = "playlist_changes"
    SEARCH = "search"
    ALBUMS = "albums"
    ALBUM_TRACKS = "album_tracks"
    ARTISTS = "artists"
    TRACKS = "tracks"
    SHOWS = "shows"
    SHOW_EPISODES = "show_episodes"
    EPISODES = "episodes"
    AUDIOBOOKS = "audiobooks"
    OTHER = "other"


# The first that matches: method ("*" any but GET where a GET row stands before it), path.
_TABLE: tuple[tuple[str, re.Pattern[str], Family], ...] = tuple(
    (method, re.compile(rf"/v1/{path}"), family)
    for method, path, family in (
        ("GET", r"me/player/recently-played", Family.RECENT),
        ("GET", r"me/player/queue", Family.QUEUE),
        ("GET", r"me/player(/.*)?", Family.PLAYER),
        ("*", r"me/player(/.*)?", Family.COMMANDS),
        ("GET", r"me/top/.*", Family.TOP),
        ("GET", r"me/playlists", Family.PLAYLISTS),
        ("*", r"me/playlists", Family.PLAYLIST_CHANGES),
        ("GET", r"me/.+", Family.LIBRARY),
        ("*", r"me/.+", Family.LIBRARY_CHANGES),
        ("GET", r"me", Family.PROFILE),
        ("GET", r"playlists/[^/]+/items", Family.PLAYLIST_ITEMS),
        ("GET", r"playlists/.+", Family.PLAYLISTS),
        ("*", r"playlists/.+", Family.PLAYLIST_CHANGES),
        ("GET", r"search", Family.SEARCH),
        ("GET", r"albums/[^/]+/tracks", Family.ALBUM_TRACKS),
        ("GET", r"albums/.+", Family.ALBUMS),
        ("GET", r"artists/.+", Family.ARTISTS),
        ("GET", r"tracks/.+", Family.TRACKS),
        ("GET", r"shows/[^/]+/episodes", Family.SHOW_EPISODES),
        ("GET", r"shows/.+", Family.SHOWS),
        ("GET", r"(episodes|chapters)/.+", Family.EPISODES),
        ("GET", r"audiobooks/.+", Family.AUDIOBOOKS),
    )
)


def family_of(method: str, path: str) -> Family:
    """Return the family of a request; the path begins with /v1."""
    for wanted, pattern, family in _TABLE:
        if wanted in {method, "*"} and pattern.fullmatch(path):
            return family
    return Family.OTHER
