"""What of a copy is put back, and in which order: decisions only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import batched

from ..api.library import LARGEST_CHANGE
from .entries import Song


@dataclass(frozen=True, slots=True)
class Plan:
    """`songs` are put back, newest first; `impossible` are, but can't be."""

    songs: tuple[Song, ...]
    impossible: tuple[Song, ...]
    there: int

    @property
    def uris(self) -> tuple[str, ...]:
        """Return what is sent, in that order.

        The newest go last, so that Spotify shows them first. Of those that go
        together, which get one date, the newest stand first.
        """
        oldest_first = [song.uri for song in reversed(self.songs)]
        parts = batched(oldest_first, LARGEST_CHANGE, strict=False)
        return tuple(uri for part in parts for uri in reversed(part))


def plan(songs: Sequence[Song], there: Collection[str]) -> Plan:
    """Return how songs are put back of which some are there; each once."""
    wanted = list({song.uri: song for song in songs if song.is_savable}.values())
    missing = [song for song in wanted if song.uri not in there]
    return Plan(
        songs=tuple(missing),
        impossible=tuple(
            song for song in songs if not song.is_savable and song.uri not in there
        ),
        there=len(wanted) - len(missing),
    )
