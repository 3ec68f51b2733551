"""What a transaction promises; each hazard was met in practice with a shared connection."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.group_commit import Joint
from bot.storage.transaction import SqliteTransaction
from tests.fakes.other_program import writing
from tests.patience import PATIENCE_SECONDS

PUT = "INSERT INTO marks (name, value) VALUES ($1, $2)"


def put(name: str):
    return lambda tx: tx.execute(PUT, name, "x")


def put_then_raise(name: str):
    def work(tx: SqliteTransaction) -> None:
        tx.execute(PUT, name, "x")
        raise LookupError(name)

    return work


def break_the_commit(tx: SqliteTransaction) -> None:
    """Leave a violation that SQLite finds only at COMMIT."""
    tx.execute("PRAGMA defer_foreign_keys = ON")
    tx.execute("INSERT INTO pictures VALUES (404, 0, $1, 'image/png', 1, 1, 1, 0, 0)", "0" * 64)


async def names(database: Database) -> set[str]:
    return {row["name"] for row in await database.fetch_all("SELECT name FROM marks")}


class Gate:
    """Holds the writer's thread inside a transaction, so that a group can gather behind it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._entered = asyncio.Event()
        self._leave = threading.Event()
        self._loop = asyncio.get_running_loop()

    def _work(self, _tx: SqliteTransaction) -> None:
        self._loop.call_soon_threadsafe(self._entered.set)
        assert self._leave.wait(PATIENCE_SECONDS)

    @contextlib.asynccontextmanager
    async def held(self):
        async with asyncio.TaskGroup() as group:
            group.create_task(self._database.write(self._work))
            await self._entered.wait()
            try:
                yield
                await asyncio.sleep(0)  # let the tasks made meanwhile queue their units
            finally:
                self._leave.set()


async def test_a_write_can_be_read_as_soon_as_it_returns(database: Database):
    assert await database.write(put("a")) == 1
    assert await names(database) == {"a"}


async def test_nobody_else_sees_a_transaction_before_it_is_committed(
    database: Database, path: Path
):
    def work(tx: SqliteTransaction) -> int:
        tx.execute(PUT, "a", "x")
        with contextlib.closing(sqlite3.connect(path)) as other:
            return other.execute("SELECT count(*) FROM marks").fetchone()[0]

    assert await database.write(work) == 0


async def test_what_a_unit_raises_reaches_its_caller_and_undoes_it(database: Database):
    with pytest.raises(LookupError, match="a"):
        await database.write(put_then_raise("a"))
    assert await names(database) == set()


async def test_a_unit_that_raises_does_not_undo_its_neighbours(database: Database):
    async with Gate(database).held():
        works = [put("a"), put_then_raise("b"), put("c"), put("a"), put("d")]
        group = asyncio.gather(*map(database.write, works), return_exceptions=True)
    results = await group
    assert [type(result) for result in results] == [int, LookupError, int, StorageError, int]
    assert await names(database) == {"a", "c", "d"}


async def test_a_rule_of_the_schema_broken_is_a_storage_error_in_words(database: Database):
    await database.write(put("a"))
    with pytest.raises(StorageError, match="A rule of the database forbids it"):
        await database.write(put("a"))


async def test_a_cancelled_caller_has_written_all_the_same(database: Database):
    async with Gate(database).held():
        writing = asyncio.create_task(database.write(put("a")))
        await asyncio.sleep(0)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    await database.write(put("b"))
    assert await names(database) == {"a", "b"}


async def test_a_cancelled_callers_failure_is_logged_and_no_surprise(database: Database):
    surprises: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: surprises.append(what))
    with capture_logs() as logged:
        async with Gate(database).held():
            writing = asyncio.create_task(database.write(put_then_raise("a")))
            await asyncio.sleep(0)
            writing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await writing
        await database.write(put("b"))
    assert [entry["reason"] for entry in logged] == ["a"]
    assert surprises == []


async def test_cancelling_leaves_no_transaction_open(database: Database, path: Path):
    for number in range(20):
        writing = asyncio.create_task(database.write(put(str(number))))
        await asyncio.sleep(0)
        writing.cancel()
    await database.write(put("last"))
    with contextlib.closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM marks").fetchone() == (21,)


async def test_a_failed_commit_fails_everyone_in_the_group_and_nobody_after(database: Database):
    async with Gate(database).held():
        group = asyncio.gather(
            *map(database.write, [put("a"), break_the_commit, put("b")]), return_exceptions=True
        )
    assert [type(result) for result in await group] == [StorageError] * 3
    assert await names(database) == set()
    await database.write(put("c"))
    assert await names(database) == {"c"}


async def test_each_failed_unit_has_an_error_of_its_own(database: Database):
    async with Gate(database).held():
        group = asyncio.gather(
            *map(database.write, [put("a"), break_the_commit]), return_exceptions=True
        )
    first, second = await group
    assert first is not second


