"""Plays and items as they are asked for: pages of plays, items by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    or_,
    select,
    true,
    tuple_,
)

from . import schema
from .encoding import sources_of
from .merge import LISTENED_ESTIMATED, START_ESTIMATED
from .reading import items_by_id
from .records import Context, Item, Kind, Play, Speaker

# So many plays are read at once for an export.
PAGE = 5_000
# By what plays are told apart, in the order of their time.
_PLACE = tuple(
    schema.plays.c[name] for name in ("started", "account", "item", "ordinal")
)


class Place(NamedTuple):
    """Where a page of plays ends; the next one goes on there."""

    started: int
    account: int
    item: int
    ordinal: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which plays are asked for; None means all. `until` (UTC ms) is not within.

    `item` is a URI and means whatever counts as the same; `artist`, `album` (of
    tracks), `show` (or audiobook) and `context` are URIs or names; `speakers` are the
    household's ids, or names.
    """

    account: str | None = None
    since: int | None = None
    until: int | None = None
    item: str | None = None
    artist: str | None = None
    album: str | None = None
    show: str | None = None
    speakers: tuple[str, ...] | None = None
    context: str | None = None
    min_listened_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Plays in order, and where the next page begins, if there is one."""

    plays: tuple[Play, ...]
    next: Place | None = None


def plays(
    connection: Connection, asked: Asked, limit: int = 50, after: Place | None = None
) -> Page:
    """Return plays, the latest first, `limit` at a time."""
    return _page(connection, asked, limit, after, newest_first=True)


def oldest_plays(
    connection: Connection, asked: Asked, limit: int = PAGE, after: Place | None = None
) -> Page:
    """Return plays, the oldest first, `limit` at a time."""
    return _page(connection, asked, limit, after, newest_first=False)


def all_plays(connection: Connection, asked: Asked) -> Iterator[Play]:
    """Go through plays without holding them all: each account's, the oldest first."""
    table = schema.plays.c
    place = tuple_(table.started, table.item, table.ordinal)
    for account in _accounts(connection, asked):
        base = (
            _select(asked)
            .where(table.account == account)
            .order_by(table.started, table.item, table.ordinal)
            .limit(PAGE)
        )
        query = base
        while rows := connection.execute(query).all():
            yield from _read(connection, rows)
            last = _place(rows[-1])
            query = base.where(
                table.started >= last.started,
                place > (last.started, last.item, last.ordinal),
            )


def count(connection: Connection, asked: Asked) -> int:
    """Return how many plays there are."""
    query = select(func.count()).select_from(_select(asked).subquery())
    return connection.execute(query).scalar_one()


def find_items(
    connection: Connection, words: str, limit: int = 20
) -> list[tuple[Item, int]]:
    """Return items whose name or artist holds each of the words, and how often they were played."""
    items, totals = schema.items.c, schema.totals.c
    played = func.coalesce(func.sum(totals.plays), 0)
    query = (
        select(items.id, played)
        .select_from(schema.items.outerjoin(schema.totals, totals.item == items.id))
        .group_by(items.id, items.uri)
        .order_by(played.desc(), items.uri)
        .limit(limit)
    )
    for word in words.split():
        query = query.where(_holds(word))
    rows = connection.execute(query).all()
    found = items_by_id(connection, [row[0] for row in rows])
    return [(found[row[0]], row[1]) for row in rows]


def _holds(word: str) -> ColumnElement[bool]:
    artists = (
        select(schema.credited.c.item)
        .join(schema.artists, schema.artists.c.id == schema.credited.c.artist)
        .where(schema.artists.c.name.icontains(word, autoescape=True))
    )
    columns = schema.items.c
    return or_(columns.name.icontains(word, autoescape=True), columns.id.in_(artists))


def _select(asked: Asked) -> Select[Any]:
    table = schema.plays.c
    return (
        select(
            schema.plays,
            schema.accounts.c.key.label("account_key"),
            schema.speakers.c.key.label("speaker_key"),
            schema.speakers.c.name.label("speaker_name"),
            schema.contexts.c.key.label("context_key"),
            schema.contexts.c.name.label("context_name"),
        )
        .join(schema.accounts, schema.accounts.c.id == table.account)
        .outerjoin(schema.speakers, schema.speakers.c.id == table.speaker)
        .outerjoin(schema.contexts, schema.contexts.c.id == table.context)
        .where(and_(*conditions(asked)))
    )


