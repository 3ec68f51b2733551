"""What is offered while somebody types an id of the image API's."""

from __future__ import annotations

from collections.abc import Iterable

import discord
from discord.app_commands import Choice

from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.services import Services
from bot.ui.askers import asker_of
from bot.ui.model_words import ADULT

_LONGEST = 100
"""Discord's limit of a choice's name and of its value."""


async def offered(
    interaction: discord.Interaction, services: Services, kind: ModelKind, typed: str
) -> list[Choice[str]]:
    """Return the ids that fit, for this member at this place."""
    return _choices(await services.offers.suggest(asker_of(interaction), kind, typed))


async def offered_in_list(
    interaction: discord.Interaction, services: Services, kind: ModelKind, typed: str
) -> list[Choice[str]]:
    """Complete the last of several ids, separated by commas, and keep those before it."""
    before, comma, last = typed.rpartition(",")
    chosen = {each.strip() for each in before.split(",")}
    entries = await services.offers.suggest(asker_of(interaction), kind, last, besides=chosen)
    return _choices(entries, before + comma)


def all_fitting(services: Services, kind: ModelKind, typed: str) -> list[Choice[str]]:
    """Return the ids that fit, for moderators: they decide about what others are not shown."""
    return _choices(services.catalogue.suggest(kind, typed))


def _choices(entries: Iterable[CatalogueEntry], before: str = "") -> list[Choice[str]]:
    return [
        Choice(name=_label(entry, before), value=before + entry.id)
        for entry in entries
        if len(before + entry.id) <= _LONGEST
    ]


def _label(entry: CatalogueEntry, before: str) -> str:
    """Name an entry; of what stands before it in a long list, the end makes room first."""
    label = entry.id if entry.name == entry.id else f"{entry.id} — {entry.name}"
    if entry.nsfw:
        label = f"{ADULT} {label}"
    room = _LONGEST - len(label)
    if len(before) > room:
        before = f"{before[: room - 2]}…," if room > 2 else ""
    return (before + label)[:_LONGEST]
