"""The archive's tables, and how an older archive becomes one of today.

Times are UTC milliseconds. Rows of sightings and plays are many, so their keys are
narrow numbers, and SQLite keeps them in the order of the key without a row id.
Two roll-ups hold what questions about all time add up: `slots` by half an hour (the
finest that time zones in use are cut along, but for three), `totals` by item. They are
written with the plays, by `derived` alone; it tells of a single play by a view.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    inspect,
    select,
    text,
)

from .errors import NewerArchiveError
from .merge import REASONS
from .rollups import VIEW

VERSION = 1

metadata = MetaData()


def _table(name: str, *columns: Column[Any] | Index, clustered: bool = False) -> Table:
    return Table(name, metadata, *columns, sqlite_with_rowid=not clustered)


def _key(name: str, to: str | None = None, kind: type = Integer) -> Column[Any]:
    target = (ForeignKey(to),) if to else ()
    return Column(name, kind, *target, primary_key=True, autoincrement=False)


def _reference(name: str, to: str, *, needed: bool = False) -> Column[Any]:
    return Column(name, Integer, ForeignKey(to), nullable=not needed)


meta = _table("meta", Column("version", Integer, nullable=False))

accounts = _table(
    "accounts", _key("id"), Column("key", Text, nullable=False, unique=True)
)

speakers = _table(
    "speakers",
    _key("id"),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
)

contexts = _table(
    "contexts",
    _key("id"),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text),
)

reasons = _table(
    "reasons", _key("id"), Column("key", Text, nullable=False, unique=True)
)

artists = _table(
    "artists",
    _key("id"),
    Column("key", BigInteger, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("uri", Text),
)

albums = _table(
    "albums",
    _key("id"),
    Column("key", BigInteger, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("artist", Text),
    Column("uri", Text),
)

items = _table(
    "items",
    _key("id"),
    Column("uri", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    # Items that count as one have the same work, the id of one of them.
    Column("work", Integer, nullable=False, index=True),
    Column("name", Text),
    Column("name_key", BigInteger, index=True),
    _reference("album", "albums.id"),
    Column("duration_ms", BigInteger),
    Column("isrc", Text, index=True),
    # When Spotify said that it knows no such item.
    Column("missing_at", BigInteger),
)

credited = _table(
    "credits",
    _key("item", "items.id"),
    _key("place", kind=SmallInteger),
    _reference("artist", "artists.id", needed=True),
    Index("ix_credits_artist", "artist"),
    clustered=True,
)

# Foreign keys are few: each is a look-up a row, and for each item that is deleted all
# sightings would be looked through.
sightings = _table(
    "sightings",
    _key("account", "accounts.id"),
    _key("at", kind=BigInteger),
    _key("item"),
    _key("source", kind=SmallInteger),
    _key("position"),
    _key("late", kind=BigInteger),
    Column("means", SmallInteger, nullable=False),
    Column("listened", BigInteger),
    Column("lasted", BigInteger),
    Column("length", BigInteger),
    Column("skipped", SmallInteger),
    Column("reason_start", Integer),
    Column("reason_end", Integer),
    Column("shuffle", SmallInteger),
    Column("offline", SmallInteger),
    Column("offline_since", BigInteger),
    Column("speaker", Integer),
    Column("context", Integer),
    clustered=True,
)

# Derived from sightings, which hold on to what these name.
plays = _table(
    "plays",
    _key("account"),
    _key("started", kind=BigInteger),
    _key("item"),
    _key("ordinal"),
    Column("listened", BigInteger, nullable=False),
    Column("paused", BigInteger, nullable=False),
    Column("skipped", SmallInteger),
    Column("heard", SmallInteger, nullable=False),
    Column("sources", SmallInteger, nullable=False),
    Column("estimated", SmallInteger, nullable=False),
    Column("speaker", Integer),
    Column("context", Integer),
    Index("ix_plays_item", "account", "item", "started"),
    clustered=True,
)

slots = _table(
    "slots",
    _key("account"),
    _key("slot"),
    Column("starts", Integer, nullable=False),
    Column("plays", Integer, nullable=False),
    Column("skips", Integer, nullable=False),
    Column("listened", BigInteger, nullable=False),
    clustered=True,
)

totals = _table(
    "totals",
    _key("account"),
    _key("item"),
    Column("starts", Integer, nullable=False),
    Column("plays", Integer, nullable=False),
    Column("skips", Integer, nullable=False),
    Column("listened", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    clustered=True,
)

# Stretches of time that a source vouches for; what lies between them is a gap.
covers = _table(
    "covers",
    _key("account", "accounts.id"),
    _key("since", kind=BigInteger),
    Column("until", BigInteger, nullable=False),
    clustered=True,
)

# Stamps of listed plays that were deleted, so that the recent list does not bring them
# back: of one work, or of all.
deletions = _table(
    "deletions",
    _key("id"),
    _reference("account", "accounts.id", needed=True),
    _reference("item", "items.id"),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)

imports = _table(
    "imports",
    _key("id"),
    _reference("account", "accounts.id", needed=True),
    Column("name", Text, nullable=False),
    Column("began", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("token", Text),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("known", Integer, nullable=False),
)

changes = _table(
    "changes",
    _key("id"),
    Column("at", BigInteger, nullable=False, index=True),
    _reference("account", "accounts.id", needed=True),
    Column("who", Text),
    Column("door", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),
)

likes = _table(
    "likes",
    _key("account", "accounts.id"),
    _key("item", "items.id"),
    Column("added_at", BigInteger),
    clustered=True,
)

# Each brings an archive of the version before to the one it is named by. A step says
# its changes in SQL of its own time: the tables above are those of today.
STEPS: Mapping[int, Callable[[Connection], None]] = {}


def prepare(
    connection: Connection,
    version: int = VERSION,
    steps: Mapping[int, Callable[[Connection], None]] = STEPS,
) -> None:
    """Make the tables, or bring those of an older version forward, step by step.

    Raises:
        NewerArchiveError: they are of a later version.
    """
    if not inspect(connection).has_table("meta"):
        _create(connection, version)
        return
    found = connection.execute(select(meta.c.version)).scalar_one()
    if found > version:
        raise NewerArchiveError(f"It has version {found}, and {version} is known")
    for step in range(found + 1, version + 1):
        steps[step](connection)
        connection.execute(meta.update().values(version=step))


def _create(connection: Connection, version: int) -> None:
    metadata.create_all(connection)
    for statement in VIEW[connection.dialect.name]:
        connection.execute(text(statement))
    connection.execute(
        reasons.insert(), [{"id": id_, "key": key} for key, id_ in REASONS.items()]
    )
    connection.execute(meta.insert().values(version=version))
