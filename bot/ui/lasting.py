"""Views that work for ever: what their controls mean stands in the controls' ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Self, TypeVar, cast

import discord

Item = discord.ui.Item[Any]
V = TypeVar("V", discord.ui.View, discord.ui.LayoutView)


class NumberedButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"-:(\d+)"):
    """A button that is made from one number, which its id ends in; subclasses say what it does."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: Item, match: re.Match[str]
    ) -> Self:
        """Build the button again from its id (discord.py calls this for each press)."""
        return cast("Callable[[int], Self]", cls)(int(match[1]))


def lasting_view(*items: Item) -> discord.ui.View:
    """Return the controls below a message."""
    return _filled(discord.ui.View(timeout=None), items)


def lasting_layout(*items: Item) -> discord.ui.LayoutView:
    """Return a message made of components."""
    return _filled(discord.ui.LayoutView(timeout=None), items)


def _filled(view: V, items: Iterable[Item]) -> V:
    for item in items:
        view.add_item(item)
    view.stop()  # so that discord.py does not keep it for ever: the ids need no memory
    return view
