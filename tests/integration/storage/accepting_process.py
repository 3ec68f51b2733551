"""A process that accepts jobs, 32 at once, and says so of each, until it is killed."""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from tests.factories.jobs import accept
from tests.fakes.clock import FakeClock


async def main(path: Path) -> None:
    numbers = itertools.count(1)
    async with Database.open(path) as database:
        jobs = SqliteJobStore(database, FakeClock())

        async def member() -> None:
            for number in numbers:
                job = await accept(jobs, number)
                sys.stdout.write(f"{job.id}\n")
                sys.stdout.flush()

        await asyncio.gather(*(member() for _ in range(32)))


if __name__ == "__main__":
    import structlog

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(main(Path(sys.argv[1])))
