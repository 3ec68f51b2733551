"""The event loop while ten thousand models are listed: how long anybody else has to wait for it."""

from __future__ import annotations

import asyncio
import json
import time

from aiohttp import web
from pydantic import SecretStr

from bot.imageapi import ImageApiClient
from bot.log import configure_logging
from tests.benchmarks.figures import Figure, middle

MODELS = 10_000
ROUNDS = 7
TICK_SECONDS = 0.001
LIST = json.dumps(
    [
        {"model_id": f"m-{n}", "model_name": "M" * 40, "description": "d" * 400}
        for n in range(MODELS)
    ]
).encode()


async def measure() -> list[Figure]:
    """List them some times, and look at the clock at every turn of the loop meanwhile."""
    configure_logging(level="info")
    lags: list[float] = []
    seconds: list[float] = []
    app = web.Application()
    app.router.add_post("/api/v4/dreambooth/model_list", _answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api"
    async with ImageApiClient(url, SecretStr("a-key")) as api:
        for _ in range(ROUNDS):
            begun = time.monotonic()
            lags.append(await _longest_lag(api))
            seconds.append(time.monotonic() - begun)
    await runner.cleanup()
    return [
        Figure(
            name=f"longest stall of the loop, {MODELS} models",
            value=middle(lags) * 1000,
            unit="ms",
            note=f"median of {ROUNDS}; the worst {max(lags) * 1000:.0f} ms",
        ),
        Figure(name=f"{MODELS} models listed", value=middle(seconds), unit="s"),
    ]


async def _answer(_: web.Request) -> web.Response:
    return web.Response(body=LIST, content_type="application/json")


async def _longest_lag(api: ImageApiClient) -> float:
    """Return by how much the loop's latest turn was too late."""
    listing = asyncio.create_task(api.list_models())
    longest = 0.0
    while not listing.done():
        begun = time.monotonic()
        await asyncio.sleep(TICK_SECONDS)
        longest = max(longest, time.monotonic() - begun - TICK_SECONDS)
    await listing
    return longest
