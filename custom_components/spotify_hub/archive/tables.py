"""Writing many rows at once."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, Table, delete, func, select, tuple_

# Rows named in one statement.
AT_ONCE = 500


def add(connection: Connection, table: Table, rows: Iterable[Sequence[object]]) -> None:
    """Insert rows that have all columns of a table, in order."""
    if found := list(rows):
        statement = table.insert().compile(dialect=connection.dialect)
        # Handed to the driver as they are: a dict for each would take twice as long.
        connection.exec_driver_sql(str(statement), found)


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
