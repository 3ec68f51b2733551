"""What is offered while somebody types an id of the image API's, or another option's value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import discord
from discord.app_commands import Choice

from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.services import Services
from bot.ui.askers import asker_of
from bot.ui.escaping import plain
from bot.ui.model_words import ADULT, OPTIONS

MOST = 25
"""As many as Discord shows."""

_KINDS: Mapping[str, ModelKind] = {option: kind for kind, option in OPTIONS.items()}

_LONGEST = 100
"""Discord's limit of a choice's name and of its value."""


async def offered(
    interaction: discord.Interaction, services: Services, kind: ModelKind, typed: str
) -> list[Choice[str]]:
    """Return the ids that fit, for this member at this place."""
    if not services.approval.abilities.knows(OPTIONS[kind]):
        return []
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
    return plain(before + label, _LONGEST)


async def offered_values(
    interaction: discord.Interaction, services: Services, option: str, typed: str
) -> list[Choice[str]]:
    """Return what this member can give for an option of `/imagine` at this place."""
    if option not in _KINDS:
        return matching(services.approval.abilities.values_of(option), typed)
    offer = offered_in_list if option == "lora_model" else offered
    return await offer(interaction, services, _KINDS[option], typed)


def all_values(services: Services, option: str, typed: str) -> list[Choice[str]]:
    """Return what can be given for an option at all, for moderators."""
    abilities = services.approval.abilities
    if option in _KINDS and abilities.knows(option):
        return all_fitting(services, _KINDS[option], typed)
    return matching(abilities.values_of(option), typed)


def matching(values: Iterable[str], typed: str) -> list[Choice[str]]:
    """Return those of some values that contain what was typed."""
    wanted = typed.strip().casefold()
    return [Choice(name=v, value=v) for v in values if wanted in v.casefold()][:MOST]
