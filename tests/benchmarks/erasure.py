"""`/privacy erase` of a member with 20,000 jobs: how long others wait meanwhile, at the worst."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.clock import SystemClock
from bot.domain.ids import JobId, UserId
from bot.jobs.lifecycle import JobLifecycle
from bot.privacy.erasures import Erasures
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.personal_data import SqlitePersonalStore
from bot.storage.pictures import SqlitePictureStore
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.million import BUSY, HEAVY, copy_of_million, member_of
from tests.factories.jobs import accept

OTHER = member_of(BUSY, 0)
QUIET_SECONDS = 20.0
"""About as long as the erasing takes: the longest wait grows with the time."""

LONGEST_PAUSE_MS = 50.0
_BETWEEN_SECONDS = 0.005


@dataclass
class Waits:
    """How long others waited, in milliseconds."""

    writing: list[float] = field(default_factory=list[float])
    reading: list[float] = field(default_factory=list[float])
    loop: list[float] = field(default_factory=list[float])


async def measure() -> list[Figure]:
    """Erase the member while others ask for pictures, turn pages and only want to be heard."""
    async with copy_of_million() as directory:
        path = directory / "imagine.db"
        async with Database.open(path) as database:
            clock = SystemClock()
            jobs = SqliteJobStore(database, clock)
            async with _others(jobs, first_id=1) as quiet:
                await asyncio.sleep(QUIET_SECONDS)
            erasures = Erasures(
                store=SqlitePersonalStore(database, clock),
                pictures=SqlitePictureStore(database, path.parent / "images", clock),
                lifecycle=JobLifecycle(jobs),
                clock=clock,
            )
            async with _others(jobs, first_id=1_000_000) as waits:
                begun = time.monotonic()
                done = await erasures.ask(HEAVY)
                await erasures.work_off()
                seconds = time.monotonic() - begun
            if not done.done() or await jobs.of_user(HEAVY):
                raise RuntimeError("not erased")
        size = path.stat().st_size / 1e6
    return [*_pauses(waits, quiet), *_context(seconds, size)]


def _pauses(waits: Waits, quiet: Waits) -> list[Figure]:
    def pause(name: str, during: list[float], before: list[float]) -> Figure:
        return Figure(
            name=f"longest wait of others, {name}",
            value=max(during),
            unit="ms",
            at_most=LONGEST_PAUSE_MS,
            note=f"p99 {percentile(during, 0.99):.1f}; without an erasure {max(before):.1f}, "
            f"p99 {percentile(before, 0.99):.1f}",
        )

    return [
        pause("asking for a picture", waits.writing, quiet.writing),
        pause("turning to a page of history", waits.reading, quiet.reading),
        pause("event loop", waits.loop, quiet.loop),
    ]


def _context(seconds: float, megabytes: float) -> list[Figure]:
    note = f"20,000 jobs of a million, as many ledger rows, 1,800 pictures; {megabytes:.0f} MB"
    return [Figure(name="erasing the member", value=seconds, unit="s", note=note)]


@contextlib.asynccontextmanager
async def _others(jobs: SqliteJobStore, *, first_id: int) -> AsyncGenerator[Waits]:
    waits = Waits()
    numbers = iter(range(first_id, first_id + 10**6))

    async def write() -> None:
        job_id = next(numbers)
        await accept(jobs, job_id, user_id=UserId(job_id), created_at_ms=SystemClock().now_ms())

    async def read() -> None:
        await jobs.of_user(OTHER, before=JobId(2**62))

    tasks = [
        asyncio.create_task(_again_and_again(write, waits.writing)),
        asyncio.create_task(_again_and_again(read, waits.reading)),
        asyncio.create_task(_again_and_again(lambda: asyncio.sleep(0), waits.loop)),
    ]
    try:
        yield waits
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _again_and_again(act: Callable[[], Awaitable[object]], waits: list[float]) -> None:
    """Time an act from the moment it was due, so that a blocked loop counts as a wait."""
    due = time.monotonic()
    while True:
        due = max(due + _BETWEEN_SECONDS, time.monotonic())
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await act()
        waits.append(1000 * (time.monotonic() - due))
