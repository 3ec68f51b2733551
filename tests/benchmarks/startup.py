"""How soon a bot is up, what it costs while nobody asks, and how much is installed."""

from __future__ import annotations

import asyncio
import importlib.metadata
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox.server import SandboxServer
from bot.sandbox.settings import SandboxSettings
from tests.benchmarks.figures import Figure, middle
from tests.benchmarks.processes import ROOT, cost_of
from tests.crash.bot import REAL, BotProcess
from tests.discord_server import RemoteDiscord, spawned_discord
from tests.ports import free_port

ROUNDS = 5
IDLE_SECONDS = 30.0
SETTLE_SECONDS = 10.0
_MODULES = ("bot.__main__", "bot.process")


async def measure() -> list[Figure]:
    """Start it again and again, then leave it alone."""
    async with spawned_discord() as discord, SandboxServer(SandboxSettings()) as sandbox:
        with TemporaryDirectory(prefix="imagine-bench-") as directory:
            settings: dict[str, str | int] = {
                "api_base_url": sandbox.base_url,
                "http_port": free_port(),
            }
            bot = BotProcess(discord, Path(directory), settings, REAL)
            try:
                starts = [await _start(bot, discord) for _ in range(ROUNDS)]
                idle = await _idle(bot)
            finally:
                await bot.aclose()
    return [
        *await asyncio.to_thread(lambda: [_imports(module) for module in _MODULES]),
        Figure(
            name="first start to the end of identifying at Discord",
            value=starts[0],
            unit="s",
            note="makes the database and publishes the commands",
        ),
        Figure(
            name="start to the end of identifying at Discord",
            value=middle(starts[1:]),
            unit="s",
            at_most=1.5,
            note=f"median of {ROUNDS - 1}; discord.py then waits 2 s for further servers",
        ),
        *idle,
        await asyncio.to_thread(_installed),
    ]


async def _start(bot: BotProcess, discord: RemoteDiscord) -> float:
    if bot.was_started:
        await bot.stop()
        await discord.wait_until_disconnected()
    begun = time.monotonic()
    await bot.start()
    await bot.until_connected()
    return time.monotonic() - begun


async def _idle(bot: BotProcess) -> list[Figure]:
    await asyncio.sleep(SETTLE_SECONDS)
    before = cost_of(bot.pid)
    await asyncio.sleep(IDLE_SECONDS)
    after = cost_of(bot.pid)
    return [
        Figure(
            name="processor while nobody asks for anything",
            value=100 * (after.cpu_seconds - before.cpu_seconds) / IDLE_SECONDS,
            unit="% of a core",
            at_most=0.5,
            note=f"{IDLE_SECONDS:g} s; the kernel counts in hundredths of a second",
        ),
        Figure(name="memory then", value=after.resident_bytes / 1e6, unit="MB"),
    ]


def _imports(module: str) -> Figure:
    command = [sys.executable, "-c", f"import {module}"]
    seconds: list[float] = []
    for _ in range(ROUNDS):
        begun = time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True)
        seconds.append(time.monotonic() - begun)
    note = f"median of {ROUNDS}, Python's own start included"
    return Figure(name=f"import {module}", value=middle(seconds), unit="s", note=note)


def _installed() -> Figure:
    """Add up the files of what the image installs, as they are here; compiled files come on top."""
    lock = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
    names = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    files = [
        Path(str(file.locate()))
        for name in names
        if (found := _distribution(name)) is not None
        for file in found.files or ()
        if file.suffix != ".pyc"
    ]
    size = sum(file.stat().st_size for file in files if file.is_file())
    note = f"{len(names)} packages, without compiled files and Python itself"
    return Figure(name="packages of the image", value=size / 1e6, unit="MB", note=note)


def _distribution(name: str) -> importlib.metadata.Distribution | None:
    """Return an installed one; some of the lock are for other platforms."""
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None
