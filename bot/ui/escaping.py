"""Makes members' text harmless inside a message, and cuts it without breaking it."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\*_~|`\[\]>#])")
_ZERO_WIDTH_SPACE = "\u200b"
_ELLIPSIS = "…"
_JOINERS = frozenset("\u200d\ufe0f")


def harmless(text: str) -> str:
    """Return text that shows as it was typed: no markdown, mention, emoji code or timestamp.

    Brackets like `((this))` stay as they are; they are the models' weights.
    """
    escaped = _MARKUP.sub(r"\\\1", text)
    return escaped.replace("@", f"@{_ZERO_WIDTH_SPACE}").replace("<", f"<{_ZERO_WIDTH_SPACE}")


def shorten(text: str, limit: int) -> str:
    """Cut text to `limit` characters, at a space where one is near, never inside an emoji."""
    if len(text) <= limit:
        return text
    end = limit - len(_ELLIPSIS)
    while end > 0 and (text[end] in _JOINERS or text[end - 1] in _JOINERS):
        end -= 1
    space = text.rfind(" ", end - 30, end)
    return text[: space if space > 0 else end].rstrip() + _ELLIPSIS


def quoted(text: str, limit: int) -> str:
    """Return member's text, shortened and harmless, within `limit` characters as sent."""
    room = limit
    shown = harmless(shorten(text, room))
    while len(shown) > limit:
        room = room * limit // (len(shown) + 1)
        shown = harmless(shorten(text, room))
    return shown
