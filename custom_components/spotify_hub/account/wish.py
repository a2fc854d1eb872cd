"""What somebody wants to hear, and playing it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from ..api.errors import ForbiddenError, NotFoundError
from ..api.models import Episode, Repeat, Track
from ..api.uri import InvalidUriError, SpotifyUri, UriType, parse_uri
from ..failures import invalid
from . import SpotifyAccount
from .hits import Hit
from .query import parse
from .ranking import rank
from .start import ITEMS, Start, start_at
from .start_plan import PATIENCE
from .starting import Started

# Entries of a playlist or album that are looked through for a name.
_MOST = 500
# What is in playlists.
_ENTRIES = frozenset({UriType.EPISODE, UriType.TRACK})


class Enqueue(StrEnum):
    """When something is to be heard."""

    PLAY = "play"
    REPLACE = "replace"
    NEXT = "next"
    ADD = "add"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to play, and how.

    Either `query`, narrowed by `artist` and `kind`, or `uri` (also a link or what
    surely names something). `album` or `playlist` is what it is played in. `offset`
    is where an album or playlist begins, counted from 0 or by item; `position` is in
    seconds. For `patience` seconds it is tried on the speaker, then on `fallback`.
    """

    query: str | None = None
    uri: str | None = None
    artist: str | None = None
    album: str | None = None
    playlist: str | None = None
    kind: UriType | None = None
    speaker: str | None = None
    fallback: str | None = None
    patience: float = PATIENCE
    shuffle: bool | None = None
    repeat: Repeat | None = None
    position: float | None = None
    offset: int | str | None = None
    enqueue: Enqueue = Enqueue.PLAY


