"""A server that removes the bot is noticed, told from one that is down, and forgotten late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App, open_app
from bot.domain.audit import Act, AuditEntry
from bot.domain.guild_settings import Flagged, GuildSettings, Setting
from bot.domain.ids import GuildId
from bot.settings import Settings
from tests.discord_server import GUILD_ID, DiscordServer
from tests.discord_server.wiring import running_client
from tests.factories.rules import MODERATOR, a_setting
from tests.fakes.clock import FakeClock

OTHER = GuildId(5_000_000_000_000_000_001)
SERVER = GuildId(GUILD_ID)
DAYS = 30
OpenApp = Callable[..., AbstractAsyncContextManager[App]]


@pytest.fixture
async def discord() -> AsyncGenerator[DiscordServer]:
    async with DiscordServer() as server:
        await server.add_guild("Other", guild_id=OTHER)
        yield server


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def online(discord: DiscordServer, tmp_path: Path, clock: FakeClock) -> OpenApp:
    """Runs the bot on Discord; again is a restart."""
    settings = Settings(
        data_dir=tmp_path,
        http_port=0,
        api_base_url="http://127.0.0.1:9",
        api_key=SecretStr("none"),
        guild_grace_days=DAYS,
        _env_file=None,  # pyright: ignore[reportCallIssue]
    )

    @asynccontextmanager
    async def opener(until_known: GuildId = OTHER) -> AsyncGenerator[App]:
        async with open_app(settings, clock=clock) as app:
            app.bot._connection.guild_ready_timeout = 0.05
            async with running_client(app.bot, discord.address):
                await app.bot.wait_until_ready()
                await eventually(lambda: knows(app, until_known))
                yield app

    return opener


async def eventually(look: Callable[[], Awaitable[bool]]) -> None:
    """Ask the database again until it is so."""
    async with asyncio.timeout(10):
        while not await look():
            pass


async def knows(app: App, guild_id: GuildId) -> bool:
    """Tell whether a server was noted as one that has the bot."""
    servers = await app.stores.personal._db.fetch_all("SELECT * FROM servers")
    return (guild_id, None) in [tuple(row) for row in servers]


async def has_left(app: App, guild_id: GuildId) -> bool:
    return guild_id in await app.stores.servers.left_before(app.services.clock.now_ms())


async def set_a_rule(app: App) -> None:
    entry = AuditEntry(guild_id=SERVER, actor_id=MODERATOR, act=Act.SET, at_ms=0)
    await app.stores.guild_settings.put(a_setting(Setting.FLAGGED, Flagged.WITHHELD), entry)


async def rules(app: App) -> GuildSettings:
    return await app.services.guild_settings.of(SERVER)


async def pass_grace(app: App, clock: FakeClock, *, days: int = DAYS) -> None:
    clock.advance(timedelta(days=days))
    await app.services.privacy.departures.forget_due()


async def test_the_rules_of_a_server_that_left_go_after_the_grace(
    discord: DiscordServer, online: OpenApp, clock: FakeClock
) -> None:
    async with online() as app:
        await set_a_rule(app)
        assert (await rules(app)).at(Setting.FLAGGED) is not None
        await discord.remove_guild(GUILD_ID)
        await eventually(lambda: has_left(app, SERVER))

        await pass_grace(app, clock, days=DAYS - 1)
        assert (await rules(app)).at(Setting.FLAGGED) is not None
        await pass_grace(app, clock, days=1)

        assert (await rules(app)).at(Setting.FLAGGED) is None
        assert list(await app.stores.audit.page(SERVER)) == []


async def test_a_server_that_comes_back_in_time_finds_all_as_it_was(
    discord: DiscordServer, online: OpenApp, clock: FakeClock
) -> None:
    async with online() as app:
        await set_a_rule(app)
        before = await rules(app)
        await discord.remove_guild(GUILD_ID)
        await eventually(lambda: has_left(app, SERVER))
        await discord.add_guild("Back", guild_id=GUILD_ID)
        await eventually(lambda: knows(app, SERVER))

        await pass_grace(app, clock)

        assert await rules(app) == before
        assert len(await app.stores.audit.page(SERVER)) == 1


async def test_leaving_while_the_bot_is_away_is_noticed_at_its_next_start(
    discord: DiscordServer, online: OpenApp, clock: FakeClock
) -> None:
    async with online() as app:
        await eventually(lambda: knows(app, SERVER))
        await set_a_rule(app)
    await discord.remove_guild(GUILD_ID)

    async with online() as app:
        await eventually(lambda: has_left(app, SERVER))
        assert not await has_left(app, OTHER)
        await pass_grace(app, clock)
        assert (await rules(app)).at(Setting.FLAGGED) is None


async def test_coming_back_while_the_bot_is_away_is_noticed_too(
    discord: DiscordServer, online: OpenApp
) -> None:
    async with online() as app:
        await discord.remove_guild(GUILD_ID)
        await eventually(lambda: has_left(app, SERVER))
    await discord.add_guild("Back", guild_id=GUILD_ID)

    async with online() as app:
        await eventually(lambda: knows(app, SERVER))


async def test_an_outage_is_no_departure(discord: DiscordServer, online: OpenApp) -> None:
    async with online() as app:
        await eventually(lambda: knows(app, SERVER))
        await discord.take_down(GUILD_ID)
        later = GuildId(await discord.add_guild("Later"))
        await eventually(lambda: knows(app, later))

        guild = app.bot.get_guild(GUILD_ID)
        assert guild is not None
        assert guild.unavailable
        assert await knows(app, SERVER)


async def test_a_server_that_is_down_at_the_start_has_not_left(
    discord: DiscordServer, online: OpenApp
) -> None:
    async with online() as app:
        await eventually(lambda: knows(app, SERVER))
    await discord.take_down(GUILD_ID)
    await discord.remove_guild(OTHER)
    later = GuildId(await discord.add_guild("Later"))

    async with online(later) as app:
        await eventually(lambda: has_left(app, OTHER))
        assert len(app.bot.guilds) == 2
        assert await knows(app, SERVER)
