"""Webhook deliveries while somebody throws garbage at the receiver: how long the real ones take.

The garbage is what a stranger can send: wrong tokens, with bodies of up to a megabyte. The real
ones carry a genuine token; they are timed from the first byte sent to the answer.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, TCPConnector

from bot.domain.ids import JobId
from bot.storage.database import Database
from bot.storage.marks import SqliteMarks
from bot.webhooks.addresses import KEY_MARK, WebhookAddresses
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.processes import running_bot

GARBAGE_PER_SECOND = 1000
REAL_PER_SECOND = 50
SECONDS = 8.0
WEBHOOK_KEY = "the benchmark's own key"
PUBLIC = "http://127.0.0.1:1"
"""Only switches webhooks on; addresses are made here, for the bot's own port."""

BODIES = (b"{}", b"not json" * 100, json.dumps({"status": "success"}).encode(), b"x" * 1_000_000)
JSON = {"Content-Type": "application/json"}


async def measure() -> list[Figure]:
    """Throw both at the bot for some seconds."""
    with TemporaryDirectory(prefix="imagine-bench-") as directory:
        data_dir = Path(directory)
        await _plant_key(data_dir / "imagine.db")
        async with (
            running_bot(
                sandbox={},
                members=1,
                channels=1,
                data_dir=str(data_dir),
                webhook_base_url=PUBLIC,
            ) as bot,
            ClientSession(connector=TCPConnector(limit=200)) as http,
        ):
            return _figures(*await _storm(http, bot.http))


async def _plant_key(path: Path) -> None:
    async with Database.open(path) as database:
        await SqliteMarks(database).put(KEY_MARK, WEBHOOK_KEY)


async def _storm(http: ClientSession, base_url: str) -> tuple[Counter[int], list[float], float]:
    addresses = WebhookAddresses(base_url, WEBHOOK_KEY)
    refused: Counter[int] = Counter()
    waits: list[float] = []

    async def garbage(number: int) -> None:
        url = f"{base_url}/webhooks/{number}/{'A' * 32}"
        # One in a hundred is a megabyte; a genuine provider's are a kilobyte or two.
        body = BODIES[-1] if number % 100 == 0 else BODIES[number % 3]
        async with http.post(url, data=body, headers=JSON) as response:
            refused[response.status] += 1

    async def real(number: int) -> None:
        job_id = JobId(10**17 + number)
        body = json.dumps({"status": "success", "track_id": str(job_id), "id": number}).encode()
        begun = time.monotonic()
        async with http.post(addresses.of(job_id), data=body, headers=JSON) as response:
            assert response.status == 200, response.status
            waits.append(time.monotonic() - begun)

    begun = time.monotonic()
    async with asyncio.TaskGroup() as both:
        both.create_task(_at_rate(GARBAGE_PER_SECOND, garbage))
        both.create_task(_at_rate(REAL_PER_SECOND, real))
    return refused, waits, time.monotonic() - begun


async def _at_rate(per_second: int, send: Callable[[int], Coroutine[None, None, None]]) -> None:
    """Send so many a second, whether or not the earlier ones were answered."""
    begun = time.monotonic()
    async with asyncio.TaskGroup() as sending:
        for number in range(round(per_second * SECONDS)):
            await asyncio.sleep(max(0.0, begun + number / per_second - time.monotonic()))
            sending.create_task(send(number))


def _figures(refused: Counter[int], waits: list[float], seconds: float) -> list[Figure]:
    in_ms = [wait * 1000 for wait in waits]
    told = ", ".join(f"{count} x {status}" for status, count in sorted(refused.items()))
    return [
        Figure(
            name="garbage answered",
            value=refused.total() / seconds,
            unit="/s",
            note=f"{told}; sent at {GARBAGE_PER_SECOND}/s",
        ),
        Figure(
            name="real deliveries meanwhile, p50",
            value=percentile(in_ms, 0.5),
            unit="ms",
            note=f"{len(waits)} of them, sent at {REAL_PER_SECOND}/s",
        ),
        Figure(
            name="real deliveries meanwhile, p99",
            value=percentile(in_ms, 0.99),
            unit="ms",
            at_most=50,
            note=f"longest {max(in_ms):.1f} ms",
        ),
    ]
