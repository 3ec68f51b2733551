"""`/imagine`: 26 attributes of the image API in Discord's 25 options."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.domain.option_texts import attributes_of
from bot.domain.request import MAX_SEED
from bot.services import Services
from bot.ui.answers import privately
from bot.ui.askers import asker_of
from bot.ui.asking import ask
from bot.ui.edit_form import edit_form_sent
from bot.ui.job_button import HasServices
from bot.ui.option_types import Ids, ModelId, Numbers, Size, Text, YesNo, choices_of, suggest_values
from bot.ui.option_words import OPTIONS


class ImagineCog(commands.Cog):
    """Asks for pictures."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="imagine", description="Turn words into a picture")
    @app_commands.describe(**OPTIONS)
    @app_commands.choices(**choices_of("scheduler", "algorithm_type", "safety_checker_type"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def imagine(
        self,
        interaction: discord.Interaction,
        prompt: Text,
        negative_prompt: Text | None = None,
        model: ModelId | None = None,
        size: Size | None = None,
        samples: Range[int, 1, 4] | None = None,
        steps: Literal[21, 31, 41, 51] | None = None,
        guidance_scale: Range[float, 1, 20] | None = None,
        seed: Range[int, 0, MAX_SEED] | None = None,
        scheduler: str | None = None,
        lora_model: Ids | None = None,
        lora_strength: Numbers | None = None,
        embeddings_model: ModelId | None = None,
        vae: ModelId | None = None,
        clip_skip: Range[int, 1, 8] | None = None,
        enhance_prompt: YesNo | None = None,
        tomesd: YesNo | None = None,
        use_karras_sigmas: YesNo | None = None,
        multi_lingual: YesNo | None = None,
        panorama: YesNo | None = None,
        self_attention: YesNo | None = None,
        highres_fix: YesNo | None = None,
        algorithm_type: str | None = None,
        upscale: Literal[1, 2, 3] | None = None,
        safety_checker: YesNo | None = None,
        safety_checker_type: str | None = None,
    ) -> None:
        """Ask for pictures; the options reach the request under Discord's own names for them."""
        async with privately(interaction):
            chosen = attributes_of(dict(iter(interaction.namespace)))
            approved = await self._services.approval.compose(asker_of(interaction), chosen)
            await ask(interaction, self._services, approved)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hear of edit forms: discord.py forgets them at a restart, their ids know everything."""
        await edit_form_sent(interaction)

    suggest_values(imagine)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    await bot.add_cog(ImagineCog(bot.services))
