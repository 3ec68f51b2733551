"""What is committed reaches the file itself, and no writer waits for that."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.storage.checkpoints import GROUPS_APART, Checkpoints, may_run_beside
from bot.storage.database import Database
from tests.patience import PATIENCE_SECONDS

PUT = "INSERT INTO marks (name, value) VALUES ($1, 'x')"


def in_the_file_itself(path: Path) -> set[str]:
    """Read by a connection that does not know of the write-ahead log."""
    address = f"{path.as_uri()}?immutable=1"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM marks")}


async def put(database: Database, name: str) -> None:
    await database.write(lambda tx: tx.execute(PUT, name))


async def test_after_some_commits_changes_are_brought_into_the_file(database: Database, path: Path):
    await database.empty_log()
    for number in range(GROUPS_APART):
        await put(database, f"mark {number}")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "mark 0" not in in_the_file_itself(path):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)


async def test_what_a_long_write_changed_is_in_the_file_when_it_is_done(
    database: Database, path: Path
):
    await database.empty_log()
    numbers = iter(range(3))
    await database.write_all(
        lambda tx: sum(tx.execute(PUT, f"mark {number}") for number in [*numbers][:1])
    )
    assert "mark 0" in in_the_file_itself(path)


@pytest.mark.parametrize(
    ("version", "may"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 46, 1), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_only_a_mended_sqlite_checkpoints_beside_the_writer(
    version: tuple[int, int, int], may: bool
):
    assert may_run_beside(version) is may


async def test_one_comes_only_after_so_many_commits_and_never_two_at_once():
    begun = asyncio.Event()
    may_end = asyncio.Event()
    at_once, most, runs = 0, 0, 0

    async def bring_in() -> None:
        nonlocal at_once, most, runs
        at_once, runs = at_once + 1, runs + 1
        most = max(most, at_once)
        begun.set()
        await may_end.wait()
        at_once -= 1

    checkpoints = Checkpoints(bring_in)
    serving = asyncio.create_task(checkpoints.serve())
    for _ in range(GROUPS_APART - 1):
        checkpoints.note_commit(others_wait=False)
    checkpoints.note_commit(others_wait=True)
    await asyncio.sleep(0)
    assert not begun.is_set()
    checkpoints.note_commit(others_wait=False)
    await begun.wait()
    asked = asyncio.create_task(checkpoints.bring_in())
    await asyncio.sleep(0)
    may_end.set()
    await asked
    serving.cancel()
    assert (runs, most) == (2, 1)


async def test_one_that_fails_is_logged_and_the_next_is_tried():
    tried = asyncio.Queue[None]()

    async def bring_in() -> None:
        tried.put_nowait(None)
        raise sqlite3.OperationalError("disk I/O error")

    checkpoints = Checkpoints(bring_in)
    serving = asyncio.create_task(checkpoints.serve())
    with capture_logs() as logs:
        for _ in range(2):
            for _ in range(GROUPS_APART):
                checkpoints.note_commit(others_wait=False)
            await tried.get()
    serving.cancel()
    assert [entry["reason"] for entry in logs] == ["disk I/O error"] * 2
