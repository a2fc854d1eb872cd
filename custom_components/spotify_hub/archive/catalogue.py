"""What was played, by whom, where and from what: each once, under a narrow number.

Numbers are given here, for there is one writer. What was looked up is remembered
until a transaction fails, because numbers given in it are void then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Table, bindparam, delete, func, or_, select

from . import schema
from .names import album_key, artist_key, item_key, uri_of
from .records import Album, Artist, Item, Kind

# How many items are remembered, and how many are looked up in one statement.
REMEMBERED = 100_000
AT_ONCE = 500


class Known(NamedTuple):
    """An item's number, its work's, and how much is known of it."""

    id: int
    work: int
    level: int


class Deletion(NamedTuple):
    """Between which stamps an account's listed plays, or those of one work, were deleted."""

    account: int
    work: int | None
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Union:
    """Works that turned out to be one: which former work each of its items had."""

    work: int
    former: Mapping[int, int]


@dataclass(slots=True)
class Catalogue:
    """Gives things their numbers."""

    deletions: list[Deletion] | None = None
    _items: dict[str, Known] = field(default_factory=dict)
    _others: dict[str, dict[Any, int]] = field(default_factory=dict)
    _names: dict[str, dict[int, str | None]] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)

    def forget(self) -> None:
        """Forget what was remembered."""
        for remembered in (self._items, self._others, self._names, self._next):
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

    def known(self, item: Item) -> Known | None:
        """Return an item that is remembered with all that is told of it."""
        found = self._items.get(item.uri or uri_of(item))
        return found if found is not None and found.level >= level_of(item) else None

    def item(self, item: Item) -> Known:
        """Return an item that `learn` was told of."""
        return self._items[item.uri or uri_of(item)]

    def learn(self, connection: Connection, items: Iterable[Item]) -> list[Union]:
        """Remember these items, storing what is new of them; return which works are one now."""
        if len(self._items) > REMEMBERED:
            self._items.clear()
        wanted = list(items)
        unions: list[Union] = []
        # What turns out to be one has other numbers than were remembered: once more then.
        while told := self._unknown(wanted):
            for some in batched(told.items(), AT_ONCE, strict=False):
                unions += self._learn(connection, dict(some))
        return unions

    def _unknown(self, items: Iterable[Item]) -> dict[str, Item]:
        told: dict[str, Item] = {}
        for item in items:
            if self.known(item) is None:
                uri = item.uri or uri_of(item)
                if uri not in told or level_of(told[uri]) < level_of(item):
                    told[uri] = item
        return told

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
            highest = connection.execute(select(func.max(table.c.id))).scalar()
            self._next[table.name] = (highest or 0) + 1
        number = self._next[table.name]
        self._next[table.name] += 1
        return number

    def _learn(self, connection: Connection, told: Mapping[str, Item]) -> list[Union]:
        rows = {
            row.uri: row
            for row in connection.execute(
                select(schema.items).where(schema.items.c.uri.in_(told))
            )
        }
        news = {
            uri: item
            for uri, item in told.items()
            if uri not in rows or level_of(item) > _level(rows[uri])
        }
        unions: list[Union] = []
        if news:
            ids = {
                uri: rows[uri].id
                if uri in rows
                else self._new(connection, schema.items)
                for uri in news
            }
            albums = self._albums(connection, news.values())
            works = _Works(connection, news.values(), rows.values())
            columns = {
                uri: _values(item, rows.get(uri), albums) for uri, item in news.items()
            }
            for uri, values in columns.items():
                works.join(ids[uri], values["name_key"], values["isrc"])
            # Before any row is changed, for it tells who was in which work.
            unions = works.unite(connection)
            inserts: list[dict[str, Any]] = []
            updates: list[dict[str, Any]] = []
            for uri, values in columns.items():
                values["work"] = works.of(ids[uri])
                if uri in rows:
                    updates.append({"id_": ids[uri], **values})
                else:
                    inserts.append(
                        {"id": ids[uri], "uri": uri, "kind": news[uri].kind, **values}
                    )
            if inserts:
                connection.execute(schema.items.insert(), inserts)
            if updates:
                change = schema.items.update().where(
                    schema.items.c.id == bindparam("id_")
                )
                connection.execute(change, updates)
            self._credit(connection, {ids[uri]: item for uri, item in news.items()})
            if unions:
                self._items.clear()
                self.deletions = None
        for row in connection.execute(
            select(schema.items).where(schema.items.c.uri.in_(told))
        ):
            self._items[row.uri] = Known(row.id, row.work, _level(row))
        return unions

    def _albums(self, connection: Connection, items: Iterable[Item]) -> dict[int, int]:
        told: dict[int, Album] = {}
        for item in items:
            if item.album is not None:
                key = album_key(item.kind, item.album)
                if key not in told or told[key].uri is None:
                    told[key] = item.album
        values = {
            key: {"name": album.name, "artist": album.artist, "uri": album.uri}
            for key, album in told.items()
        }
        return self._named(connection, schema.albums, values)

    def _credit(self, connection: Connection, items: Mapping[int, Item]) -> None:
        """Store who made items; what an export tells gives way to what Spotify tells."""
        told: dict[int, Artist] = {}
        for item in items.values():
            for artist in item.artists:
                key = artist_key(artist.name)
                if key not in told or told[key].uri is None:
                    told[key] = artist
        values = {
            key: {"name": artist.name, "uri": artist.uri}
            for key, artist in told.items()
        }
        numbers = self._named(connection, schema.artists, values)
        credited = {
            id_: list(
                dict.fromkeys(numbers[artist_key(one.name)] for one in item.artists)
            )
            for id_, item in items.items()
            if item.artists
        }
        if not credited:
            return
        connection.execute(
            delete(schema.credited).where(schema.credited.c.item.in_(credited))
        )
        connection.execute(
            schema.credited.insert(),
            [
                {"item": id_, "place": place, "artist": artist}
                for id_, artists in credited.items()
                for place, artist in enumerate(artists)
            ],
        )

    def _named(
        self, connection: Connection, table: Table, told: Mapping[int, dict[str, Any]]
    ) -> dict[int, int]:
        """Return the numbers of artists or albums by key; a URI that was lacking is kept."""
        numbers: dict[int, int] = {}
        for keys in batched(told, AT_ONCE, strict=False):
            for row in connection.execute(select(table).where(table.c.key.in_(keys))):
                numbers[row.key] = row.id
                if row.uri is None and told[row.key]["uri"] is not None:
                    change = table.update().where(table.c.id == row.id)
                    connection.execute(change.values(uri=told[row.key]["uri"]))
        inserts = [
            {"id": self._new(connection, table), "key": key, **values}
            for key, values in told.items()
            if key not in numbers
        ]
        if inserts:
            connection.execute(table.insert(), inserts)
        return numbers | {one["key"]: one["id"] for one in inserts}


