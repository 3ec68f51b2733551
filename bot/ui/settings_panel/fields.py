"""The fields of forms, within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.ui.shortening import shorten

Field = discord.ui.Label[Any]
TEXT_LIMIT = 4000
_LABEL_LIMIT, _WORDS_LIMIT = 45, 100


def text_field(
    name: str,
    label: str,
    words: str = "",
    *,
    value: str = "",
    required: bool = False,
    long: bool = False,
    limit: int = TEXT_LIMIT,
) -> Field:
    """Return a field to type in."""
    style = discord.TextStyle.paragraph if long else discord.TextStyle.short
    return discord.ui.Label(
        text=shorten(label, _LABEL_LIMIT),
        description=shorten(words, _WORDS_LIMIT) or None,
        component=discord.ui.TextInput(
            custom_id=name,
            style=style,
            default=value or None,
            required=required,
            max_length=limit,
        ),
    )


def choice_field(
    name: str,
    label: str,
    options: Sequence[discord.SelectOption],
    words: str = "",
    *,
    several: bool = False,
) -> Field:
    """Return a field to choose in: one line, or any number of them."""
    return discord.ui.Label(
        text=shorten(label, _LABEL_LIMIT),
        description=shorten(words, _WORDS_LIMIT) or None,
        component=discord.ui.Select[Any](
            custom_id=name,
            options=list(options),
            required=not several,
            min_values=0 if several else 1,
            max_values=len(options) if several else 1,
        ),
    )
