"""`/help`: how to use the bot, with examples."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.services import Services
from bot.ui.answers import privately
from bot.ui.help import show_help
from bot.ui.job_button import HasServices


class HelpCog(commands.Cog):
    """Explains the others."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="help", description="How to use me, with examples")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction) -> None:
        """Answer privately."""
        async with privately(interaction):
            await show_help(interaction, self._services)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    await bot.add_cog(HelpCog(bot.services))
