"""Quota check, reservation and job in one transaction, with 64 callers on a million rows.

Once each caller asks again as soon as it is answered, which no 64 members do and which shows what
the transaction costs; once they pause, so that a hundred jobs a second come at random moments.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bot.__main__ import SWITCH_SECONDS
from bot.domain.clock import SystemClock
from bot.domain.ids import GuildId
from bot.domain.job import NewJob
from bot.domain.quota import QuotaLimits, ServerLimits
from bot.log import configure_logging
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.million import HEAVY, MEMBERS, copy_of_million, member_of
from tests.benchmarks.processes import ROOT, BenchmarkError
from tests.factories.jobs import a_new_job, no_engine

CALLERS = 64
HEAVY_ONE_IN = 8
GUILDS = 500
"""In turn, the two large ones among them."""

AT_MOST_MS = 5.0
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the callers ask: so many jobs in all, with so long a pause on average."""

    name: str
    jobs: int
    pause_seconds: float


KINDS = (
    Kind(name="without a pause", jobs=12_800, pause_seconds=0.0),
    Kind(name="at random moments, 100 a second", jobs=2_000, pause_seconds=0.64),
)


async def measure() -> list[Figure]:
    """Ask on a copy, in a process that is set up as the bot's."""
    figures: list[Figure] = []
    for number, kind in enumerate(KINDS):
        async with copy_of_million() as directory:
            path = directory / "imagine.db"
            figures += _figures(kind, *await _in_a_process(number, path))
    return figures


async def _in_a_process(number: int, path: Path) -> tuple[float, list[float]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.quota", str(number), str(path)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise BenchmarkError("the callers' process failed")
    seconds, waits = json.loads(output)
    return seconds, waits


def _figures(kind: Kind, seconds: float, waits: list[float]) -> list[Figure]:
    name = f"quota, reservation and job, {CALLERS} callers {kind.name}"
    return [
        Figure(
            name=f"{name}: p99",
            value=percentile(waits, 0.99) * 1000,
            unit="ms",
            at_most=AT_MOST_MS,
            note=f"{len(waits)} jobs on a million rows, every limit of a server set",
        ),
        Figure(
            name=f"{name}: median",
            value=percentile(waits, 0.50) * 1000,
            unit="ms",
            note=f"{len(waits) / seconds:.0f} jobs a second",
        ),
    ]


async def _ask(kind: Kind, path: Path) -> tuple[float, list[float]]:
    """Return how long all took together, and how long each waited."""
    waits: list[float] = []
    jobs = iter(list(itertools.islice(_new_jobs(), kind.jobs)))
    async with Database.open(path) as database:
        store = SqliteJobStore(database, SystemClock())
        begun = time.perf_counter()
        await asyncio.gather(*(_caller(store, jobs, kind, waits) for _ in range(CALLERS)))
        return time.perf_counter() - begun, waits


async def _caller(
    store: SqliteJobStore, jobs: Iterator[NewJob], kind: Kind, waits: list[float]
) -> None:
    for job in jobs:
        if kind.pause_seconds:
            await asyncio.sleep(random.expovariate(1 / kind.pause_seconds))
        begun = time.perf_counter()
        await store.accept(job, LIMITS, no_engine)
        waits.append(time.perf_counter() - begun)


def _new_jobs() -> Iterator[NewJob]:
    now = SystemClock().now_ms()
    for number in itertools.count(1):
        guild_id = GuildId(1 + number % GUILDS)
        heavy = number % HEAVY_ONE_IN == 0
        user_id = HEAVY if heavy else member_of(guild_id, number * 97 % MEMBERS)
        new = a_new_job((now << 22) + number, user_id=user_id, created_at_ms=now)
        origin = new.origin.model_copy(update={"guild_id": guild_id})
        yield new.model_copy(update={"origin": origin})


if __name__ == "__main__":
    configure_logging(level="error")
    sys.setswitchinterval(SWITCH_SECONDS)
    found = uvloop.run(_ask(KINDS[int(sys.argv[1])], Path(sys.argv[2])))
    sys.stdout.write(json.dumps(found))
