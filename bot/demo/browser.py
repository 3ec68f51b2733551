"""The demo page: a Discord-like channel in the browser, kept up to date while jobs run."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
import webbrowser

import simcord
import structlog
from simcord.preview import Preview

from bot.demo.world import World, open_world

log = structlog.stdlib.get_logger(__name__)

REFRESH_SECONDS = 1.0


async def serve_page(*, port: int, open_browser: bool) -> None:
    """Serve the page until Ctrl-C."""
    async with open_world() as world:
        preview = world.env.preview(
            world.studio, viewers=world.people, layout="channel", port=port or None
        )
        async with preview:
            print(f"\n  The bot is at {preview.url}\n", flush=True)
            print("  Type /imagine in the box at the bottom. Stop with Ctrl-C.", flush=True)
            if open_browser:
                await asyncio.to_thread(webbrowser.open, preview.url)
            await _keep_fresh(world, preview)


async def _keep_fresh(world: World, preview: Preview) -> None:
    """Show what happens in the background: the page does not ask for it by itself."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    last = time.monotonic()
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REFRESH_SECONDS):
                await stop.wait()
        now = time.monotonic()
        if await _refresh(world, preview, now - last):
            last = now


async def _refresh(world: World, preview: Preview, passed_seconds: float) -> bool:
    """Let simulated time pass and publish what changed; not while somebody is doing something."""
    try:
        await world.env.advance_time(passed_seconds)
        await preview.refresh()
    except simcord.SetupError as error:
        log.debug("page not refreshed this time", reason=str(error))
        return False
    return True
