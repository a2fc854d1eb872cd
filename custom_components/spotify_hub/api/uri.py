"""Spotify URIs and open.spotify.com links, read into one type.

Source: https://developer.spotify.com/documentation/web-api/concepts/spotify-uris-ids
"""

from dataclasses import dataclass
from enum import StrEnum
import re
from typing import override
from urllib.parse import quote, unquote, urlsplit

_ID = re.compile(r"[0-9A-Za-z]{22}")
_HOSTS = frozenset({"open.spotify.com", "play.spotify.com"})
_LOCALE = re.compile(r"intl-[a-z]{2}(-[a-z]{2})?", re.IGNORECASE)


class UriType(StrEnum):
    """What a Spotify URI points at."""

    ALBUM = "album"
    ARTIST = "artist"
    AUDIOBOOK = "audiobook"
    CHAPTER = "chapter"
    COLLECTION = "collection"
    EPISODE = "episode"
    PLAYLIST = "playlist"
    SHOW = "show"
    TRACK = "track"
    USER = "user"


class InvalidUriError(ValueError):
    """A text is neither a Spotify URI nor a link to something on Spotify."""

    def __init__(self, text: str) -> None:
        """Keep the text, so that the caller can be told what was not understood."""
        super().__init__(f"Not a Spotify URI or link: {text}")
        self.text = text


@dataclass(frozen=True, slots=True)
class SpotifyUri:
    """One thing on Spotify.

    `id` is a 22-character base62 id, for a user the user's name, and for a
    collection (Liked Songs) the name of the user who owns it, or "" where the
    source leaves the owner out.
    """

    type: UriType
    id: str

    @override
    def __str__(self) -> str:
        """Return the URI as Spotify writes it."""
        name = quote(self.id, safe="")
        if self.type is UriType.COLLECTION:
            return f"spotify:user:{name}:collection" if name else "spotify:collection"
        return f"spotify:{self.type}:{name}"

    @property
    def url(self) -> str:
        """Return the link that opens in a browser."""
        if self.type is UriType.COLLECTION:
            return "https://open.spotify.com/collection/tracks"
        return f"https://open.spotify.com/{self.type}/{quote(self.id, safe='')}"

    @property
    def is_context(self) -> bool:
        """Tell whether it is played as a context rather than as an item."""
        return self.type in _CONTEXTS


_CONTEXTS = frozenset(
    {
        UriType.ALBUM,
        UriType.ARTIST,
        UriType.AUDIOBOOK,
        UriType.COLLECTION,
        UriType.PLAYLIST,
        UriType.SHOW,
    }
)


def parse_uri(text: str) -> SpotifyUri:
    """Read a Spotify URI or an open.spotify.com link.

    Understood are `spotify:track:…`, the old `spotify:user:…:playlist:…`, and
    links with or without scheme, locale prefix, `embed/`, query and fragment.

    Raises:
        InvalidUriError: for everything else, local files and short links
            (spotify.link) included, because neither names an item by its id.
    """
    stripped = text.strip()
    if stripped.lower().startswith("spotify:"):
        parts = [unquote(part) for part in stripped.split(":")[1:]]
    else:
        parts = _link_parts(stripped)
    found = _read_parts(parts)
    if found is None:
        raise InvalidUriError(text)
    return found


def _link_parts(text: str) -> list[str]:
    """Return the path of a link to Spotify, without what does not name the item."""
    try:
        link = urlsplit(text if "://" in text else f"https://{text}")
        host = link.hostname
    except ValueError:
        return []
    if link.scheme not in {"http", "https"} or host not in _HOSTS:
        return []
    parts = [unquote(part) for part in link.path.split("/") if part]
    while parts and (_LOCALE.fullmatch(parts[0]) or parts[0] == "embed"):
        del parts[0]
    return parts


def _read_parts(parts: list[str]) -> SpotifyUri | None:
    match parts:
        case ["user", user, "playlist", playlist] if user:
            return _with_id("playlist", playlist)
        case ["user", user, "collection"] if user:
            return SpotifyUri(UriType.COLLECTION, user)
        case ["collection"] | ["collection", "tracks"]:
            return SpotifyUri(UriType.COLLECTION, "")
        case ["user", user] if user:
            return SpotifyUri(UriType.USER, user)
        case [kind, identifier]:
            return _with_id(kind, identifier)
    return None


def _with_id(kind: str, identifier: str) -> SpotifyUri | None:
    try:
        uri_type = UriType(kind)
    except ValueError:
        return None
    if uri_type in {UriType.USER, UriType.COLLECTION} or not _ID.fullmatch(identifier):
        return None
    return SpotifyUri(uri_type, identifier)
