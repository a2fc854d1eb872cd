"""Writing, one thing after another in a thread of its own, and waiting while it can't be."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from .database import Trouble, reason_of, trouble
from .errors import ClosedError, OverfullError, UnavailableError

# How much may wait to be written, and for how many seconds until the next try.
MOST_WAITING = 1_000
FIRST_RETRY = 1.0
LONGEST_RETRY = 60.0


class State(StrEnum):
    """How writing stands; it has failed when memory held no more and something was lost."""

    OK = "ok"
    DELAYED = "delayed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Status:
    """How writing stands: how much waits, how much was lost, and why."""

    state: State = State.OK
    waiting: int = 0
    lost: int = 0
    reason: str | None = None


type Work[T] = Callable[[Connection], T]


class Writer:
    """Does one thing after another, each wholly or not at all."""

    def __init__(
        self,
        engine: Engine,
        *,
        forget: Callable[[], None],
        replace: Callable[[], Engine],
        tell: Callable[[Status], None],
        first_retry: float = FIRST_RETRY,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """Write by `engine`.

        `forget` is called after a failed transaction, and `replace`, which returns the
        engine of a new database, when the database is found broken: both in the
        thread. `tell` is called in the event loop whenever the status changes.
        """
        self.engine = engine
        self.status = Status()
        self._forget = forget
        self._replace = replace
        self._tell = tell
        self._first_retry = first_retry
        self._most_waiting = most_waiting
        self._thread = ThreadPoolExecutor(1, "Spotify Hub archive writer")
        self._turn = asyncio.Lock()
        self._works = asyncio.Event()
        self._works.set()
        self._closing = asyncio.Event()
        self._waiting = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    async def now[T](self, work: Work[T]) -> T:
        """Do work in a transaction of its own and return what it returns.

        Raises:
            UnavailableError: it can't be written now.
            ClosedError: the archive is closed.
        """
        if not self._works.is_set():
            raise UnavailableError(self.status.reason)
        return await self._kept(self._once(work))

    async def surely[T](self, work: Work[T]) -> T:
        """Do work as `now` does, but wait until it can be done, even if the caller leaves.

        Raises:
            OverfullError: too much waits already.
            ClosedError: the archive was closed before it could be done.
        """
        if self._waiting >= self._most_waiting:
            self._say(State.FAILED, self.status.reason, lost=1)
            raise OverfullError(self.status.reason)
        return await self._kept(self._patiently(work))

    async def hold(self, before: Callable[[Engine], None]) -> Callable[[], None]:
        """Let nothing be written until the returned call; `before` is done as the last thing."""
        await self._turn.acquire()
        try:
            await self._in_thread(before, self.engine)
        except BaseException:
            self._turn.release()
            raise
        return self._turn.release

    async def close(self) -> None:
        """Try once more to write what waits, and end."""
        self._closing.set()
        loop = asyncio.get_running_loop()
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        finally:
            try:
                # At once: the wait for it may be stopped before it has begun.
                self._thread.shutdown(wait=False)
                await loop.run_in_executor(None, self._thread.shutdown)
            finally:
                self.engine.dispose()

    async def replace(self, broken: Engine) -> None:
        """Begin a new database in the place of one that was found broken."""
        async with self._turn:
            if self.engine is broken:
                self.engine = await self._in_thread(self._replace)

    async def _kept[T](self, doing: Any) -> T:
        """Go on with something even if nobody waits for it any longer."""
        task: asyncio.Task[T] = asyncio.get_running_loop().create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _patiently[T](self, work: Work[T]) -> T:
        self._waiting += 1
        try:
            while True:
                await self._works.wait()
                try:
                    return await self._once(work)
                except UnavailableError as err:
                    if self._closing.is_set():
                        raise
                    if self._works.is_set():
                        # The first that fails tries again for all the others.
                        return await self._retried(work, str(err))
        except UnavailableError as err:
            self._say(State.FAILED, str(err), lost=1)
            raise ClosedError(str(err)) from err
        finally:
            self._waiting -= 1

    async def _retried[T](self, work: Work[T], reason: str) -> T:
        self._works.clear()
        wait = self._first_retry
        try:
            while True:
                self._say(State.DELAYED, reason)
                try:
                    await asyncio.wait_for(self._closing.wait(), wait)
                except TimeoutError:
                    wait = min(2 * wait, LONGEST_RETRY)
                try:
                    done = await self._once(work)
                except UnavailableError as err:
                    if self._closing.is_set():
                        raise
                    reason = str(err)
                except Exception:
                    # What is wrong is this one thing: others can be written.
                    self._say(State.OK, None)
                    raise
                else:
                    self._say(State.OK, None)
                    return done
        finally:
            self._works.set()

    async def _once[T](self, work: Work[T]) -> T:
        async with self._turn:
            return await self._in_thread(self._transact, work)

    async def _in_thread[**P, T](
        self, function: Callable[P, T], *args: P.args, **_kwargs: P.kwargs
    ) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, function, *args)
        except RuntimeError as err:
            if self._closing.is_set():
                raise ClosedError("The archive is closed") from err
            raise

    def _transact[T](self, work: Work[T]) -> T:
        try:
            return self._begun(work)
        except DBAPIError as err:
            if trouble(err) is not Trouble.DAMAGE:
                raise
            self.engine = self._replace()
            return self._begun(work)

    def _begun[T](self, work: Work[T]) -> T:
        try:
            with self.engine.begin() as connection:
                return work(connection)
        except BaseException as err:
            self._forget()
            if isinstance(err, DBAPIError) and trouble(err) is Trouble.PASSES:
                raise UnavailableError(reason_of(err)) from err
            raise

    def _say(self, state: State, reason: str | None, lost: int = 0) -> None:
        waiting = 0 if state is State.OK else self._waiting
        status = Status(state, waiting, self.status.lost + lost, reason)
        if status != self.status:
            self.status = status
            self._tell(status)
