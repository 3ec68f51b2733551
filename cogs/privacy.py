"""`/privacy`: what is kept, a copy of it, its end; and what Discord says of servers that leave."""

from __future__ import annotations

from collections.abc import Callable, Collection

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.ids import GuildId
from bot.services import Services
from bot.ui.answers import privately
from bot.ui.job_button import HasServices
from bot.ui.privacy import ErasureButton, ask_whether_to_erase, show_about
from bot.ui.privacy_export import send_export


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class PrivacyCog(commands.GroupCog, name="privacy", description="What I keep about you"):
    """Gives members what is theirs."""

    def __init__(self, services: Services, guild_ids: Callable[[], Collection[GuildId]]) -> None:
        super().__init__()
        self._privacy = services.privacy
        self._guild_ids = guild_ids

    @app_commands.command(description="What I keep about you, for how long, and who sees it")
    async def about(self, interaction: discord.Interaction) -> None:
        """Answer privately."""
        async with privately(interaction):
            await show_about(interaction, self._privacy)

    @app_commands.command(description="Get everything I keep about you as a file")
    async def export(self, interaction: discord.Interaction) -> None:
        """Answer privately, in as many parts as it takes."""
        async with privately(interaction):
            await send_export(interaction, self._privacy)

    @app_commands.command(description="Erase everything I keep about you; asks first")
    async def erase(self, interaction: discord.Interaction) -> None:
        """Ask privately."""
        async with privately(interaction):
            await ask_whether_to_erase(interaction, self._privacy)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Compare the servers Discord lists, those that are down among them, with those known."""
        await self._privacy.departures.present(self._guild_ids())

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep what is kept of a server that is back."""
        await self._privacy.departures.joined(GuildId(guild.id))

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Know a server that Discord shows only after the log-in."""
        await self._privacy.departures.joined(GuildId(guild.id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Let the grace begin (discord.py does not call this for a server that is down)."""
        await self._privacy.departures.left(GuildId(guild.id))


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.add_dynamic_items(ErasureButton)
    await bot.add_cog(PrivacyCog(bot.services, lambda: [GuildId(each.id) for each in bot.guilds]))
