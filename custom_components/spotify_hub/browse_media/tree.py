"""The media tree: the root, its sections, things, and parts of long lists."""

import asyncio

from homeassistant.components.media_player import BrowseMedia

from ..account import SpotifyAccount
from ..account.listings import Listing, Part, Section
from ..api.errors import ForbiddenError, NotFoundError
from ..api.scopes import Feature
from ..api.uri import SpotifyUri, UriType
from .nodes import (
    fill,
    liked_songs_node,
    node,
    part_node,
    pins_node,
    root_node,
    section_node,
)
from .places import Place

_SECTIONS: dict[Section, Feature] = {
    Section.PLAYLISTS: Feature.PLAYLISTS,
    Section.ALBUMS: Feature.LIBRARY,
    Section.ARTISTS: Feature.LIBRARY,
    Section.PODCASTS: Feature.LIBRARY,
    Section.EPISODES: Feature.LIBRARY,
    Section.AUDIOBOOKS: Feature.LIBRARY,
    Section.RECENT: Feature.HISTORY,
    Section.TOP_TRACKS: Feature.HISTORY,
    Section.TOP_ARTISTS: Feature.HISTORY,
}


class NotBrowsableError(Exception):
    """There is nothing inside: a track, an episode, a person, others' Liked Songs."""

    def __init__(self, uri: str) -> None:
        """Keep what it was."""
        super().__init__(uri)
        self.uri = uri


async def browse(account: SpotifyAccount, place: Place | None) -> BrowseMedia:
    """Return a node with its children.

    Raises:
        NotBrowsableError: nothing can be inside.
        SpotifyApiError: one of its subclasses.
    """
    if place is None:
        return _root(account)
    subject = place.subject
    listing = account.listings.listing_of(subject)
    if listing is None:
        raise NotBrowsableError(str(subject))
    if place.offset is not None:
        part = await listing.part(place.offset)
        return fill(part_node(place, part.total), place, part)
    if isinstance(subject, Section):
        return fill(section_node(subject), place, await listing.opening())
    if subject.type is UriType.COLLECTION:
        return fill(liked_songs_node(), place, await listing.opening())
    if subject.type is UriType.PLAYLIST:
        return await _playlist(account, place, subject, listing)
    hit, opening = await asyncio.gather(
        account.listings.thing(subject), listing.opening()
    )
    return fill(node(hit), place, opening)


def browse_pins(account: SpotifyAccount) -> BrowseMedia:
    """Return the folder of pins with what is in it."""
    return pins_node(account.pins.all, account.user_id)


def _root(account: SpotifyAccount) -> BrowseMedia:
    granted = account.features
    pins = [browse_pins(account)] if account.pins.all else []
    liked = [liked_songs_node()] if Feature.LIBRARY in granted else []
    return root_node(
        pins
        + liked
        + [
            section_node(section)
            for section, feature in _SECTIONS.items()
            if feature in granted
        ]
    )


async def _playlist(
    account: SpotifyAccount, place: Place, uri: SpotifyUri, listing: Listing
) -> BrowseMedia:
    """Return a playlist: without children, where it plays but can't be looked into."""
    hit, opening = await asyncio.gather(
        account.listings.thing(uri), _opening_if_shown(listing)
    )
    if opening is None:
        return node(hit, can_expand=False)
    return fill(node(hit, can_expand=True), place, opening)


async def _opening_if_shown(listing: Listing) -> Part | None:
    try:
        return await listing.opening()
    except ForbiddenError, NotFoundError:
        return None
