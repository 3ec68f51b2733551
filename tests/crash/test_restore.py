"""A backup taken under load, a kill, a restore: every job of the backup comes to its one end."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.sandbox.server import SandboxServer
from bot.sandbox.settings import SandboxSettings
from tests.crash.books import OPEN, entries, rows_of
from tests.crash.bot import BotProcess
from tests.crash.ordeal import Variant
from tests.crash.verdict import Limits, problems_of
from tests.discord_server import GUILD_ID, RemoteDiscord, Rules, Where, spawned_discord
from tests.patience import PATIENCE_SECONDS
from tests.ports import free_port

MEMBERS = 4
EACH = 4
MAX_IN_FLIGHT = 3
API = SandboxSettings(
    draw_seconds=(0.2, 0.6), hold_seconds=0.1, picture_scale=0.25, cheap_pictures=True
)
LONG = "[sandbox delay=6]"
"""Under way at the backup, at the kill, and still when the restored bot runs."""


async def imagine_bot(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the operator's beside the bot."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("IMAGINE_")}
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", *arguments],
        env={**kept, "IMAGINE_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def statuses(database: Path) -> Counter[str]:
    return Counter(row["status"] for row in rows_of(database, "jobs"))


async def until(condition: Callable[[], bool]) -> None:
    """Look again and again: another process's database rings no bell."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A bot with jobs in every state, and those who saw them asked for."""

    discord: RemoteDiscord
    sandbox: SandboxServer
    bot: BotProcess
    port: int
    asked: int

    @property
    def database(self) -> Path:
        return self.bot.data_dir / "imagine.db"

    async def start(self) -> None:
        await self.bot.start()
        await self.bot.until_connected()

    async def metrics(self) -> str:
        async with (
            ClientSession() as http,
            http.get(f"http://127.0.0.1:{self.port}/metrics") as page,
        ):
            return await page.text()

    async def problems(self) -> list[str]:
        """Judge every job; one that the backup knows as queued may have been drawn before."""
        books = await entries(self.discord, self.database, self.sandbox.jobs)
        assert [entry.status for entry in books] == ["delivered"] * self.asked
        limits = Limits(max_in_flight=MAX_IN_FLIGHT, lost_submission_seconds=3.0)
        return [
            problem.words
            for problem in problems_of(books, limits)
            if problem.entry is not None and not problem.words.startswith("the API took")
        ]


@pytest.fixture(params=list(Variant))
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Scene]:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(spawned_discord(rules=Rules(rate_limits="roomy")))
        sandbox = await stack.enter_async_context(SandboxServer(API))
        port = free_port()
        settings: dict[str, str | int] = {
            "api_base_url": sandbox.base_url,
            "http_port": port,
            "max_in_flight": MAX_IN_FLIGHT,
        }
        if request.param is Variant.WEBHOOKS:
            settings["webhook_base_url"] = f"http://127.0.0.1:{port}"
        bot = BotProcess(discord, tmp_path, settings)
        stack.push_async_callback(bot.aclose)
        await bot.start()
        await bot.until_connected()
        asked = await ask(discord)
        yield Scene(discord=discord, sandbox=sandbox, bot=bot, port=port, asked=asked)


async def ask(discord: RemoteDiscord) -> int:
    """Have some members ask for pictures, all at once; return how many were promised."""
    people = [await discord.add_user(f"m{n}", guild_id=GUILD_ID) for n in range(MEMBERS)]
    asked = [
        await discord.slash(
            "imagine",
            {"prompt": f"lighthouse {number} {LONG if number == 0 else ''}", "size": "256x256"},
            where=Where(user_id=people[number % MEMBERS]),
        )
        for number in range(MEMBERS * EACH)
    ]
    for each in asked:
        await discord.wait_for_answer(each.id)
    return len(asked)


async def test_every_job_of_a_backup_ends_once_after_a_kill_and_a_restore(
    scene: Scene, tmp_path: Path
) -> None:
    bot, database, copy = scene.bot, scene.database, tmp_path / "copy.db"
    await until(lambda: statuses(database)["delivered"] >= 2)

    made = await imagine_bot(bot.data_dir, "backup", str(copy))
    assert made.returncode == 0, made.stderr
    at_backup = statuses(copy)
    unfinished = sum(at_backup[status] for status in OPEN)
    assert (at_backup.total(), unfinished >= 3) == (scene.asked, True)
    refused = await imagine_bot(bot.data_dir, "restore", str(copy))
    assert (refused.returncode, "already uses" in refused.stderr) == (1, True)

    enough = at_backup["delivered"] + 3  # posted since, of which the backup knows nothing
    await until(lambda: statuses(database)["delivered"] >= enough)
    await bot.kill()
    done = await imagine_bot(bot.data_dir, "restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert f"{unfinished} unfinished jobs" in done.stdout
    assert statuses(database) == at_backup

    await scene.start()
    await until(lambda: not any(statuses(database)[status] for status in OPEN))
    if bot.has_webhooks:
        assert 'imagine_webhook_deliveries_total{verdict="applied"}' in await scene.metrics()
    assert await bot.stop() == 0
    assert await scene.problems() == []
    assert '"post found again"' in bot.log.read_text()
