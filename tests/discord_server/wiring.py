"""Points unmodified discord.py at the recording server instead of discord.com.

In the process that runs the bot, before it logs in:

    point_discord_py_at("http://127.0.0.1:4711")

or, for a process started by a test, with DISCORD_SERVER_ADDRESS in its environment:

    python -m tests.discord_server.wiring bot run        # instead of python -m bot run

Three addresses are all that is changed: `Route.BASE` (REST and interaction answers), the gateway's
and the CDN's. Compression, heartbeats, resumes, rate limits and retries are discord.py's own.
"""

from __future__ import annotations

import asyncio
import os
import runpy
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import discord
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.discord_server.gateway import gateway_url
from tests.discord_server.ids import ADDRESS_VARIABLE, TOKEN
from tests.discord_server.rest.http import PREFIX
from tests.patience import PATIENCE_SECONDS


def point_discord_py_at(address: str) -> None:
    """Send everything discord.py does in this process to the server at `address`."""
    Route.BASE = address + PREFIX
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url(address))
    _set_cdn(f"{address}/cdn")


def _set_cdn(address: str) -> None:
    Asset.BASE = address  # pyright: ignore[reportAttributeAccessIssue] — annotated as the literal


def point_discord_py_by_environment() -> bool:
    """Do so where DISCORD_SERVER_ADDRESS is set; say whether it was."""
    address = os.environ.get(ADDRESS_VARIABLE)
    if address:
        point_discord_py_at(address)
    return bool(address)


@contextmanager
def discord_py_pointed_at(address: str) -> Generator[None]:
    """Point discord.py at `address` for a while, then back where it pointed before."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE
    point_discord_py_at(address)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, cdn = before
        _set_cdn(cdn)


@asynccontextmanager
async def running_client(
    client: discord.Client, address: str, *, token: str = TOKEN
) -> AsyncGenerator[None]:
    """Run a client against the server until the block ends; it is on the gateway when it begins.

    READY follows `guild_ready_timeout` after the last guild (2 s unless the client was made with a
    smaller one), so this waits for the connection only.
    """
    with discord_py_pointed_at(address):
        connected = asyncio.Event()

        async def on_connect() -> None:
            connected.set()

        client.event(on_connect)
        runner = asyncio.create_task(client.start(token))
        waiter = asyncio.create_task(connected.wait())
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.wait({runner, waiter}, return_when=asyncio.FIRST_COMPLETED)
            if runner.done():
                runner.result()
            yield
        finally:
            waiter.cancel()
            await client.close()
            await asyncio.wait({runner})


async def until_told_of_guilds(client: discord.Client) -> None:
    """Wait until a client is ready and knows its guilds: with a short `guild_ready_timeout` it may
    be ready sooner.
    """
    await client.wait_until_ready()
    while any(guild.unavailable for guild in client.guilds):
        await client.wait_for("guild_available", timeout=PATIENCE_SECONDS)


def main() -> None:
    """Run a module as `python -m` would, with discord.py pointed by the environment."""
    if not point_discord_py_by_environment():
        raise SystemExit(f"set {ADDRESS_VARIABLE} to the recording server's address")
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
