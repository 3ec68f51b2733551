"""The run itself: lives and deaths of the bot, then the reckoning."""

from __future__ import annotations

import asyncio
import dataclasses
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.sandbox.server import SandboxServer
from bot.sandbox.settings import SandboxSettings
from tests.crash.books import OPEN, Entry, entries, error_events, rows_of, transcript
from tests.crash.bot import BotProcess
from tests.crash.bot_process import LOST_SUBMISSION_SECONDS, LOST_WEBHOOK_SECONDS
from tests.crash.members import Crowd, Members
from tests.crash.moments import Aim, Moment, deck
from tests.crash.verdict import Figures, Limits, Problem, figures_of, problems_of
from tests.discord_server import RemoteDiscord, Rules, spawned_discord
from tests.ports import free_port

MAX_IN_FLIGHT = 2
MAX_ACTIVE = 4
DRAIN_SECONDS = 180.0
API = SandboxSettings(
    draw_seconds=(0.1, 1.0),
    hold_seconds=0.5,
    picture_scale=0.25,
    cheap_pictures=True,
    webhook_timeout_seconds=5.0,
)


class Variant(StrEnum):
    """How the bot learns of results."""

    POLLING = "polling"
    WEBHOOKS = "webhooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run showed."""

    variant: Variant
    seed: int
    seconds: float
    kills: int
    aimed: Counter[Moment]
    hit: Counter[Moment]
    figures: Figures
    problems: Sequence[Problem]
    errors: dict[str, int]
    transcripts: Sequence[str]


class Ordeal:
    """One bot's data directory through many lives."""

    def __init__(
        self,
        *,
        variant: Variant,
        seed: int,
        discord: RemoteDiscord,
        sandbox: SandboxServer,
        bot: BotProcess,
    ) -> None:
        self._variant = variant
        self._seed = seed
        self._discord = discord
        self._sandbox = sandbox
        self._bot = bot
        self._chance = random.Random(seed)
        self._moments = deck(self._chance)
        self._aim = Aim(discord, sandbox, self._chance)
        self._aimed: Counter[Moment] = Counter()
        self._hit: Counter[Moment] = Counter()

    async def run(self, kills: int) -> Report:
        """Kill so many times, let the last bot finish, and judge."""
        begun = time.monotonic()
        crowd = await Crowd.gather(self._discord)
        members = Members(self._discord, crowd, random.Random(self._seed + 1))
        asking = asyncio.create_task(members.keep_asking())
        try:
            for _ in range(kills):
                await self._live_and_die()
        finally:
            asking.cancel()
            await asyncio.wait({asking})
        exit_code = await self._finish()
        return await self._reckon(kills, time.monotonic() - begun, exit_code)

    async def _live_and_die(self) -> None:
        moment = next(self._moments)
        self._aimed[moment] += 1
        await self._bot.start()
        if moment is not Moment.STARTING:
            await self._bot.until_connected()
        self._hit[moment] += await self._aim.wait_for(moment)
        await self._bot.kill()
        await self._aim.reset()

    async def _finish(self) -> int:
        """Let the last bot end every job; return its exit code."""
        await self._bot.start()
        await self._bot.until_connected()
        limit = time.monotonic() + DRAIN_SECONDS
        while self._owes() and time.monotonic() < limit:  # noqa: ASYNC110
            await asyncio.sleep(0.2)  # the database of another process rings no bell
        return await self._bot.stop()

    def _owes(self) -> bool:
        return any(
            row["status"] in OPEN
            or (row["status"] in {"failed", "refused", "expired"} and row["told_at_ms"] is None)
            for row in rows_of(self._bot.data_dir / "imagine.db", "jobs")
        )

    async def _reckon(self, kills: int, seconds: float, exit_code: int) -> Report:
        limits = Limits(
            max_in_flight=MAX_IN_FLIGHT,
            lost_submission_seconds=(
                LOST_WEBHOOK_SECONDS
                if self._variant is Variant.WEBHOOKS
                else LOST_SUBMISSION_SECONDS
            ),
        )
        database = self._bot.data_dir / "imagine.db"
        books = await entries(self._discord, database, self._sandbox.jobs)
        problems = problems_of(books, limits)
        if exit_code != 0:
            problems.append(Problem(entry=None, words=f"the last bot ended with {exit_code}"))
        concerned = {p.entry.id: p.entry for p in problems if p.entry is not None}
        figures = figures_of(books, limits)
        found = self._bot.log.read_text(errors="replace").count('"post found again"')
        return Report(
            variant=self._variant,
            seed=self._seed,
            seconds=seconds,
            kills=kills,
            aimed=self._aimed,
            hit=self._hit,
            figures=dataclasses.replace(figures, found_again=found),
            problems=problems,
            errors=error_events(self._bot.log),
            transcripts=[await self._transcript(entry) for entry in concerned.values()],
        )

    async def _transcript(self, entry: Entry) -> str:
        requests = [
            f"Discord: {r.started_at:.3f} {r.method} {r.path[:80]} → {r.status} {r.fault or ''}"
            for r in await self._discord.requests()
            if str(entry.id) in f"{r.path}{r.body}"
        ]
        return transcript(entry, self._bot.log, requests)


@asynccontextmanager
async def prepared(directory: Path, variant: Variant, seed: int) -> AsyncGenerator[Ordeal]:
    """Start Discord and the image API, which outlive the bots."""
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(spawned_discord(rules=Rules(rate_limits="roomy")))
        sandbox = await stack.enter_async_context(SandboxServer(API))
        port = free_port()
        settings: dict[str, str | int] = {
            "cost_highres": 2,
            "api_base_url": sandbox.base_url,
            "http_port": port,
            "max_in_flight": MAX_IN_FLIGHT,
            "user_max_active": MAX_ACTIVE,
        }
        if variant is Variant.WEBHOOKS:
            settings["webhook_base_url"] = f"http://127.0.0.1:{port}"
        bot = BotProcess(discord, directory, settings)
        stack.push_async_callback(bot.aclose)
        yield Ordeal(variant=variant, seed=seed, discord=discord, sandbox=sandbox, bot=bot)


async def endure(directory: Path, variant: Variant, kills: int, seed: int) -> Report:
    """Run one variant in a directory of its own."""
    directory.mkdir(parents=True, exist_ok=True)
    async with prepared(directory, variant, seed) as ordeal:
        return await ordeal.run(kills)
