"""A backup is consistent, complete, and never in the way."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.domain.ids import JobId
from bot.errors import StorageError
from bot.storage.backup import backup
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.transaction import SqliteTransaction
from tests.factories.jobs import ALICE, accept
from tests.fakes.clock import FakeClock


async def test_a_backup_opens_as_a_database_with_everything_in_it(
    jobs: SqliteJobStore, path: Path, tmp_path: Path
):
    job = await accept(jobs, 1)
    target = tmp_path / "copy 100%?.db"
    await backup(path, target)
    async with Database.open(target) as copy:
        assert await SqliteJobStore(copy, FakeClock()).get(JobId(1)) == job


async def test_a_backup_while_jobs_come_in_holds_whole_transactions(
    jobs: SqliteJobStore, path: Path, tmp_path: Path
):
    async def busy() -> None:
        for start in range(0, 1000, 20):
            await asyncio.gather(*(accept(jobs, number) for number in range(start, start + 20)))

    working = asyncio.create_task(busy())
    await accept(jobs, 5000)
    await backup(path, tmp_path / "copy.db")
    await working
    async with Database.open(tmp_path / "copy.db") as database:
        copy = SqliteJobStore(database, FakeClock())
        count = len(await copy.unfinished())
        assert count >= 1
        assert (await copy.quota_usage(ALICE, 0)).images == count


async def test_a_backup_of_a_bot_that_is_not_running(path: Path, tmp_path: Path):
    async with Database.open(path) as database:
        await accept(SqliteJobStore(database, FakeClock()), 1)
    await backup(path, tmp_path / "copy.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("SELECT id FROM jobs").fetchall() == [(1,)]


async def test_a_backup_that_nobody_waits_for_any_more_ends_and_leaves_nothing(
    database: Database, path: Path, tmp_path: Path
):
    def fill(tx: SqliteTransaction) -> None:
        for number in range(20_000):
            tx.execute("INSERT INTO marks (name, value) VALUES ($1, $2)", str(number), "x" * 1000)

    await database.write(fill)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    making = asyncio.create_task(backup(path, tmp_path / "copy.db"))
    while not list(tmp_path.glob("copy*")):  # noqa: ASYNC110 - it rings no bell
        await asyncio.sleep(0)
    making.cancel()
    await asyncio.wait([making])
    await asyncio.to_thread(int)  # the one thread is free again

    assert list(tmp_path.glob("copy*")) == []


@pytest.mark.usefixtures("database")
async def test_a_backup_replaces_nothing(path: Path, tmp_path: Path):
    target = tmp_path / "precious"
    target.write_text("precious")
    with pytest.raises(StorageError, match="exists already"):
        await backup(path, target)
    assert target.read_text() == "precious"


async def test_without_a_database_it_says_so_and_makes_none(path: Path, tmp_path: Path):
    with pytest.raises(StorageError, match="no database"):
        await backup(path, tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("database")
async def test_a_failed_backup_leaves_nothing(path: Path, tmp_path: Path):
    with pytest.raises(StorageError, match="failed"):
        await backup(path, tmp_path / "nowhere" / "copy.db")
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"x" * 5000)
    with pytest.raises(StorageError, match="not a database"):
        await backup(damaged, tmp_path / "copy.db")
    assert not [file for file in tmp_path.iterdir() if "copy" in file.name]
