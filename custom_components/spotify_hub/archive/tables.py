"""Writing many rows at once."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, chain

from sqlalchemy import Connection, Table, delete, func, select, tuple_

# Rows named in one statement.
AT_ONCE = 500
# Rows inserted by one; more gain nothing.
TOGETHER = 100


def add(
    connection: Connection,
    table: Table,
    rows: Iterable[Sequence[object]],
    otherwise: str = "",
) -> None:
    """Insert rows that have all columns of a table, in order.

    `otherwise` is said of those that are there already, as ON CONFLICT says it.
    """
    found = list(rows)
    whole = len(found) // TOGETHER * TOGETHER
    statement = str(table.insert().compile(dialect=connection.dialect))
    row = statement[statement.index(" VALUES ") + len(" VALUES ") :]
    for together, part in ((TOGETHER, found[:whole]), (1, found[whole:])):
        if part:
            # Handed to the driver as they are: a dict for each would take twice as long.
            connection.exec_driver_sql(
                f"{statement}{f', {row}' * (together - 1)} {otherwise}",
                [
                    tuple(chain.from_iterable(rows))
                    for rows in batched(part, together, strict=True)
                ],
            )


def each(
    connection: Connection, statement: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Do a statement, whose parameters are question marks, for each row."""
    if rows:
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        connection.exec_driver_sql(statement.replace("?", mark), rows)


def remove(
    connection: Connection, table: Table, width: int, rows: Iterable[Sequence[object]]
) -> None:
    """Delete rows by their keys, which are their first `width` columns."""
    columns = tuple_(*list(table.c)[:width])
    for keys in some([tuple(row[:width]) for row in rows]):
        connection.execute(delete(table).where(columns.in_(keys)))


def some[T](things: Sequence[T]) -> Iterator[Sequence[T]]:
    """Go through things, so many at once as a statement may name."""
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]


def next_number(connection: Connection, table: Table) -> int:
    """Return the number that the next row of a table may have."""
    highest = connection.execute(select(func.max(table.c.id))).scalar()
    return int(highest or 0) + 1