class _Works:
    """Finds items that count as one: of equal ISRC, or of equal name and artist."""

    def __init__(
        self, connection: Connection, items: Iterable[Item], known: Iterable[Row[Any]]
    ) -> None:
        items = list(items)
        columns = schema.items.c
        found = connection.execute(
            select(columns.id, columns.work, columns.name_key, columns.isrc).where(
                or_(
                    columns.name_key.in_({item_key(item) for item in items} - {None}),
                    columns.isrc.in_({item.isrc for item in items} - {None}),
                )
            )
        ).all()
        self._joined: dict[int, int] = {}
        self._stored = {row.work for row in found} | {row.work for row in known}
        self._of_item = {row.id: row.work for row in known}
        self._of_key: dict[int | str, int] = {}
        for row in found:
            for key in (row.name_key, row.isrc):
                if key is not None:
                    self._join(self._of_key.setdefault(key, row.work), row.work)

    def join(self, id_: int, *keys: int | str | None) -> None:
        """Join an item with all that share one of its keys."""
        work = self._of_item.setdefault(id_, id_)
        for key in keys:
            if key is not None:
                work = self._join(self._of_key.setdefault(key, work), work)

    def of(self, id_: int) -> int:
        """Return the work of an item that was joined."""
        return self._last(self._of_item[id_])

    def unite(self, connection: Connection) -> list[Union]:
        """Store which of the stored works are one now."""
        parts: dict[int, set[int]] = {}
        for work in self._stored:
            parts.setdefault(self._last(work), set()).add(work)
        unions = []
        columns = schema.items.c
        for work, former in parts.items():
            if len(former) > 1:
                of_items = select(columns.id, columns.work).where(
                    columns.work.in_(former)
                )
                members = {row.id: row.work for row in connection.execute(of_items)}
                change = schema.items.update().where(columns.work.in_(former))
                connection.execute(change.values(work=work))
                unions.append(Union(work, members))
        return unions

    def _join(self, one: int, other: int) -> int:
        one, other = sorted((self._last(one), self._last(other)))
        if one != other:
            self._joined[other] = one
        return one

    def _last(self, work: int) -> int:
        while work in self._joined:
            work = self._joined[work]
        return work


def level_of(item: Item) -> int:
    """Return how much is told of an item: more replaces less."""
    if item.name is None:
        return 0
    return 1 + (item.duration_ms is not None) + (item.isrc is not None)


def _level(row: Row[Any]) -> int:
    if row.name is None:
        return 0
    return 1 + (row.duration_ms is not None) + (row.isrc is not None)


def _values(
    item: Item, row: Row[Any] | None, albums: Mapping[int, int]
) -> dict[str, Any]:
    """Return an item's columns; what is not told stays as it was."""
    told = {
        "name": item.name,
        "name_key": item_key(item),
        "album": albums[album_key(item.kind, item.album)] if item.album else None,
        "duration_ms": item.duration_ms,
        "isrc": item.isrc,
    }
    if row is None:
        return told
    return {
        name: getattr(row, name) if value is None else value
        for name, value in told.items()
    }


def items_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Item]:
    """Return items as far as the archive knows them, by number."""
    found: dict[int, Item] = {}
    for some in batched(dict.fromkeys(ids), AT_ONCE, strict=False):
        artists: dict[int, list[Artist]] = {}
        for row in connection.execute(
            select(schema.credited.c.item, schema.artists.c.name, schema.artists.c.uri)
            .join(schema.artists, schema.artists.c.id == schema.credited.c.artist)
            .where(schema.credited.c.item.in_(some))
            .order_by(schema.credited.c.item, schema.credited.c.place)
        ):
            artists.setdefault(row.item, []).append(Artist(row.name, row.uri))
        albums = schema.albums.c
        for row in connection.execute(
            select(
                schema.items,
                albums.name.label("album_name"),
                albums.uri.label("album_uri"),
                albums.artist.label("album_artist"),
            )
            .outerjoin(schema.albums, albums.id == schema.items.c.album)
            .where(schema.items.c.id.in_(some))
        ):
            found[row.id] = Item(
                kind=Kind(row.kind),
                name=row.name,
                uri=row.uri if row.uri.startswith("spotify:") else None,
                artists=tuple(artists.get(row.id, ())),
                album=None
                if row.album is None
                else Album(row.album_name, row.album_uri, row.album_artist),
                duration_ms=row.duration_ms,
                isrc=row.isrc,
            )
    return found
