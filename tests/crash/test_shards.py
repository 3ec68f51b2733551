"""Several connections to Discord in one process: what is counted is counted once for all."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from bot.sandbox.server import SandboxServer
from bot.sandbox.settings import SandboxSettings
from tests.crash.books import peak, rows_of
from tests.crash.bot import REAL, BotProcess
from tests.crash.scene import until
from tests.discord_server import ALICE_ID, GUILD_ID, RemoteDiscord, Where, spawned_discord
from tests.ports import free_port

API = SandboxSettings(
    draw_seconds=0.3, immediate_queueing=True, picture_scale=0.25, cheap_pictures=True
)
SHARDS = 3
OTHER_GUILDS = [GUILD_ID + (n << 22) for n in range(1, SHARDS)]
"""Neighbours by the bits that decide which connection a server belongs to."""


async def places(discord: RemoteDiscord) -> list[int]:
    """Return a channel of a server of each shard."""
    channels = [await discord.add_channel(GUILD_ID, "here")]
    for guild_id in OTHER_GUILDS:
        await discord.add_guild(f"server {guild_id}", guild_id=guild_id)
        channels.append(await discord.add_channel(guild_id, "there"))
    return channels


async def test_servers_of_all_shards_share_the_slots_the_turns_and_a_members_limit(
    tmp_path: Path,
) -> None:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(spawned_discord())
        sandbox = await stack.enter_async_context(SandboxServer(API))
        channels = await places(discord)
        settings: dict[str, str | int] = {
            "api_base_url": sandbox.base_url,
            "http_port": free_port(),
            "max_in_flight": 2,
            "user_daily_images": 6,
            "user_max_active": 100,
            "shard_count": SHARDS,
        }
        bot = BotProcess(discord, tmp_path, settings, REAL)
        stack.push_async_callback(bot.aclose)
        await bot.start()
        await discord.wait_until_connected(shards=SHARDS)

        asked = [
            await discord.slash(
                "imagine",
                {"prompt": f"lighthouse {number}", "size": "256x256"},
                where=Where(user_id=ALICE_ID, channel_id=channels[number % SHARDS]),
            )
            for number in range(7)
        ]
        answers = [await discord.wait_for_answer(each.id) for each in asked]
        database = bot.data_dir / "imagine.db"
        await until(lambda: all(row["status"] == "delivered" for row in rows_of(database, "jobs")))

        assert {session.shard for session in await discord.sessions()} == {
            (number, SHARDS) for number in range(SHARDS)
        }
        assert {row["channel_id"] for row in rows_of(database, "jobs")} == set(channels)
        assert len(rows_of(database, "jobs")) == 6
        refused = [answer for answer in answers if "limit" in str(answer.answer)]
        assert len(refused) == 1  # whichever of them its connection brought last
        assert peak(sandbox.jobs) == 2
        assert await bot.stop() == 0