@dataclass(frozen=True, slots=True)
class Found:
    """What is meant; `hit` is known where it was searched for.

    `within` is the album or playlist that it is played in. `others` answer the same
    words as well, but are somebody else's.
    """

    uri: SpotifyUri
    hit: Hit | None = None
    within: SpotifyUri | None = None
    others: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a wish."""

    found: Found
    context_uri: str | None = None
    started: Started | None = None
    enqueued: tuple[str, ...] = ()


def check(wish: Wish) -> None:
    """Refuse what contradicts itself, before anything is asked or changed.

    Raises:
        ServiceValidationError: what goes together, and what does not.
    """
    if (wish.query is None) is (wish.uri is None):
        raise invalid("query_or_uri")
    if wish.uri is not None and (wish.artist or wish.kind):
        raise invalid("only_with_query")
    if wish.album and wish.playlist:
        raise invalid("album_or_playlist")
    inside = wish.album or wish.playlist
    if inside and wish.kind not in {None, *_ENTRIES}:
        raise invalid("only_tracks_inside")
    if wish.offset is not None and (inside or wish.kind in ITEMS):
        raise invalid("offset_with_item")
    if isinstance(wish.offset, str):
        _item(wish.offset)
    if wish.enqueue in {Enqueue.ADD, Enqueue.NEXT}:
        now = (
            wish.speaker,
            wish.fallback,
            wish.shuffle,
            wish.repeat,
            wish.position,
            wish.offset,
        )
        if any(given is not None for given in now):
            raise invalid("only_when_played_now")


async def play(account: SpotifyAccount, wish: Wish) -> Played:
    """Find what is wished for, and play it now or queue it.

    Raises:
        HomeAssistantError: it can't be played, or is not found.
        SpotifyApiError: it could not be looked for.
    """
    check(wish)
    found = await _find(account, wish)
    match wish.enqueue:
        case Enqueue.ADD:
            return Played(found, enqueued=await account.queue.append(found.uri))
        case Enqueue.NEXT:
            return Played(found, enqueued=await account.queue.append_next(found.uri))
    start = await _start(account, wish, found)
    started = await account.player.start(
        start,
        wish.speaker,
        shuffle=wish.shuffle,
        repeat=wish.repeat,
        patience=wish.patience,
        fallback=wish.fallback,
    )
    return Played(found, start.context_uri, started)


async def find(account: SpotifyAccount, wish: Wish) -> tuple[Found, Start]:
    """Find what is wished for, and how it is played, without playing it.

    Raises:
        HomeAssistantError: it can't be played, or is not found.
        SpotifyApiError: it could not be looked for.
    """
    check(wish)
    found = await _find(account, wish)
    return found, await _start(account, wish, found)


async def _start(account: SpotifyAccount, wish: Wish, found: Found) -> Start:
    offset = _item(wish.offset) if isinstance(wish.offset, str) else wish.offset
    first = offset if isinstance(offset, SpotifyUri) else None
    start = start_at(
        found.within or found.uri,
        account.user_id,
        offset=found.uri if found.within else offset,
        position=wish.position,
    )
    if wish.position:
        await _check_position(account, first or found.uri, found.hit, wish.position)
    return start


async def _find(account: SpotifyAccount, wish: Wish) -> Found:
    within = await _context(account, wish)
    if wish.uri is not None:
        kinds = _ENTRIES if within else frozenset(UriType)
        return Found(await _named(account, wish.uri, kinds), within=within)
    query = wish.query or ""
    text = f"{query} by {wish.artist}" if wish.artist else query
    if within is not None:
        hit = await _inside(account, within, query, text)
        return Found(parse_uri(hit.uri), hit, within)
    meant = await account.search.meant(text, {wish.kind} if wish.kind else ())
    if not meant:
        raise invalid("nothing_found", query=text)
    hit, *others = meant
    return Found(parse_uri(hit.uri), hit, others=tuple(others))


async def _context(account: SpotifyAccount, wish: Wish) -> SpotifyUri | None:
    """Return the album or playlist that the wish is to be played in."""
    if wish.playlist is not None:
        return await account.items.uri(
            wish.playlist, {UriType.COLLECTION, UriType.PLAYLIST}
        )
    if wish.album is None:
        return None
    if wish.artist is None:
        return await account.items.uri(wish.album, {UriType.ALBUM})
    text = f"{wish.album} by {wish.artist}"
    return parse_uri((await _first(account, text, {UriType.ALBUM})).uri)


async def _first(account: SpotifyAccount, text: str, kinds: Collection[UriType]) -> Hit:
    """Return the first thing of these kinds, or of any, that is found by a text."""
    for hit in await account.search.search(text, kinds=kinds, limit=1):
        return hit
    raise invalid("nothing_found", query=text)


async def _inside(
    account: SpotifyAccount, within: SpotifyUri, query: str, text: str
) -> Hit:
    """Return what is called so in an album or playlist.

    Spotify does not list what is in the playlists of others: what the catalogue
    knows by that name is then asked for, and Spotify says whether it is in there.
    """
    listing = account.listings.listing_of(within)
    try:
        hits = await listing.hits(_MOST) if listing else ()
    except ForbiddenError, NotFoundError:
        return await _first(account, text, {UriType.TRACK})
    for one in rank(parse(text), hits):
        if one.tier > 0:
            return one.hit
    raise invalid("not_inside", query=query)


async def _named(
    account: SpotifyAccount, text: str, kinds: Collection[UriType]
) -> SpotifyUri:
    """Return what a URI, a link, the name of a pin, or another sure name stands for."""
    pin = account.pins.find(text)
    return await account.items.uri(pin.uri if pin else text, kinds)


def _item(text: str) -> SpotifyUri:
    """Return the item that a playlist or album shall begin with."""
    try:
        uri = parse_uri(text)
    except InvalidUriError:
        uri = None
    if uri is None or uri.type not in _ENTRIES:
        raise invalid("not_an_offset", offset=text)
    return uri


async def _check_position(
    account: SpotifyAccount, uri: SpotifyUri, hit: Hit | None, position: float
) -> None:
    """See to it that the first item, where it is known which it is, lasts so long."""
    item = hit.item if hit and hit.uri == str(uri) else None
    match uri.type:
        case UriType.TRACK if item is None:
            item = await account.client.catalogue.track(uri.id)
        case UriType.EPISODE if item is None:
            item = await account.client.catalogue.episode(uri.id)
    if isinstance(item, Track | Episode) and position * 1000 >= item.duration_ms:
        raise invalid(
            "position_beyond",
            position=f"{position:g}",
            duration=f"{item.duration_ms / 1000:g}",
        )
