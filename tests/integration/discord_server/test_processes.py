"""The server as a process of its own, and a bot that is killed beside it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.discord_server import (
    ADDRESS_VARIABLE,
    CHANNEL_ID,
    Command,
    ControlError,
    DiscordServer,
    NotConnectedError,
    Rules,
    lose_reply,
    spawned_discord,
)
from tests.discord_server.snowflakes import SnowflakeFactory, snowflake_time
from tests.patience import PATIENCE_SECONDS


@asynccontextmanager
async def bare_bot(address: str, *arguments: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *arguments,
        env={**os.environ, ADDRESS_VARIABLE: address},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_killed_bot_and_its_successor() -> None:
    async with spawned_discord(rules=Rules(heartbeat_seconds=20)) as discord:
        assert (await discord.get_rules()).heartbeat_seconds == 20
        with pytest.raises(NotConnectedError):
            await discord.slash("imagine")
        with pytest.raises(ControlError):
            await discord.message(1)
        commands = [Command(name="imagine", options={"prompt": str(n)}) for n in range(20)]
        async with bare_bot(discord.address, "tests.discord_server.bare_bot") as process:
            ids = await discord.burst(commands, wait_seconds=PATIENCE_SECONDS)
            assert len(set(ids)) == 20
            assert all(seconds > 0 for seconds in await discord.wait_for_acks(ids))
            process.kill()
            await discord.wait_until_disconnected()
        await discord.inject("GET", "/users/@me", lose_reply())
        runner = ("tests.discord_server.wiring", "tests.discord_server.bare_bot", "--uvloop")
        async with bare_bot(discord.address, *runner):
            used = await discord.slash("imagine", {"prompt": "x"}, wait_seconds=PATIENCE_SECONDS)
            assert (await discord.wait_for_answer(used.id)).answer_type == 5
        assert len(await discord.messages(CHANNEL_ID)) == 21
        assert (await discord.upload("a.bin", bytes(range(256))))["size"] == 256


async def test_the_state_file_carries_messages_and_ids(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with DiscordServer(state_file=path) as server:
        said = await server.say("remember me")
        guild = await server.add_guild("New")
        await server.upload("a.bin", bytes(range(256)))
        last = server.core.new_id.last
    async with DiscordServer(state_file=path) as server:
        assert [m.content for m in await server.messages()] == ["remember me"]
        assert guild in server.core.world.guilds
        assert server.core.new_id() > last > said.id
        [file] = server.core.files.values()
        assert file.data == bytes(range(256))
        assert file.url.startswith(server.address)


def test_snowflakes_grow_whatever_the_clock_does() -> None:
    times = iter([1_700_000_000.0] * 9000 + [1_600_000_000.0] * 10)
    new_id = SnowflakeFactory(clock=lambda: next(times))
    ids = [new_id() for _ in range(9010)]
    assert ids == sorted(set(ids))
    assert snowflake_time(ids[0]) == 1_700_000_000.0
