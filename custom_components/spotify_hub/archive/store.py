"""The archive as the rest of the house sees it: one object, everything awaited."""

import asyncio
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Concatenate

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from . import (
    accounts,
    covers,
    deletion,
    enrichment,
    imports,
    ingest,
    keeping,
    overlap,
    schema,
)
from .catalogue import Catalogue
from .database import (
    Trouble,
    checkpoint_file,
    engine_for,
    make_private,
    reason_of,
    set_aside,
    trouble,
)
from .deletion import Deleted, Which
from .errors import ArchiveError, ClosedError, UnavailableError
from .imports import Import
from .ingest import Recorded
from .keeping import Change, Like
from .news import News
from .records import Gap, Item, Sighting
from .size import Size, size_of
from .writer import FIRST_RETRY, MOST_WAITING, Status, Writer

type Asked[**P, T] = Callable[Concatenate[Connection, P], T]


def _now() -> datetime:
    return datetime.now(UTC)


def _ignore(_told: object) -> None:
    """Hear what nobody wants to know."""


class Archive:
    """The household's listening history, in an SQLite file or a PostgreSQL database."""

    def __init__(
        self,
        target: Path | str,
        *,
        on_status: Callable[[Status], None] = _ignore,
        on_damage: Callable[[str], None] = _ignore,
        now: Callable[[], datetime] = _now,
        first_retry: float = FIRST_RETRY,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """Keep the archive at `target`: the path of a file, or a URL of PostgreSQL.

        `on_status` is called when writing is delayed, fails, or works again;
        `on_damage` with the name that a broken file was given, when a new one was
        begun in its place. Both are called in the event loop.
        """
        self._target = target
        self._on_status = on_status
        self._on_damage = on_damage
        self._now = now
        self._first_retry = first_retry
        self._most_waiting = most_waiting
        self._catalogue = Catalogue()
        self._closed = False

    async def open(self) -> None:
        """Make the archive ready, bringing an older one forward.

        Raises:
            NewerArchiveError: a newer version of this integration wrote it.
            DriverError: the URL or its driver is of no use.
            UnavailableError: it can't be reached or written now.
        """
        self._loop = asyncio.get_running_loop()
        self._reading = ThreadPoolExecutor(1, "Spotify Hub archive reader")
        try:
            engine = await self._loop.run_in_executor(self._reading, self._engine)
            self._reader = engine_for(self._target, read_only=True)
        except BaseException:
            await self._loop.run_in_executor(None, self._reading.shutdown)
            raise
        self._writer = Writer(
            engine,
            forget=self._catalogue.forget,
            replace=self._replaced,
            tell=self._on_status,
            first_retry=self._first_retry,
            most_waiting=self._most_waiting,
        )
        try:
            await self._writer.now(schema.prepare)
        except BaseException as err:
            # Whatever ends it, a stop as well: nobody else would end its threads.
            await self.close()
            if isinstance(err, DBAPIError):
                # Somebody who may not make tables, say.
                raise UnavailableError(reason_of(err)) from err
            raise

    async def close(self) -> None:
        """Write what waits, if it can be written now, and end; no thread is left of it.

        Not even when whoever closes is stopped, as Home Assistant's own stop does.
        """
        self._closed = True
        try:
            await self._writer.close()
        finally:
            try:
                # At once: the wait for it may be stopped before it has begun.
                self._reading.shutdown(wait=False)
                await self._loop.run_in_executor(None, self._reading.shutdown)
            finally:
                self._reader.dispose()

    @property
    def status(self) -> Status:
        """How writing stands."""
        return self._writer.status

    async def add_live(self, sighting: Sighting) -> Recorded:
        """Keep a play that was watched, once it is over.

        Raises:
            OverfullError, ClosedError: it could not be kept.
        """
        return await self._surely(ingest.record, [sighting])

    async def add_recent(self, account: str, rows: Sequence[Sighting]) -> Recorded:
        """Keep an answer of the recent list, whole; the outcome tells of a new gap.

        Raises:
            OverfullError, ClosedError: it could not be kept.
        """
        return await self._surely(ingest.record_recent, account, rows)

    async def held(self, account: str, sightings: Sequence[Sighting]) -> int:
        """Return of how many sightings an account's plays are kept already, whoever saw them."""
        return await self.ask(overlap.held, account, sightings)

    async def begin_import(self, account: str, name: str) -> Import:
        """Begin an import, or go on with the one of that name that did not end."""
        return await self._write(imports.begin, account, name, self._stamp())

    async def import_batch(
        self,
        import_id: int,
        sightings: Sequence[Sighting],
        token: str,
        done: int,
        total: int,
    ) -> Import:
        """Keep a batch of an import, and with it where the import goes on: both or none.

        Raises:
            UnknownImportError: there is no such import, or it has ended.
            OverfullError, ClosedError: it could not be kept.
        """
        return await self._surely(
            imports.go_on, import_id, sightings, token, done, total
        )

    async def end_import(
        self, import_id: int, covers: Iterable[tuple[int, int]]
    ) -> Import:
        """End an import; `covers` are stretches (UTC ms) of which it tells every play."""
        return await self._write(imports.end, import_id, tuple(covers), self._stamp())

    async def imports(self) -> list[Import]:
        """Return all imports, the latest first."""
        return await self.ask(imports.listed)

    async def delete_history(self, which: Which, *, dry_run: bool = False) -> Deleted:
        """Delete plays for good, or tell what would be deleted."""
        return await self._write(_tried if dry_run else deletion.delete_history, which)

    async def lacking(self, limit: int) -> list[str]:
        """Return URIs of items of which Spotify could tell more, the most played first."""
        return await self.ask(enrichment.lacking, limit)

    async def enriched(
        self, found: Sequence[Item], missing: Iterable[str] = ()
    ) -> list[News]:
        """Learn what Spotify told; `missing` is only what it said that it has not.

        Returns which plays changed by it.
        """
        return await self._write(
            enrichment.enrich, found, tuple(missing), self._stamp()
        )

    async def add_change(self, change: Change) -> None:
        """Keep a change of a library or playlist."""
        await self._surely(keeping.add_change, change)

    async def keep_likes(self, account: str, likes: Sequence[Like]) -> list[News]:
        """Keep what an account likes now, in the place of what was kept before.

        Returns which plays changed by it.
        """
        return await self._surely(keeping.keep_likes, account, likes)

    async def change_likes(
        self, account: str, liked: Sequence[Like], unliked: Collection[str]
    ) -> list[News]:
        """Keep what an account likes since, and by URI what it likes no more.

        Returns which plays changed by it.
        """
        return await self._surely(keeping.change_likes, account, liked, unliked)

    async def rename_account(self, old: str, new: str) -> bool:
        """Give an account another name; tell whether there was one of that name."""
        return await self._write(accounts.rename, old, new)

    async def gaps(self, account: str | None = None) -> list[Gap]:
        """Return the stretches in which plays may be missing."""
        return await self.ask(covers.gaps, account)

    async def size(self) -> Size:
        """Return how much the archive holds."""
        return await self.ask(size_of)

    async def ask[**P, T](
        self, question: Asked[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return the answer to a question, a function of a connection (see `statistics`).

        Raises:
            UnavailableError: the archive can't be read now.
            ClosedError: it is closed.
        """
        for last in (False, True):
            engine = self._writer.engine
            try:
                return await self._loop.run_in_executor(
                    self._reading,
                    partial(_asked, self._reader, question, *args, **kwargs),
                )
            except RuntimeError as err:
                if not self._closed:
                    raise
                raise ClosedError("The archive is closed") from err
            except DBAPIError as err:
                if trouble(err) is Trouble.MISTAKE:
                    raise
                if last or trouble(err) is Trouble.PASSES:
                    raise UnavailableError(reason_of(err)) from err
                await self._writer.replace(engine)
        raise AssertionError

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Let the file be copied: all is in it, and nothing is written meanwhile."""
        release = await self._writer.hold(checkpoint_file)
        try:
            yield
        finally:
            release()

    async def _write[**P, T](
        self,
        work: Callable[Concatenate[Connection, Catalogue, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        return await self._writer.now(self._with_catalogue(work, *args, **kwargs))

    async def _surely[**P, T](
        self,
        work: Callable[Concatenate[Connection, Catalogue, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        return await self._writer.surely(self._with_catalogue(work, *args, **kwargs))

    def _with_catalogue[**P, T](
        self,
        work: Callable[Concatenate[Connection, Catalogue, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Callable[[Connection], T]:
        return lambda connection: work(connection, self._catalogue, *args, **kwargs)

    def _engine(self) -> Engine:
        if isinstance(self._target, Path):
            make_private(self._target)
        return engine_for(self._target)

    def _replaced(self) -> Engine:
        """Begin a new file in the place of a broken one."""
        if not isinstance(self._target, Path):
            raise ArchiveError("The database is broken")
        self._catalogue.forget()
        self._writer.engine.dispose()
        self._reader.dispose()
        aside = set_aside(self._target, self._now())
        engine = self._engine()
        with engine.begin() as connection:
            schema.prepare(connection)
        self._loop.call_soon_threadsafe(self._on_damage, aside.name)
        return engine

    def _stamp(self) -> int:
        return int(self._now().timestamp() * 1000)


def _asked[**P, T](
    engine: Engine, question: Asked[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    with engine.begin() as connection:
        return question(connection, *args, **kwargs)


def _tried(connection: Connection, catalogue: Catalogue, which: Which) -> Deleted:
    with connection.begin_nested() as attempt:
        done = deletion.delete_history(connection, catalogue, which)
        attempt.rollback()
    catalogue.forget()
    return done