@pytest.mark.parametrize(
    "statement", ["COMMIT", "ROLLBACK", "BEGIN", "this is not SQL", "SELECT $2"]
)
async def test_no_mistake_inside_a_unit_stops_the_writer(database: Database, statement: str):
    with pytest.raises((StorageError, ValueError)):
        await database.write(lambda tx: tx.execute(statement))
    await database.write(put("after"))
    assert "after" in await names(database)


@pytest.mark.parametrize("ending", [SystemExit, StopIteration, GeneratorExit])
async def test_a_unit_that_would_end_its_thread_is_outlived(
    database: Database, ending: type[BaseException]
):
    def work(_tx: SqliteTransaction) -> None:
        raise ending

    with pytest.raises(StorageError):
        await database.write(work)
    await database.write(put("after"))
    assert await names(database) == {"after"}


async def test_a_lock_held_elsewhere_is_waited_for_and_then_said_in_words(path: Path):
    async with Database.open(path, busy_timeout_ms=10) as database:
        with writing(path), pytest.raises(StorageError, match="locked by another program"):
            await database.write(put("a"))
        await database.write(put("b"))
        assert await names(database) == {"b"}


async def test_what_was_asked_for_before_closing_is_committed(path: Path):
    async with Database.open(path) as database:
        group = asyncio.gather(*(database.write(put(str(number))) for number in range(50)))
        await asyncio.sleep(0)
    await group
    async with Database.open(path) as database:
        assert len(await names(database)) == 50


async def test_a_closed_database_says_so(path: Path):
    async with Database.open(path) as database:
        pass
    with pytest.raises(StorageError, match="closed"):
        await database.write(put("a"))
    with pytest.raises(StorageError, match="closed"):
        await database.fetch_one("SELECT 1")


async def test_writing_makes_no_tasks(database: Database):
    before = asyncio.all_tasks()
    seen: list[set[asyncio.Task[object]]] = []
    loop = asyncio.get_running_loop()
    async with Gate(database).held():
        during = asyncio.all_tasks() - before
        writing = asyncio.create_task(database.write(put("a")))
        loop.call_soon(lambda: seen.append(asyncio.all_tasks() - before - during - {writing}))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await writing
    assert seen == [set()]


async def test_the_reader_cannot_write(database: Database):
    with pytest.raises(StorageError, match="read-only"):
        await database.fetch_all("DELETE FROM marks")


async def test_several_reads_see_one_state(database: Database, path: Path):
    def work(tx: SqliteTransaction) -> list[int]:
        count = "SELECT count(*) AS n FROM marks"
        before = tx.fetch_all(count)[0]["n"]
        with contextlib.closing(sqlite3.connect(path)) as other:
            other.execute(PUT, {"1": "elsewhere", "2": "x"})
            other.commit()
        return [before, tx.fetch_all(count)[0]["n"]]

    assert await database.read(work) == [0, 0]
    assert await names(database) == {"elsewhere"}


async def test_between_writes_no_transaction_is_open(database: Database):
    async with Gate(database).held():
        group = asyncio.gather(
            database.between_writes(lambda tx: tx.execute("ROLLBACK")),
            database.write(put("a")),
            return_exceptions=True,
        )
    refused, written = await group
    assert "no transaction is active" in str(refused)
    assert written == 1


async def test_nobody_waits_for_a_long_read_and_it_sees_one_state(database: Database):
    """The writer and the pages of others go on while it lasts."""
    loop, entered, leave = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def work(tx: SqliteTransaction) -> list[int]:
        counts = [len(tx.fetch_all("SELECT name FROM marks"))]
        loop.call_soon_threadsafe(entered.set)
        assert leave.wait(10)
        return [*counts, len(tx.fetch_all("SELECT name FROM marks"))]

    long_read = asyncio.create_task(database.read_at_length(work))
    await entered.wait()
    await database.write(put("a"))
    assert await names(database) == {"a"}
    assert not long_read.done()
    leave.set()
    assert await long_read == [0, 0]


async def test_a_long_read_cannot_write(database: Database):
    with pytest.raises(StorageError, match="read-only"):
        await database.read_at_length(put("a"))


def put_all(tx: SqliteTransaction, wanted: Sequence[str]) -> list[str]:
    """Put names, and tell of each beside whom it was put."""
    for name in wanted:
        tx.execute(PUT, name, "x")
    return [f"{name} of {''.join(wanted)}" for name in wanted]


async def test_units_that_can_be_done_together_are_and_each_has_its_own_result(
    database: Database,
):
    async with Gate(database).held():
        works = [Joint(put_all, "a"), Joint(put_all, "b"), put("c"), Joint(put_all, "d")]
        group = asyncio.gather(*map(database.write, works))
    assert await group == ["a of ab", "b of ab", 1, "d of d"]
    assert await names(database) == set("abcd")


async def test_one_that_fails_among_units_done_together_fails_alone(database: Database):
    async with Gate(database).held():
        works = [Joint(put_all, name) for name in "abac"]
        group = asyncio.gather(*map(database.write, works), return_exceptions=True)
    results = await group
    assert [type(result) for result in results] == [str, str, StorageError, str]
    assert await names(database) == set("abc")
