"""What is offered while somebody types an id of the image API's."""

from __future__ import annotations

from discord.app_commands import Choice

from bot.catalogue import Catalogue
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.ui.escaping import plain

CHOICE_LIMIT = 100


def suggestions(
    catalogue: Catalogue, kind: ModelKind, typed: str, *, prefix: str = ""
) -> list[Choice[str]]:
    """Return matching ids with their names; what was typed before the id is kept."""
    entries = catalogue.suggest(kind, typed)
    choices = [
        Choice(name=plain(_label(e, prefix), CHOICE_LIMIT), value=prefix + e.id) for e in entries
    ]
    return [choice for choice in choices if len(choice.value) <= CHOICE_LIMIT]


def _label(entry: CatalogueEntry, prefix: str) -> str:
    return prefix + (entry.id if entry.name == entry.id else f"{entry.id} — {entry.name}")
