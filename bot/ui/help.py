"""`/help` at work."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import discord

from bot.domain.ids import DIRECT_MESSAGES
from bot.services import Services
from bot.ui import help_words
from bot.ui.answers import NO_MENTIONS
from bot.ui.askers import asker_of
from bot.ui.command_mentions import mention
from bot.ui.lasting import lasting_layout


async def show_help(interaction: discord.Interaction, services: Services) -> None:
    """Answer privately; moderators are told of their commands too."""
    asker = asker_of(interaction)
    settings = await services.guild_settings.of(asker.guild_id)
    moderates = asker.guild_id != DIRECT_MESSAGES and settings.is_moderator(asker)
    texts = _texts(interaction, services, moderates=moderates)
    view = lasting_layout(*map(discord.ui.TextDisplay[discord.ui.LayoutView], texts))
    await interaction.response.send_message(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)


def _texts(
    interaction: discord.Interaction, services: Services, *, moderates: bool
) -> Iterator[str]:
    clickable = functools.partial(mention, interaction)
    yield help_words.examples(str(services.program_defaults["model_id"]))
    yield help_words.commands(help_words.COMMANDS, help_words.FOR_MEMBERS, clickable)
    yield help_words.on_a_picture()
    if moderates:
        yield help_words.commands(help_words.MODERATORS, help_words.FOR_MODERATORS, clickable)
