"""`/remix`: a picture turned into another one; and the entry in a picture's menu."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.domain.endpoint import Endpoint
from bot.domain.request import MAX_SEED, MIN_CHANGE
from bot.services import Services
from bot.ui import option_words
from bot.ui import source_words as words
from bot.ui.answers import privately
from bot.ui.button_rows import REMIX
from bot.ui.job_button import HasServices, services_of
from bot.ui.option_types import Ids, ModelId, Numbers, Size, Text, YesNo, choices_of, suggest_values
from bot.ui.picking import pick_and_ask
from bot.ui.remixing import open_form_for_message, remix

_OWN = ("image", "message", "picture", "strength")
_DESCRIPTIONS = {
    **{name: words.OPTIONS[name] for name in _OWN},
    **option_words.options_of(Endpoint.PICTURE),
}


class RemixCog(commands.Cog):
    """Asks for pictures that start from a picture."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="remix", description=words.REMIX)
    @app_commands.describe(**_DESCRIPTIONS)
    @app_commands.choices(**choices_of("scheduler", "algorithm_type", "safety_checker_type"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def remix(
        self,
        interaction: discord.Interaction,
        prompt: Text,
        image: discord.Attachment | None = None,
        message: Range[str, 1, 200] | None = None,
        picture: Range[int, 1, 10] | None = None,
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
        algorithm_type: str | None = None,
        safety_checker: YesNo | None = None,
        safety_checker_type: str | None = None,
    ) -> None:
        """Ask for them; the options reach the request under Discord's own names for them."""
        async with privately(interaction):
            await remix(interaction, self._services)

    suggest_values(remix)


@app_commands.context_menu(name=words.REMIX_THIS)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def remix_this(interaction: discord.Interaction, message: discord.Message) -> None:
    """Open the form for a picture that starts from this one."""
    async with privately(interaction):
        job = await open_form_for_message(interaction, services_of(interaction), message)
        if job is not None:
            await pick_and_ask(interaction, job, REMIX)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    bot.tree.add_command(remix_this)
    await bot.add_cog(RemixCog(bot.services))
