"""What somebody means by a URI, a link, a name, or by saying nothing."""

from collections.abc import Collection, Iterable
from functools import partial

from ..api.models import OtherItem, Playable
from ..api.uri import InvalidUriError, SpotifyUri, UriType, parse_uri
from ..coordinator import PlaybackCoordinator
from ..failures import invalid
from .patience import patiently
from .search import SearchOperations

# More at once is a mistake, and would use up a day's quota.
MOST = 10_000


class ItemOperations:
    """Reads what the callers of one account name.

    Every method raises ServiceValidationError for what can't be understood, and
    SpotifyApiError where a name had to be looked up.
    """

    def __init__(self, playback: PlaybackCoordinator, search: SearchOperations) -> None:
        """Read names by `search`; what plays is told by `playback`."""
        self._playback = playback
        self._search = search

    async def uris(
        self,
        texts: Iterable[str],
        kinds: Collection[UriType],
        *,
        repeats: bool = False,
    ) -> tuple[SpotifyUri, ...]:
        """Return what texts mean, in their order; all are of `kinds`.

        Each comes once, unless `repeats` are wanted too.
        """
        wanted = [text.strip() for text in texts]
        if not any(wanted):
            raise invalid("no_items")
        if len(wanted) > MOST:
            raise invalid("too_many_items", count=str(len(wanted)), most=str(MOST))
        # What is malformed is refused before any name is looked up.
        read = [(text, _read(text, kinds)) for text in wanted if text]
        names = dict.fromkeys(text for text, uri in read if not uri)
        named = await self._all_named([*names], kinds)
        found = tuple(uri or named[text] for text, uri in read)
        return found if repeats else tuple(dict.fromkeys(found))

    async def uri(self, text: str, kinds: Collection[UriType]) -> SpotifyUri:
        """Return what a text means: something of one of the `kinds`."""
        return _read(text, kinds) or await self.named(text, kinds)

    async def named(self, text: str, kinds: Collection[UriType]) -> SpotifyUri:
        """Return what has a name: pinned things first, own playlists, the catalogue."""
        return parse_uri((await self._search.named(text, kinds)).uri)

    async def _all_named(
        self, texts: Collection[str], kinds: Collection[UriType]
    ) -> dict[str, SpotifyUri]:
        """Look up each name; many are more than the ledger has room for at once."""
        if len(texts) == 1:
            return {text: await self.named(text, kinds) for text in texts}
        return {
            text: await patiently(partial(self.named, text, kinds)) for text in texts
        }

    def playing(self) -> Playable:
        """Return the track or episode that plays or is paused."""
        playback = self._playback.data.playback
        item = playback.item if playback else None
        if item is None or isinstance(item, OtherItem):
            raise invalid("nothing_playing")
        return item


def _read(text: str, kinds: Collection[UriType]) -> SpotifyUri | None:
    """Return what a URI or link points at; None for what may be a name."""
    try:
        uri = parse_uri(text)
    except InvalidUriError:
        if _looks_like_link(text):
            raise invalid("not_a_spotify_link", uri=text) from None
        return None
    if uri.type not in kinds:
        raise invalid("wrong_kind", uri=str(uri), kinds=", ".join(sorted(kinds)))
    return uri


def _looks_like_link(text: str) -> bool:
    return text.lower().startswith(("spotify:", "http:", "https:", "open.spotify."))
