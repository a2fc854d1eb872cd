"""How much the archive holds."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from . import schema


@dataclass(frozen=True, slots=True)
class Size:
    """How much the archive holds; `bytes` is what it takes on the disk."""

    plays: int
    sightings: int
    items: int
    bytes: int


def size_of(connection: Connection) -> Size:
    """Return how much the archive holds."""
    plays, sightings, items = (
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (schema.plays, schema.sightings, schema.items)
    )
    if connection.dialect.name == "sqlite":
        query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        taken = connection.execute(text(query)).scalar_one()
    else:
        query = "SELECT sum(pg_total_relation_size(CAST(:name AS regclass)))"
        taken = sum(
            connection.execute(text(query), {"name": name}).scalar_one()
            for name in schema.metadata.tables
        )
    return Size(plays, sightings, items, int(taken))
