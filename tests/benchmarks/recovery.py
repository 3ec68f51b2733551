"""10,000 open jobs at start: how soon each is taken up again, and how gently the API is asked."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot.app import open_app
from bot.domain.clock import SystemClock
from bot.domain.ids import JobId, UserId
from bot.domain.job import JobStatus
from bot.log import configure_logging
from bot.sandbox import SandboxServer, SandboxSettings
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from tests.benchmarks.figures import Figure
from tests.factories.jobs import accept, bring_to

JOBS = 10_000
STATUSES = (JobStatus.PROCESSING, JobStatus.PROCESSING, JobStatus.PROCESSING, JobStatus.READY)
WATCH_SECONDS = 5.0


async def measure() -> list[Figure]:
    """Leave the jobs behind, three in four at the API and the rest drawn, and start."""
    configure_logging(level="info")
    with TemporaryDirectory(prefix="imagine-bench-") as directory:
        data_dir = Path(directory)
        await _leave_behind(data_dir / "imagine.db")
        async with SandboxServer(SandboxSettings()) as sandbox:
            settings = Settings(
                api_base_url=sandbox.base_url,
                api_key=SecretStr("sandbox-key"),
                data_dir=data_dir,
                http_port=0,
                max_in_flight=JOBS,
            )
            begun = time.monotonic()
            async with open_app(settings) as app:
                seconds = time.monotonic() - begun
                taken_up = app.machine.engine.running + app.machine.engine.waiting
                before = _fetches(sandbox)
                await asyncio.sleep(WATCH_SECONDS)
                polls = (_fetches(sandbox) - before) / WATCH_SECONDS
    return [
        Figure(
            name=f"start with {JOBS} open jobs",
            value=seconds,
            unit="s",
            at_most=1.0,
            note=f"{taken_up} back in the engine, the rest waits to be posted",
        ),
        Figure(
            name="polls in the five seconds after",
            value=polls,
            unit="/s",
            at_most=12,
            note="7,500 are due; ten at once and then ten a second go out",
        ),
    ]


def _fetches(sandbox: SandboxServer) -> int:
    return sum("fetch" in request.path for request in sandbox.requests)


async def _leave_behind(path: Path) -> None:
    async with Database.open(path) as database:
        jobs = SqliteJobStore(database, SystemClock())
        now = SystemClock().now_ms()
        async with asyncio.TaskGroup() as group:
            for number in range(1, JOBS + 1):
                group.create_task(_leave_one(jobs, number, now))


async def _leave_one(jobs: SqliteJobStore, number: int, now_ms: int) -> None:
    await accept(jobs, number, user_id=UserId(number), created_at_ms=now_ms)
    await bring_to(jobs, JobId(number), STATUSES[number % len(STATUSES)])
    await jobs.record(JobId(number), submitted_at_ms=now_ms)
