"""`/preset`: options and words around the prompt under a name, one's own or the server's."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.preset import MAX_NAME
from bot.domain.request import MAX_PROMPT
from bot.services import Services
from bot.speech import speaking
from bot.ui import preset_words as words
from bot.ui.answers import answer_privately, privately
from bot.ui.askers import asker_of
from bot.ui.asking import ask
from bot.ui.command_groups import group_for_everywhere
from bot.ui.job_button import HasServices
from bot.ui.presets import PresetsButton, preset_choices, show_presets

YesNo = Literal["yes", "no"]
Name = Range[str, 1, MAX_NAME]
Text = Range[str, 1, MAX_PROMPT]


class PresetsCog(commands.Cog):
    """Keeps what members would otherwise type again."""

    preset = group_for_everywhere("preset", words.GROUP)

    def __init__(self, services: Services) -> None:
        self._services = services

    @preset.command(name="save", description=words.SAVE)
    @app_commands.describe(
        name=words.NAME, text=words.TEXT, picture=words.PICTURE, server=words.FOR_SERVER
    )
    async def save(
        self,
        interaction: discord.Interaction,
        name: Name,
        text: Text | None = None,
        picture: YesNo | None = None,
        server: YesNo = "no",
    ) -> None:
        """Keep it, and answer privately."""
        async with privately(interaction):
            saved, earlier = await self._services.presets.save(
                asker_of(interaction),
                name,
                text or "",
                for_server=server == "yes",
                of_picture=picture == "yes" or text is None,
                usual=self._services.program_defaults,
            )
            await answer_privately(interaction, words.saved(saved, earlier))

    @preset.command(name="use", description=words.USE)
    @app_commands.describe(name=words.USED, prompt=words.PROMPT)
    async def use(self, interaction: discord.Interaction, name: Name, prompt: Text) -> None:
        """Ask for pictures as `/imagine` does."""
        async with privately(interaction):
            approved = await self._services.approval.compose(
                asker_of(interaction), {"prompt": prompt}, preset=name
            )
            await ask(interaction, self._services, approved)

    @preset.command(name="list", description=words.LIST)
    async def show(self, interaction: discord.Interaction) -> None:
        """Answer privately."""
        async with privately(interaction):
            await show_presets(interaction, self._services)

    @preset.command(name="delete", description=words.DELETE)
    @app_commands.describe(name=words.USED, server=words.OF_SERVER)
    async def delete(
        self, interaction: discord.Interaction, name: Name, server: YesNo = "no"
    ) -> None:
        """Take it away, and answer privately."""
        async with privately(interaction):
            deleted = await self._services.presets.delete(
                asker_of(interaction), name, for_server=server == "yes"
            )
            await answer_privately(interaction, words.deleted(deleted))

    @use.autocomplete("name")
    async def _usable(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        at_hand = await self._services.presets.at_hand(asker_of(interaction))
        with speaking(str(interaction.locale)):
            return preset_choices(at_hand, typed)

    @delete.autocomplete("name")
    async def _deletable(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        at_hand = await self._services.presets.at_hand(asker_of(interaction))
        of_server = interaction.namespace.server == "yes"
        with speaking(str(interaction.locale)):
            return preset_choices((p for p in at_hand if p.shelf.is_servers == of_server), typed)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.add_dynamic_items(PresetsButton)
    await bot.add_cog(PresetsCog(bot.services))
