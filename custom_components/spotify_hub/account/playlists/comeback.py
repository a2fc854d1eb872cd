"""How a playlist gets back what it held."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from ...api.playlists import LARGEST_CHANGE
from .diff import (
    Insert,
    Uris,
    count_missing,
    is_restorable,
    is_within,
    plan_restore,
    with_inserts,
    without,
)
from .writer import PlaylistWriter

# So many requests more are no reason yet to write a whole playlist anew.
_FEW = 5


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, what was taken out again, and how much Spotify does not take.

    `in_order`: what came back and what had stayed stand as they stood.
    """

    uris: tuple[str, ...]
    taken_out: tuple[str, ...]
    lost: int
    in_order: bool
    snapshot_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comeback:
    """What leads from `current` to `goal`: removals, then inserts, or writing it anew."""

    before: Uris
    current: Uris
    taken_out: tuple[str, ...]
    inserts: tuple[Insert, ...]
    goal: Uris
    anew: bool

    async def carry_out(self, writer: PlaylistWriter) -> None:
        """Change the playlist so.

        Raises:
            StaleError: somebody was faster; nothing was changed.
            UnsureError, SpotifyApiError: it is not all done.
        """
        if self.goal == self.current:
            return
        await writer.check()
        if self.anew:
            await writer.replace([uri for uri in self.goal if uri])
            return
        await writer.remove(self.taken_out)
        writer.total = len(without(self.current, self.taken_out))
        for insert in self.inserts:
            await writer.add(insert.uris, insert.position)

    def done(self, snapshot: str | None) -> Restored:
        """Return what is told when all of it was done."""
        fixed = [uri for uri in self.before if not is_restorable(uri)]
        return Restored(
            tuple(uri for insert in self.inserts for uri in insert.uris),
            self.taken_out,
            count_missing(fixed, self.current),
            is_within(_restorable(self.before), _restorable(self.goal)),
            snapshot,
        )

    def reached(self, writer: PlaylistWriter) -> Uris:
        """Return what the playlist surely holds when it was not all done."""
        if self.anew:
            return self.goal[: writer.total] if writer.replaced else self.current
        rest = without(self.current, writer.removed)
        came = [uri for insert in self.inserts for uri in insert.uris]
        return (*rest, *came[: writer.added])


def plan_comeback(
    before: Uris, current: Uris, added: Sequence[str], *, exactly: bool
) -> Comeback:
    """Put back what is missing, and take `added` out.

    `exactly`: in the order of before too, as long as nothing has come since. A list
    is written anew where that is needed or saves many requests, and costs nothing.
    """
    present = set(current)
    taken_out = tuple(uri for uri in added if uri in present)
    rest = without(current, taken_out)
    inserts = plan_restore(before, rest)
    result = goal = with_inserts(rest, inserts)
    possible = _restorable(before)
    if exactly and Counter(result) == Counter(possible):
        goal = possible
    writable = all(is_restorable(uri) for uri in rest)
    requests = count_requests(inserts) + ceil(len(taken_out) / LARGEST_CHANGE)
    # Half written, a list anew would lose what is kept in no file: what came since.
    at_stake = Counter(rest) - Counter(before) and len(goal) > LARGEST_CHANGE
    cheaper = not at_stake and is_cheaper_anew(requests, len(goal))
    anew = writable and (goal != result or cheaper)
    return Comeback(
        before=tuple(before),
        current=tuple(current),
        taken_out=taken_out,
        inserts=inserts,
        goal=goal if anew else result,
        anew=anew,
    )


def count_requests(inserts: Sequence[Insert]) -> int:
    """Return how many requests inserts take."""
    return sum(ceil(len(insert.uris) / LARGEST_CHANGE) for insert in inserts)


def is_cheaper_anew(requests: int, length: int) -> bool:
    """Tell whether writing a list of a length saves many of so many requests."""
    return requests > ceil(length / LARGEST_CHANGE) + _FEW


def _restorable(uris: Uris) -> tuple[str | None, ...]:
    return tuple(uri for uri in uris if is_restorable(uri))
