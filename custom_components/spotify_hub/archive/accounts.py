"""Accounts whose name in the archive changes: Spotify told a better one."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, select, tuple_, update

from . import schema
from .catalogue import Catalogue
from .covers import united
from .derived import forget
from .ingest import Recorded, record_seen
from .merge import Seen

# So many sightings are moved at once.
PIECE = 5_000


def rename(connection: Connection, catalogue: Catalogue, old: str, new: str) -> bool:
    """Give an account another name, and tell whether there was one to rename.

    Where the new name is known already, both were the same account all along: what
    is kept of them becomes one.
    """
    table = schema.accounts
    numbers = {
        row.key: row.id
        for row in connection.execute(select(table).where(table.c.key.in_([old, new])))
    }
    if old == new or old not in numbers:
        return False
    if new in numbers:
        _unite(connection, numbers[old], numbers[new])
        connection.execute(delete(table).where(table.c.id == numbers[old]))
    else:
        connection.execute(
            table.update().where(table.c.id == numbers[old]).values(key=new)
        )
    # The numbers that it remembers are those of former names.
    catalogue.forget()
    return True


def _unite(connection: Connection, old: int, new: int) -> None:
    """Move all that is kept of one account to another."""
    forget(connection, old)
    for rows in _sightings(connection, old):
        works = {row.item: row.work for row in rows}
        seen = [Seen._make(row[:-1])._replace(account=new) for row in rows]
        record_seen(connection, new, seen, works, Recorded())
    connection.execute(
        delete(schema.sightings).where(schema.sightings.c.account == old)
    )
    covers = schema.covers
    both = select(covers.c.since, covers.c.until).where(
        covers.c.account.in_([old, new])
    )
    stretches = united((row.since, row.until) for row in connection.execute(both))
    connection.execute(delete(covers).where(covers.c.account.in_([old, new])))
    if stretches:
        connection.execute(
            covers.insert(),
            [
                {"account": new, "since": since, "until": until}
                for since, until in stretches
            ],
        )
    # What is liked is kept as it was told last, by whichever name.
    connection.execute(delete(schema.likes).where(schema.likes.c.account == old))
    for table in (schema.changes, schema.deletions, schema.imports):
        _hand_over(connection, table, old, new)


def _hand_over(connection: Connection, table: Table, old: int, new: int) -> None:
    connection.execute(update(table).where(table.c.account == old).values(account=new))


def _sightings(connection: Connection, account: int) -> Iterator[list[Any]]:
    """Go through an account's sightings with the works of their items, in order."""
    table = schema.sightings.c
    key = tuple_(*list(table)[1:6])
    query: Select[Any] = (
        select(schema.sightings, schema.items.c.work)
        .join(schema.items, schema.items.c.id == table.item)
        .where(table.account == account)
        .order_by(*list(table)[1:6])
        .limit(PIECE)
    )
    rows = list(connection.execute(query))
    while rows:
        yield rows
        rows = list(connection.execute(query.where(key > tuple_(*rows[-1][1:6]))))
