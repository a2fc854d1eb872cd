"""The media tree of an account, and search in it."""

from homeassistant.components.media_player import (
    BrowseError,
    BrowseMedia,
    SearchError,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.components.media_player.errors import MediaPlayerException

from ..account import SpotifyAccount
from ..api.errors import SpotifyApiError
from ..const import DOMAIN
from ..failures import placeholders
from .finder import find
from .places import PINS, UnknownPlaceError, place_of
from .tree import NotBrowsableError, browse, browse_pins


async def async_browse(
    account: SpotifyAccount,
    media_content_type: str | None,
    media_content_id: str | None,
) -> BrowseMedia:
    """Return the node of this id with its children; the root without an id.

    Raises:
        BrowseError: translated.
    """
    if media_content_id == PINS:
        return browse_pins(account)
    try:
        place = place_of(media_content_type, media_content_id)
        return await browse(account, place)
    except UnknownPlaceError as err:
        raise _error(BrowseError, "not_a_spotify_link", uri=err.content_id) from err
    except NotBrowsableError as err:
        raise _error(BrowseError, "not_browsable", uri=err.uri) from err
    except SpotifyApiError as err:
        raise _error(BrowseError, err.key, **placeholders(err)) from err


async def async_search(account: SpotifyAccount, query: SearchMediaQuery) -> SearchMedia:
    """Search inside the item of the query's id, or everywhere; best match first.

    Raises:
        SearchError: translated.
    """
    try:
        return SearchMedia(result=await find(account, query))
    except SpotifyApiError as err:
        raise _error(SearchError, err.key, **placeholders(err)) from err


def _error[E: MediaPlayerException](kind: type[E], key: str, **values: str) -> E:
    return kind(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=values,
    )
