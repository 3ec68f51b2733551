"""Connecting, resuming, and being told of guilds."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import pytest
import zstandard

from tests.discord_server import (
    BOT_ID,
    CHANNEL_ID,
    GUILD_ID,
    TOKEN,
    DiscordServer,
    NotConnectedError,
    NotSeenError,
    Permission,
)
from tests.discord_server.wiring import running_client
from tests.integration.discord_server.conftest import Bot
from tests.patience import PATIENCE_SECONDS


async def test_a_client_learns_its_guild_and_its_permissions(bot: Bot) -> None:
    assert bot.user is not None
    assert bot.user.id == BOT_ID
    [guild] = bot.guilds
    assert guild.id == GUILD_ID
    permissions = bot.channel.permissions_for(guild.me)
    assert permissions.send_messages
    assert permissions.read_message_history
    assert not permissions.manage_messages


async def test_changed_permissions_reach_the_cache(discord_server: DiscordServer, bot: Bot) -> None:
    await discord_server.set_permissions(CHANNEL_ID, Permission.VIEW_CHANNEL)
    await bot.wait_for("guild_channel_update", timeout=PATIENCE_SECONDS)
    channel = bot.get_partial_messageable(CHANNEL_ID)
    assert channel.id == CHANNEL_ID
    known = bot.guilds[0].get_channel(CHANNEL_ID)
    assert known is not None
    assert not known.permissions_for(bot.guilds[0].me).send_messages


async def test_a_lost_socket_is_resumed_and_missed_events_arrive(
    discord_server: DiscordServer, bot: Bot
) -> None:
    assert await discord_server.disconnect() == 1
    await discord_server.say("while you were away")
    await bot.wait_for("resumed", timeout=PATIENCE_SECONDS)
    [session] = await discord_server.sessions()
    assert session.resumes == 1
    assert [message.author.name for message in bot.seen] == ["alice"]


async def test_without_a_bot_an_interaction_fails_clearly(discord_server: DiscordServer) -> None:
    with pytest.raises(NotConnectedError):
        await discord_server.slash("imagine")
    with pytest.raises(NotSeenError):
        await discord_server.slash("imagine", wait_seconds=0.05)


async def test_an_interaction_waits_for_the_bot(discord_server: DiscordServer) -> None:
    waiting = asyncio.create_task(
        discord_server.slash("imagine", {"prompt": "a fox"}, wait_seconds=PATIENCE_SECONDS)
    )
    async with running_client(Bot(), discord_server.address):
        used = await waiting
        assert (await discord_server.wait_for_answer(used.id)).answer_type == 5


@pytest.mark.parametrize("packing", ["zlib-stream", "zstd-stream", "none"])
async def test_the_gateway_packs_as_asked(discord_server: DiscordServer, packing: str) -> None:
    unpack: dict[str, Callable[[], Any]] = {
        "zlib-stream": zlib.decompressobj,
        "zstd-stream": lambda: zstandard.ZstdDecompressor().decompressobj(),
    }
    unpacker = unpack[packing]() if packing in unpack else None
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{discord_server.address}/gateway/?v=10&compress={packing}") as socket,
    ):
        await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1}})
        seen: list[str | int] = []
        for _ in range(3):
            data: Any = (await socket.receive(timeout=PATIENCE_SECONDS)).data
            event = json.loads(data if unpacker is None else unpacker.decompress(data))
            seen.append(event["t"] or event["op"])
    assert seen == [10, "READY", "GUILD_CREATE"]


async def test_a_wrong_token_is_refused(discord_server: DiscordServer) -> None:
    with pytest.raises(discord.LoginFailure):
        async with running_client(Bot(), discord_server.address, token="wrong"):
            pass
