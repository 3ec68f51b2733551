"""What `/models` says: of a page, of each entry, and of what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.browsing import CataloguePage, Order
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.ui.escaping import as_code, quoted

ADULT = "🔞"
SEVERAL_LORAS = (
    "-# Several go together, separated by commas, each as strong as you like: "
    "`lora_model:one,two lora_strength:0.8,0.5`"
)
NO_LIST_YET = "I have no list of models yet. Try again in a minute; `/imagine` works all the same."
EVERY_CATEGORY = "Every category"
BACK, ON = "Back", "On"

KINDS: Mapping[ModelKind, str] = {
    ModelKind.MODEL: "Models",
    ModelKind.LORA: "LoRAs",
    ModelKind.EMBEDDING: "Embeddings",
}
ORDERS: Mapping[Order, str] = {
    Order.HERE: "Most used in this server",
    Order.SERVICE: "Most used at the image service",
    Order.NAME: "By name",
}
_OPTIONS: Mapping[ModelKind, str] = {
    ModelKind.MODEL: "model",
    ModelKind.LORA: "lora_model",
    ModelKind.EMBEDDING: "embeddings_model",
}
_NAME, _ABOUT, _TRIGGER, _CATEGORY = 80, 240, 60, 40


def heading(page: CataloguePage) -> str:
    """Return what stands above the entries."""
    wanted = page.selection
    title = f"## {KINDS[wanted.kind]}"
    if wanted.search:
        title += f" like “{quoted(wanted.search, 100)}”"
    count = "nothing fits" if not page.total else f"{page.total} of them"
    place = f" · page {page.number + 1} of {page.pages}" if page.pages > 1 else ""
    return f"{title}\n-# {count}{place}"


def entry(each: CatalogueEntry, uses_here: int) -> str:
    """Return an entry: its name, its id to copy, what it is, and how much it is used."""
    mark = f"{ADULT} " if each.nsfw else ""
    lines = [f"**{mark}{quoted(each.name, _NAME)}** {as_code(each.id, 100)}"]
    if each.description:
        lines.append(quoted(" ".join(each.description.split()), _ABOUT))
    lines.append(f"-# {' · '.join(_facts(each, uses_here))}")
    return "\n".join(lines)


def _facts(each: CatalogueEntry, uses_here: int) -> Iterator[str]:
    if each.category:
        yield quoted(category_label(each.category), _CATEGORY)
    if uses_here:
        yield f"used {times(uses_here)} here in the last month"
    yield f"{times(each.uses)} at the service"
    if each.trigger:
        yield f"listens to “{quoted(each.trigger, _TRIGGER)}”"


def times(number: int) -> str:
    """Return how often, short."""
    for size, letter in ((1_000_000, "M"), (1000, "k")):
        if number >= size:
            return f"{number / size:.3g}{letter} times"
    return "once" if number == 1 else f"{number} times"


def footing(page: CataloguePage, imagine: str) -> str:
    """Return what stands below the entries; `imagine` is the command as it can be clicked."""
    lines = [f"-# To draw with one, copy its id into {imagine} `{_OPTIONS[page.selection.kind]}:`"]
    if page.selection.kind is ModelKind.LORA:
        lines.append(SEVERAL_LORAS)
    if page.hidden:
        lines.append(f"-# {ADULT} {page.hidden} more are shown in age-restricted channels only.")
    return "\n".join(lines)


def category_label(category: str) -> str:
    """Return the service's word for a category as people would write it."""
    return category.replace("_", " ").strip() or category
