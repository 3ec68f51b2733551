"""`sync`: publishes the slash commands when the operator says so."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import open_parts
from bot.client import ImagineBot, log_in
from bot.domain.clock import SystemClock
from bot.jobs.timing import Timing
from bot.process import require_secrets
from bot.settings import Settings


async def publish_commands(
    settings: Settings, guild_id: int | None = None, *, clear: bool = False
) -> int:
    """Publish everywhere or in one server, or `clear` that server's own; return how many remain.

    Raises:
        StartupError: there is no token, or Discord does not accept it.
    """
    async with logged_in_bot(settings) as bot:
        return await bot.publish(guild_id, clear=clear)


@asynccontextmanager
async def logged_in_bot(settings: Settings) -> AsyncGenerator[ImagineBot]:
    """Log the bot in over HTTP, with its commands and no data; it publishes nothing by itself.

    Raises:
        StartupError: there is no token, or Discord does not accept it.
    """
    token = require_secrets(settings)
    async with bot_without_data(settings) as bot, bot:
        await log_in(bot, token)
        yield bot


@asynccontextmanager
async def bot_without_data(settings: Settings) -> AsyncGenerator[ImagineBot]:
    """Return the bot for the sake of its commands.

    The program is put together on an empty directory: the bot's own may be in use, and none of its
    jobs is touched.
    """
    async with AsyncExitStack() as stack:
        empty = Path(stack.enter_context(TemporaryDirectory(prefix="imagine-sync-")))
        elsewhere = settings.model_copy(update={"data_dir": empty})
        app = await open_parts(stack, elsewhere, SystemClock(), Timing())
        app.bot.publishes_changes = False
        yield app.bot
