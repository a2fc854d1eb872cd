"""One ranked search behind the media player and every other door."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
import time

from ..api.catalogue import SearchType
from ..api.client import SpotifyHubClient
from ..api.models import SearchResults
from ..api.scopes import Feature
from ..api.uri import UriType
from .hits import Hit, hit_of
from .phrases import Kinds
from .query import parse
from .ranking import SURE, Ranked, rank

# Seconds for which the names of the account's playlists are remembered.
REMEMBERED = 600.0


class SearchOperations:
    """Finds what somebody means: own playlists first, then the catalogue."""

    def __init__(
        self, client: SpotifyHubClient, features: Collection[Feature], user_id: str
    ) -> None:
        """Search for the account of `user_id`, as far as `features` were granted."""
        self._client = client
        self._knows_playlists = Feature.PLAYLISTS in features
        self._user_id = user_id
        self._playlists: Sequence[Hit] = ()
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()

    async def search(
        self, text: str, *, classes: Collection[str] = (), limit: int = 20
    ) -> list[Hit]:
        """Return what a text may mean, likeliest first.

        `classes` are values of Home Assistant's MediaClass: while something of
        these kinds fits best, only such things are returned. The catalogue is asked
        twice at most.

        Raises:
            SpotifyApiError: one of its subclasses.
        """
        query = parse(text, classes)
        if not query.texts:
            return []
        own, *found = await asyncio.gather(
            self._own_playlists(), *map(self._catalogue, query.texts)
        )
        ranked = rank(query, _distinct(own, *found))
        if query.fallback and not (ranked and ranked[0].tier >= SURE):
            found.append(await self._catalogue(query.fallback))
            ranked = rank(query, _distinct(own, *found))
        return _preferred(query.kinds, ranked)[:limit]

    async def search_artist(
        self, artist_id: str, text: str, *, classes: Collection[str] = ()
    ) -> list[Hit]:
        """Return what of an artist's albums and tracks a text may mean, likeliest first.

        Raises:
            SpotifyApiError: one of its subclasses.
        """
        query = parse(text, classes)
        if not query.texts:
            return []
        artist = await self._client.catalogue.artist(artist_id)
        name = artist.name.replace('"', " ")
        results = await self._client.catalogue.search(
            f'{query.texts[0]} artist:"{name}"', (SearchType.ALBUM, SearchType.TRACK)
        )
        hits = [hit for hit in _hits(results) if artist.name in hit.makers]
        return _preferred(query.kinds, rank(query, hits))

    async def _catalogue(self, text: str) -> Sequence[Hit]:
        # Asking for every kind costs the same one request as asking for one.
        results = await self._client.catalogue.search(text, tuple(SearchType))
        return tuple(_hits(results))

    async def _own_playlists(self) -> Sequence[Hit]:
        """Return the account's playlists, those that it made itself first."""
        if not self._knows_playlists:
            return ()
        async with self._asking:
            now = time.monotonic()
            if self._asked_at is None or now - self._asked_at >= REMEMBERED:
                playlists = [one async for one in self._client.playlists.mine()]
                playlists.sort(key=lambda playlist: playlist.owner_id != self._user_id)
                self._playlists = tuple(hit_of(one, own=True) for one in playlists)
                self._asked_at = now
            return self._playlists


def _preferred(kinds: Kinds, ranked: Sequence[Ranked]) -> list[Hit]:
    """Return the hits; only those of these kinds, if the best is one of them."""
    hits = [one.hit for one in ranked]
    if hits and hits[0].kind in kinds:
        return [hit for hit in hits if hit.kind in kinds]
    return hits


def _hits(results: SearchResults) -> Iterator[Hit]:
    yield from map(hit_of, results.artists.items)
    yield from map(hit_of, results.albums.items)
    yield from map(hit_of, results.tracks.items)
    yield from map(hit_of, results.playlists.items)
    yield from map(hit_of, results.shows.items)
    yield from map(hit_of, results.audiobooks.items)
    for episode in results.episodes.items:
        yield hit_of(episode, UriType.EPISODE)


def _distinct(*groups: Sequence[Hit]) -> list[Hit]:
    """Return each thing once, as it was first found."""
    found: dict[str, Hit] = {}
    for hit in chain(*groups):
        found.setdefault(hit.uri, hit)
    return list(found.values())
