"""Views that work for ever: what their controls mean stands in the controls' ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import discord

Item = discord.ui.Item[Any]
V = TypeVar("V", discord.ui.View, discord.ui.LayoutView)


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
