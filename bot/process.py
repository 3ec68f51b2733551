"""The process: what it needs to begin, the signals that end it, and Discord in between."""

from __future__ import annotations

import asyncio
import os
import signal

import structlog

from bot.app import App, open_app
from bot.client import log_in
from bot.errors import StartupError
from bot.jobs.timing import Timing
from bot.settings import EXIT_BAD_SETTINGS, Settings, variable_of

log = structlog.stdlib.get_logger(__name__)


async def run_bot(settings: Settings, *, timing: Timing | None = None) -> None:
    """Run on Discord until a signal says stop; a second one ends the process at once.

    Raises:
        StartupError: a setting is missing, or Discord does not accept the token.
    """
    token = require_secrets(settings, "api_key")
    stopping = _stop_on_signals()
    async with open_app(settings, timing=timing) as app, app.bot:
        online = asyncio.create_task(_go_online(app, token), name="discord")
        stop = asyncio.create_task(stopping.wait(), name="stop signal")
        done, _ = await asyncio.wait({online, stop}, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        await app.stop_work()
        stop.cancel()
        if online in done:
            await online
        online.cancel()
        await asyncio.gather(online, return_exceptions=True)


async def _go_online(app: App, token: str) -> None:
    await log_in(app.bot, token)
    app.courier.open()
    await app.bot.connect()


def require_secrets(settings: Settings, *others: str) -> str:
    """Return the bot's token; the other secrets named must be set as well.

    Raises:
        StartupError: what is missing, in words.
    """
    needed = ("discord_token", *others)
    missing = [variable_of(field) for field in needed if getattr(settings, field) is None]
    if missing or settings.discord_token is None:
        raise StartupError(
            f"Missing: {' and '.join(missing)}. Set it in the environment or in .env "
            "(see .env.example). To look around without any token, run: python -m bot demo",
            exit_code=EXIT_BAD_SETTINGS,
        )
    return settings.discord_token.get_secret_value()


def _stop_on_signals() -> asyncio.Event:
    """Set an event at the first SIGTERM or Ctrl-C; let the second one end the process."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, os._exit, 130)

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop)
    return stopping
