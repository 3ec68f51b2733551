"""`check` prints where the bot is added to a server and where to somebody's account."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from pydantic import SecretStr

from bot.checkup import State, check_everything
from bot.settings import Settings
from bot.ui.permissions import missing_to_post
from tests.discord_server import APPLICATION_ID, TOKEN, DiscordServer
from tests.discord_server.wiring import discord_py_pointed_at


@pytest.fixture(autouse=True)
async def discord_server() -> AsyncGenerator[DiscordServer]:
    """A Discord that knows the bot."""
    async with DiscordServer() as server:
        with discord_py_pointed_at(server.address):
            yield server


async def lines(tmp_path: Path) -> dict[str, str]:
    """Return the lines with the links: to a server, and to an account."""
    settings = Settings(
        data_dir=tmp_path / "data",
        discord_token=SecretStr(TOKEN),
        _env_file=None,  # pyright: ignore[reportCallIssue]
    )
    found = await check_everything(settings)
    assert all(len(each.line().splitlines()) == 1 for each in found)
    server, user = [each for each in found if each.what == "invite"]
    assert server.state is user.state is State.OK
    return {"servers": server.line(), "users": user.line()}


def asked_for(line: str) -> dict[str, str]:
    """Return what a link asks Discord for."""
    address = urlsplit(line.rsplit(maxsplit=1)[-1])
    assert (address.scheme, address.netloc, address.path) == (
        "https",
        "discord.com",
        "/oauth2/authorize",
    )
    return {name: values[0] for name, values in parse_qs(address.query).items()}


async def test_to_a_server_it_comes_with_the_permissions_it_needs_and_no_others(
    tmp_path: Path,
) -> None:
    asked = asked_for((await lines(tmp_path))["servers"])

    permissions = discord.Permissions(int(asked.pop("permissions")))
    assert asked == {
        "client_id": str(APPLICATION_ID),
        "integration_type": "0",
        "scope": "bot applications.commands",
    }
    assert not missing_to_post(permissions, in_thread=False)
    assert not missing_to_post(permissions, in_thread=True)
    assert {name for name, granted in permissions if granted} == {
        "attach_files",
        "read_message_history",
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
    }


async def test_to_an_account_it_comes_with_its_commands_alone(
    tmp_path: Path,
) -> None:
    line = (await lines(tmp_path))["users"]

    assert "add it to your account" in line
    assert asked_for(line) == {
        "client_id": str(APPLICATION_ID),
        "integration_type": "1",
        "scope": "applications.commands",
    }


async def test_where_the_portal_does_not_allow_accounts_it_says_so_first(
    tmp_path: Path, discord_server: DiscordServer
) -> None:
    discord_server.core.world.application["integration_types_config"] = {"0": {}}
    line = (await lines(tmp_path))["users"]
    assert "allow User Install in the developer portal" in line
    assert asked_for(line)["integration_type"] == "1"
