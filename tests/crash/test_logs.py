"""What a real bot writes while jobs end well and badly: one line for each end, and no secret."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.settings import SandboxSettings
from tests.crash.books import OPEN, rows_of
from tests.crash.bot import KEY, REAL, BotProcess
from tests.crash.scene import until
from tests.discord_server import TOKEN, Command, Where, spawned_discord
from tests.ports import free_port

PLANTED = "tourmaline"
"""A word that only prompts hold."""
PROMPTS = (
    f"a {PLANTED} fox",
    f"a {PLANTED} that cannot be drawn [sandbox fault=failed]",
    f"a {PLANTED} that is refused [sandbox fault=validation]",
    f"a {PLANTED} whose link is dead [sandbox fault=link_403]",
    f"a {PLANTED} told of late [sandbox fault=webhook_late seconds=1]",
)
API = SandboxSettings(draw_seconds=0.2, hold_seconds=0.1, picture_scale=0.25, cheap_pictures=True)


@dataclass(frozen=True, slots=True)
class Written:
    """All that a bot wrote, and what it was not to write."""

    text: str
    events: list[dict[str, Any]]
    jobs: list[dict[str, Any]]
    secrets: set[str]


@pytest.fixture(params=["debug", "info"])
async def written(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Written]:
    """Have a bot with webhooks do every prompt, then stop it."""
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(spawned_discord())
        sandbox = await stack.enter_async_context(SandboxServer(API))
        port = free_port()
        settings: dict[str, str | int] = {
            "api_base_url": sandbox.base_url,
            "http_port": port,
            "webhook_base_url": f"http://127.0.0.1:{port}",
            "log_level": request.param,
        }
        bot = BotProcess(discord, tmp_path, settings, REAL)
        stack.push_async_callback(bot.aclose)
        await bot.start()
        await bot.until_connected()
        commands = [
            Command(name="imagine", options={"prompt": prompt, "size": "256x256"}, where=Where())
            for prompt in PROMPTS
        ]
        for asked in await discord.burst(commands):
            await discord.wait_for_answer(asked)
        database = bot.data_dir / "imagine.db"
        await until(lambda: all(row["told_at_ms"] for row in rows_of(database, "jobs")))
        assert await bot.stop() == 0
        jobs, text = rows_of(database, "jobs"), bot.log.read_text()
        marks = {row["name"]: row["value"] for row in rows_of(database, "marks")}
        addresses = {str(each.body.get("webhook")) for each in sandbox.requests}
        yield Written(
            text,
            [json.loads(line) for line in text.splitlines()],
            jobs,
            {TOKEN, KEY, marks["webhook-key"]}
            | {job["interaction_token"] for job in jobs}
            | {address.rpartition("/")[2] for address in addresses if "/webhooks/" in address},
        )


async def test_every_end_has_one_line_and_nothing_secret_is_written(written: Written) -> None:
    assert len(written.jobs) == len(PROMPTS)
    assert not {job["status"] for job in written.jobs} & OPEN
    assert len(written.secrets) >= 3 + 2 * len(PROMPTS)
    for secret in written.secrets:
        assert secret not in written.text

    ends = [e for e in written.events if e["event"] == "job moved" and e["level"] == "info"]
    assert Counter(end["job_id"] for end in ends) == {job["id"]: 1 for job in written.jobs}
    assert {end["job_id"]: end["status"] for end in ends} == {
        job["id"]: job["status"] for job in written.jobs
    }

    told = [event for event in written.events if event["level"] != "debug"]
    assert PLANTED not in json.dumps(told)
    ids = {job["id"] for job in written.jobs}
    parts = ("bot.jobs.worker", "bot.jobs.delivery", "bot.jobs.lifecycle")
    of_jobs = [event for event in written.events if event["logger"] in parts]
    assert {event.get("job_id") for event in of_jobs} == ids
