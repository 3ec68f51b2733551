"""Owner of the connections: for writing, for short and long reads, and for checkpoints."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import TypeVar

import aiosqlite

from bot.errors import StartupError, StorageError
from bot.storage.checkpoints import Checkpoints, may_run_beside
from bot.storage.faults import storage_error
from bot.storage.group_commit import GroupCommit, Work
from bot.storage.migrate import migrate, refuse_unknown
from bot.storage.transaction import Row, SqliteTransaction, SqlValue

T = TypeVar("T")

BUSY_TIMEOUT_MS = 5000
"""How long SQLite waits for another program's lock, such as a backup tool's."""

LOG_PATIENCE_MS = 10
"""How long emptying the write-ahead log waits for readers; nobody can write meanwhile."""

_MOST_LOG_PAGES = 4000
"""In the write-ahead log until a commit brings in what checkpoints have left, so that it ends."""

_WAL_LIMIT_BYTES = 64 * 1024 * 1024
"""What the write-ahead log is cut back to after a burst."""


class Database:
    """Transactions and reads on one SQLite file; see `open`."""

    def __init__(
        self,
        writer: aiosqlite.Connection,
        reader: aiosqlite.Connection,
        long_reader: aiosqlite.Connection,
        checkpointer: aiosqlite.Connection | None = None,
        *,
        patience_ms: int,
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._long_reader = long_reader
        self._patience = patience_ms
        self._checkpoints = Checkpoints(
            functools.partial(_in_thread, checkpointer or writer, _bring_in_changes)
        )
        self._commits = GroupCommit(
            functools.partial(_in_thread, writer), self._checkpoints.note_commit
        )

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, path: Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS
    ) -> AsyncGenerator[Database]:
        """Open the file, bring it up to date, and run its writer until the context ends.

        The writer and the checkpoints are its only tasks; transactions may be asked for from any
        task of this loop.

        Raises:
            StartupError: in words, when the file cannot be used.
        """
        async with contextlib.AsyncExitStack() as stack:
            with _startup_errors(path):
                writer = await stack.enter_async_context(_connect(path, "rwc"))
                prepare = functools.partial(
                    _prepare_writer, path=path, busy_timeout_ms=busy_timeout_ms
                )
                await _in_thread(writer, prepare)
                others = [
                    await stack.enter_async_context(_connect(path, mode))
                    for mode in ("ro", "ro", *(["rw"] if may_run_beside() else []))
                ]
                for each in others:
                    await _in_thread(each, functools.partial(_set_busy_timeout, ms=busy_timeout_ms))
            database = cls(writer, *others, patience_ms=busy_timeout_ms)
            async with database._serving():
                yield database

    async def write(self, work: Work[T]) -> T:
        """Run one transaction, a synchronous function, and return its result after COMMIT.

        It happens wholly or not at all, also when the caller is cancelled: then it is committed
        and nobody hears of it.

        Raises:
            StorageError: nothing was stored. What `work` raises comes through as it is.
        """
        return await self._commits.run(work)

    async def write_all(self, work: Work[int]) -> int:
        """Run a transaction that touches some rows, until it finds none left; return how many.

        Each time what it changed is brought into the file at once: SQLite would let it pile up,
        and leave it to somebody else's commit to bring in all of it.
        """
        rows = 0
        while touched := await self.write(work):
            rows += touched
            await self._checkpoints.bring_in()
        return rows

    async def between_writes(self, work: Work[T]) -> T:
        """Run a function while no transaction is open and none can begin.

        What it reads is committed, which a function passed to `write` cannot know of its
        neighbours in the group. It must not write.
        """
        return await _hop(self._writer, lambda connection: work(SqliteTransaction(connection)))

    async def empty_log(self) -> bool:
        """Bring all changes into the file, and empty the write-ahead log, where old ones are read.

        False when somebody was just reading: nothing waits for that for longer than a moment.
        """
        empty = functools.partial(_empty_log, patience_ms=self._patience)
        async with self._checkpoints.one_at_a_time:
            return await _hop(self._writer, empty)

    async def compact(self) -> None:
        """Write the whole file anew, without the unused places between rows; may take seconds.

        Raises:
            StorageError: nothing was changed; it takes twice the room of the file.
        """
        await _hop(self._writer, lambda connection: connection.execute("VACUUM"))

    async def read(self, work: Work[T]) -> T:
        """Run several reads on one state of the database.

        Raises:
            StorageError: the database could not be read.
        """
        return await _hop(self._reader, functools.partial(_read_consistently, work=work))

    async def read_at_length(self, work: Work[T]) -> T:
        """Do as `read` with what may take a tenth of a second or more, behind nobody's page.

        Such reads stand in a line of their own: a connection serves one after the other.

        Raises:
            StorageError: the database could not be read.
        """
        return await _hop(self._long_reader, functools.partial(_read_consistently, work=work))

    async def fetch_all(self, sql: str, *args: SqlValue) -> list[Row]:
        """Read all rows of a query.

        Raises:
            StorageError: the database could not be read.
        """
        return await _hop(
            self._reader, lambda connection: SqliteTransaction(connection).fetch_all(sql, *args)
        )

    async def fetch_one(self, sql: str, *args: SqlValue) -> Row | None:
        """Read the first row of a query, if any.

        Raises:
            StorageError: the database could not be read.
        """
        rows = await self.fetch_all(sql, *args)
        return rows[0] if rows else None

    @contextlib.asynccontextmanager
    async def _serving(self) -> AsyncGenerator[None]:
        writer = asyncio.create_task(self._commits.serve(), name="database writer")
        checkpoints = asyncio.create_task(self._checkpoints.serve(), name="database checkpoints")
        try:
            yield
        finally:
            self._commits.close()
            await asyncio.shield(writer)
            checkpoints.cancel()
            await asyncio.wait([checkpoints])


@contextlib.asynccontextmanager
async def _connect(path: Path, mode: str) -> AsyncGenerator[aiosqlite.Connection]:
    # isolation_level=None: transactions begin and end only where the code says so.
    connection = aiosqlite.connect(
        _address(path, mode),
        uri=True,
        isolation_level=None,
        cached_statements=256,
    )
    try:
        await connection
    except BaseException:
        # The thread reports its end to this loop, and prints a traceback where that is gone.
        await asyncio.to_thread(connection._thread.join)  # pyright: ignore[reportPrivateUsage]
        raise
    try:
        yield connection
    finally:
        await connection.close()


def _address(path: Path, mode: str) -> str:
    return f"{path.resolve().as_uri()}?mode={mode}"


async def _in_thread(
    connection: aiosqlite.Connection, function: Callable[[sqlite3.Connection], T]
) -> T:
    """Run a function in the connection's thread, in one hop.

    The library's public methods are one statement each, with an await between any two, at which
    other tasks and cancellations come in; this is its only way to run a whole transaction.
    """
    try:
        raw = connection._conn  # pyright: ignore[reportPrivateUsage]
    except ValueError:
        raise StorageError("The database is closed.") from None
    return await connection._execute(  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportUnknownVariableType]
        function, raw
    )


async def _hop(connection: aiosqlite.Connection, function: Callable[[sqlite3.Connection], T]) -> T:
    try:
        return await _in_thread(connection, function)
    except sqlite3.Error as error:
        raise storage_error(error) from error


def _read_consistently(connection: sqlite3.Connection, work: Work[T]) -> T:
    connection.execute("BEGIN")
    try:
        return work(SqliteTransaction(connection))
    finally:
        connection.rollback()


def _prepare_writer(connection: sqlite3.Connection, path: Path, busy_timeout_ms: int) -> None:
    _set_busy_timeout(connection, busy_timeout_ms)
    refuse_unknown(connection, path)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StartupError(
            f"{path} lies where SQLite cannot keep a write-ahead log (a network drive?). "
            "Put IMAGINE_DATA_DIR on a local disk."
        )
    # FULL: once told "queued", a job survives a power cut too.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_MOST_LOG_PAGES:d}")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES:d}")
    # Triggers may call our own function, also where SQLite was built to distrust schemas.
    connection.execute("PRAGMA trusted_schema = ON")
    # Deleted rows are overwritten with zeros, so that what a member erased is gone from the file.
    connection.execute("PRAGMA secure_delete = ON")
    migrate(connection, path)
    connection.execute("PRAGMA foreign_keys = ON")


def _bring_in_changes(connection: sqlite3.Connection) -> None:
    """Copy changes from the log into the file, as far as nobody reads what was there before."""
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _empty_log(connection: sqlite3.Connection, patience_ms: int) -> bool:
    _set_busy_timeout(connection, LOG_PATIENCE_MS)
    try:
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        _set_busy_timeout(connection, patience_ms)
    return not busy


def _set_busy_timeout(connection: sqlite3.Connection, ms: int) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {ms:d}")


@contextlib.contextmanager
def _startup_errors(path: Path) -> Generator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StartupError(f"{path}: {storage_error(error)}") from error
    except StorageError as error:
        raise StartupError(f"{path}: {error}") from error
