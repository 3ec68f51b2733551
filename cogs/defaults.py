"""`/defaults`: what a member's own pictures take for options they leave out."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.ids import UserId
from bot.domain.option_texts import as_options
from bot.domain.request import MAX_PROMPT
from bot.domain.request_defaults import OWN_OPTIONS
from bot.services import Services
from bot.ui import default_words as words
from bot.ui.answers import answer_privately, privately
from bot.ui.command_groups import group_for_everywhere
from bot.ui.job_button import HasServices
from bot.ui.suggestions import matching, offered_values


class DefaultsCog(commands.Cog):
    """Lets members decide once what they would otherwise type each time."""

    defaults = group_for_everywhere("defaults", words.GROUP)

    def __init__(self, services: Services) -> None:
        self._services = services

    @defaults.command(name="show", description=words.SHOW)
    async def show(self, interaction: discord.Interaction) -> None:
        """Answer privately."""
        async with privately(interaction):
            own = await self._services.own_defaults.of(UserId(interaction.user.id))
            await answer_privately(interaction, words.all_of(own))

    @defaults.command(name="set", description=words.SET)
    @app_commands.describe(option=words.OPTION, value=words.VALUE)
    async def put(
        self, interaction: discord.Interaction, option: str, value: Range[str, 1, MAX_PROMPT]
    ) -> None:
        """Keep it, and answer privately."""
        async with privately(interaction):
            user_id = UserId(interaction.user.id)
            own = await self._services.own_defaults.put(user_id, option, value)
            await answer_privately(interaction, words.was_set(option, own))

    @defaults.command(name="clear", description=words.CLEAR)
    @app_commands.describe(option=words.OPTION_TO_CLEAR)
    async def clear(self, interaction: discord.Interaction, option: str | None = None) -> None:
        """Forget it, and answer privately."""
        async with privately(interaction):
            count = await self._services.own_defaults.clear(UserId(interaction.user.id), option)
            await answer_privately(interaction, words.was_cleared(option, count))

    @put.autocomplete("option")
    async def _options(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return matching(filter(self._services.approval.abilities.knows, OWN_OPTIONS), typed)

    @put.autocomplete("value")
    async def _values(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        option = str(interaction.namespace.option)
        return await offered_values(interaction, self._services, option, typed)

    @clear.autocomplete("option")
    async def _options_set(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        own = await self._services.own_defaults.of(UserId(interaction.user.id))
        return matching((option for option, _ in as_options(own)), typed)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    await bot.add_cog(DefaultsCog(bot.services))
