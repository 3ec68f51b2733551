"""Makes members' text harmless inside a message, and cuts it without breaking it."""

from __future__ import annotations

import re
import unicodedata

_MARKUP = re.compile(r"([\\*_~|`\[\]>#])")
_ZERO_WIDTH_SPACE = "\u200b"
_ELLIPSIS = "…"
_JOINER = "\u200d"
_EMOJI_PARTS = re.compile("[\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""Joiner, skin tones, and the letters of a region's flag."""

_HALF_FLAGS_BEFORE = re.compile("[\U0001f1e6-\U0001f1ff]*$")


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
    while end > 0 and _splits_a_sign(text, end):
        end -= 1
    space = text.rfind(" ", end - 30, end)
    return text[: space if space > 0 else end].rstrip() + _ELLIPSIS


def _splits_a_sign(text: str, end: int) -> bool:
    """Tell whether a cut before `end` goes through what a reader sees as one sign."""
    after = text[end]
    if text[end - 1] == _JOINER or _EMOJI_PARTS.match(after):
        return True
    if unicodedata.category(after) in {"Mn", "Me"}:  # accents, variation selectors, keycaps
        return True
    is_half_flag = "\U0001f1e6" <= after <= "\U0001f1ff"
    return is_half_flag and len(_HALF_FLAGS_BEFORE.findall(text[:end])[0]) % 2 == 1


def quoted(text: str, limit: int) -> str:
    """Return member's text, shortened and harmless, within `limit` characters as sent."""
    room = limit
    shown = harmless(shorten(text, room))
    while len(shown) > limit:
        room = room * limit // (len(shown) + 1)
        shown = harmless(shorten(text, room))
    return shown


def as_code(text: str, limit: int) -> str:
    """Return member's text as a code span, where a backslash would show and escapes nothing."""
    plain = shorten(text, limit).replace("`", "'")
    return f"`{plain.replace('@', f'@{_ZERO_WIDTH_SPACE}').replace('<', f'<{_ZERO_WIDTH_SPACE}')}`"
