"""The types of options that several commands have, and what is offered while they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bot.domain.catalogue import ModelKind
from bot.domain.parameters import AlgorithmType, SafetyCheckerType, Scheduler
from bot.domain.request import MAX_PROMPT
from bot.domain.size import NAMED_SIZES
from bot.ui.job_button import services_of
from bot.ui.suggestions import offered, offered_in_list

YesNo = Literal["yes", "no"]
Text = Range[str, 1, MAX_PROMPT]
ModelId = Range[str, 1, 100]
Size = Range[str, 1, 20]
Ids = Range[str, 1, 800]
Numbers = Range[str, 1, 100]

_CHOICES: dict[str, Sequence[str]] = {
    "scheduler": tuple(Scheduler),
    "algorithm_type": tuple(AlgorithmType),
    "safety_checker_type": tuple(SafetyCheckerType),
}


def choices_of(*options: str) -> dict[str, list[Choice[str]]]:
    """Return the values of options that take one of a few."""
    return {name: [Choice(name=v, value=v) for v in _CHOICES[name]] for name in options}


def suggest_values(command: app_commands.Command[Any, ..., None]) -> None:
    """Offer values while an option is typed, for each that the command has."""
    for name, offer in _OFFERS.items():
        if command.get_parameter(name) is not None:
            command.autocomplete(name)(offer)


async def _sizes(_: discord.Interaction, current: str) -> list[Choice[str]]:
    wanted = current.strip().lower()
    return [
        Choice(name=f"{name} ({size})", value=name)
        for name, size in NAMED_SIZES.items()
        if wanted in name or wanted in str(size)
    ]


async def _models(interaction: discord.Interaction, current: str) -> list[Choice[str]]:
    return await offered(interaction, services_of(interaction), ModelKind.MODEL, current)


async def _embeddings(interaction: discord.Interaction, current: str) -> list[Choice[str]]:
    return await offered(interaction, services_of(interaction), ModelKind.EMBEDDING, current)


async def _loras(interaction: discord.Interaction, current: str) -> list[Choice[str]]:
    return await offered_in_list(interaction, services_of(interaction), ModelKind.LORA, current)


_OFFERS = {
    "size": _sizes,
    "model": _models,
    "embeddings_model": _embeddings,
    "lora_model": _loras,
}
