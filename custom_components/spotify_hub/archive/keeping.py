"""What the archive keeps beside plays: changes that were made, and what is liked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
import json
from typing import Any

from sqlalchemy import Connection, delete, func, select

from . import schema
from .catalogue import Catalogue
from .ingest import unite
from .news import News
from .reading import items_by_id
from .records import Item
from .tables import next_number, some


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a library or playlist: when (UTC ms), who, by which door, what."""

    at: int
    account: str
    door: str
    kind: str
    who: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Like:
    """A liked song, and since when (UTC ms)."""

    item: Item
    added_at: int | None = None


def add_change(connection: Connection, catalogue: Catalogue, change: Change) -> None:
    """Keep a change."""
    number = catalogue.number(connection, schema.accounts, change.account)
    connection.execute(
        schema.changes.insert(),
        {
            "id": next_number(connection, schema.changes),
            "at": change.at,
            "account": number,
            "who": change.who,
            "door": change.door,
            "kind": change.kind,
            "data": json.dumps(change.data, ensure_ascii=False),
        },
    )


def changes(
    connection: Connection, account: str | None = None, limit: int = 100
) -> list[Change]:
    """Return the latest changes, the latest first."""
    table = schema.changes
    query = (
        select(table, schema.accounts.c.key)
        .join(schema.accounts, schema.accounts.c.id == table.c.account)
        .order_by(table.c.at.desc(), table.c.id.desc())
        .limit(limit)
    )
    if account is not None:
        query = query.where(schema.accounts.c.key == account)
    return [
        Change(row.at, row.key, row.door, row.kind, row.who, json.loads(row.data))
        for row in connection.execute(query)
    ]


def keep_likes(
    connection: Connection, catalogue: Catalogue, account: str, likes: Sequence[Like]
) -> list[News]:
    """Keep what an account likes, in the place of what was kept before.

    What is liked may show that works are one: returns which plays changed by it.
    """
    number = catalogue.number(connection, schema.accounts, account)
    table = schema.likes
    connection.execute(delete(table).where(table.c.account == number))
    return _add_likes(connection, catalogue, number, likes)


def change_likes(
    connection: Connection,
    catalogue: Catalogue,
    account: str,
    liked: Sequence[Like],
    unliked: Collection[str],
) -> list[News]:
    """Keep what an account likes since, and by URI what it likes no more.

    Where nothing is kept that would be taken for all it likes, so nothing is then.
    Returns which plays changed by it, as `keep_likes` does.
    """
    number = catalogue.number(connection, schema.accounts, account)
    table, items = schema.likes, schema.items.c
    kept = select(table.c.item).where(table.c.account == number).limit(1)
    if connection.execute(kept).first() is None:
        return []
    for uris in some([*unliked, *(str(like.item.uri) for like in liked)]):
        gone = select(items.id).where(items.uri.in_(uris))
        connection.execute(
            delete(table).where(table.c.account == number, table.c.item.in_(gone))
        )
    return _add_likes(connection, catalogue, number, liked)


def _add_likes(
    connection: Connection, catalogue: Catalogue, account: int, likes: Sequence[Like]
) -> list[News]:
    items, unions = catalogue.resolve(connection, [like.item for like in likes])
    news = unite(connection, unions)
    rows = {item.id: like.added_at for item, like in zip(items, likes, strict=True)}
    if rows:
        connection.execute(
            schema.likes.insert(),
            [
                {"account": account, "item": item, "added_at": at}
                for item, at in rows.items()
            ],
        )
    return news


def likes(connection: Connection, account: str) -> list[Like]:
    """Return what an account likes, as it was kept last; the latest first."""
    table = schema.likes
    rows = connection.execute(
        select(table.c.item, table.c.added_at)
        .join(schema.accounts, schema.accounts.c.id == table.c.account)
        .where(schema.accounts.c.key == account)
        .order_by(func.coalesce(table.c.added_at, 0).desc(), table.c.item)
    ).all()
    items = items_by_id(connection, [row.item for row in rows])
    return [Like(items[row.item], row.added_at) for row in rows]
