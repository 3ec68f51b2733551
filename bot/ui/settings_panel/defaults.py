"""From what a moderator types for an option's default to the attributes that are stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.option_texts import as_options, attributes_of, option_of
from bot.domain.request_defaults import DEFAULTABLE
from bot.errors import InvalidRequest, Problem
from bot.speech import _

OPTIONS = tuple(dict.fromkeys(map(option_of, DEFAULTABLE)))
"""The options of `/imagine` that can have a default."""


def with_default(
    defaults: Mapping[str, Any] | None, option: str, text: str
) -> dict[str, Any] | None:
    """Return the defaults with one option's changed; "" takes it away.

    Raises:
        InvalidRequest: there is no such option, or it cannot be read; limits are checked later.
    """
    if option not in OPTIONS:
        raise InvalidRequest([Problem("option", _("is not one that can have a default"))])
    kept = {name: value for name, value in (defaults or {}).items() if option_of(name) != option}
    text = text.strip()
    return {**kept, **(attributes_of({option: text}) if text else {})} or None


def default_of(defaults: Mapping[str, Any] | None, option: str) -> str:
    """Return an option's default as one would type it, "" where there is none."""
    return dict(as_options(defaults or {})).get(option, "")
