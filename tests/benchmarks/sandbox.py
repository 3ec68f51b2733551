"""`python -m tests.benchmarks.sandbox SETTINGS`: the image API, on the bot's own event loop.

SETTINGS is a JSON object of `SandboxSettings`; the first line of output is the base address.
"""

from __future__ import annotations

import asyncio
import json
import sys

import uvloop

from bot.sandbox.server import SandboxServer
from bot.sandbox.settings import SandboxSettings


async def _serve(settings: SandboxSettings) -> None:
    async with SandboxServer(settings) as server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(SandboxSettings(**json.loads(sys.argv[1]))))
