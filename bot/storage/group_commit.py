"""One writer: units of work are queued, and all that wait are committed together.

A unit is one synchronous function, run whole in the connection's thread, so nobody can come
between its statements and no cancelled caller can leave a transaction half open. The disk's
fsync, by far the dearest part, is shared by everyone in the group.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import sqlite3
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeGuard, TypeVar, cast

import structlog

from bot.errors import StorageError
from bot.storage.faults import storage_error
from bot.storage.transaction import SqliteTransaction

log = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")
Work = Callable[[SqliteTransaction], T]

A = TypeVar("A")


@dataclass(frozen=True, slots=True, eq=False)
class Joint(Generic[A, T]):
    """A unit of work that can be done for many at once, with fewer statements than one by one.

    `run` gets the items of those that stand next to each other in a group, and returns as many
    results; if it raises, all is undone and each item tried by itself.
    """

    run: Callable[[SqliteTransaction, Sequence[A]], Sequence[T]]
    item: A

    def __call__(self, tx: SqliteTransaction) -> T:
        """Do it for this one."""
        return self.run(tx, [self.item])[0]


MAX_GROUP = 24
"""Units committed at once. More would save some fsyncs, and make the first of a burst wait for the
last: members are answered sooner when the answers to one group go out while the next commits."""


class Hop(Protocol):
    """Runs a function with the connection in the connection's own thread."""

    def __call__(self, function: Callable[[sqlite3.Connection], T]) -> Coroutine[Any, Any, T]:
        """Return what the function returns."""
        ...


class Committed(Protocol):
    """Is told of each group."""

    def __call__(self, *, others_wait: bool) -> None:
        """Hear whether another group waits already."""
        ...


@dataclass(frozen=True, slots=True)
class _Done:
    result: Any


@dataclass(frozen=True, slots=True)
class _Raised:
    error: Exception


_Outcome = _Done | _Raised


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    work: Work[Any]
    future: asyncio.Future[Any]

    def settle(self, outcome: _Outcome) -> None:
        if self.future.done():
            _note_unheard(outcome)
            return
        match outcome:
            case _Done(result):
                self.future.set_result(result)
            case _Raised(error):
                self.future.set_exception(error)


class GroupCommit:
    """The queue before the writer connection, worked off by one task that outlives every error.

    Callers need no task of their own: whoever opens the database runs `serve`.
    """

    def __init__(self, hop: Hop, committed: Committed) -> None:
        self._hop = hop
        self._committed = committed
        self._pending: deque[_Unit] = deque()
        self._wake = asyncio.Event()
        self._closed = False

    async def run(self, work: Work[T]) -> T:
        """Run a unit of work and return its result once it is committed.

        A caller cancelled meanwhile does not stop it: it is committed all the same.

        Raises:
            StorageError: nothing of it was stored. What `work` raises comes through as it is.
        """
        if self._closed:
            raise StorageError("The database is closed.")
        unit = _Unit(work, asyncio.get_running_loop().create_future())
        self._pending.append(unit)
        self._wake.set()
        return await unit.future

    async def serve(self) -> None:
        """Commit what comes in, until closed and empty."""
        try:
            while self._pending or not self._closed:
                await self._wake.wait()
                self._wake.clear()
                while self._pending:
                    await self._commit_group()
        finally:
            self._closed = True
            _fail(self._pending, StorageError("The database is closed."))

    def close(self) -> None:
        """Take nothing more; `serve` returns when all that waits is committed."""
        self._closed = True
        self._wake.set()

    async def _commit_group(self) -> None:
        size = min(len(self._pending), MAX_GROUP)
        group = [self._pending.popleft() for _ in range(size)]
        works = [unit.work for unit in group]
        try:
            outcomes = await self._hop(functools.partial(commit_together, works=works))
        except BaseException as error:
            log.error("transactions rolled back", units=size, reason=str(error))
            _fail(group, error)
            if not isinstance(error, Exception):
                raise
        else:
            self._committed(others_wait=bool(self._pending))
            for unit, outcome in zip(group, outcomes, strict=True):
                unit.settle(outcome)


