"""`/quota`: what is left and when more comes back."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.ids import UserId
from bot.services import Services
from bot.ui import wording
from bot.ui.answers import privately
from bot.ui.job_button import HasServices


class QuotaCog(commands.Cog):
    """Tells members about their quota."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="quota", description="How many images you have left today")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def quota(self, interaction: discord.Interaction) -> None:
        """Answer privately."""
        async with privately(interaction):
            status = await self._services.quotas.status(UserId(interaction.user.id))
            await interaction.response.send_message(wording.quota(status), ephemeral=True)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    await bot.add_cog(QuotaCog(bot.services))