def conditions(asked: Asked) -> list[ColumnElement[bool]]:
    """Return what holds for the plays that are asked for."""
    table, items = schema.plays.c, schema.items.c
    found: list[ColumnElement[bool]] = [true()]
    if asked.account is not None:
        accounts = schema.accounts.c
        found.append(
            table.account
            == select(accounts.id)
            .where(accounts.key == asked.account)
            .scalar_subquery()
        )
    if asked.since is not None:
        found.append(table.started >= asked.since)
    if asked.until is not None:
        found.append(table.started < asked.until)
    if asked.item is not None:
        work = select(items.work).where(items.uri == asked.item).scalar_subquery()
        found.append(table.item.in_(select(items.id).where(items.work == work)))
    if asked.artist is not None:
        found.append(table.item.in_(_by_artist(asked.artist)))
    if asked.album is not None:
        found.append(table.item.in_(_of_album(asked.album, spoken=False)))
    if asked.show is not None:
        found.append(table.item.in_(_of_album(asked.show, spoken=True)))
    if asked.min_listened_ms is not None:
        found.append(table.listened >= asked.min_listened_ms)
    contexts = None if asked.context is None else (asked.context,)
    for column, names, wanted in (
        (table.speaker, schema.speakers, asked.speakers),
        (table.context, schema.contexts, contexts),
    ):
        if wanted is not None:
            named = or_(
                names.c.key.in_(wanted),
                func.lower(names.c.name).in_([func.lower(name) for name in wanted]),
            )
            found.append(column.in_(select(names.c.id).where(named)))
    return found


def _by_artist(artist: str) -> Select[tuple[int]]:
    columns = schema.artists.c
    return (
        select(schema.credited.c.item)
        .join(schema.artists, columns.id == schema.credited.c.artist)
        .where(
            or_(columns.uri == artist, func.lower(columns.name) == func.lower(artist))
        )
    )


def _of_album(album: str, *, spoken: bool) -> Select[tuple[int]]:
    columns, items = schema.albums.c, schema.items.c
    return (
        select(items.id)
        .join(schema.albums, columns.id == items.album)
        .where(
            or_(columns.uri == album, func.lower(columns.name) == func.lower(album)),
            (items.kind != Kind.TRACK) if spoken else (items.kind == Kind.TRACK),
        )
    )


def _page(
    connection: Connection,
    asked: Asked,
    limit: int,
    after: Place | None,
    *,
    newest_first: bool,
) -> Page:
    table = schema.plays.c
    place = tuple_(table.started, table.account, table.item, table.ordinal)
    order = [table.started, table.item, table.ordinal]
    rows: list[Row[Any]] = []
    # One account at a time, for then they lie in this order already.
    for account in _accounts(connection, asked):
        query = _select(asked).where(table.account == account)
        # The first bound is for the index, which a comparison of rows does not use.
        if after is not None and newest_first:
            query = query.where(table.started <= after.started, place < after)
        elif after is not None:
            query = query.where(table.started >= after.started, place > after)
        by = [column.desc() for column in order] if newest_first else order
        rows += connection.execute(query.order_by(*by).limit(limit + 1))
    rows.sort(key=_place, reverse=newest_first)
    found = tuple(_read(connection, rows[:limit]))
    return Page(found, _place(rows[limit - 1]) if len(rows) > limit else None)


def _accounts(connection: Connection, asked: Asked) -> list[int]:
    query = select(schema.accounts.c.id).order_by(schema.accounts.c.id)
    if asked.account is not None:
        query = query.where(schema.accounts.c.key == asked.account)
    return list(connection.execute(query).scalars())


def _place(row: Row[Any]) -> Place:
    return Place(row.started, row.account, row.item, row.ordinal)


def _read(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Play]:
    items = items_by_id(connection, [row.item for row in rows])
    for row in rows:
        yield Play(
            account=row.account_key,
            item=items[row.item],
            started=row.started,
            listened_ms=row.listened,
            sources=sources_of(row.sources),
            heard=bool(row.heard),
            skipped=None if row.skipped is None else bool(row.skipped),
            paused_ms=row.paused,
            start_estimated=bool(row.estimated & START_ESTIMATED),
            listened_estimated=bool(row.estimated & LISTENED_ESTIMATED),
            speaker=None
            if row.speaker is None
            else Speaker(row.speaker_key, row.speaker_name),
            context=None
            if row.context is None
            else Context(row.context_key, row.context_name),
        )
