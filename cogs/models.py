"""`/models` and `/loras`: what there is to draw with, with pictures; `/reload` for moderators."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.browsing import MAX_SEARCH, Selection
from bot.domain.catalogue import ModelKind
from bot.services import Services
from bot.ui.answers import privately
from bot.ui.job_button import HasServices
from bot.ui.model_press import searchable
from bot.ui.model_words import KINDS
from bot.ui.models import ModelControl, show_models
from bot.ui.reloading import reload_model
from bot.ui.suggestions import all_fitting


class ModelsCog(commands.Cog):
    """Shows what there is to draw with, and has it made ready."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="models", description="What there is to draw with, with pictures")
    @app_commands.describe(
        search="Words of its name, typing errors forgiven", kind="Models where you leave it out"
    )
    @app_commands.choices(kind=[Choice(name=label, value=kind) for kind, label in KINDS.items()])
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def models(
        self,
        interaction: discord.Interaction,
        search: Range[str, 1, MAX_SEARCH] | None = None,
        kind: str = ModelKind.MODEL.value,
    ) -> None:
        """Answer privately with pages of them."""
        await self._show(interaction, ModelKind(kind), search)

    @app_commands.command(
        name="loras", description="Styles, people and details to add to a model, with pictures"
    )
    @app_commands.describe(search="Words of its name, typing errors forgiven")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def loras(
        self, interaction: discord.Interaction, search: Range[str, 1, MAX_SEARCH] | None = None
    ) -> None:
        """Answer privately with pages of them."""
        await self._show(interaction, ModelKind.LORA, search)

    @app_commands.command(
        name="reload", description="Have a model loaded that the image service dropped for idling"
    )
    @app_commands.describe(model="Its id; loading takes the service two minutes")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def reload(self, interaction: discord.Interaction, model: Range[str, 1, 100]) -> None:
        """Ask the service for it, and say when it is there."""
        async with privately(interaction):
            await reload_model(interaction, model)

    @reload.autocomplete("model")
    async def _models(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return all_fitting(self._services, ModelKind.MODEL, typed)

    async def _show(
        self, interaction: discord.Interaction, kind: ModelKind, search: str | None
    ) -> None:
        async with privately(interaction):
            selection = Selection(kind=kind, search=searchable(search or ""))
            await show_models(interaction, self._services, selection)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.add_dynamic_items(ModelControl)
    await bot.add_cog(ModelsCog(bot.services))
