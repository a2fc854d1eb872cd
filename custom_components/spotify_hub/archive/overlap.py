"""Which of an export's sightings tell of plays that the archive has, whoever saw them."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from sqlalchemy import Connection, or_, select

from . import schema
from .merge import LONGEST, SLACK
from .names import item_key, uri_of
from .records import Means, Sighting

_AT_ONCE = 500
# So much of an account's time is looked at once.
_PIECE_MS = 60 * 86_400_000


@dataclass(frozen=True, slots=True)
class _Told:
    """A listening that somebody tells of: of which work, from when to when (UTC ms)."""

    work: int
    since: int
    until: int


def known_plays(
    connection: Connection, account: str, sightings: Sequence[Sighting]
) -> int:
    """Return how many of some sightings an account has as plays, each counted once."""
    number = connection.execute(
        select(schema.accounts.c.id).where(schema.accounts.c.key == account)
    ).scalar()
    if number is None:
        return 0
    return sum(
        _matches(piece, _plays(connection, number, piece))
        for piece in _pieces(_told(connection, sightings))
    )


def _told(connection: Connection, sightings: Sequence[Sighting]) -> list[_Told]:
    """Return what is told of works that are known, in order."""
    by_uri, by_name = _works(connection, sightings)
    found: list[_Told] = []
    for one in sightings:
        work = by_uri.get(uri_of(one.item)) or by_name.get(item_key(one.item))
        if work is not None:
            length = one.listened_ms or 0
            begin = one.stamp if one.means is Means.START else one.stamp - length
            found.append(_Told(work, begin, begin + length + one.precision_ms))
    return sorted(found, key=lambda told: (told.since, told.until))


def _works(
    connection: Connection, sightings: Iterable[Sighting]
) -> tuple[dict[str, int], dict[int | None, int]]:
    columns = schema.items.c
    names = {uri_of(one.item): item_key(one.item) for one in sightings}
    by_uri: dict[str, int] = {}
    by_name: dict[int | None, int] = {}
    for some in batched(names.items(), _AT_ONCE, strict=False):
        uris = [uri for uri, _ in some]
        keys = [key for _, key in some if key is not None]
        query = select(columns.uri, columns.name_key, columns.work).where(
            or_(columns.uri.in_(uris), columns.name_key.in_(keys))
        )
        for row in connection.execute(query):
            by_uri[row.uri] = row.work
            if row.name_key is not None:
                by_name[row.name_key] = row.work
    return by_uri, by_name


def _pieces(told: Iterable[_Told]) -> Iterator[list[_Told]]:
    """Part what is told in order, so that the plays around each part are not many."""
    piece: list[_Told] = []
    for one in told:
        if piece and one.since - piece[0].since > _PIECE_MS:
            yield piece
            piece = []
        piece.append(one)
    if piece:
        yield piece


def _plays(
    connection: Connection, account: int, piece: Sequence[_Told]
) -> dict[int, deque[_Told]]:
    """Return the plays around a part by work, in order."""
    table, items = schema.plays.c, schema.items.c
    since = min(one.since for one in piece) - LONGEST - SLACK
    until = max(one.until for one in piece) + SLACK
    query = (
        select(items.work, table.started, table.listened, table.paused)
        .join(schema.items, items.id == table.item)
        .where(table.account == account, table.started.between(since, until))
        .order_by(table.started)
    )
    works = {one.work for one in piece}
    found: defaultdict[int, deque[_Told]] = defaultdict(deque)
    for work, started, listened, paused in connection.execute(query):
        if work in works:
            found[work].append(_Told(work, started, started + listened + paused))
    return found


def _matches(told: Iterable[_Told], plays: dict[int, deque[_Told]]) -> int:
    """Count what is told at the time of a play; a play stands for one of them."""
    count = 0
    for one in told:
        waiting = plays.get(one.work, deque())
        while waiting and waiting[0].until < one.since - SLACK:
            waiting.popleft()
        if waiting and waiting[0].since <= one.until + SLACK:
            waiting.popleft()
            count += 1
    return count
