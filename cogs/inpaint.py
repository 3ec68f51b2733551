"""`/inpaint`: a part of a picture, drawn anew."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.domain.endpoint import Endpoint
from bot.domain.mask_area import MAX_PERCENT, MIN_PERCENT
from bot.domain.request import MAX_SEED, MIN_CHANGE
from bot.services import Services
from bot.ui import option_words
from bot.ui import source_words as words
from bot.ui.answers import privately
from bot.ui.job_button import HasServices
from bot.ui.mask_form import PartButton, part_form_sent
from bot.ui.option_types import Ids, ModelId, Numbers, Size, Text, YesNo, choices_of, suggest_values
from bot.ui.remixing import inpaint

Part = Literal["left", "right", "top", "bottom", "centre", "border"]

_DESCRIPTIONS = {**words.OPTIONS, **option_words.options_of(Endpoint.MASK)}


class InpaintCog(commands.Cog):
    """Asks for pictures of which only a part is drawn anew."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="inpaint", description=words.INPAINT)
    @app_commands.describe(**_DESCRIPTIONS)
    @app_commands.choices(**choices_of("scheduler", "safety_checker_type"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def inpaint(
        self,
        interaction: discord.Interaction,
        prompt: Text,
        image: discord.Attachment | None = None,
        message: Range[str, 1, 200] | None = None,
        picture: Range[int, 1, 10] | None = None,
        mask: discord.Attachment | None = None,
        area: Part | None = None,
        percent: Range[int, MIN_PERCENT, MAX_PERCENT] | None = None,
        strength: Range[float, MIN_CHANGE, 1.0] | None = None,
        negative_prompt: Text | None = None,
        model: ModelId | None = None,
        size: Size | None = None,
        samples: Range[int, 1, 4] | None = None,
        steps: Range[int, 1, 50] | None = None,
        guidance_scale: Range[float, 1, 20] | None = None,
        seed: Range[int, 0, MAX_SEED] | None = None,
        scheduler: str | None = None,
        lora_model: Ids | None = None,
        lora_strength: Numbers | None = None,
        vae: ModelId | None = None,
        clip_skip: Range[int, 1, 8] | None = None,
        enhance_prompt: YesNo | None = None,
        tomesd: YesNo | None = None,
        use_karras_sigmas: YesNo | None = None,
        safety_checker: YesNo | None = None,
        safety_checker_type: str | None = None,
    ) -> None:
        """Ask for them; the options reach the request under Discord's own names for them."""
        async with privately(interaction):
            await inpaint(interaction, self._services)

    suggest_values(inpaint)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hear of forms that choose a part: their ids know everything."""
        await part_form_sent(interaction)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.add_dynamic_items(PartButton)
    await bot.add_cog(InpaintCog(bot.services))
