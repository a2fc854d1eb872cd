"""Imports of Spotify's privacy export: how far each came, so that it can go on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from . import schema
from .catalogue import Catalogue
from .covers import cover
from .errors import UnknownImportError
from .ingest import record
from .news import News
from .records import Sighting
from .tables import next_number


@dataclass(frozen=True, slots=True)
class Import:
    """How far an import came; `token` is where it goes on. Times are UTC milliseconds.

    `done` and `total` count as its reader does; `added` and `known` are sightings.
    `united` is of the latest batch only: which plays changed because works are one now.
    """

    id: int
    account: str
    name: str
    began: int
    ended: int | None = None
    token: str | None = None
    done: int = 0
    total: int = 0
    added: int = 0
    known: int = 0
    united: tuple[News, ...] = ()


def begin(
    connection: Connection, catalogue: Catalogue, account: str, name: str, now: int
) -> Import:
    """Begin an import; one of that name that was not ended goes on instead."""
    number = catalogue.number(connection, schema.accounts, account)
    table = schema.imports
    unfinished = connection.execute(
        select(table.c.id).where(
            table.c.account == number, table.c.name == name, table.c.ended.is_(None)
        )
    ).scalar()
    if unfinished is not None:
        return _find(connection, unfinished)
    import_id = next_number(connection, table)
    values = {"id": import_id, "account": number, "name": name, "began": now}
    connection.execute(
        table.insert(), {**values, "done": 0, "total": 0, "added": 0, "known": 0}
    )
    return _find(connection, import_id)


def go_on(
    connection: Connection,
    catalogue: Catalogue,
    import_id: int,
    sightings: Sequence[Sighting],
    token: str,
    done: int,
    total: int,
) -> Import:
    """Store a batch, and with it how far the import came.

    Raises:
        UnknownImportError: there is no such import, or it has ended.
    """
    before = _find(connection, import_id)
    recorded = record(connection, catalogue, sightings)
    table = schema.imports
    connection.execute(
        table.update()
        .where(table.c.id == import_id)
        .values(
            token=token,
            done=done,
            total=total,
            added=before.added + recorded.added,
            known=before.known + recorded.known,
        )
    )
    return replace(_find(connection, import_id), united=tuple(recorded.united))


def end(
    connection: Connection,
    catalogue: Catalogue,
    import_id: int,
    covers: Iterable[tuple[int, int]],
    now: int,
) -> Import:
    """End an import, and close the gaps within the stretches that it vouches for.

    Raises:
        UnknownImportError: there is no such import, or it has ended.
    """
    found = _find(connection, import_id)
    number = catalogue.number(connection, schema.accounts, found.account)
    for since, until in covers:
        cover(connection, number, found.account, since, until)
    table = schema.imports
    connection.execute(table.update().where(table.c.id == import_id).values(ended=now))
    return _read(connection, import_id)


def listed(connection: Connection) -> list[Import]:
    """Return all imports, the latest first."""
    query = _SELECT.order_by(schema.imports.c.id.desc())
    return [_import(row) for row in connection.execute(query)]


def _find(connection: Connection, import_id: int) -> Import:
    found = _read(connection, import_id)
    if found.ended is not None:
        raise UnknownImportError(f"Import {import_id} has ended")
    return found


def _read(connection: Connection, import_id: int) -> Import:
    row = connection.execute(_SELECT.where(schema.imports.c.id == import_id)).first()
    if row is None:
        raise UnknownImportError(f"There is no import {import_id}")
    return _import(row)


def _import(row: Row[Any]) -> Import:
    return Import(
        id=row.id,
        account=row.key,
        name=row.name,
        began=row.began,
        ended=row.ended,
        token=row.token,
        done=row.done,
        total=row.total,
        added=row.added,
        known=row.known,
    )


_SELECT = select(schema.imports, schema.accounts.c.key).join(
    schema.accounts, schema.accounts.c.id == schema.imports.c.account
)
