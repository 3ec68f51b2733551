"""The demo page: a Discord-like channel in the browser, kept up to date while jobs run."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import webbrowser
from collections.abc import Mapping

import aiohttp
import simcord
import structlog
from simcord.preview import Preview

from bot.demo.world import World, catch_up_with_today, open_world
from bot.domain.catalogue import ModelKind

log = structlog.stdlib.get_logger(__name__)

REFRESH_SECONDS = 1.0


WELCOME = (
    "Welcome! Type **/imagine** below, say what to draw, and pick other options if you like. "
    "At the top you choose whom you are."
)


async def serve_page(
    *, channel: str, port: int, open_browser: bool, dialect: str, locale: str
) -> None:
    """Serve the page of one channel until Ctrl-C."""
    async with open_world(api_dialect=dialect) as world:
        world.speak(locale)
        shown = world.channel(channel)
        await world.moderator.send(shown, WELCOME)
        preview = world.env.preview(
            shown,
            viewers=world.people,
            layout="channel",
            port=port or None,
            locale=locale,
            assets=await _pictures_of_models(world),
        )
        async with preview:
            print(f"\n  The bot is at {preview.url}\n", flush=True)
            print("  Type /imagine in the box at the bottom. Stop with Ctrl-C.", flush=True)
            if open_browser:
                await asyncio.to_thread(webbrowser.open, preview.url)
            await _keep_fresh(world, preview)


async def _pictures_of_models(world: World) -> Mapping[str, tuple[str, bytes]]:
    """Return what `/models` shows, by its address: the page, unlike Discord, fetches nothing."""
    catalogue = world.app.services.catalogue
    entries = [entry for kind in ModelKind for entry in catalogue.of_kind(kind)]
    links = [entry.screenshot for entry in entries if entry.screenshot]
    async with aiohttp.ClientSession() as session:
        files = await asyncio.gather(*(_file(session, link) for link in links))
    return dict(zip(links, files, strict=True))


async def _file(session: aiohttp.ClientSession, link: str) -> tuple[str, bytes]:
    async with session.get(link) as reply:
        return link.rpartition("/")[2], await reply.read()


async def _keep_fresh(world: World, preview: Preview) -> None:
    """Show what happens in the background: the page does not ask for it by itself."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    shown = _messages_touched(world.env)
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REFRESH_SECONDS):
                await stop.wait()
        posted = _messages_touched(world.env)
        if await _refresh(world, preview, publish=posted != shown):
            shown = posted


def _messages_touched(env: simcord.Env) -> int:
    """Count what the bot did to messages so far; answers to actions are shown without our help."""
    return sum(not request.path.endswith("/callback") for request in env.http_requests)


async def _refresh(world: World, preview: Preview, *, publish: bool) -> bool:
    """Let simulated time pass and publish what changed; not while somebody is doing something.

    Publishing for nothing does harm: until the page has noticed, it refuses whatever is done on it
    as meant for an older state.
    """
    try:
        await catch_up_with_today(world.env)
        preview.capture_time = world.env.now()  # else "3 seconds ago" counts from the last refresh
        if publish:
            await preview.refresh()
    except simcord.SetupError as error:
        log.debug("page not refreshed this time", reason=str(error))
        return False
    return True
