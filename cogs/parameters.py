"""How a picture was made, from the menu of its message."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui import parameter_words as words
from bot.ui.answers import privately
from bot.ui.parameters import UseFoundButton, show_parameters, use_parameters


@app_commands.context_menu(name=words.SHOW)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def show(interaction: discord.Interaction, message: discord.Message) -> None:
    """Tell privately how a message's pictures were made."""
    async with privately(interaction):
        await show_parameters(interaction, message)


@app_commands.context_menu(name=words.USE)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def use(interaction: discord.Interaction, message: discord.Message) -> None:
    """Open the form with the parameters of a message's picture."""
    async with privately(interaction):
        await use_parameters(interaction, message)


async def setup(bot: commands.Bot) -> None:
    """Add the menu's entries (called by discord.py)."""
    bot.add_dynamic_items(UseFoundButton)
    bot.tree.add_command(show)
    bot.tree.add_command(use)
