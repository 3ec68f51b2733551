"""The panel: one private message, built anew from the store after every press."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence

import discord
from discord.ui.select import BaseSelect

from bot.domain.guild_settings import SERVER
from bot.speech import _
from bot.ui.settings_panel import limits, models, moderation, prompt_rules, safety, who
from bot.ui.settings_panel.press import Section
from bot.ui.settings_panel.sheet import Block, Item, Sheet, button
from bot.ui.settings_panel.spot import Control, Spot
from bot.ui.shortening import shorten

SECTIONS: Mapping[str, Section] = {
    "safety": safety.SECTION,
    "who": who.SECTION,
    "limits": limits.SECTION,
    "models": models.SECTION,
    "rules": prompt_rules.SECTION,
    "moderation": moderation.SECTION,
}
FIRST = Spot("safety")
GO = "go"

_PAGE_LIMIT = 3900
"""Discord takes 4000 characters, all texts of a message together."""

_BLOCK_LIMIT, _NOTICE_LIMIT = 700, 900
"""So that the page with the most blocks, their hints and a notice stay within that."""

_IN_ROW = 3


class Layout(discord.ui.LayoutView):
    """A message of texts and controls; nothing is kept in memory for it."""

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        for control in self.walk_children():
            if isinstance(control, discord.ui.Button | BaseSelect):
                control.id = _number(control.custom_id or "")
        self.stop()  # so that discord.py does not keep it: the controls need no memory


def _number(custom_id: str) -> int:
    """Return a number for a control.

    Discord would number it by its position, and a page that shows the message could take it for
    the one that stood there before, with what was chosen in that.
    """
    return 1000 + zlib.crc32(custom_id.encode()) // 2


def panel_view(sheet: Sheet, notice: str | None = None) -> Layout:
    """Return the panel at a spot; `notice` tells of what was just done."""
    panel = discord.ui.Container[Layout](accent_colour=discord.Colour.blurple())
    for item in _navigation(sheet):
        panel.add_item(item)
    below_heading = True
    for block in SECTIONS[sheet.spot.section].blocks(sheet):
        if not below_heading:
            panel.add_item(discord.ui.Separator())
        below_heading = block.is_heading
        for item in _items(block):
            panel.add_item(item)
    items: list[Item] = [panel]
    if notice:
        items.append(discord.ui.TextDisplay(shorten(notice, _NOTICE_LIMIT)))
    return Layout(items)


def summaries(sheet: Sheet, title: str) -> Iterator[Layout]:
    """Yield what is set, section by section, in as many messages as it takes."""
    texts = [title]
    for section in SECTIONS.values():
        text = _summary(section, sheet)
        if sum(map(len, texts)) + len(text) > _PAGE_LIMIT:
            yield _page(texts)
            texts = []
        texts.append(text)
    yield _page([*texts, _("-# `/settings panel` changes it.")])


def _summary(section: Section, sheet: Sheet) -> str:
    blocks = [block.text for block in section.blocks(sheet) if block.text]
    return shorten("\n".join([f"### {section.emoji} {_(section.title)}", *blocks]), _PAGE_LIMIT)


def _page(texts: Sequence[str]) -> Layout:
    page = discord.ui.Container[Layout](*map(discord.ui.TextDisplay[Layout], texts))
    return Layout([page])


def _navigation(sheet: Sheet) -> Iterator[Item]:
    yield discord.ui.TextDisplay(f"## ⚙️ {_('Settings of this server')}")
    names = list(SECTIONS)
    for start in range(0, len(names), _IN_ROW):
        row = discord.ui.ActionRow[Layout]()
        for name in names[start : start + _IN_ROW]:
            row.add_item(_door(name, is_here=name == sheet.spot.section, drawn_ms=sheet.drawn_ms))
        yield row
    yield discord.ui.Separator()


def _door(name: str, *, is_here: bool, drawn_ms: int) -> Item:
    style = discord.ButtonStyle.primary if is_here else discord.ButtonStyle.secondary
    section = SECTIONS[name]
    custom_id = Control(GO, Spot(name, SERVER)).custom_id(drawn_ms=drawn_ms)
    return button(custom_id, _(section.title), emoji=section.emoji, style=style)


def _items(block: Block) -> Iterator[Item]:
    lines = [shorten(block.text, _BLOCK_LIMIT), block.hint]
    if any(lines):
        yield discord.ui.TextDisplay("\n".join(filter(None, lines)))
    for row in block.rows:
        yield discord.ui.ActionRow(*row)
