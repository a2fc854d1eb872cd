"""What the archive lacks of items that it knows from an export, and learning it later."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, or_, select

from . import schema
from .catalogue import Catalogue
from .ingest import unite
from .news import News
from .records import Item
from .tables import some


def lacking(connection: Connection, limit: int) -> list[str]:
    """Return URIs of items of which more could be learned, the most played first."""
    items, totals = schema.items.c, schema.totals.c
    played = func.coalesce(func.sum(totals.plays), 0)
    query = (
        select(items.uri)
        .select_from(schema.items.outerjoin(schema.totals, totals.item == items.id))
        .where(
            or_(items.name.is_(None), items.duration_ms.is_(None)),
            items.missing_at.is_(None),
            items.uri.like("spotify:%"),
            items.uri.not_like("spotify:local:%"),
        )
        .group_by(items.id, items.uri)
        .order_by(played.desc(), items.uri)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def enrich(
    connection: Connection,
    catalogue: Catalogue,
    found: Sequence[Item],
    missing: Iterable[str],
    now: int,
) -> list[News]:
    """Learn what Spotify told of items; `missing` are URIs that it says it has not.

    What could not be asked, for a limit or a fault, belongs in neither. Returns which
    plays changed, for works may turn out to be one.
    """
    _, unions = catalogue.resolve(connection, found)
    news = unite(connection, unions)
    table = schema.items
    for uris in some(list(missing)):
        connection.execute(
            table.update().where(table.c.uri.in_(uris)).values(missing_at=now)
        )
    return news
