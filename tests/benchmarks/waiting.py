"""What 10,000 jobs cost that the image API has taken and not yet finished.

They are asked for through Discord, accepted by the API over HTTP, and then left there: once with an
estimate far in the future, so that nothing need be done, and once with one that has passed, so that
every job is due for a poll all the time and only the limit of polls holds them back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import BenchmarkError, RunningBot, cost_of, running_bot
from tests.discord_server import Command

JOBS = 10_000
MEMBERS = 2_000
CHANNELS = 10
WARM_UP = 200
BATCH = 100
SETTLE_SECONDS = 15.0
WATCH_SECONDS = 20.0
_JOB_SECONDS = 7200.0
_MAX_PERCENT = 5.0
_MAX_KILOBYTES = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Jobs that are left alone, or due to be asked about."""

    name: str
    eta_seconds: float


KINDS = (Kind(name="left alone", eta_seconds=7200.0), Kind(name="due for a poll", eta_seconds=1.0))


async def measure() -> list[Figure]:
    """Let jobs of each kind wait."""
    return [figure for kind in KINDS for figure in await _measure(kind)]


async def _measure(kind: Kind) -> list[Figure]:
    sandbox: dict[str, Any] = {
        "draw_seconds": _JOB_SECONDS,
        "immediate_queueing": True,
        "eta_seconds": kind.eta_seconds,
    }
    async with running_bot(
        sandbox=sandbox,
        members=MEMBERS,
        channels=CHANNELS,
        max_in_flight=JOBS + WARM_UP,
        job_timeout_seconds=int(_JOB_SECONDS),
    ) as bot:
        await _feed(bot, bot.commands[:WARM_UP])
        await asyncio.sleep(2)
        empty = cost_of(bot.pid).resident_bytes
        await _feed(bot, bot.commands * (JOBS // MEMBERS))
        await _until_all_wait(bot)
        await asyncio.sleep(SETTLE_SECONDS)
        return await _watch(bot, kind, empty)


async def _feed(bot: RunningBot, commands: Sequence[Command]) -> None:
    for start in range(0, len(commands), BATCH):
        ids = await bot.discord.burst(list(commands[start : start + BATCH]))
        await bot.discord.wait_for_acks(ids)


async def _until_all_wait(bot: RunningBot) -> None:
    async with asyncio.timeout(120):
        while (state := await bot.state())["waiting"]:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
    if state["in_flight"] != JOBS + WARM_UP:
        raise BenchmarkError(f"only {state['in_flight']} jobs are at the API")


async def _watch(bot: RunningBot, kind: Kind, empty: int) -> list[Figure]:
    requests_before = sum((await bot.discord.counts()).values())
    before = cost_of(bot.pid)
    await asyncio.sleep(WATCH_SECONDS)
    after = cost_of(bot.pid)
    edits = sum((await bot.discord.counts()).values()) - requests_before
    return [
        Figure(
            name=f"{JOBS} jobs at the API, {kind.name}: processor",
            value=100 * (after.cpu_seconds - before.cpu_seconds) / WATCH_SECONDS,
            unit="% of a core",
            at_most=_MAX_PERCENT,
            note=f"{WATCH_SECONDS:g} s, {edits} edits at Discord in them",
        ),
        Figure(
            name=f"{JOBS} jobs at the API, {kind.name}: memory",
            value=(after.resident_bytes - empty) / JOBS / 1000,
            unit="kB each",
            at_most=_MAX_KILOBYTES,
            note=f"resident memory grown from {empty / 1e6:.0f} to "
            f"{after.resident_bytes / 1e6:.0f} MB",
        ),
    ]
