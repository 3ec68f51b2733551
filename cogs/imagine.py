"""`/imagine`: 26 attributes of the image API in Discord's 25 options."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.catalogue import ModelKind
from bot.domain.option_texts import attributes_of
from bot.domain.parameters import AlgorithmType, SafetyCheckerType, Scheduler
from bot.domain.request import MAX_PROMPT, MAX_SEED
from bot.domain.size import NAMED_SIZES
from bot.services import Services
from bot.ui.answers import privately
from bot.ui.askers import asker_of
from bot.ui.asking import ask
from bot.ui.edit_form import edit_form_sent
from bot.ui.job_button import HasServices
from bot.ui.suggestions import offered, offered_in_list

YesNo = Literal["yes", "no"]
Text = Range[str, 1, MAX_PROMPT]
ModelId = Range[str, 1, 100]

_DESCRIPTIONS = {
    "prompt": "What the picture should show",
    "negative_prompt": "What it should not show",
    "model": "The model that draws; type to search, or give the id of your own",
    "size": "square, portrait, landscape, wide, or WIDTHxHEIGHT (256 to 1024, steps of 8)",
    "samples": "How many pictures",
    "steps": "How long it refines: more steps, more detail, more time",
    "guidance_scale": "How closely it follows the prompt: 1 loosely, 20 strictly; 7.5 is usual",
    "seed": "The same seed and options give the same picture again",
    "scheduler": "The method that removes the noise",
    "lora_model": "One or several LoRAs, separated by commas",
    "lora_strength": "How strong the LoRAs are: one number, or one for each, separated by commas",
    "embeddings_model": "An embedding (textual inversion) to use",
    "vae": "The id of a custom VAE",
    "clip_skip": "How many of the text encoder's last layers to skip",
    "enhance_prompt": "Let the service add words that make pictures better",
    "tomesd": "Draw faster by merging similar parts",
    "use_karras_sigmas": "Spread the noise levels after Karras; usually nicer",
    "multi_lingual": "Translate the prompt; left out: where it is plainly not in English",
    "panorama": "Draw a wide panorama",
    "self_attention": "Higher quality, takes longer",
    "highres_fix": "Refine large pictures in a second pass",
    "algorithm_type": "Solver variant; only with DPMSolverMultistepScheduler",
    "upscale": "Enlarge the finished picture so many times",
    "safety_checker": "Hide pictures that are not safe for work",
    "safety_checker_type": "What a hidden picture looks like",
}


class ImagineCog(commands.Cog):
    """Asks for pictures."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="imagine", description="Turn words into a picture")
    @app_commands.describe(**_DESCRIPTIONS)
    @app_commands.choices(
        scheduler=[Choice(name=each, value=each) for each in Scheduler],
        algorithm_type=[Choice(name=each, value=each) for each in AlgorithmType],
        safety_checker_type=[Choice(name=each, value=each) for each in SafetyCheckerType],
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def imagine(
        self,
        interaction: discord.Interaction,
        prompt: Text,
        negative_prompt: Text | None = None,
        model: ModelId | None = None,
        size: Range[str, 1, 20] | None = None,
        samples: Range[int, 1, 4] | None = None,
        steps: Literal[21, 31, 41, 51] | None = None,
        guidance_scale: Range[float, 1, 20] | None = None,
        seed: Range[int, 0, MAX_SEED] | None = None,
        scheduler: str | None = None,
        lora_model: Range[str, 1, 800] | None = None,
        lora_strength: Range[str, 1, 100] | None = None,
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

    @imagine.autocomplete("size")
    async def _sizes(self, _: discord.Interaction, current: str) -> list[Choice[str]]:
        wanted = current.strip().lower()
        return [
            Choice(name=f"{name} ({size})", value=name)
            for name, size in NAMED_SIZES.items()
            if wanted in name or wanted in str(size)
        ]

    @imagine.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, current: str) -> list[Choice[str]]:
        return await offered(interaction, self._services, ModelKind.MODEL, current)

    @imagine.autocomplete("embeddings_model")
    async def _embeddings(
        self, interaction: discord.Interaction, current: str
    ) -> list[Choice[str]]:
        return await offered(interaction, self._services, ModelKind.EMBEDDING, current)

    @imagine.autocomplete("lora_model")
    async def _loras(self, interaction: discord.Interaction, current: str) -> list[Choice[str]]:
        return await offered_in_list(interaction, self._services, ModelKind.LORA, current)


async def setup(bot: commands.Bot) -> None:
    """Add the cog (called by discord.py)."""
    assert isinstance(bot, HasServices)  # noqa: S101
    await bot.add_cog(ImagineCog(bot.services))
