"""One ranked search behind the media player and every other door."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from homeassistant.core import callback

from ..api.catalogue import LARGEST_SEARCH_PAGE, SearchType
from ..api.client import SpotifyHubClient
from ..api.models import Page, SearchResults
from ..api.uri import UriType
from ..failures import invalid
from .hits import Hit, SpotifyItem, hit_of, is_liked
from .names import words
from .own import OwnThings
from .patience import patiently
from .phrases import Kinds
from .query import Query, parse
from .ranking import LIKELY, NAMED, SURE, Ranked, rank

# Spotify's search goes no further.
MOST = 1000
# What comes near is told in an error.
_NEAR = 3


class Scope(StrEnum):
    """Where something is looked for."""

    BOTH = "both"
    CATALOGUE = "catalogue"
    OWN = "library"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of each kind, likeliest first, and the likeliest of all."""

    hits: Mapping[UriType, Sequence[Hit]]
    best: Hit | None


class SearchOperations:
    """Finds what somebody means: one's own things first, then the catalogue."""

    def __init__(self, client: SpotifyHubClient, own: OwnThings) -> None:
        """Search what is one's `own`, then ask `client`."""
        self._client = client
        self.own = own

    @callback
    def forget_playlists(self) -> None:
        """Read the account's playlists anew; to be called when they were changed."""
        self.own.forget_playlists()

    async def search(
        self,
        text: str,
        *,
        classes: Collection[str] = (),
        kinds: Collection[UriType] = (),
        limit: int = 20,
    ) -> list[Hit]:
        """Return what a text may mean, likeliest first.

        `classes` are values of Home Assistant's MediaClass: while something of
        these kinds fits best, only such things are returned. Of other than `kinds`
        nothing ever is. The catalogue is asked once, and only if nothing of one's
        own is surely meant.

        Raises:
            SpotifyApiError: one of its subclasses.
        """
        only = frozenset(kinds)
        query = parse(text, classes, kinds=only)
        return _preferred(query.kinds, await self._ranked(query, only))[:limit]

    async def meant(self, text: str, kinds: Collection[UriType] = ()) -> list[Hit]:
        """Return the first of what a text may mean, and its namesakes by other makers.

        Only what answers the text as well is one.

        Raises:
            SpotifyApiError: one of its subclasses.
        """
        only = frozenset(kinds)
        ranked = await self._ranked(parse(text, kinds=only), only)
        return [one.hit for one in ranked if _is_namesake(one, ranked[0])]

    async def named(self, text: str, kinds: Collection[UriType]) -> Hit:
        """Return the one thing of these kinds that a text surely names.

        Raises:
            ServiceValidationError: nothing is called so; what comes near is told.
            SpotifyApiError: one of its subclasses.
        """
        if not text.strip():
            raise invalid("no_items")
        only = frozenset(kinds)
        query = parse(text, kinds=only, strict=True)
        ranked = await self._ranked(query, only, strict=True)
        best = next(iter(ranked), None)
        if best is None or best.tier < LIKELY or _is_one_of_several(best, ranked):
            near = dict.fromkeys(_label(one.hit) for one in ranked if one.tier > 0)
            raise invalid(
                "nothing_named", text=text, near=", ".join([*near][:_NEAR]) or "-"
            )
        return best.hit

    async def find(
        self,
        text: str,
        *,
        kinds: Collection[UriType] = (),
        scope: Scope = Scope.BOTH,
        total: int = LARGEST_SEARCH_PAGE,
    ) -> Found:
        """Return up to `total` things of each kind; of every kind without `kinds`.

        The catalogue is asked once for each ten of them, for all kinds together.

        Raises:
            SpotifyApiError: one of its subclasses.
        """
        wanted = [kind for kind in _SEARCHED if not kinds or kind in kinds]
        query = parse(text, kinds=frozenset(kinds))
        hits: list[Hit] = []
        if scope is not Scope.CATALOGUE and query.text:
            for source in self.own.sources(frozenset(wanted)):
                hits += await source.hits(query, needed=scope is Scope.OWN)
        if scope is not Scope.OWN and query.text:
            hits += await self._paged(query.text, wanted, total)
        ranked = [one.hit for one in _distinct(rank(query, hits))]
        ranked = [hit for hit in ranked if hit.kind in wanted]
        return Found(
            {
                kind: tuple(hit for hit in ranked if hit.kind is kind)[:total]
                for kind in wanted
            },
            next(iter(ranked), None),
        )

    async def search_artist(
        self, artist_id: str, text: str, *, classes: Collection[str] = ()
    ) -> list[Hit]:
        """Return what of an artist's albums and tracks a text may mean, likeliest first.

        Raises:
            SpotifyApiError: one of its subclasses.
        """
        query = parse(text, classes)
        if not query.text:
            return []
        artist = await self._client.catalogue.artist(artist_id)
        name = artist.name.replace('"', " ")
        results = await self._client.catalogue.search(
            f'{query.text} artist:"{name}"', (SearchType.ALBUM, SearchType.TRACK)
        )
        hits = [hit for hit in _hits(results) if artist.name in hit.makers]
        return _preferred(query.kinds, rank(query, hits))

    async def _ranked(
        self, query: Query, kinds: Kinds = frozenset(), *, strict: bool = False
    ) -> list[Ranked]:
        """Look through what is one's own, then ask the catalogue unless that is it.

        With `kinds`, nothing else is returned. What is one's own and can't be read is
        passed over, unless this is `strict`: it might have been meant.
        """
        if not query.text:
            return []
        hits: list[Hit] = []
        ranked: list[Ranked] = []
        for source in self.own.sources(kinds):
            # What was surely found is not worth asking what else there is by now.
            own = source.known() if _reaches(ranked, SURE) else None
            if own is None:
                own = await source.hits(query, needed=strict)
            hits += [hit for hit in own if not kinds or hit.kind in kinds]
            ranked = _distinct(rank(query, hits))
            if _reaches(ranked, NAMED):
                return ranked
        if _reaches(ranked, SURE):
            return ranked
        # Asking for every kind costs the same one request as asking for one.
        results = await self._client.catalogue.search(query.text, tuple(SearchType))
        ranked = _distinct(rank(query, [*hits, *_hits(results)]))
        return [one for one in ranked if not kinds or one.hit.kind in kinds]

    async def _paged(
        self, text: str, kinds: Sequence[UriType], total: int
    ) -> list[Hit]:
        """Return up to `total` things of each kind that Spotify finds."""
        found: list[Hit] = []
        types = {SearchType(kind.value) for kind in kinds}
        for offset in range(0, min(total, MOST), LARGEST_SEARCH_PAGE):
            results = await patiently(
                partial(self._client.catalogue.search, text, types, offset=offset)
            )
            found += _hits(results)
            types &= {
                SearchType(kind.value)
                for kind, page in _pages(results)
                if _goes_on(page, offset)
            }
            if not types:
                break
        return found


