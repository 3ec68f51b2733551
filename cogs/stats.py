"""`/stats`: what a server's moderators may know of its jobs."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.stats import Period
from bot.services import Services
from bot.ui.answers import privately
from bot.ui.askers import asker_of
from bot.ui.job_button import HasServices
from bot.ui.stats import show_stats


class StatsCog(commands.Cog):
    """Tells moderators how their server uses the bot."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="stats", description="How this server uses the bot, for moderators")
    @app_commands.describe(period="How far back to look: a week where you leave it out")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def stats(
        self, interaction: discord.Interaction, period: Literal["day", "week", "month"] = "week"
    ) -> None:
        """Answer privately; counting and drawing may take longer than a first answer may."""
        async with privately(interaction):
            settings = await self._services.guild_settings.moderated_by(asker_of(interaction))
            await interaction.response.defer(ephemeral=True, thinking=True)
            summary = await self._services.stats.of_server(settings.guild_id, Period(period))
            await show_stats(interaction, summary)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    await bot.add_cog(StatsCog(bot.services))
