"""`sync`: needs the token alone, touches no data, and can be undone."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import StartupError
from bot.publishing import publish_commands
from bot.settings import Settings
from bot.storage.lock import data_dir_lock
from tests.discord_server import GUILD_ID, TOKEN, DiscordServer
from tests.discord_server.wiring import discord_py_pointed_at

PUBLISHED = {
    *("imagine", "models", "loras", "queue", "cancel", "help", "history", "quota", "privacy"),
    *("defaults", "preset", "remix", "inpaint", "Remix this"),
    *("settings", "block", "unblock", "audit", "stats", "reload", "Report picture"),
    *("Show parameters", "Use these parameters"),
}


@pytest.fixture
async def discord_server() -> AsyncGenerator[DiscordServer]:
    async with DiscordServer() as server:
        with discord_py_pointed_at(server.address):
            yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of somebody who has a token and nothing else."""
    return Settings(
        data_dir=tmp_path / "data",
        discord_token=SecretStr(TOKEN),
        _env_file=None,  # pyright: ignore[reportCallIssue]
    )


async def names(server: DiscordServer, guild_id: int | None = None) -> set[str]:
    return {command["name"] for command in await server.commands(guild_id)}


async def test_the_token_is_enough_and_no_data_directory_is_made(
    discord_server: DiscordServer, settings: Settings
) -> None:
    assert await publish_commands(settings) == len(PUBLISHED)
    assert await names(discord_server) == PUBLISHED
    assert not settings.data_dir.exists()


async def test_the_commands_are_published_while_a_bot_runs(
    discord_server: DiscordServer, settings: Settings
) -> None:
    with data_dir_lock(settings.data_dir):
        await publish_commands(settings)
    assert await names(discord_server) == PUBLISHED


async def test_without_a_token_it_says_what_is_missing(settings: Settings) -> None:
    with pytest.raises(StartupError, match=r"^Missing: IMAGINE_DISCORD_TOKEN\."):
        await publish_commands(settings.model_copy(update={"discord_token": None}))


async def test_what_is_published_for_one_server_is_published_nowhere_else_and_removed_again(
    discord_server: DiscordServer, settings: Settings
) -> None:
    await publish_commands(settings, GUILD_ID)
    assert await names(discord_server, GUILD_ID) == PUBLISHED
    assert await names(discord_server) == set()
    await publish_commands(settings)
    assert await publish_commands(settings, GUILD_ID, clear=True) == 0
    assert await names(discord_server, GUILD_ID) == set()
    assert await names(discord_server) == PUBLISHED
