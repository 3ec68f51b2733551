"""Quota check, reservation and job in one transaction, with 64 callers on a million rows."""

from __future__ import annotations

import asyncio
import itertools
import time

from bot.domain.clock import SystemClock
from bot.domain.ids import GuildId, UserId
from bot.domain.job import NewJob
from bot.domain.quota import QuotaLimits, ServerLimits
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.million import GUILDS, HEAVY, USERS, million
from tests.factories.jobs import a_new_job, no_engine

CALLERS = 64
EACH = 100
WARM_UP = 5
LIMITS = QuotaLimits(
    daily_images=1_000_000,
    max_active=1_000_000,
    server=ServerLimits(
        daily_images=1_000_000,
        server_images=10_000_000,
        max_active=1_000_000,
    ),
)
"""Every limit is looked at, none is reached."""


async def measure() -> list[Figure]:
    """Let each caller accept one job after the other, one caller in eight for the heavy member."""
    directory = await million()
    async with Database.open(directory / "imagine.db") as database:
        jobs = SqliteJobStore(database, SystemClock())
        ids = itertools.count(SystemClock().now_ms() << 22)
        callers = [_caller(jobs, ids, number) for number in range(CALLERS)]
        waits = [each for some in await asyncio.gather(*callers) for each in some]
    return [
        Figure(
            name="accept with 64 callers, p99",
            value=percentile(waits, 0.99) * 1000,
            unit="ms",
            at_most=5.0,
            note=f"{len(waits)} jobs on a million rows, all of a server's limits set",
        ),
        Figure(
            name="accept with 64 callers, median",
            value=percentile(waits, 0.50) * 1000,
            unit="ms",
        ),
    ]


async def _caller(jobs: SqliteJobStore, ids: itertools.count[int], number: int) -> list[float]:
    waits: list[float] = []
    for turn in range(EACH + WARM_UP):
        user_id = HEAVY if number % 8 == 0 else 2 + (number * EACH + turn) % USERS
        new = _new_job(next(ids), user_id, 1 + number % GUILDS)
        begun = time.perf_counter()
        await jobs.accept(new, LIMITS, no_engine)
        waits.append(time.perf_counter() - begun)
    return waits[WARM_UP:]


def _new_job(job_id: int, user_id: int, guild_id: int) -> NewJob:
    new = a_new_job(job_id, user_id=UserId(user_id), created_at_ms=SystemClock().now_ms())
    origin = new.origin.model_copy(update={"guild_id": GuildId(guild_id)})
    return new.model_copy(update={"origin": origin})
