"""Search from the media browser: everywhere, or inside what is open in it."""

from homeassistant.components.media_player import BrowseMedia, SearchMediaQuery

from ..account import SpotifyAccount
from ..account.hits import Hit
from ..account.listings import Listing
from ..account.query import parse
from ..account.ranking import rank
from ..api.uri import SpotifyUri, UriType
from .nodes import node
from .places import Place, UnknownPlaceError, place_of

# Entries of a list that are looked through.
_MOST = 500


async def find(account: SpotifyAccount, query: SearchMediaQuery) -> list[BrowseMedia]:
    """Return what was found as nodes, the likeliest first.

    Raises:
        SpotifyApiError: one of its subclasses.
    """
    return [node(hit) for hit in await _hits(account, query)]


async def _hits(account: SpotifyAccount, query: SearchMediaQuery) -> list[Hit]:
    text = query.search_query
    # Home Assistant says a list, and hands over a set.
    classes = {str(one) for one in query.media_filter_classes or ()}
    match _place(query):
        case Place(SpotifyUri(UriType.ARTIST, artist_id)):
            return await account.search.search_artist(artist_id, text, classes=classes)
        case Place(subject) if listing := account.listings.listing_of(subject):
            return await _inside(listing, text)
    return await account.search.search(text, classes=classes)


def _place(query: SearchMediaQuery) -> Place | None:
    """Return what to search in: everything, unless it is a place of the tree."""
    try:
        return place_of(query.media_content_type, query.media_content_id)
    except UnknownPlaceError:
        return None


async def _inside(listing: Listing, text: str) -> list[Hit]:
    ranked = rank(parse(text), await listing.hits(_MOST))
    return [one.hit for one in ranked if one.tier > 0]
