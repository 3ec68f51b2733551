"""What is offered while somebody types an id of the image API's, or another option's value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discord.app_commands import Choice

from bot.catalogue import Catalogue
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.option_texts import VALUES

MOST = 25
"""As many as Discord shows."""

_KINDS: Mapping[str, ModelKind] = {
    "model": ModelKind.MODEL,
    "lora_model": ModelKind.LORA,
    "embeddings_model": ModelKind.EMBEDDING,
}


def suggestions(
    catalogue: Catalogue, kind: ModelKind, typed: str, *, prefix: str = ""
) -> list[Choice[str]]:
    """Return matching ids with their names; what was typed before the id is kept."""
    entries = catalogue.suggest(kind, typed)
    choices = [Choice(name=_label(e, prefix)[:100], value=prefix + e.id) for e in entries]
    return [choice for choice in choices if len(choice.value) <= 100]


def value_suggestions(catalogue: Catalogue, option: str, typed: str) -> list[Choice[str]]:
    """Return what can be given for an option of `/imagine`; of several LoRAs, for the last one."""
    if option not in _KINDS:
        return matching(VALUES.get(option, ()), typed)
    before, comma, last = typed.rpartition(",") if option == "lora_model" else ("", "", typed)
    return suggestions(catalogue, _KINDS[option], last, prefix=before + comma)


def matching(values: Iterable[str], typed: str) -> list[Choice[str]]:
    """Return those of some values that contain what was typed."""
    wanted = typed.strip().casefold()
    return [Choice(name=v, value=v) for v in values if wanted in v.casefold()][:MOST]


def _label(entry: CatalogueEntry, prefix: str) -> str:
    return prefix + (entry.id if entry.name == entry.id else f"{entry.id} — {entry.name}")
