"""The owner's text commands by mention, and what members are told in text.

On dpytest, which knows text commands and nothing of slash commands. Its command tree would still
speak to the real Discord, so `tree.sync` is replaced.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import discord.ext.test as dpytest
import pytest
from discord.ext import commands
from pydantic import SecretStr

from bot.app import App, open_app
from bot.client import ImagineBot
from bot.domain.catalogue import ModelKind
from bot.domain.ids import ChannelId, GuildId, JobId, UserId
from bot.domain.job import Job, JobStatus
from bot.domain.outcome import EndReason
from bot.errors import ProviderSuspended
from bot.jobs.gate import ProviderGate
from bot.sandbox import SandboxServer, SandboxSettings
from bot.settings import Settings
from bot.ui import wording
from bot.ui.courier import DiscordCourier
from tests.factories.jobs import a_request, an_origin
from tests.fakes.clock import NOON

OWNER, STRANGER = 0, 1


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App]:
    """The real parts, with the sandbox as their image API."""
    async with SandboxServer(SandboxSettings(cheap_pictures=True)) as api:
        settings = Settings(
            data_dir=tmp_path / "data",
            http_port=0,
            api_base_url=api.base_url,
            api_key=SecretStr("sandbox-key"),
            _env_file=None,  # pyright: ignore[reportCallIssue]
        )
        async with open_app(settings) as opened:
            yield opened


@pytest.fixture
def gate(app: App) -> ProviderGate:
    return app.machine.gate


@pytest.fixture
async def bot(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ImagineBot]:
    """The real bot with its owner's cog on dpytest's backend; member 0 is its owner."""
    monkeypatch.chdir(tmp_path)  # dpytest writes files where it stands
    bot = app.bot
    await bot._async_setup_hook()
    await bot.load_extension("cogs.owner")
    # dpytest finds its people in the member cache, which our bot does without
    bot._connection._intents = discord.Intents(guilds=True, members=True, guild_messages=True)
    bot._connection.member_cache_flags = discord.MemberCacheFlags.from_intents(bot.intents)
    dpytest.configure(bot, guilds=1, text_channels=1, members=2)
    bot.owner_id = dpytest.get_config().members[OWNER].id
    yield bot
    await dpytest.empty_queue()
    bot.ws = None  # pyright: ignore[reportAttributeAccessIssue] - dpytest's cannot be closed
    await bot.close()


@pytest.fixture
def published(bot: ImagineBot, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where the commands would have been published to."""
    calls: list[Any] = []

    async def sync(*, guild: discord.abc.Snowflake | None = None) -> list[SimpleNamespace]:
        calls.append(guild and guild.id)
        return [SimpleNamespace(name=name, id=1) for name in ("imagine", "history", "quota")]

    monkeypatch.setattr(bot.tree, "sync", sync)
    return calls


async def say(bot: ImagineBot, words: str, member: int = OWNER) -> None:
    assert bot.user is not None
    await dpytest.message(f"{bot.user.mention} {words}", member=member)


def answer() -> str:
    return dpytest.get_message().content


async def test_status_says_how_the_bot_is_doing(bot: ImagineBot) -> None:
    await say(bot, "status")
    assert answer() == "Running 0, waiting 0.\nSubmissions: going out.\nServers: 1."


async def test_what_it_says_itself_is_no_event(bot: ImagineBot) -> None:
    heard: list[str] = []

    @bot.listen("on_message")
    async def hear(message: discord.Message) -> None:  # pyright: ignore[reportUnusedFunction]
        heard.append(message.author.name)

    await say(bot, "status")
    await dpytest.run_all_events()
    assert answer()
    assert heard == [dpytest.get_config().members[OWNER].name]


async def test_status_says_why_submissions_wait_and_until_when(
    bot: ImagineBot, gate: ProviderGate
) -> None:
    gate.note_error(ProviderSuspended("monthly limit exceeded"))
    await say(bot, "status")
    said = answer()
    assert "Submissions: paused, the image service's account needs the operator" in said
    assert f"next try <t:{gate.opens_at_ms // 1000}:R>" in said


async def test_resume_lets_submissions_out_again(bot: ImagineBot, gate: ProviderGate) -> None:
    gate.note_error(ProviderSuspended("no credit"))
    await say(bot, "resume")
    assert answer() == "Submissions go out again."
    assert not gate.is_closed


