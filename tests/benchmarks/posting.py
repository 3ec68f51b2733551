"""A webhook says that a picture is drawn: how long until its post begins to arrive at Discord.

What the bot does meanwhile: answers the webhook, fetches the picture, looks at it, writes the
parameters into it, keeps it, composes the post. The time of the upload itself, from its first byte
to its last, counts for nobody and is shown beside. Webhooks pass through this process, which notes
when each goes on to the bot; the pictures are the sandbox's usual ones.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, web

from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.processes import BenchmarkError, RunningBot, running_bot
from tests.discord_server import RequestRecord

SLOTS = 8
LOADS = {1: 100, SLOTS: 10}
"""How many jobs end at the same time, and how often."""
WARM_UPS = 3
SANDBOX = {
    "cheap_pictures": False,
    "draw_seconds": 0.5,
    "immediate_queueing": True,
    "eta_seconds": 60.0,  # so that no poll comes first
}
_JOB_ID = re.compile(r"imagine:[a-z]+\d?:(\d+)")


@dataclass(slots=True)
class Passage:
    """Where webhooks go through."""

    http: ClientSession
    address: str = ""
    bot: str = ""
    passed_at: dict[int, float] = field(default_factory=dict[int, float])
    """When the webhook of each job went on to the bot."""

    async def pass_on(self, request: web.Request) -> web.Response:
        """Hand a webhook on to the bot, and its answer back."""
        body = await request.read()
        self.passed_at.setdefault(int(request.match_info["job_id"]), time.monotonic())
        url = self.bot + request.path
        async with self.http.post(url, data=body, headers=request.headers) as response:
            return web.Response(status=response.status)


async def measure() -> list[Figure]:
    """Let jobs end one at a time, then eight at once."""
    async with (
        _passage() as passage,
        running_bot(
            sandbox=SANDBOX,
            members=SLOTS,
            channels=SLOTS,
            max_in_flight=SLOTS,
            webhook_base_url=passage.address,
        ) as bot,
    ):
        passage.bot = bot.http
        await _batches(bot, size=SLOTS, times=WARM_UPS)
        return [
            figure
            for size, times in LOADS.items()
            for figure in _figures(size, await _batches(bot, size, times), passage)
        ]


@asynccontextmanager
async def _passage() -> AsyncGenerator[Passage]:
    async with ClientSession() as http:
        passage = Passage(http)
        app = web.Application()
        app.router.add_post("/webhooks/{job_id}/{token}", passage.pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            passage.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield passage
        finally:
            await runner.cleanup()


async def _batches(bot: RunningBot, size: int, times: int) -> list[RequestRecord]:
    """Ask for so many pictures at once, so often; return their posts."""
    posts: list[RequestRecord] = []
    for _ in range(times):
        await bot.discord.forget_requests()
        await bot.discord.burst(list(bot.commands[:size]))
        posts += await bot.discord.wait_for_requests(
            size, "POST", "/channels/*/messages", within=30
        )
    return posts


def _figures(size: int, posts: list[RequestRecord], passage: Passage) -> list[Figure]:
    waits: list[float] = []
    uploads: list[float] = []
    for post in posts:
        if not post.file_sizes or post.received_at is None:
            raise BenchmarkError(f"a post without a picture: {post}")
        waits.append(1000 * (post.started_at - passage.passed_at[_job_of(post)]))
        uploads.append(1000 * (post.received_at - post.started_at))
    together = "one job at a time" if size == 1 else f"{size} jobs end at once"
    size_kb = sum(post.file_sizes[0] for post in posts) / len(posts) / 1000
    return [
        Figure(
            name=f"webhook to post, {together}, p95",
            value=percentile(waits, 0.95),
            unit="ms",
            at_most=25 if size == 1 else None,
            note=f"{len(waits)} of them, median {percentile(waits, 0.5):.1f} ms",
        ),
        Figure(
            name="  the upload itself, p95",
            value=percentile(uploads, 0.95),
            unit="ms",
            note=f"{size_kb:.0f} kB each",
        ),
    ]


def _job_of(post: RequestRecord) -> int:
    found = _JOB_ID.search(json.dumps(post.body))
    if found is None:
        raise BenchmarkError(f"a post of no job: {post.body}")
    return int(found[1])
