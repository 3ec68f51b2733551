"""`/queue` and `/cancel`: what is not done yet, and how to take it back."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.ids import UserId
from bot.services import Services
from bot.speech import speaking
from bot.ui import queue_words
from bot.ui.answers import privately
from bot.ui.job_button import HasServices
from bot.ui.queue import QueueControl, cancellable, show_queue, tell_cancelled


class QueueCog(commands.Cog):
    """Tells members what waits, and lets them take back what is theirs."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="queue", description="What you wait for, and how long it will take")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def queue(self, interaction: discord.Interaction) -> None:
        """Answer privately."""
        async with privately(interaction):
            await show_queue(interaction, self._services)

    @app_commands.command(name="cancel", description="Take back what you asked for")
    @app_commands.describe(job="Which one; your newest where you leave it out")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def cancel(
        self, interaction: discord.Interaction, job: Range[str, 1, 100] | None = None
    ) -> None:
        """Answer privately."""
        async with privately(interaction):
            await tell_cancelled(interaction, self._services, job)

    @cancel.autocomplete("job")
    async def _jobs(self, interaction: discord.Interaction, current: str) -> list[Choice[str]]:
        wanted = current.strip().casefold()
        jobs = await cancellable(self._services, UserId(interaction.user.id))
        with speaking(str(interaction.locale)):
            names = {str(job.id): queue_words.suggestion(job) for job in jobs}
        return [
            Choice(name=name, value=job_id)
            for job_id, name in names.items()
            if wanted in name.casefold() or wanted in job_id
        ]


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.add_dynamic_items(QueueControl)
    await bot.add_cog(QueueCog(bot.services))
