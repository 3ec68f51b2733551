"""A full disk leaves no half state, and service resumes when there is room again."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from tests.factories.jobs import ALICE, accept
from tests.integration.storage.child import run_child


async def allow_pages(database: Database, extra: int) -> None:
    """Let the file grow by so many pages and then be full."""
    pages = (await database.fetch_all("PRAGMA page_count"))[0][0]
    await database.write(lambda tx: tx.fetch_all(f"PRAGMA max_page_count = {pages + extra}"))


async def test_a_full_database_takes_whole_jobs_or_none(database: Database, jobs: SqliteJobStore):
    await allow_pages(database, 6)
    results = await asyncio.gather(
        *(accept(jobs, number, prompt="x" * 1000) for number in range(1, 41)),
        return_exceptions=True,
    )
    results += await asyncio.gather(
        *(accept(jobs, number, prompt="x" * 1000) for number in range(41, 45)),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert refused
    assert all("disk is full" in str(error) for error in refused)
    stored = len(results) - len(refused)
    assert len(await jobs.unfinished()) == stored
    assert (await jobs.quota_usage(ALICE, 0)).images == stored


async def test_a_move_on_a_full_disk_moves_neither_job_nor_ledger(
    database: Database, jobs: SqliteJobStore
):
    await accept(jobs, 1)
    await allow_pages(database, 0)
    with pytest.raises(StorageError, match="disk is full"):
        await jobs.advance(JobId(1), JobStatus.CANCELLED, end_detail="x" * 100_000)
    job = await jobs.get(JobId(1))
    assert job is not None
    assert job.status is JobStatus.QUEUED
    assert (await jobs.quota_usage(ALICE, 0)).images == 1
    await allow_pages(database, 1000)
    assert await jobs.advance(JobId(1), JobStatus.CANCELLED) is not None


def test_when_files_cannot_grow_nothing_is_half_done_and_afterwards_all_goes_on(tmp_path: Path):
    child = run_child("full_disk", tmp_path)
    assert child.returncode == 0, child.stderr
    report = json.loads(child.stdout.splitlines()[-1])
    assert report["errors"]
    assert all("nothing was saved" in error for error in report["errors"])
    assert report["accepted"] == report["reserved"]
    assert report["resumed"] == 1
    assert report["leftovers"] == []
