"""A running `python -m bot run` for tests that aim at one gap: Discord, the image API, the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.server import SandboxServer
from bot.sandbox.settings import SandboxSettings
from tests.crash.books import rows_of
from tests.crash.bot import REAL, BotProcess
from tests.discord_server import RemoteDiscord, Rules, spawned_discord
from tests.patience import PATIENCE_SECONDS
from tests.ports import free_port

CALLBACKS = "/interactions/*/*/callback"
POSTS = "/channels/*/messages"
API = SandboxSettings(immediate_queueing=True, picture_scale=0.25, cheap_pictures=True)
STUCK = "[sandbox fault=slow seconds=600]"
HELD_SECONDS = 600.0
"""Longer than any test waits: what is held so long is released, or cut off by a kill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A running bot that has one job at the API at a time."""

    discord: RemoteDiscord
    sandbox: SandboxServer
    bot: BotProcess

    async def ask(self, prompt: str) -> int:
        """Ask for a picture and wait for the acknowledgement; return the job's id."""
        asked = await self.discord.slash("imagine", {"prompt": prompt})
        await self.discord.wait_for_answer(asked.id)
        return asked.id

    def status(self, job_id: int) -> str:
        """Read where a job stands."""
        rows = rows_of(self.bot.data_dir / "imagine.db", "jobs")
        return next((row["status"] for row in rows if row["id"] == job_id), "unknown")

    async def results(self, job_id: int) -> int:
        """Count the messages with a job's pictures."""
        shown = await self.discord.messages_with_custom_id(f"imagine:again:{job_id}")
        return sum(bool(message.files) for message in shown)


async def until(condition: Callable[[], bool], within: float = PATIENCE_SECONDS) -> None:
    """Look again and again: files of other processes ring no bell."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.03)


@asynccontextmanager
async def running(directory: Path) -> AsyncGenerator[Scene]:
    """Start everything."""
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(spawned_discord(rules=Rules(rate_limits="roomy")))
        sandbox = await stack.enter_async_context(SandboxServer(API))
        settings: dict[str, str | int] = {
            "api_base_url": sandbox.base_url,
            "http_port": free_port(),
            "max_in_flight": 1,
        }
        bot = BotProcess(discord, directory, settings, REAL)
        stack.push_async_callback(bot.aclose)
        await bot.start()
        await bot.until_connected()
        yield Scene(discord=discord, sandbox=sandbox, bot=bot)
