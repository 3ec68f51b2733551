"""A running community with the real bot in it: act as a member, wait for ends, restart the bot."""

from __future__ import annotations

import asyncio
import dataclasses
import io
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import Context
from pathlib import Path
from typing import Any
from unittest import mock

import discord
import simcord
from discord.webhook.async_ import async_context
from PIL import Image
from simcord.results import InteractionResult, ResponseMessage

from bot.app import App, open_app
from bot.demo.world import (
    World,
    catch_up_with_today,
    demo_settings,
    populate,
    restrict_by_age,
)
from bot.domain.asker import Asker
from bot.domain.guild_settings import SERVER, Place, Setting
from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.job import TERMINAL, Job, JobStatus
from bot.domain.strictness import USUAL, SafetyRule, Strictness
from bot.jobs.polling import PollSchedule
from bot.jobs.timing import Timing
from bot.sandbox import SandboxServer, SandboxSettings
from bot.settings import Settings
from bot.ui.button_rows import USED
from tests.patience import PATIENCE_SECONDS

QUICK = SandboxSettings(cheap_pictures=True)
"""Draws at once and answers the submission with the pictures."""

SLOW = SandboxSettings(cheap_pictures=True, immediate_queueing=True, eta_seconds=0)
"""Says `processing` first; the pictures are had by polling."""


BRISK = Timing(polls=PollSchedule(shortest=0.05, longest=0.2), link_retry_seconds=(0.05, 0.1, 0.2))
"""Asks the API and its links again sooner than is polite to a real one."""


def job_of(interaction: InteractionResult) -> JobId:
    """Return the job that a command began: it bears the interaction's id."""
    return JobId(interaction._interaction.id)


def said(interaction: InteractionResult) -> ResponseMessage:
    """Return the bot's answer to a command or a press."""
    answer = interaction.response or (interaction.followups or [None])[0]
    assert answer is not None, "the bot answered nothing"
    return answer


def is_over(job: Job) -> bool:
    """Tell whether a job has ended and its member knows."""
    return job.status in TERMINAL and job.told_at_ms is not None


class Stage:
    """The world, and the one bot that runs in it at a time."""

    def __init__(self, world: World, bot_parts: AsyncExitStack) -> None:
        self.world = world
        self._bot_parts = bot_parts
        self._moved = asyncio.Event()
        world.app.machine.lifecycle.on_change(self._hear)

    @property
    def app(self) -> App:
        """The bot that runs now."""
        return self.world.app

    @property
    def env(self) -> simcord.Env:
        """The simulated Discord."""
        return self.world.env

    @property
    def api(self) -> SandboxServer:
        """The image API."""
        return self.world.sandbox

    @property
    def studio(self) -> simcord.ChannelHandle:
        """The channel where pictures are made."""
        return self.world.studio

    @property
    def guild_id(self) -> int:
        """The server everything happens in."""
        guild_id = self.env.backend.get_channel(self.studio.id).guild_id
        assert guild_id is not None
        return guild_id

    @property
    def member(self) -> simcord.MemberActor:
        """The person who usually asks."""
        return self.world.member

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """Every body that asked the API for pictures."""
        return [dict(request.body) for request in self.api.submits]

    def _hear(self, _: Job) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def imagine(
        self, prompt: str = "a lighthouse", *, by: simcord.MemberActor | None = None, **options: Any
    ) -> InteractionResult:
        """Type `/imagine` in the studio."""
        return await (by or self.member).slash(self.studio, "imagine", prompt=prompt, **options)

    async def until(self, job_id: JobId, condition: Callable[[Job], bool]) -> Job:
        """Wait until a job has come so far, woken by its moves."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                moved = self._moved
                job = await self.app.stores.jobs.get(job_id)
                if job is not None and condition(job):
                    await self.env.settle()
                    return job
                await moved.wait()

    async def until_status(self, job_id: JobId, status: JobStatus) -> Job:
        """Wait until a job stands there."""
        return await self.until(job_id, lambda job: job.status is status)

    async def end_of(self, asked: InteractionResult) -> Job:
        """Wait until the member was shown how a job ended."""
        return await self.until(job_of(asked), is_over)

    async def until_erased(self) -> None:
        """Have everything erased that is to be erased."""
        await self.app.services.privacy.erasures.work_off()

    async def until_gone(self, job_id: JobId) -> None:
        """Wait until an erased member's job is over, and its record gone."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                moved = self._moved
                job = await self.app.stores.jobs.get(job_id)
                if job is None or job.status in TERMINAL:
                    break
                await moved.wait()
        await self.until_erased()
        assert await self.app.stores.jobs.get(job_id) is None

    async def until_logged(self, job_id: JobId) -> tuple[int, int]:
        """Wait until a job stands in the log channel; return channel and message."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (place := await self.app.stores.moderation.log_post(job_id)) is None:  # noqa: ASYNC110
                await asyncio.sleep(0)
        await self.env.settle()
        return place

    async def finished(self, prompt: str = "a lighthouse", **options: Any) -> Job:
        """Ask for pictures and wait for the end, which must be a good one."""
        job = await self.end_of(await self.imagine(prompt, **options))
        assert job.status is JobStatus.DELIVERED, job.end_reason
        return job

    def message(self, job: Job) -> discord.Message:
        """Return the message that shows the end of a job."""
        return next(m for m in self.messages(job.origin.channel_id) if m.id == job.message_id)

    def messages(self, channel_id: int | None = None) -> list[discord.Message]:
        """Return what stands in a channel, oldest first."""
        channel = self.studio
        if channel_id not in {None, channel.id}:
            payload = self.env.backend.get_channel(int(channel_id or 0))
            channel = simcord.ChannelHandle(self.env, None, payload)
        return channel.history()

    def shown_pictures(self) -> list[discord.Message]:
        """Return the messages in the studio that show pictures."""
        return [message for message in self.studio.history() if message.attachments]

    async def quota(self, by: simcord.MemberActor | None = None) -> str:
        """Return what `/quota` tells a member."""
        return said(await (by or self.member).slash(self.studio, "quota mine")).content

    async def images_left(self, by: simcord.MemberActor | None = None) -> int:
        """Return how many images `/quota` says are left."""
        return int((await self.quota(by)).split("**")[1])

    async def decide(self, setting: Setting, value: object, place: Place = SERVER) -> None:
        """Set something as this server's moderator."""
        moderator = Asker(
            user_id=UserId(self.world.moderator.id),
            guild_id=GuildId(self.guild_id),
            manages_server=True,
        )
        await self.app.services.guild_settings.put(moderator, setting, value, place)

    async def let_members_loosen(self) -> None:
        """Make the studio age-restricted, and let its members switch the safety checker off."""
        restrict_by_age(self.env, self.studio)
        await self.env.settle()
        rule = SafetyRule(level=USUAL, loosest=Strictness.OFF)
        await self.decide(Setting.SAFETY, rule)

    async def restart(self, **changes: Any) -> None:
        """End the bot in an orderly way and start a new one on the same files."""
        await self.stop_bot()
        await self.start_bot(**changes)

    async def stop_bot(self) -> None:
        """End the bot; what it left undone stays in its files."""
        await self._bot_parts.aclose()

    async def start_bot(self, **changes: Any) -> None:
        """Start a new bot on the files of the old one."""
        settings = self.app.settings.model_copy(update=changes)
        app = await self._bot_parts.enter_async_context(open_app(settings, timing=BRISK))
        self.world = dataclasses.replace(self.world, app=app)
        app.machine.lifecycle.on_change(self._hear)
        await self.env.restart_bot(app.bot)
        app.courier.open()


