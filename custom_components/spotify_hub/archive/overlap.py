"""How much of what is told is kept already: whose plays are these?"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, select

from . import schema
from .encoding import key_of
from .ingest import pieces, stored
from .merge import REACH, Seen, grouped
from .names import item_key, uri_of
from .records import Item, Sighting
from .tables import some


def held(connection: Connection, account: str, sightings: Sequence[Sighting]) -> int:
    """Return of how many sightings an account's plays are kept already, whoever saw them."""
    table = schema.accounts.c
    number = connection.execute(select(table.id).where(table.key == account)).scalar()
    if number is None:
        return 0
    items = _works_of(connection, [one.item for one in sightings])
    asked = [
        (Seen(*key_of(one, number, place), listened=one.listened_ms), work)
        for place, (one, work) in enumerate(zip(sightings, items, strict=True))
        if work is not None
    ]
    works = {place.item: work for place, work in asked if work is not None}
    found = 0
    for piece in pieces(sorted(seen for seen, _ in asked)):
        found += _held(connection, number, piece, works)
    return found


def _held(
    connection: Connection, account: int, piece: list[Seen], works: dict[int, int]
) -> int:
    new: defaultdict[int, list[Seen]] = defaultdict(list)
    for seen in piece:
        new[works[seen.item]].append(seen)
    low, high = piece[0].at - REACH, piece[-1].at + REACH
    found = 0
    for work, old in stored(connection, account, low, high, set(new)).items():
        kept = {seen[:2] + seen[3:6] for seen in old}
        fresh = [seen for seen in new[work] if seen[:2] + seen[3:6] not in kept]
        found += len(new[work]) - len(fresh)
        before = set(old)
        for group in grouped([*old, *fresh]):
            if not before.isdisjoint(group):
                found += sum(seen not in before for seen in group)
    return found


def _works_of(connection: Connection, items: Sequence[Item]) -> list[int | None]:
    """Return the works of items, by URI or by name; None of those that none is known of."""
    columns = schema.items.c
    works: dict[str | int | None, int] = {}
    for column, keys in (
        (columns.name_key, {item_key(item) for item in items}),
        (columns.uri, {uri_of(item) for item in items}),
    ):
        for asked in some(list(keys)):
            query = select(column, columns.work).where(column.in_(asked))
            works.update({row[0]: row[1] for row in connection.execute(query)})
    return [works.get(uri_of(item)) or works.get(item_key(item)) for item in items]
