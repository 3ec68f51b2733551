"""What is offered while somebody types an id of the image API's."""

from __future__ import annotations

from discord.app_commands import Choice

from bot.catalogue import Catalogue
from bot.domain.catalogue import CatalogueEntry, ModelKind


def suggestions(
    catalogue: Catalogue, kind: ModelKind, typed: str, *, prefix: str = ""
) -> list[Choice[str]]:
    """Return matching ids with their names; what was typed before the id is kept."""
    entries = catalogue.suggest(kind, typed)
    choices = [Choice(name=_label(e, prefix)[:100], value=prefix + e.id) for e in entries]
    return [choice for choice in choices if len(choice.value) <= 100]


def _label(entry: CatalogueEntry, prefix: str) -> str:
    return prefix + (entry.id if entry.name == entry.id else f"{entry.id} — {entry.name}")