@asynccontextmanager
async def simulated_discord(app: App) -> AsyncGenerator[simcord.Env]:
    """Do as `simcord.run`, which cannot be closed by a pytest fixture's teardown.

    It sets a context variable, and what it patches into the loop ends in another context.
    """
    env = simcord.Env(app.bot, settle_timeout=PATIENCE_SECONDS)
    await env.start()
    try:
        with _interaction_tokens_work_everywhere(env):
            yield env
    finally:
        await env.shutdown()
    env.raise_errors()


@contextmanager
def _interaction_tokens_work_everywhere(env: simcord.Env) -> Generator[None]:
    """Lead what goes out by an interaction's token to the simulation.

    Simcord does so in the context of the events it delivers; the program's long-lived tasks were
    begun before it and see discord.py's default, which would reach for the network.
    """
    default = Context().run(async_context.get)

    async def request(*arguments: Any, **options: Any) -> Any:
        return await env._webhook_adapter.request(*arguments, **options)

    with mock.patch.object(default, "request", request):
        yield


@asynccontextmanager
async def open_stage(
    data_dir: Path,
    api_settings: SandboxSettings = QUICK,
    *,
    courier_open: bool = True,
    **changes: Any,
) -> AsyncGenerator[Stage]:
    """Start image API, bot and Discord; `changes` are the operator's settings."""
    async with SandboxServer(api_settings) as sandbox, AsyncExitStack() as bot_parts:
        settings: Settings = demo_settings(sandbox, data_dir).model_copy(update=changes)
        app = await bot_parts.enter_async_context(open_app(settings, timing=BRISK))
        async with simulated_discord(app) as env:
            await catch_up_with_today(env)
            if courier_open:
                app.courier.open()
            yield Stage(populate(env, app, sandbox), bot_parts)


def rows(message: discord.Message) -> list[list[discord.Button]]:
    """Return a message's buttons as they stand."""
    return [
        [each for each in row.children if isinstance(each, discord.Button)]
        for row in message.components
        if isinstance(row, discord.ActionRow)
    ]


def used(message: discord.Message) -> set[str | None]:
    """Return the labels of the buttons that say they were used."""
    marked = {
        each.label: each.style for row in rows(message) for each in row if str(each.emoji) == USED
    }
    assert set(marked.values()) <= {discord.ButtonStyle.success}
    return set(marked)


async def pictures_in(message: discord.Message) -> Sequence[Image.Image]:
    """Decode what is attached to a message."""
    return [Image.open(io.BytesIO(await each.read())) for each in message.attachments]
