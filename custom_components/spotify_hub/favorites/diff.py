"""What differs between two copies: decisions only."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .entries import Song

# Fewer songs than this are taken out by hand, whatever part of a list they are.
FEWEST_VANISHED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of Liked Songs from one copy to another, newest first.

    `unknown` counts the songs of both copies of which one of them does not tell
    whether they play: they are not among the `unplayable`, whatever became of them.
    """

    added: tuple[Song, ...] = ()
    removed: tuple[Song, ...] = ()
    unplayable: tuple[Song, ...] = ()
    unknown: int = 0


def difference(
    before: Iterable[Song], after: Iterable[Song], *, same_market: bool = True
) -> Difference:
    """Compare two lists; songs are the same by their URI, each as often as it is there.

    Whether they play is compared only where both were looked up for the `same_market`.
    """
    old, new = list(before), list(after)
    played = {song.uri: song.playable for song in old}
    both = [song for song in new if song.uri in played]
    told = [
        song
        for song in both
        if same_market and None not in {song.playable, played[song.uri]}
    ]
    uris_before, uris_after = ([song.uri for song in songs] for songs in (old, new))
    return Difference(
        added=tuple(new[at] for at in surplus(uris_after, uris_before)),
        removed=tuple(old[at] for at in surplus(uris_before, uris_after)),
        unplayable=tuple(
            song for song in told if played[song.uri] and not song.playable
        ),
        unknown=sum(not song.is_local for song in both)
        - sum(not song.is_local for song in told),
    )


def surplus(uris: Sequence[str], others: Iterable[str]) -> list[int]:
    """Return the places of what others lack, or have less often."""
    left = Counter(others)
    found = []
    for place, uri in enumerate(uris):
        if left[uri]:
            left[uri] -= 1
        else:
            found.append(place)
    return found


def is_much(gone: int, of: int) -> bool:
    """Tell whether so many songs can hardly have gone on purpose: more than a fifth."""
    return gone >= FEWEST_VANISHED and gone * 5 > of
