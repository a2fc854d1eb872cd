"""Which edit of a playlist an operation means, given what the playlist holds."""

from collections import Counter
from collections.abc import Sequence
from math import ceil

from ...api.playlists import LARGEST_CHANGE
from ...failures import invalid
from .comeback import count_requests, is_cheaper_anew
from .diff import Uris, doubled, once, plan_restore, without
from .edits import Edit
from .reader import Contents, Status

# More would use up much of what Spotify allows in a day.
MOST_REQUESTS = 200
_NOT_RESTORABLE = (Status.LOCAL, Status.MISSING)


def removal(contents: Contents, uris: Sequence[str]) -> Edit:
    """Remove items wherever they stand."""
    there = set(contents.uris)
    wanted = tuple(dict.fromkeys(uris))
    removes = tuple(uri for uri in wanted if uri in there)
    return Edit(
        what="items_removed",
        target=without(contents.uris, removes),
        removes=removes,
        uris=removes,
        skipped=tuple(uri for uri in wanted if uri not in there),
    )


def replacement(contents: Contents, uris: Sequence[str]) -> Edit:
    """Put other items in the place of all; none clears."""
    items = tuple(uris)
    return Edit(
        what="items_replaced" if items else "cleared",
        target=items,
        replacement=items if items or contents.entries else None,
        uris=items or tuple(uri for uri in contents.uris if uri),
        lost=tuple(contents.placed(*_NOT_RESTORABLE)),
    )


def deduplication(contents: Contents) -> Edit:
    """Leave what stands there several times at its first place only.

    Local and unavailable items stay: what Spotify removes it may not take back. Where
    none are there, a list with many gaps is written anew.

    Raises:
        ServiceValidationError: it would take too many requests.
    """
    fixed = list(contents.placed(*_NOT_RESTORABLE, Status.UNAVAILABLE))
    alone = {item.uri for _, item in fixed if item}
    several = tuple(uri for uri in doubled(contents.uris) if uri not in alone)
    target = once(contents.uris, several)
    requests = _requests(contents, several, target)
    replacement = None
    if several and not fixed and is_cheaper_anew(requests, len(target)):
        replacement = tuple(uri for uri in target if uri)
    elif requests > MOST_REQUESTS:
        raise invalid(
            "playlist_change_too_long",
            playlist=contents.playlist.name,
            requests=str(requests),
            most=str(MOST_REQUESTS),
        )
    counts = Counter(contents.uris)
    return Edit(
        what="deduplicated",
        target=target,
        removes=several,
        replacement=replacement,
        uris=several,
        left=tuple(
            (position, item)
            for position, item in fixed
            if counts[item.uri if item else None] > 1
        ),
    )


def to_look_at(contents: Contents) -> Sequence[int]:
    """Return the places of which deduplicating must know whether they play."""
    several = set(doubled(contents.uris))
    target = once(contents.uris, several)
    if is_cheaper_anew(_requests(contents, tuple(several), target), len(target)):
        return range(len(contents.uris))
    return [place for place, uri in enumerate(contents.uris) if uri in several]


def _requests(contents: Contents, several: tuple[str, ...], target: Uris) -> int:
    """Return how many requests it takes to remove these and put them in again."""
    inserts = plan_restore(target, without(contents.uris, several))
    return ceil(len(several) / LARGEST_CHANGE) + count_requests(inserts)
