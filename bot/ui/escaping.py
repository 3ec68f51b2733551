"""Makes members' text harmless inside a message, and cuts it without breaking it."""

from __future__ import annotations

import re

import regex

from bot.domain.request import clean_text
from bot.ui.shortening import shorten

_MARKUP = re.compile(r"([\\*_~|`\[\]>#])")
_BEGINS_A_LIST = re.compile(r"\A(\d*)([-+.)])(?=\s)")
_ZERO_WIDTH_SPACE = "\u200b"
_LINES = re.compile("[\u2028\u2029]")
_TOO_MANY_MARKS = regex.compile(r"(\p{M}{4})\p{M}+")
"""No script stacks so many on a letter; what does is made to run over other people's lines."""

_ACTS = re.compile(r"[@<]|:(?=//)|discord(?:app)?(?=\.)", re.IGNORECASE)
"""After these comes what Discord makes into mentions, emoji, moments, links and invitations."""


def harmless(text: str) -> str:
    """Return text that shows as it was typed, in one line: nothing in it is more than letters.

    Brackets like `((this))` stay as they are; they are the models' weights.
    """
    escaped = _MARKUP.sub(r"\\\1", _legible(text))
    return _inert(_BEGINS_A_LIST.sub(r"\1\\\2", escaped))


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
    shown = shorten(_legible(text), limit).replace("`", "'")
    return f"`{_inert(shown) or ' '}`"


def plain(text: str, limit: int) -> str:
    """Return member's text for where Discord shows it without markdown: choices, menus, charts."""
    return shorten(_legible(text), limit)


def _legible(text: str) -> str:
    """Return text in one line, without what turns or covers the letters around it."""
    return _TOO_MANY_MARKS.sub(r"\1", _LINES.sub(" ", clean_text(text)))


def _inert(text: str) -> str:
    """Break what Discord would act on, by a sign that does not show."""
    return _ACTS.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", text)
