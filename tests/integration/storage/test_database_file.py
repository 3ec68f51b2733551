"""How the file is opened and closed, and what is left of it after a kill."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.ids import GuildId
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from tests.factories.jobs import ALICE, accept
from tests.fakes.clock import NOON, FakeClock
from tests.integration.storage.child import ROOT
from tests.integration.storage.spending_process import MANY

LEDGER_AND_USES = """
    SELECT ledger.*, coalesce(sum(grant_uses.images), 0) AS used
    FROM ledger LEFT JOIN grant_uses USING (job_id) GROUP BY ledger.job_id
"""


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
async def test_the_writer_is_careful(database: Database, pragma: str, value: object):
    rows = await database.write(lambda tx: tx.fetch_all(f"PRAGMA {pragma}"))
    assert rows[0][0] == value


async def test_closing_leaves_one_file(path: Path):
    async with Database.open(path) as database:
        await accept(SqliteJobStore(database, FakeClock()))
    assert [file.name for file in path.parent.iterdir()] == ["imagine.db"]


async def test_any_directory_name_will_do(tmp_path: Path):
    directory = tmp_path / "50% ?mode=ro#x 🦊"
    directory.mkdir()
    async with Database.open(directory / "imagine.db") as database:
        await accept(SqliteJobStore(database, FakeClock()))
    assert (directory / "imagine.db").is_file()


def told_before_the_kill(path: Path, at_least: int, module: str) -> list[int]:
    """Kill a process that has said of so many jobs that they are stored; return all it said."""
    with subprocess.Popen(
        [sys.executable, "-m", f"tests.integration.storage.{module}", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = [int(process.stdout.readline()) for _ in range(at_least)]
        process.kill()
        return told + [int(line) for line in process.stdout if line.endswith("\n")]


@pytest.mark.parametrize("at_least", [1, 77, 300])
async def test_what_was_accepted_survives_a_kill(path: Path, at_least: int):
    told = told_before_the_kill(path, at_least, "accepting_process")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    async with Database.open(path) as database:
        jobs = SqliteJobStore(database, FakeClock())
        stored = {ref.id for ref in await jobs.unfinished()}
        assert set(told) <= stored
        assert (await jobs.quota_usage(ALICE, 0)).images == len(stored)


@pytest.mark.parametrize("at_least", [1, 50, 200])
async def test_what_grants_paid_and_got_back_survives_a_kill(path: Path, at_least: int):
    told = told_before_the_kill(path, at_least, "spending_process")
    async with Database.open(path) as database:
        rows = await database.fetch_all(LEDGER_AND_USES)
        usage = await SqliteJobStore(database, FakeClock()).quota_usage(ALICE, NOON, GuildId(10))
    assert set(told) <= {row["job_id"] for row in rows}
    assert all(row["granted"] == row["used"] for row in rows)
    assert all(row["refunded_at_ms"] for row in rows if row["job_id"] in told and row["job_id"] % 2)
    live = [row for row in rows if row["refunded_at_ms"] is None]
    assert sum(grant.left for grant in usage.grants) == MANY - sum(row["used"] for row in live)
    assert usage.here.images == sum(row["images"] - row["used"] for row in live) <= 1