def _reaches(ranked: Sequence[Ranked], tier: int) -> bool:
    return bool(ranked) and ranked[0].tier >= tier


def _is_one_of_several(best: Ranked, ranked: Sequence[Ranked]) -> bool:
    """Tell whether others come as near; of an exact name the likeliest is meant."""
    if best.tier >= NAMED or best.tier == SURE or is_liked(best.hit):
        return False
    names = {_label(one.hit) for one in ranked if one.tier == best.tier}
    return len(names) > 1


def _is_namesake(one: Ranked, first: Ranked) -> bool:
    """Tell whether something may as well be meant as what comes first; that itself may."""
    if one is first:
        return True
    hit, other = one.hit, first.hit
    return (
        not other.own
        and one.tier == first.tier >= LIKELY
        and (hit.kind, words(hit.name)) == (other.kind, words(other.name))
        and hit.makers[:1] != other.makers[:1]
    )


def _label(hit: Hit) -> str:
    return f"{hit.name} ({hit.subtitle})" if hit.makers else hit.name


def _preferred(kinds: Kinds, ranked: Sequence[Ranked]) -> list[Hit]:
    """Return the hits; only those of these kinds, if the best is one of them."""
    hits = [one.hit for one in ranked]
    if hits and hits[0].kind in kinds:
        return [hit for hit in hits if hit.kind in kinds]
    return hits


def _pages(results: SearchResults) -> Iterator[tuple[UriType, Page[SpotifyItem]]]:
    yield UriType.ARTIST, results.artists
    yield UriType.ALBUM, results.albums
    yield UriType.TRACK, results.tracks
    yield UriType.PLAYLIST, results.playlists
    yield UriType.SHOW, results.shows
    yield UriType.AUDIOBOOK, results.audiobooks
    yield UriType.EPISODE, results.episodes


_SEARCHED = tuple(UriType(one.value) for one in SearchType)


def _hits(results: SearchResults) -> Iterator[Hit]:
    for kind, page in _pages(results):
        for item in page.items:
            yield hit_of(item, kind)


def _goes_on(page: Page[SpotifyItem], offset: int) -> bool:
    """Tell whether there is more; a page of nulls has more behind it."""
    return page.has_next and (bool(page.items) or offset < page.total)


def _distinct(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Return each thing once, where it fits best."""
    found: dict[str, Ranked] = {}
    for one in ranked:
        found.setdefault(one.hit.uri, one)
    return list(found.values())
