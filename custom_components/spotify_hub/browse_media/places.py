"""Where one is in the media tree, as content ids tell.

Things have their Spotify URI. Folders have ids of this project: `spotify_hub:albums`
is a section of the root, `spotify_hub:50:albums` the part of it that begins with
entry 51, `spotify_hub:50:spotify:album:…` that of an album.
"""

from dataclasses import dataclass
import re
from typing import override

from ..account.listings import Section
from ..api.uri import InvalidUriError, SpotifyUri, UriType, parse_uri
from ..const import DOMAIN

_FOLDER = re.compile(rf"{DOMAIN}:(?:([0-9]{{1,6}}):)?(.+)")


class UnknownPlaceError(Exception):
    """A content id is neither a folder of the tree nor anything on Spotify."""

    def __init__(self, content_id: str) -> None:
        """Keep the id, so that the caller can be told what was not understood."""
        super().__init__(content_id)
        self.content_id = content_id


@dataclass(frozen=True, slots=True)
class Place:
    """A section or a thing; with an offset, the part of it that begins there."""

    subject: Section | SpotifyUri
    offset: int | None = None

    @override
    def __str__(self) -> str:
        """Return the content id."""
        if self.offset is not None:
            return f"{DOMAIN}:{self.offset}:{self.subject}"
        if isinstance(self.subject, Section):
            return f"{DOMAIN}:{self.subject}"
        return str(self.subject)


# Pins are of all kinds and need no request, so they are no list to be read in parts.
PINS = f"{DOMAIN}:pins"
LIKED_SONGS = Place(SpotifyUri(UriType.COLLECTION, ""))


def place_of(content_type: str | None, content_id: str | None) -> Place | None:
    """Read a content id; None is the root.

    A bare id of Spotify is read as that of a thing of the type.

    Raises:
        UnknownPlaceError: it is none of these.
    """
    if not content_id:
        return None
    folder = _FOLDER.fullmatch(content_id)
    offset, name = folder.groups() if folder else (None, content_id)
    start = None if offset is None else int(offset)
    if folder and name in Section:
        return Place(Section(name), start)
    for uri in (name, f"spotify:{content_type}:{name}"):
        try:
            return Place(parse_uri(uri), start)
        except InvalidUriError:
            continue
    raise UnknownPlaceError(content_id)
