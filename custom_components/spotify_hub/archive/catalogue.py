"""What was played, by whom, where and from what: each once, under a narrow number.

Numbers are given here, for there is one writer. What was looked up is remembered
until a transaction fails, because numbers given in it are void then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Table, bindparam, select

from . import schema
from .names import album_key, artist_key, item_key, uri_of
from .records import Album, Artist, Item
from .tables import add, next_number, remove, some
from .works import Union, Works

# How much is remembered.
REMEMBERED = 100_000


class Known(NamedTuple):
    """An item's number, its work's, and how much is known of it."""

    id: int
    work: int
    level: int


class Named(NamedTuple):
    """An artist's or album's number, and whether its URI is known."""

    id: int
    has_uri: bool


class Deletion(NamedTuple):
    """Between which stamps an account's listed plays, or those of one work, were deleted."""

    account: int
    work: int | None
    since: int
    until: int


@dataclass(slots=True)
class Catalogue:
    """Gives things their numbers."""

    deletions: list[Deletion] | None = None
    _items: dict[str, Known] = field(default_factory=dict)
    _others: dict[str, dict[Any, int]] = field(default_factory=dict)
    _names: dict[str, dict[int, str | None]] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)
    _artists: dict[int, Named] = field(default_factory=dict)
    _albums: dict[int, Named] = field(default_factory=dict)

    def forget(self) -> None:
        """Forget what was remembered."""
        for remembered in (
            self._items,
            self._others,
            self._names,
            self._next,
            self._artists,
            self._albums,
        ):
            remembered.clear()
        self.deletions = None

    def is_deleted(
        self, connection: Connection, account: int, work: int, at: int
    ) -> bool:
        """Tell whether a listed play was deleted on request."""
        if self.deletions is None:
            table, items = schema.deletions.c, schema.items
            self.deletions = [
                Deletion(*row)
                for row in connection.execute(
                    select(
                        table.account, items.c.work, table.since, table.until
                    ).select_from(
                        schema.deletions.outerjoin(items, items.c.id == table.item)
                    )
                )
            ]
        return any(
            one.account == account
            and one.work in {None, work}
            and one.since <= at <= one.until
            for one in self.deletions
        )

    def resolve(
        self, connection: Connection, items: Sequence[Item]
    ) -> tuple[list[Known], list[Union]]:
        """Return items by numbers, storing what is new of them, and which works are one now."""
        for remembered in (self._items, self._artists, self._albums):
            if len(remembered) > REMEMBERED:
                remembered.clear()
        unions: list[Union] = []
        found = [self._known(item) for item in items]
        while missing := [place for place, one in enumerate(found) if one is None]:
            told: dict[str, Item] = {}
            for item in map(items.__getitem__, missing):
                uri = item.uri or uri_of(item)
                if uri not in told or level_of(told[uri]) < level_of(item):
                    told[uri] = item
            before = len(unions)
            for uris in some(list(told)):
                unions += self._learn(connection, {uri: told[uri] for uri in uris})
            # What turned out to be one has other numbers than were remembered.
            stale = len(unions) > before
            for place in range(len(items)) if stale else missing:
                found[place] = self._known(items[place])
        return [one for one in found if one is not None], unions

    def _known(self, item: Item) -> Known | None:
        """Return an item that is remembered with all that is told of it."""
        found = self._items.get(item.uri or uri_of(item))
        if found is None:
            return None
        if item.duration_ms is None and item.isrc is None:
            # All that an export tells.
            return found if found.level or item.name is None else None
        return found if found.level >= level_of(item) else None

    def number(
        self, connection: Connection, table: Table, key: str, name: str | None = None
    ) -> int:
        """Return the number of an account, speaker, context or reason; its latest name is kept."""
        numbers = self._others.setdefault(table.name, {})
        names = self._names.setdefault(table.name, {})
        if key not in numbers:
            row = connection.execute(select(table).where(table.c.key == key)).first()
            if row is None:
                values: dict[str, Any] = {
                    "id": self._new(connection, table),
                    "key": key,
                }
                if "name" in table.c:
                    values["name"] = name
                connection.execute(table.insert(), values)
                numbers[key], names[values["id"]] = values["id"], name
            else:
                numbers[key] = row.id
                names[row.id] = row.name if "name" in table.c else None
        number = numbers[key]
        if name is not None and names[number] != name:
            connection.execute(
                table.update().where(table.c.id == number).values(name=name)
            )
            names[number] = name
        return number

    def _new(self, connection: Connection, table: Table) -> int:
        if table.name not in self._next:
            self._next[table.name] = next_number(connection, table)
        number = self._next[table.name]
        self._next[table.name] += 1
        return number

    def _learn(self, connection: Connection, told: Mapping[str, Item]) -> list[Union]:
        columns = schema.items.c
        rows = {
            row.uri: row
            for row in connection.execute(
                select(schema.items).where(columns.uri.in_(told))
            )
        }
        for row in rows.values():
            self._items[row.uri] = Known(
                row.id, row.work, _level(row.name, row.duration_ms, row.isrc)
            )
        news = {uri: item for uri, item in told.items() if self._known(item) is None}
        return self._store(connection, news, rows) if news else []

    def _store(
        self,
        connection: Connection,
        news: Mapping[str, Item],
        rows: Mapping[str, Row[Any]],
    ) -> list[Union]:
        """Store what is new of items; `rows` are those that were stored before."""
        table = schema.items
        albums = self._album_numbers(connection, news.values())
        columns = {
            uri: _columns(uri, item, rows.get(uri), albums)
            for uri, item in news.items()
        }
        for uri, row in columns.items():
            row["id"] = rows[uri].id if uri in rows else self._new(connection, table)
        keys = [row[key] for row in columns.values() for key in ("name_key", "isrc")]
        known = [rows[uri] for uri in news if uri in rows]
        works = Works(connection, keys, known)
        for row in columns.values():
            works.join(row["id"], row["name_key"], row["isrc"])
        # Before any row is changed, for it tells who was in which work.
        unions = works.unite(connection)
        for row in columns.values():
            row["work"] = works.of(row["id"])
        add(
            connection,
            table,
            (
                tuple(row[column.name] for column in table.c)
                for uri, row in columns.items()
                if uri not in rows
            ),
        )
        if changed := [
            {**row, "id_": row["id"]} for uri, row in columns.items() if uri in rows
        ]:
            change = table.update().where(table.c.id == bindparam("id_"))
            connection.execute(change, changed)
        self._credit(
            connection,
            {columns[uri]["id"]: item for uri, item in news.items() if item.artists},
            {row.id for row in known},
        )
        if unions:
            self._items.clear()
            self.deletions = None
        for uri, row in columns.items():
            level = _level(row["name"], row["duration_ms"], row["isrc"])
            self._items[uri] = Known(row["id"], row["work"], level)
        return unions

    def _credit(
        self, connection: Connection, items: Mapping[int, Item], known: set[int]
    ) -> None:
        """Store who made items; what an export tells gives way to what Spotify tells."""
        told: dict[int, Artist] = {}
        for item in items.values():
            for artist in item.artists:
                key = artist_key(artist.name)
                if key not in told or told[key].uri is None:
                    told[key] = artist
        numbers = self._numbers(
            connection,
            schema.artists,
            self._artists,
            {key: (artist.name, artist.uri) for key, artist in told.items()},
        )
        table = schema.credited
        remove(connection, table, 1, ([id_] for id_ in items if id_ in known))
        add(
            connection,
            table,
            (
                (id_, place, artist)
                for id_, item in items.items()
                for place, artist in enumerate(
                    dict.fromkeys(numbers[artist_key(one.name)] for one in item.artists)
                )
            ),
        )

    def _album_numbers(
        self, connection: Connection, items: Iterable[Item]
    ) -> Mapping[int, int]:
        told: dict[int, Album] = {}
        for item in items:
            if item.album is not None:
                key = album_key(item.kind, item.album.name, item.album.artist)
                if key not in told or told[key].uri is None:
                    told[key] = item.album
        return self._numbers(
            connection,
            schema.albums,
            self._albums,
            {key: (one.name, one.artist, one.uri) for key, one in told.items()},
        )

    def _numbers(
        self,
        connection: Connection,
        table: Table,
        remembered: dict[int, Named],
        told: Mapping[int, tuple[str | None, ...]],
    ) -> Mapping[int, int]:
        """Return the numbers of artists or albums by key; a URI that was lacking is kept.

        What is told of each are its columns after the key; the last is its URI.
        """
        for keys in some([key for key in told if key not in remembered]):
            for row in connection.execute(select(table).where(table.c.key.in_(keys))):
                remembered[row.key] = Named(row.id, row.uri is not None)
        news: list[tuple[object, ...]] = []
        for key, values in told.items():
            if key not in remembered:
                remembered[key] = Named(
                    self._new(connection, table), values[-1] is not None
                )
                news.append((remembered[key].id, key, *values))
            elif values[-1] is not None and not remembered[key].has_uri:
                remembered[key] = Named(remembered[key].id, has_uri=True)
                change = table.update().where(table.c.key == key)
                connection.execute(change.values(uri=values[-1]))
        add(connection, table, news)
        return {key: remembered[key].id for key in told}


def level_of(item: Item) -> int:
    """Return how much is told of an item: more replaces less."""
    return _level(item.name, item.duration_ms, item.isrc)


def _level(name: str | None, duration_ms: int | None, isrc: str | None) -> int:
    if name is None:
        return 0
    return 1 + (duration_ms is not None) + (isrc is not None)


def _columns(
    uri: str, item: Item, row: Row[Any] | None, albums: Mapping[int, int]
) -> dict[str, Any]:
    """Return an item's columns, but for its number and work; what is not told stays."""
    album = item.album
    told = {
        "uri": uri,
        "kind": item.kind.value,
        "name": item.name,
        "name_key": item_key(item),
        "album": albums[album_key(item.kind, album.name, album.artist)]
        if album
        else None,
        "duration_ms": item.duration_ms,
        "isrc": item.isrc,
        "missing_at": None,
    }
    if row is None:
        return told
    return {
        name: getattr(row, name) if value is None else value
        for name, value in told.items()
    }
