"""What `/stats` costs on a million jobs, and what it costs everybody else meanwhile.

While the months of a server are counted and drawn one after the other, somebody turns the pages of
their history and others ask for pictures. Then the same with the counting on the connection that
serves the pages, to show why it has one of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar
from unittest import mock

from bot.__main__ import SWITCH_SECONDS
from bot.domain.clock import SystemClock
from bot.domain.ids import GuildId, UserId
from bot.domain.stats import Period
from bot.stats import Stats
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.stats import SqliteStatsStore
from bot.ui.chart import draw_chart
from tests.benchmarks.figures import Figure, middle, percentile
from tests.benchmarks.lateness import Lateness, watched
from tests.benchmarks.million import BUSY, HUGE, copy_of_million, member_of
from tests.factories.jobs import accept

ROUNDS = 15

T = TypeVar("T")
Act = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Cost:
    """What counting and drawing took, in milliseconds."""

    counting: list[float] = field(default_factory=list[float])
    drawing: list[float] = field(default_factory=list[float])


@dataclass(frozen=True)
class Others:
    """What everybody else waited meanwhile, in milliseconds."""

    pages: list[float] = field(default_factory=list[float])
    writes: list[float] = field(default_factory=list[float])
    lateness: Lateness = field(default_factory=Lateness)


async def measure() -> list[Figure]:
    """Count a month of a server with a tenth of the jobs, and of one with half of them."""
    sys.setswitchinterval(SWITCH_SECONDS)
    async with _database() as database:
        day = await _count_and_draw(database, BUSY, Period.DAY, ROUNDS)
        alone, _ = await _amid_others(database, asyncio.sleep(4))
        meanwhile, month = await _amid_others(
            database, _count_and_draw(database, BUSY, Period.MONTH, ROUNDS)
        )
        with mock.patch.object(database, "read_at_length", database.read):
            shared, _ = await _amid_others(
                database, _count_and_draw(database, BUSY, Period.MONTH, 5)
            )
        half = await _count_and_draw(database, HUGE, Period.MONTH, 5)
    return [*_costs(day, month, half), *_waits(alone, meanwhile, shared)]


def _costs(day: Cost, month: Cost, half: Cost) -> list[Figure]:
    return [
        Figure(
            name="a month of 100,000 jobs, among 1,000,000",
            value=middle(month.counting),
            unit="ms",
            at_most=300,
            note=f"median of {ROUNDS}, slowest {max(month.counting):.0f}; "
            f"a day {middle(day.counting):.1f}",
        ),
        Figure(
            name="a month of 500,000 jobs",
            value=middle(half.counting),
            unit="ms",
            note="one every five seconds, day and night; how it grows",
        ),
        Figure(
            name="the chart",
            value=middle(month.drawing),
            unit="ms",
            note=f"in a thread; slowest {max(month.drawing):.0f}",
        ),
    ]


def _waits(alone: Others, meanwhile: Others, shared: Others) -> list[Figure]:
    return [
        Figure(
            name="longest pause of the event loop meanwhile",
            value=meanwhile.lateness.longest_of_ours,
            unit="ms",
            at_most=20,
            note=f"without statistics {alone.lateness.longest_of_ours:.1f}; with the waits for a "
            f"core {meanwhile.lateness.longest:.0f}, without statistics "
            f"{alone.lateness.longest:.0f}",
        ),
        Figure(
            name="history page meanwhile, p99",
            value=percentile(meanwhile.pages, 0.99),
            unit="ms",
            at_most=5,
            note=f"of {len(meanwhile.pages)}, slowest {max(meanwhile.pages):.1f}; without "
            f"statistics {percentile(alone.pages, 0.99):.1f}; slowest with the counting on the "
            f"pages' connection {max(shared.pages):.0f}",
        ),
        Figure(
            name="job accepted meanwhile, p99",
            value=percentile(meanwhile.writes, 0.99),
            unit="ms",
            note=f"of {len(meanwhile.writes)}; without statistics "
            f"{percentile(alone.writes, 0.99):.1f}",
        ),
    ]


@contextlib.asynccontextmanager
async def _database() -> AsyncGenerator[Database]:
    async with copy_of_million() as directory, Database.open(directory / "imagine.db") as database:
        yield database


async def _count_and_draw(
    database: Database, guild_id: GuildId, period: Period, rounds: int
) -> Cost:
    stats = Stats(store=SqliteStatsStore(database), clock=SystemClock())
    cost = Cost()
    for _ in range(rounds):
        begun = time.perf_counter()
        summary = await stats.of_server(guild_id, period)
        counted = time.perf_counter()
        await asyncio.to_thread(draw_chart, summary)
        cost.counting.append(1000 * (counted - begun))
        cost.drawing.append(1000 * (time.perf_counter() - counted))
    return cost


async def _amid_others(database: Database, work: Coroutine[Any, Any, T]) -> tuple[Others, T]:
    """Do some work while others look at their pages and ask for pictures."""
    jobs = SqliteJobStore(database, SystemClock())
    member = member_of(BUSY, 0)
    async with watched() as lateness:
        others = Others(lateness=lateness)
        tasks = [
            asyncio.create_task(_repeat(lambda: jobs.of_user(member, limit=6), others.pages)),
            asyncio.create_task(_repeat(lambda: _ask(jobs), others.writes)),
        ]
        result = await work
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return others, result


_new_ids = itertools.count(2_000_000)


async def _ask(jobs: SqliteJobStore) -> None:
    number = next(_new_ids)
    await accept(jobs, number, user_id=UserId(number), created_at_ms=SystemClock().now_ms())


async def _repeat(act: Act, milliseconds: list[float]) -> None:
    while True:
        begun = time.perf_counter()
        await act()
        milliseconds.append(1000 * (time.perf_counter() - begun))
        await asyncio.sleep(0.005)