async def test_sync_publishes_everywhere(bot: ImagineBot, published: list[Any]) -> None:
    await say(bot, "sync")
    assert answer() == "Published 3 commands everywhere."
    assert published == [None]


async def test_sync_here_publishes_to_this_server_only(
    bot: ImagineBot, published: list[Any]
) -> None:
    await say(bot, "sync here")
    said = answer()
    assert said.startswith("Published 3 commands here.")
    assert "twice" in said
    assert "`sync clear`" in said
    assert published == [dpytest.get_config().guilds[0].id]


async def test_sync_clear_removes_what_sync_here_published(
    bot: ImagineBot, published: list[Any]
) -> None:
    guild = dpytest.get_config().guilds[0]
    await say(bot, "sync here")
    answer()
    await say(bot, "sync clear")
    assert answer() == "Removed this server's own commands; those published everywhere remain."
    assert published == [guild.id, guild.id]
    assert bot.tree.get_commands(guild=guild) == []


async def test_sync_with_another_word_publishes_nothing(
    bot: ImagineBot, published: list[Any]
) -> None:
    await say(bot, "sync hear")
    assert answer() == "Say `sync`, or in a server `sync here` or `sync clear`."
    assert published == []


async def test_models_fetches_the_list(bot: ImagineBot, app: App) -> None:
    await say(bot, "models")
    assert answer() == "The model list is fresh."
    [first, *_] = app.services.catalogue.suggest(ModelKind.MODEL, "midjourney")
    assert first.id == "midjourney"


async def test_a_command_that_fails_says_so_without_details(
    bot: ImagineBot, gate: ProviderGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(gate, "resume", fail)
    with pytest.raises(commands.CommandInvokeError):
        await say(bot, "resume")
    assert answer() == "That did not work; the log says why."


@pytest.mark.parametrize("words", ["status", "resume", "sync", "sync here", "models"])
async def test_others_get_no_answer_and_no_effect(
    bot: ImagineBot, gate: ProviderGate, published: list[Any], words: str
) -> None:
    gate.note_error(ProviderSuspended("no credit"))
    with pytest.raises(commands.CheckFailure):
        await say(bot, words, member=STRANGER)
    assert dpytest.verify().message().nothing()
    assert gate.is_closed
    assert published == []


async def test_unknown_words_get_no_answer(bot: ImagineBot) -> None:
    with pytest.raises(commands.CommandNotFound):
        await say(bot, "good morning")
    assert dpytest.verify().message().nothing()


@pytest.mark.usefixtures("bot")
async def test_talk_that_does_not_mention_the_bot_is_not_for_it() -> None:
    await dpytest.message("status", member=OWNER)
    await dpytest.message("!status", member=OWNER)
    assert dpytest.verify().message().nothing()


def a_failed_job(reason: EndReason) -> Job:
    config = dpytest.get_config()
    return Job(
        id=JobId(77),
        origin=an_origin(
            UserId(config.members[STRANGER].id),
            guild_id=GuildId(config.guilds[0].id),
            channel_id=ChannelId(config.channels[0].id),
        ),
        request=a_request(prompt="a fox in ((snow)) @everyone"),
        status=JobStatus.FAILED,
        fair_tag=0,
        created_at_ms=NOON,
        end_reason=reason,
    )


@pytest.fixture
def courier(bot: ImagineBot, app: App, monkeypatch: pytest.MonkeyPatch) -> DiscordCourier:
    """The real courier; dpytest knows no permissions for a channel by its id alone."""

    def channel_of(channel_id: int, **_: Any) -> Any:
        return bot.get_channel(channel_id)

    monkeypatch.setattr(bot, "get_partial_messageable", channel_of)
    return app.courier


@pytest.mark.parametrize("reason", list(EndReason))
async def test_members_are_told_of_each_failure_in_the_channel(
    courier: DiscordCourier, reason: EndReason
) -> None:
    job = a_failed_job(reason)
    posted = await courier.post(job, ())
    told = dpytest.get_message()
    assert (told.id, told.channel.id) == (posted.message_id, job.origin.channel_id)
    assert told.content == wording.failure(job)
    assert f"<@{job.origin.user_id}>" in told.content
    assert "@everyone" not in told.content


async def test_the_courier_waits_until_the_bot_is_there(courier: DiscordCourier) -> None:
    waiting = asyncio.ensure_future(courier.wait_until_ready())
    await asyncio.sleep(0)
    assert not waiting.done()
    courier.open()
    await waiting
