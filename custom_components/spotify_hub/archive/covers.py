"""For which time a source vouches that every play is known; what lies between is a gap.

The recent list vouches from its oldest row to its newest: the next one overlaps it,
or plays may be missing in between. An export vouches for the time it was asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sqlalchemy import Connection, delete, select

from . import schema
from .records import Gap

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


def cover(
    connection: Connection, number: int, account: str, since: int, until: int
) -> Gap | None:
    """Keep that all plays of a stretch are known; return the gap before it, if it is new."""
    table = schema.covers
    before = [
        (row.since, row.until)
        for row in connection.execute(
            select(table).where(table.c.account == number).order_by(table.c.since)
        )
    ]
    after = united([*before, (since, until)])
    if after == before:
        return None
    connection.execute(delete(table).where(table.c.account == number))
    connection.execute(
        table.insert(),
        [{"account": number, "since": low, "until": high} for low, high in after],
    )
    new = [gap for gap in between(after) if gap not in between(before)]
    return next((Gap(account, *gap) for gap in new if gap[1] == since), None)


def gaps(connection: Connection, account: str | None = None) -> list[Gap]:
    """Return the stretches in which plays may be missing, in order."""
    covers: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    query = (
        select(schema.accounts.c.key, schema.covers.c.since, schema.covers.c.until)
        .join(schema.accounts, schema.accounts.c.id == schema.covers.c.account)
        .order_by(schema.accounts.c.key, schema.covers.c.since)
    )
    if account is not None:
        query = query.where(schema.accounts.c.key == account)
    for key, since, until in connection.execute(query):
        covers[key].append((since, until))
    return [Gap(key, *gap) for key, known in covers.items() for gap in between(known)]
