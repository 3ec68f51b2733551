"""A process whose members use up a grant, 16 at once, and take half of it back, until killed."""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

from bot.domain.audit import Act, AuditEntry
from bot.domain.ids import GuildId, UserId
from bot.domain.job import JobStatus
from bot.domain.quota import Grant, QuotaLimits, ServerLimits
from bot.storage.database import Database
from bot.storage.grants import SqliteGrantStore
from bot.storage.jobs import SqliteJobStore
from tests.factories.jobs import ALICE, accept
from tests.fakes.clock import NOON, FakeClock

MANY = 1_000_000
LIMITS = QuotaLimits(MANY, MANY, ServerLimits(daily_images=1))
GIVEN = AuditEntry(
    guild_id=GuildId(10), actor_id=UserId(9), act=Act.QUOTA_GRANTED, at_ms=NOON, user_id=ALICE
)


async def main(path: Path) -> None:
    numbers = itertools.count(1)
    async with Database.open(path) as database:
        jobs = SqliteJobStore(database, FakeClock())
        await SqliteGrantStore(database).grant(ALICE, Grant(1, MANY, NOON + MANY), GIVEN)

        async def member() -> None:
            for number in numbers:
                job = await accept(jobs, number, samples=number % 4 + 1, limits=LIMITS)
                if number % 2:
                    await jobs.advance(job.id, JobStatus.CANCELLED)
                sys.stdout.write(f"{job.id}\n")
                sys.stdout.flush()

        await asyncio.gather(*(member() for _ in range(16)))


if __name__ == "__main__":
    import structlog

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(main(Path(sys.argv[1])))
