"""What `/models` says: of a page, of each entry, and of what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.browsing import CataloguePage, Order
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.speech import N_, _, labelled, ngettext, number, roughly
from bot.ui.escaping import as_code, quoted

ADULT = "🔞"
SEVERAL_LORAS = N_(
    "Several go together, separated by commas, each as strong as you like: "
    "`lora_model:one,two lora_strength:0.8,0.5`"
)
NO_LIST_YET = N_(
    "I have no list of models yet. Try again in a minute; `/imagine` works all the same."
)
EVERY_CATEGORY = N_("Every category")
BACK, ON = N_("Back"), N_("Next")

KINDS: Mapping[ModelKind, str] = {
    ModelKind.MODEL: N_("Models"),
    ModelKind.LORA: N_("LoRAs"),
    ModelKind.EMBEDDING: N_("Embeddings"),
}
ORDERS: Mapping[Order, str] = {
    Order.HERE: N_("Most used in this server"),
    Order.SERVICE: N_("Most used at the image service"),
    Order.NAME: N_("By name"),
}
OPTIONS: Mapping[ModelKind, str] = {
    ModelKind.MODEL: "model",
    ModelKind.LORA: "lora_model",
    ModelKind.EMBEDDING: "embeddings_model",
}
_NAME, _ABOUT, _TRIGGER, _CATEGORY = 80, 240, 60, 40


def heading(page: CataloguePage) -> str:
    """Return what stands above the entries."""
    wanted = page.selection
    title = f"## {_(KINDS[wanted.kind])}"
    if wanted.search:
        title = labelled(title, f"“{quoted(wanted.search, 100)}”")
    facts = [_("{count} of them", count=number(page.total)) if page.total else _("nothing fits")]
    if page.pages > 1:
        place = _("page {page} of {pages}", page=number(page.number + 1), pages=number(page.pages))
        facts.append(place)
    return f"{title}\n-# {' · '.join(facts)}"


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
        yield _("used here in the last month: {count}", count=roughly(uses_here))
    yield _("used at the service: {count}", count=roughly(each.uses))
    if each.trigger:
        yield _("listens to “{trigger}”", trigger=quoted(each.trigger, _TRIGGER))


def footing(page: CataloguePage, imagine: str) -> str:
    """Return what stands below the entries; `imagine` is the command as it can be clicked."""
    option = f"`{OPTIONS[page.selection.kind]}:`"
    lines = [
        _("To draw with one, copy its id into {command} {option}", command=imagine, option=option)
    ]
    if page.selection.kind is ModelKind.LORA:
        lines.append(_(SEVERAL_LORAS))
    if page.hidden:
        lines.append(f"{ADULT} {_hidden(page.hidden)}")
    return "\n".join(f"-# {line}" for line in lines)


def _hidden(entries: int) -> str:
    return ngettext(
        "{count} more is shown in age-restricted channels only.",
        "{count} more are shown in age-restricted channels only.",
        entries,
    )


def category_label(category: str) -> str:
    """Return the service's word for a category as people would write it."""
    return category.replace("_", " ").strip() or category
