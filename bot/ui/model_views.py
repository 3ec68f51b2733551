"""How `/models` looks: a section an entry with its picture beside it, and menus below.

Components V2. Five entries, four rows of controls and the texts around them are 35 components of
the 40 that Discord allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord

from bot.domain.abilities import Abilities
from bot.domain.browsing import CataloguePage, category_key
from bot.domain.catalogue import CatalogueEntry
from bot.speech import _
from bot.ui import model_words
from bot.ui.lasting import lasting_layout
from bot.ui.links import picture_link
from bot.ui.model_press import EVERY_CATEGORY, Act, Press
from bot.ui.shortening import shorten

Item = discord.ui.Item[Any]

_MOST_CATEGORIES = 24
"""One less than a menu's options, for all of them."""

_LABEL = 100


def page_view(page: CataloguePage, abilities: Abilities, imagine: str) -> discord.ui.LayoutView:
    """Return a page; `imagine` is the command as it can be clicked."""
    return lasting_layout(
        discord.ui.TextDisplay(model_words.heading(page)),
        *(_entry(each, page.uses_here.get(each.id, 0)) for each in page.entries),
        discord.ui.TextDisplay(model_words.footing(page, imagine)),
        *(discord.ui.ActionRow(*row) for row in _controls(page, abilities)),
    )


def _entry(each: CatalogueEntry, uses_here: int) -> Item:
    text = model_words.entry(each, uses_here)
    link = picture_link(each.screenshot)
    if link is None:
        return discord.ui.TextDisplay(text)
    picture = discord.ui.Thumbnail[Any](
        link, description=shorten(each.name, _LABEL) or None, spoiler=each.nsfw
    )
    return discord.ui.Section(text, accessory=picture)


def _controls(page: CataloguePage, abilities: Abilities) -> Iterator[list[Item]]:
    if page.pages > 1:
        yield [
            _button(page, Act.BACK, page.number - 1, _(model_words.BACK), "⏪"),
            _button(page, Act.ON, page.number + 1, _(model_words.ON), "⏩"),
        ]
    wanted = page.selection
    kinds = {
        kind: _(label)
        for kind, label in model_words.KINDS.items()
        if abilities.knows(model_words.OPTIONS[kind]) or kind is wanted.kind
    }
    yield [_menu(page, Act.KIND, kinds, wanted.kind)]
    categories = {EVERY_CATEGORY: _(model_words.EVERY_CATEGORY)}
    for each in page.categories[:_MOST_CATEGORIES]:
        categories[category_key(each)] = model_words.category_label(each)
    if len(categories) > 2 or wanted.category:
        yield [_menu(page, Act.CATEGORY, categories, wanted.category or EVERY_CATEGORY)]
    if not wanted.search:
        orders = {each: _(model_words.ORDERS[each]) for each in page.orders}
        yield [_menu(page, Act.ORDER, orders, wanted.order)]


def _button(page: CataloguePage, act: Act, number: int, label: str, emoji: str) -> Item:
    leads_on = 0 <= number < page.pages
    press = Press(act, page.selection, number if leads_on else page.number)
    return discord.ui.Button(
        label=label, emoji=emoji, disabled=not leads_on, custom_id=press.custom_id
    )


def _menu(page: CataloguePage, act: Act, labels: Any, chosen: str) -> Item:
    options = [
        discord.SelectOption(label=shorten(label, _LABEL), value=value, default=value == chosen)
        for value, label in labels.items()
    ]
    return discord.ui.Select(custom_id=Press(act, page.selection).custom_id, options=options)
