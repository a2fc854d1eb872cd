"""What was listened to most: works, artists, albums, shows; by plays or by time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from .. import schema
from ..reading import items_by_id
from ..records import Album, Artist, Item, Kind
from .scope import Amount, Scope, by_item


class By(StrEnum):
    """What makes something the first."""

    PLAYS = "plays"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Top[T]:
    """Something that was listened to, and how much."""

    what: T
    amount: Amount


def top_tracks(
    connection: Connection, scope: Scope, by: By = By.PLAYS, limit: int = 50
) -> list[Top[Item]]:
    """Return the tracks; what counts as one is shown under one of its URIs."""
    return _top_items(connection, scope, by, limit, (Kind.TRACK,))


def top_episodes(
    connection: Connection, scope: Scope, by: By = By.TIME, limit: int = 50
) -> list[Top[Item]]:
    """Return the episodes and chapters."""
    return _top_items(connection, scope, by, limit, (Kind.EPISODE, Kind.CHAPTER))


def top_artists(
    connection: Connection, scope: Scope, by: By = By.PLAYS, limit: int = 50
) -> list[Top[Artist]]:
    """Return the artists of tracks, each of several artists with the whole play."""
    amounts = by_item(connection, scope).subquery()
    credited, artists, items = schema.credited.c, schema.artists.c, schema.items.c
    query = (
        select(credited.artist, *_sums(amounts.c))
        .join(credited.item.table, credited.item == amounts.c.item)
        .join(schema.items, items.id == amounts.c.item)
        .where(items.kind == Kind.TRACK)
        .group_by(credited.artist)
    )
    rows = connection.execute(_first(query, by, limit)).all()
    found = {
        row.id: Artist(row.name, row.uri)
        for row in connection.execute(
            select(schema.artists).where(artists.id.in_([row[0] for row in rows]))
        )
    }
    return [Top(found[row[0]], _amount(row)) for row in rows]


def top_albums(
    connection: Connection, scope: Scope, by: By = By.PLAYS, limit: int = 50
) -> list[Top[Album]]:
    """Return the albums of tracks."""
    return _top_albums(connection, scope, by, limit, (Kind.TRACK,))


def top_shows(
    connection: Connection, scope: Scope, by: By = By.TIME, limit: int = 50
) -> list[Top[Album]]:
    """Return the podcasts and audiobooks."""
    return _top_albums(connection, scope, by, limit, (Kind.EPISODE, Kind.CHAPTER))


def _top_items(
    connection: Connection, scope: Scope, by: By, limit: int, kinds: Sequence[Kind]
) -> list[Top[Item]]:
    amounts = by_item(connection, scope).subquery()
    items = schema.items.c
    query = (
        select(items.work, *_sums(amounts.c))
        .join(amounts, amounts.c.item == items.id)
        .where(items.kind.in_(kinds))
        .group_by(items.work)
    )
    rows = connection.execute(_first(query, by, limit)).all()
    found = works(connection, [row[0] for row in rows])
    return [Top(found[row[0]], _amount(row)) for row in rows]


def _top_albums(
    connection: Connection, scope: Scope, by: By, limit: int, kinds: Sequence[Kind]
) -> list[Top[Album]]:
    amounts = by_item(connection, scope).subquery()
    items = schema.items.c
    query = (
        select(items.album, *_sums(amounts.c))
        .join(amounts, amounts.c.item == items.id)
        .where(items.kind.in_(kinds), items.album.is_not(None))
        .group_by(items.album)
    )
    rows = connection.execute(_first(query, by, limit)).all()
    albums = schema.albums
    found = {
        row.id: Album(row.name, row.uri, row.artist)
        for row in connection.execute(
            select(albums).where(albums.c.id.in_([row[0] for row in rows]))
        )
    }
    return [Top(found[row[0]], _amount(row)) for row in rows]


def works(connection: Connection, numbers: Sequence[int]) -> dict[int, Item]:
    """Return for each work the item that it is shown as: one of Spotify's, if there is."""
    columns = schema.items.c
    query = (
        select(columns.work, columns.id)
        .where(columns.work.in_(numbers))
        .order_by(columns.uri.not_like("spotify:%"), columns.uri)
    )
    shown: dict[int, int] = {}
    for row in connection.execute(query):
        shown.setdefault(row.work, row.id)
    items = items_by_id(connection, list(shown.values()))
    return {work: items[id_] for work, id_ in shown.items()}


def _sums(columns: Any) -> list[Any]:
    return [
        func.sum(columns[name]).label(name)
        for name in ("starts", "plays", "skips", "listened")
    ]


def _first(query: Select[Any], by: By, limit: int) -> Select[Any]:
    """Return the first of a query whose first column is what is counted."""
    sums = query.subquery()
    what, _, plays, _, listened = sums.c
    first, then = (plays, listened) if by is By.PLAYS else (listened, plays)
    return (
        select(sums)
        .where(first > 0)
        .order_by(first.desc(), then.desc(), what)
        .limit(limit)
    )


def _amount(row: Row[Any]) -> Amount:
    return Amount(*(int(value) for value in row[1:5]))