def _note_unheard(outcome: _Outcome) -> None:
    """Log the failure of a unit whose caller was cancelled and will not hear of it."""
    if isinstance(outcome, _Raised):
        log.warning("transaction of a cancelled caller failed", reason=str(outcome.error))


def _fail(units: Iterable[_Unit], cause: BaseException) -> None:
    """Give each unit an error of its own: one object raised in many tasks mixes up tracebacks."""
    for unit in units:
        unit.settle(_Raised(_failure(cause)))


def _failure(cause: BaseException) -> StorageError:
    match cause:
        case sqlite3.Error():
            failure = storage_error(cause)
        case StorageError():
            failure = StorageError(str(cause))
        case Exception():
            failure = StorageError(f"The transaction failed; nothing was saved. ({cause!r})")
        case _:
            failure = StorageError("Interrupted; whether it was saved is not known.")
    failure.__cause__ = cause
    return failure


def commit_together(connection: sqlite3.Connection, works: Sequence[Work[Any]]) -> list[_Outcome]:
    """Run units of work in one transaction; one that raises is undone alone.

    A group hopes that nobody raises. If somebody does, all is undone and every unit run once more,
    each behind a savepoint; a unit must therefore bear being run twice.

    Raises:
        Exception: the transaction failed as a whole; nothing is stored and the connection clean.
    """
    try:
        return _commit(connection, works, _run_plainly)
    except _UnitRaised:
        return _commit(connection, works, _run_guarded)


def _commit(
    connection: sqlite3.Connection, works: Sequence[Work[Any]], run: _Run
) -> list[_Outcome]:
    transaction = SqliteTransaction(connection)
    try:
        _roll_back(connection)
        connection.execute("BEGIN IMMEDIATE")
        outcomes = run(connection, transaction, works)
        connection.execute("COMMIT")
    finally:
        _roll_back(connection)
    return outcomes


_Run = Callable[[sqlite3.Connection, SqliteTransaction, Sequence[Work[Any]]], list[_Outcome]]


class _UnitRaised(Exception):
    """A unit raised in a group that has no savepoints."""


def _run_plainly(
    _connection: sqlite3.Connection, transaction: SqliteTransaction, works: Sequence[Work[Any]]
) -> list[_Outcome]:
    try:
        return [
            _Done(result)
            for together, some in itertools.groupby(works, key=_together)
            for result in _results(transaction, together, list(some))
        ]
    except BaseException as error:
        raise _UnitRaised from error


def _together(work: Work[Any]) -> Callable[..., Sequence[Any]] | None:
    return cast("Joint[Any, Any]", work).run if isinstance(work, Joint) else None


def _results(
    transaction: SqliteTransaction,
    together: Callable[..., Sequence[Any]] | None,
    works: Sequence[Any],
) -> Sequence[Any]:
    if together is None:
        return [work(transaction) for work in works]
    return together(transaction, [work.item for work in works])


def _run_guarded(
    connection: sqlite3.Connection, transaction: SqliteTransaction, works: Sequence[Work[Any]]
) -> list[_Outcome]:
    return [_guarded(connection, transaction, work) for work in works]


def _guarded(
    connection: sqlite3.Connection, transaction: SqliteTransaction, work: Work[Any]
) -> _Outcome:
    connection.execute("SAVEPOINT unit")
    try:
        outcome: _Outcome = _Done(work(transaction))
    except BaseException as error:
        if not connection.in_transaction:
            raise  # a full disk or a disk error: SQLite has undone the neighbours' work as well
        connection.execute("ROLLBACK TO unit")
        outcome = _Raised(error if _can_be_handed_on(error) else _failure(error))
    connection.execute("RELEASE unit")
    return outcome


def _can_be_handed_on(error: BaseException) -> TypeGuard[Exception]:
    """Tell a unit's own error from SQLite's, and from those that would end the caller's loop.

    A future does not take StopIteration at all.
    """
    return isinstance(error, Exception) and not isinstance(error, sqlite3.Error | StopIteration)


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.rollback()
