"""What a list or a search shows: things of every kind, in one form."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..api.models import (
    Album,
    Artist,
    Audiobook,
    Episode,
    Image,
    Playlist,
    Show,
    Track,
)
from ..api.uri import SpotifyUri, UriType, parse_uri
from ..pins import Pin

type SpotifyItem = Album | Artist | Audiobook | Episode | Playlist | Show | Track
type Item = SpotifyItem | Pin

# Spotify's middle size: sharp on a tile, small on the wire; less would blur.
_WIDTH = 300
_SHARP = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing, ready to be shown and played.

    `uri` is what to play it by. `makers` are artists, authors, the publisher, or
    a playlist's owner. `own`: it is pinned, liked, or one of the account's playlists.
    `aliases` are other names that it was given at home.
    """

    kind: UriType
    uri: str
    name: str
    makers: tuple[str, ...]
    image: str | None
    item: Item
    own: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def subtitle(self) -> str:
        """Return who made it, in one line."""
        return ", ".join(self.makers)


def hit_of(item: Item, kind: UriType | None = None, *, own: bool = False) -> Hit:
    """Return an item as a hit; chapters have to be named as such by `kind`.

    Of a pin no more is known than it says itself.
    """
    if isinstance(item, Pin):
        return Hit(
            kind=parse_uri(item.uri).type,
            uri=item.uri,
            name=item.name,
            makers=(),
            image=item.image,
            item=item,
            own=True,
            aliases=item.aliases,
        )
    found = kind or _KINDS[type(item)]
    return Hit(
        kind=found,
        uri=_uri(item, found),
        name=item.name,
        makers=_makers(item),
        image=thumbnail(_images(item)),
        item=item,
        own=own,
    )


def is_playable(item: Item) -> bool:
    """Tell whether it plays from here: no local file, nothing that was withdrawn."""
    match item:
        case Track():
            return bool(item.id) and not item.is_local and item.is_playable is not False
        case Episode():
            return item.is_playable is not False
    return True


def is_liked(hit: Hit) -> bool:
    """Tell whether it was found among the account's Liked Songs."""
    return hit.own and isinstance(hit.item, Track)


def thumbnail(images: Sequence[Image]) -> str | None:
    """Return the address of the image whose size suits a tile best."""

    def unfit(image: Image) -> tuple[bool, int]:
        width = image.width or _WIDTH
        return width < _SHARP, abs(width - _WIDTH)

    return min(images, key=unfit).url if images else None


_KINDS: dict[type[SpotifyItem], UriType] = {
    Album: UriType.ALBUM,
    Artist: UriType.ARTIST,
    Audiobook: UriType.AUDIOBOOK,
    Episode: UriType.EPISODE,
    Playlist: UriType.PLAYLIST,
    Show: UriType.SHOW,
    Track: UriType.TRACK,
}


def _uri(item: SpotifyItem, kind: UriType) -> str:
    if kind in {UriType.AUDIOBOOK, UriType.CHAPTER}:
        # Spotify calls them show and episode, by which they can't be looked up.
        return str(SpotifyUri(kind, item.id or ""))
    return item.uri


def _makers(item: SpotifyItem) -> tuple[str, ...]:
    match item:
        case Album(artists=artists) | Track(artists=artists):
            return tuple(artist.name for artist in artists)
        case Audiobook(authors=authors):
            return authors
        case Episode(show=show):
            return (show.name,) if show else ()
        case Playlist(owner_name=name) | Show(publisher=name):
            return (name,) if name else ()
    return ()


def _images(item: SpotifyItem) -> tuple[Image, ...]:
    match item:
        case Track(album=album):
            return album.images if album else ()
        case Episode(images=images, show=show):
            return images or (show.images if show else ())
    return item.images
