"""`/history`: a member's own jobs, private and paged."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.ids import UserId
from bot.services import Services
from bot.ui.answers import privately
from bot.ui.history import OlderButton, show_history
from bot.ui.job_button import HasServices


class HistoryCog(commands.Cog):
    """Shows members what they made."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="history", description="Your own pictures, newest first")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def history(self, interaction: discord.Interaction) -> None:
        """Answer privately with the newest page."""
        async with privately(interaction):
            page = await self._services.history.page(UserId(interaction.user.id))
            await show_history(interaction, self._services, page)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.add_dynamic_items(OlderButton)
    await bot.add_cog(HistoryCog(bot.services))
