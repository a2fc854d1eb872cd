"""Reaching the database, and what its errors mean."""

from datetime import datetime
from enum import Enum
import os
from pathlib import Path
import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from .errors import DriverError

# Seconds for which a statement waits for another's lock before it is an error.
LOCK_TIMEOUT = 5
CONNECT_TIMEOUT = 10
_CACHE_KIB = 32 * 1024
_WAL_PAGES = 8_000
_SIDE_FILES = ("", "-wal", "-shm", "-journal")
# Of PostgreSQL's classes of errors, those that pass: connection, rollback, resources,
# object in use, operator's intervention, the system beneath.
_PASSING = ("08", "40", "53", "55", "57", "58")
_SQLITE_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
_SQLITE_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Trouble(Enum):
    """What an error of the database means."""

    PASSES = "it may work later"
    DAMAGE = "the file is broken"
    MISTAKE = "what was asked is wrong"


def trouble(error: DBAPIError) -> Trouble:
    """Return what an error of the database means."""
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _SQLITE_DAMAGE:
            return Trouble.DAMAGE
        return Trouble.PASSES if code in _SQLITE_PASSING else Trouble.MISTAKE
    if error.connection_invalidated:
        return Trouble.PASSES
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # It never got as far as the server, which gives every error a state.
        lost = type(error.orig).__name__ in {"OperationalError", "ConnectionTimeout"}
        return Trouble.PASSES if lost else Trouble.MISTAKE
    return Trouble.PASSES if state.startswith(_PASSING) else Trouble.MISTAKE


def reason_of(error: DBAPIError) -> str:
    """Return an error's cause in words that hold neither address nor name."""
    if isinstance(error.orig, sqlite3.Error):
        return str(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    return f"PostgreSQL {state}" if state else "PostgreSQL does not answer"


def engine_for(target: Path | str, *, read_only: bool = False) -> Engine:
    """Return how to reach the archive: an SQLite file, or PostgreSQL by its URL.

    Raises:
        DriverError: the URL is none, or of a database that is not supported.
    """
    if isinstance(target, Path):
        return _sqlite(target, read_only=read_only)
    try:
        url = make_url(target)
        if url.get_backend_name() not in {"postgresql", "postgres"}:
            raise DriverError("Only PostgreSQL is supported by URL")
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=1,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
            # By place, as SQLite's: rows are handed to the driver as they are.
            paramstyle="format",
            connect_args={"connect_timeout": CONNECT_TIMEOUT},
            execution_options={"postgresql_readonly": True} if read_only else {},
        )
    except (ArgumentError, ModuleNotFoundError, NoSuchModuleError) as err:
        # Nothing of the URL, which holds a password, may be told.
        raise DriverError("The URL is not valid, or its driver is missing") from (
            None if isinstance(err, ArgumentError) else err
        )


def make_private(path: Path) -> None:
    """Make sure that only the owner may read an archive; its side files follow it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a broken file and what belongs to it; return its new name."""
    stamp = now.strftime("%Y-%m-%dT%H%M%S")
    aside = path.with_name(f"{path.name}.corrupt-{stamp}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.corrupt-{stamp}-{count}")
    for side in _SIDE_FILES:
        found = path.with_name(path.name + side)
        if found.exists():
            found.rename(aside.with_name(aside.name + side))
    return aside


def checkpoint_file(engine: Engine) -> None:
    """Bring everything that was written into the one file; PostgreSQL needs none."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _sqlite(path: Path, *, read_only: bool) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
        # Transactions are begun below: the driver would begin them late.
        connect_args={
            "timeout": LOCK_TIMEOUT,
            "isolation_level": None,
            "check_same_thread": False,
        },
    )

    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            f"cache_size = -{_CACHE_KIB}",
            "temp_store = MEMORY",
            # Pages that an import writes again and again reach the file less often.
            f"wal_autocheckpoint = {_WAL_PAGES}",
            f"query_only = {int(read_only)}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        # Its own knows English letters only.
        connection.create_function("lower", 1, _lower, deterministic=True)

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine
