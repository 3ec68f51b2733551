"""The whole bot between a hostile image API and a recording Discord, with short pauses.

Time-outs are long, so that a busy machine brings none about; `test_deadlines.py` shows those.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import bot.app
from bot.app import App, open_app
from bot.domain.ids import JobId
from bot.domain.job import TERMINAL, Job, JobStatus
from bot.imageapi import waits
from bot.imageapi.client import ApiLimits, ImageApiClient
from bot.jobs import decisions, delivery, engine, gate, progress, upkeep
from bot.jobs.polling import PollSchedule
from bot.jobs.timing import Timing
from bot.sandbox import SandboxServer
from bot.settings import Settings
from tests.discord_server import GUILD_ID, DiscordServer, MessageRecord, Where
from tests.discord_server.wiring import running_client, until_told_of_guilds
from tests.fakes.clock import RunningClock
from tests.hostile.scripted_api import ScriptedApi
from tests.patience import PATIENCE_SECONDS

SHORT = Timing(
    lost_submission_seconds=0.3,
    lost_webhook_seconds=0.3,
    polls=PollSchedule(shortest=0.05, longest=0.2),
    link_retry_seconds=(0.05, 0.1, 0.2),
)

PATIENT = ApiLimits(
    submit_seconds=PATIENCE_SECONDS,
    fetch_seconds=PATIENCE_SECONDS,
    first_wait_seconds=0.02,
    longest_wait_seconds=0.05,
    polls_per_second=200.0,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A member and the channel that is theirs alone."""

    user_id: int
    channel_id: int

    @property
    def where(self) -> Where:
        return Where(user_id=self.user_id, channel_id=self.channel_id)

    @property
    def posts(self) -> str:
        """The path by which messages are posted there."""
        return f"/channels/{self.channel_id}/messages"


@dataclass(slots=True)
class Stage:
    """Act as members and wait for ends."""

    app: App
    discord: DiscordServer
    api: SandboxServer | ScriptedApi
    clock: RunningClock
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held where a fault waits for the very next interaction's answer."""
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def scripted(self) -> ScriptedApi:
        assert isinstance(self.api, ScriptedApi)
        return self.api

    @property
    def sandbox(self) -> SandboxServer:
        assert isinstance(self.api, SandboxServer)
        return self.api

    def hear(self, _: Job) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def moved(self) -> None:
        """Wait until any job moves."""
        await self._moved.wait()

    async def place(self, guild_id: int | None = GUILD_ID, **channel: Any) -> Place:
        number = next(self._numbers)
        user_id = await self.discord.add_user(f"member {number}", guild_id=guild_id)
        channel_id = await self.discord.add_channel(guild_id, f"row-{number}", **channel)
        return Place(user_id, channel_id)

    async def ask(
        self, where: Where, prompt: str, command: str = "imagine", **options: Any
    ) -> JobId:
        used = await self.discord.slash(command, {"prompt": prompt, **options}, where=where)
        return JobId(used.id)

    async def until(self, job_id: JobId, condition: Callable[[Job], bool]) -> Job:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                moved = self._moved
                job = await self.app.stores.jobs.get(job_id)
                if job is not None and condition(job):
                    return job
                await moved.wait()

    async def told(self, job_id: JobId) -> Job:
        """Wait until a job has ended and its member was shown how."""
        return await self.until(job_id, is_told)

    async def is_status(self, job_id: JobId, status: JobStatus) -> Job:
        return await self.until(job_id, lambda job: job.status is status)

    def submitted(self, prompt: str) -> int:
        """Count the submissions of a prompt that reached the image API."""
        if isinstance(self.api, ScriptedApi):
            return self.api.submissions[prompt]
        return sum(request.body.get("prompt") == prompt for request in self.api.submits)

    async def shown(self, job_id: JobId) -> list[MessageRecord]:
        """List the messages that show a job's end; more than one means shown twice."""
        return await self.discord.messages_with_custom_id(f"imagine:again:{job_id}")

    def ledger(self, job_id: JobId) -> str:
        """Say what the ledger holds of a job, read past the bot."""
        path = self.app.settings.database_path
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            row = database.execute(
                "SELECT settled_at_ms, refunded_at_ms FROM ledger WHERE job_id = ?", (job_id,)
            ).fetchone()
        if row is None:
            return "nothing"
        return "settled" if row[0] else "refunded" if row[1] else "reserved"


def is_told(job: Job) -> bool:
    return job.status in TERMINAL and job.told_at_ms is not None


@contextlib.contextmanager
def short_pauses(limits: ApiLimits = PATIENT) -> Generator[pytest.MonkeyPatch]:
    """Shorten what is no part of `Timing`: constants of single modules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decisions, "_BACKOFF_SECONDS", (0.02,) * 5)
        patch.setattr(delivery, "_RETRY_SECONDS", (0.05,))
        patch.setattr(engine, "_RERUN_SECONDS", (0.05,))
        patch.setattr(gate, "BREAKER_SECONDS", (0.05,))
        patch.setattr(progress, "ROUND_SECONDS", 0.2)
        patch.setattr(upkeep, "OVERDUE_SECONDS", 0.2)
        patch.setattr(waits, "DEFAULT_SECONDS", 1.0)
        patch.setattr(bot.app, "ImageApiClient", functools.partial(ImageApiClient, limits=limits))
        yield patch


@contextlib.asynccontextmanager
async def open_stage(
    api: SandboxServer | ScriptedApi,
    data_dir: Path,
    *,
    timing: Timing = SHORT,
    discord: DiscordServer | None = None,
    **changes: Any,
) -> AsyncGenerator[Stage]:
    """Start everything; `changes` are settings, past their lower bounds where a row needs it."""
    usual = Settings(
        api_base_url=api.base_url,
        api_key=SecretStr("sandbox-key"),
        data_dir=data_dir,
        http_port=0,
        max_in_flight=300,
        user_max_active=50,
    )
    settings = usual.model_copy(update=changes)
    clock = RunningClock(int(time.time() * 1000))
    async with AsyncExitStack() as stack:
        server = discord or await stack.enter_async_context(DiscordServer())
        app = await stack.enter_async_context(open_app(settings, clock=clock, timing=timing))
        app.bot._connection.guild_ready_timeout = 0.05
        await stack.enter_async_context(running_client(app.bot, server.address))
        app.courier.open()
        stage = Stage(app, server, api, clock)
        app.machine.lifecycle.on_change(stage.hear)
        await until_told_of_guilds(app.bot)
        yield stage
