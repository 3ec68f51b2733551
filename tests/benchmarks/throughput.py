"""Jobs a second, from `/imagine` to the post with its picture, as the slots in flight allow."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from tests.benchmarks.figures import Figure, middle
from tests.benchmarks.processes import BenchmarkError, RunningBot, cost_of, running_bot

CHANNELS = 10
WARM_UP = 64
_GIVE_UP_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is asked of the bot, and what it should manage."""

    slots: int
    job_seconds: float
    jobs: int
    at_least: float
    rounds: int


LOADS = (
    Load(slots=2, job_seconds=1.0, jobs=26, at_least=1.9, rounds=1),
    Load(slots=8, job_seconds=1.0, jobs=104, at_least=7.6, rounds=1),
    Load(slots=32, job_seconds=0.01, jobs=320, at_least=60.0, rounds=3),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One load carried."""

    jobs_per_second: float
    cpu_ms_per_job: float


async def measure() -> list[Figure]:
    """Carry each load."""
    return [figure for load in LOADS for figure in await _measure(load)]


async def _measure(load: Load) -> list[Figure]:
    async with running_bot(
        sandbox={"draw_seconds": load.job_seconds},
        members=max(WARM_UP, load.jobs),
        channels=CHANNELS,
        max_in_flight=load.slots,
    ) as bot:
        await _carry(bot, WARM_UP)
        runs = [await _carry(bot, load.jobs) for _ in range(load.rounds)]
    name = f"{load.slots} in flight, {load.job_seconds * 1000:g} ms jobs"
    note = f"{load.jobs} jobs, first command to last post"
    rates = [run.jobs_per_second for run in runs]
    if len(rates) > 1:
        note += f"; median of {', '.join(f'{rate:.1f}' for rate in rates)}"
    return [
        Figure(name=name, value=middle(rates), unit="jobs/s", at_least=load.at_least, note=note),
        Figure(
            name="  the bot's processor time",
            value=middle([run.cpu_ms_per_job for run in runs]),
            unit="ms/job",
            note="command, acknowledgement, submit, download, post, edits",
        ),
    ]


async def _carry(bot: RunningBot, jobs: int) -> Run:
    """Ask for so many at once and wait until every one is posted."""
    discord = bot.discord
    await asyncio.sleep(1.0)
    await discord.forget_requests()
    before = cost_of(bot.pid)
    ids = await discord.burst(list(bot.commands[:jobs]))
    await _until_delivered(bot, jobs)
    cpu = cost_of(bot.pid).cpu_seconds - before.cpu_seconds
    posts = await discord.wait_for_requests(jobs, "POST", "/channels/*/messages", within=10)
    _check(len(posts), jobs, sum(1 for post in posts if post.file_sizes and post.status == 200))
    begun = (await discord.interaction(ids[0])).dispatched_at
    ended = max(post.finished_at or 0.0 for post in posts)
    return Run(jobs / (ended - begun), 1000 * cpu / jobs)


async def _until_delivered(bot: RunningBot, jobs: int) -> None:
    end = time.monotonic() + _GIVE_UP_SECONDS
    while (delivered := await bot.delivered()) < jobs:
        if time.monotonic() > end:
            tail = bot.log.read_text()[-3000:]
            raise BenchmarkError(f"{delivered} of {jobs} posted; {await bot.state()}; {tail}")
        await asyncio.sleep(0.2)


def _check(posts: int, jobs: int, with_picture: int) -> None:
    if posts != jobs or with_picture != jobs:
        raise BenchmarkError(f"{jobs} jobs, {posts} posts, {with_picture} of them with a picture")
