"""What to ask of the player so that a thing on Spotify plays."""

from dataclasses import dataclass, replace

from ..api.uri import SpotifyUri, UriType
from ..failures import invalid

ITEMS = frozenset({UriType.CHAPTER, UriType.EPISODE, UriType.TRACK})
# Contexts that begin where one likes; of others Spotify chooses the first item.
_WITH_OFFSET = frozenset({UriType.ALBUM, UriType.COLLECTION, UriType.PLAYLIST})


@dataclass(frozen=True, slots=True)
class Start:
    """A context, or items: what `PUT /me/player/play` begins.

    `offset_uri` or `offset_position` (from 0) is where a context begins;
    `position_ms` is where its first item does.
    """

    context_uri: str | None = None
    uris: tuple[str, ...] = ()
    offset_uri: str | None = None
    offset_position: int | None = None
    position_ms: int | None = None


def start_of(uri: SpotifyUri, user_id: str) -> Start:
    """Return how this is played for the account of `user_id`.

    Raises:
        ServiceValidationError: it is nothing that plays (a person's profile).
    """
    match uri.type:
        case UriType.TRACK | UriType.EPISODE:
            return Start(uris=(str(uri),))
        case UriType.CHAPTER:
            # The player knows chapters and audiobooks by the names of podcasts.
            return Start(uris=(str(replace(uri, type=UriType.EPISODE)),))
        case UriType.AUDIOBOOK:
            return Start(context_uri=str(replace(uri, type=UriType.SHOW)))
        case UriType.COLLECTION:
            return Start(context_uri=str(replace(uri, id=uri.id or user_id)))
        case UriType.USER:
            raise invalid("not_playable", uri=str(uri))
    return Start(context_uri=str(uri))


def start_at(
    uri: SpotifyUri,
    user_id: str,
    *,
    offset: SpotifyUri | int | None = None,
    position: float | None = None,
) -> Start:
    """Return how this is played from an item on, and from a moment of it, in seconds.

    Raises:
        ServiceValidationError: it is nothing that plays, or can't begin there.
    """
    start = start_of(uri, user_id)
    if offset is not None and uri.type not in _WITH_OFFSET:
        raise invalid("no_offset", uri=str(uri))
    if isinstance(offset, SpotifyUri):
        start = replace(start, offset_uri=str(offset))
    else:
        start = replace(start, offset_position=offset)
    if position is not None:
        start = replace(start, position_ms=round(position * 1000))
    return start
