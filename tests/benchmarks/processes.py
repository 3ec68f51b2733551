"""The processes a benchmark runs: our bot, the bare bot, the image API; and what they cost."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession

from tests.discord_server import (
    ADDRESS_VARIABLE,
    GUILD_ID,
    TOKEN,
    Command,
    RemoteDiscord,
    Rules,
    Where,
    spawned_discord,
)
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
KEY = "sandbox-key"
ROOMY = Rules(rate_limits="roomy", answer_seconds=30.0)
"""Limits that never run out: what is measured is the bot, not Discord's patience."""

_TICKS = os.sysconf("SC_CLK_TCK")


class BenchmarkError(Exception):
    """A process did not do its part."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process has used so far."""

    cpu_seconds: float
    resident_bytes: int


def cost_of(pid: int) -> Cost:
    """Read a process's processor time (its threads included) and resident memory (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    ticks = int(fields[11]) + int(fields[12])
    return Cost(ticks / _TICKS, pages * os.sysconf("SC_PAGE_SIZE"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBot:
    """Our bot, the Discord and the image API it talks to, each a process."""

    pid: int
    http: str
    api: str
    log: Path
    discord: RemoteDiscord
    commands: tuple[Command, ...]
    """`/imagine` by as many members in some channels; a burst takes as many as it wants."""

    async def state(self) -> dict[str, Any]:
        """Read what the bot says of itself."""
        async with ClientSession() as session, session.get(f"{self.http}/readyz") as response:
            return await response.json()

    async def delivered(self) -> int:
        """Count the finished posts."""
        return (await self.discord.counts()).get("POST /channels/{channel_id}/messages", 0)


@asynccontextmanager
async def running_bot(
    *, sandbox: dict[str, Any], members: int, channels: int, **settings: str | int
) -> AsyncGenerator[RunningBot]:
    """Run `python -m bot run` under its own event loop, beside its Discord and its image API."""
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(spawned_discord(rules=ROOMY))
        commands = await _commands(discord, members, channels)
        api = await stack.enter_async_context(spawned_sandbox(**sandbox))
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="imagine-bench-")))
        port = free_port()
        variables = _environment(discord.address, api, directory, port, settings)
        log = directory / "log"
        module = ("tests.discord_server.wiring", "bot", "run")
        process = await stack.enter_async_context(_module(module, variables, log))
        bot = RunningBot(
            pid=process.pid,
            http=f"http://127.0.0.1:{port}",
            api=api,
            log=log,
            discord=discord,
            commands=tuple(commands),
        )
        await _until_connected(discord, process, log)
        yield bot


@asynccontextmanager
async def running_bare_bot(
    *options: str, members: int, channels: int
) -> AsyncGenerator[tuple[RemoteDiscord, list[Command]]]:
    """Run the least a discord.py bot can be, on uvloop as ours is; yields its Discord."""
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(spawned_discord(rules=ROOMY))
        commands = await _commands(discord, members, channels)
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="imagine-bench-")))
        variables = {**_clean_environment(), ADDRESS_VARIABLE: discord.address}
        module = ("tests.discord_server.bare_bot", "--uvloop", *options)
        log = directory / "log"
        process = await stack.enter_async_context(_module(module, variables, log))
        await _until_connected(discord, process, log)
        yield discord, commands


@asynccontextmanager
async def spawned_sandbox(**settings: Any) -> AsyncGenerator[str]:
    """Run the image API as a process; yields its base address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.sandbox",
        json.dumps({"cheap_pictures": True, "webhook_on_sync_success": False} | settings),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is None:
            raise BenchmarkError("no pipe")
        yield (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
    finally:
        await _end(process)


@asynccontextmanager
async def _module(
    module: tuple[str, ...], variables: dict[str, str], log: Path
) -> AsyncGenerator[asyncio.subprocess.Process]:
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *module, cwd=ROOT, env=variables, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


async def _until_connected(
    discord: RemoteDiscord, process: asyncio.subprocess.Process, log: Path
) -> None:
    waiting = asyncio.ensure_future(discord.wait_until_connected(within=30))
    ended = asyncio.ensure_future(process.wait())
    await asyncio.wait({waiting, ended}, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if not waiting.done():
        waiting.cancel()
        raise BenchmarkError(f"the bot ended: {log.read_text()[-2000:]}")
    waiting.result()
    await asyncio.sleep(3)  # discord.py waits two seconds for further guilds before it is ready


async def _commands(discord: RemoteDiscord, members: int, channels: int) -> list[Command]:
    places = [await discord.add_channel(GUILD_ID, f"pictures-{n}") for n in range(channels)]
    people = [await discord.add_user(f"member{n}", guild_id=GUILD_ID) for n in range(members)]
    return [
        Command(
            name="imagine",
            options={"prompt": f"a lighthouse at dusk, number {number}, oil on canvas"},
            where=Where(user_id=user, channel_id=places[number % channels]),
        )
        for number, user in enumerate(people)
    ]


def _environment(
    discord: str, api: str, directory: Path, port: int, settings: dict[str, str | int]
) -> dict[str, str]:
    ours: dict[str, str | int] = {
        "discord_token": TOKEN,
        "api_key": KEY,
        "api_base_url": api,
        "data_dir": str(directory / "data"),
        "http_port": port,
        "user_daily_images": 1_000_000,
        "user_max_active": 1_000_000,
        **settings,
    }
    return {
        **_clean_environment(),
        ADDRESS_VARIABLE: discord,
        **{f"IMAGINE_{name.upper()}": str(value) for name, value in ours.items()},
    }


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("IMAGINE_")}
