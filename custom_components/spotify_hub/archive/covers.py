"""For which time a source vouches that every play is known; what lies between is a gap.

The recent list vouches from its oldest row to its newest: the next one overlaps it,
or plays may be missing in between. An export vouches for the time it was asked for.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

type Cover = tuple[int, int]


def united(covers: Iterable[Cover]) -> list[Cover]:
    """Return stretches in order, those that touch as one."""
    found: list[Cover] = []
    for since, until in sorted(covers):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return found


def between(covers: Sequence[Cover]) -> list[Cover]:
    """Return the stretches between those of `united`."""
    return [(before[1], after[0]) for before, after in pairwise(covers)]
