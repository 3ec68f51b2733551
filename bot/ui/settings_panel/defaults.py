"""From what a moderator types for an option's default to the attributes that are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.parameters import AlgorithmType, Scheduler
from bot.domain.request import OPTION_OF, RULES, GenerationRequest
from bot.domain.request_defaults import DEFAULTABLE
from bot.domain.size import NAMED_SIZES
from bot.errors import InvalidRequest, Problem
from bot.ui.options import attributes_of
from bot.ui.wording import shown

OPTIONS = tuple(dict.fromkeys(OPTION_OF.get(name, name) for name in DEFAULTABLE))
"""The options of `/imagine` that can have a default."""

_YES_NO = frozenset(
    name for name, each in GenerationRequest.model_fields.items() if each.annotation is bool
)

VALUES: Mapping[str, tuple[str, ...]] = {
    "size": tuple(NAMED_SIZES),
    "samples": ("1", "2", "3", "4"),
    "steps": ("21", "31", "41", "51"),
    "scheduler": tuple(Scheduler),
    "algorithm_type": tuple(AlgorithmType),
    "upscale": ("1", "2", "3"),
    **dict.fromkeys(_YES_NO, ("yes", "no")),
}
"""What can be given for an option that takes one of a few values."""


def with_default(
    defaults: Mapping[str, Any] | None, option: str, text: str
) -> dict[str, Any] | None:
    """Return the defaults with one option's changed; "" takes it away.

    Raises:
        InvalidRequest: there is no such option, or it cannot be read; limits are checked later.
    """
    if option not in OPTIONS:
        raise InvalidRequest([Problem("option", "is not one that can have a default")])
    kept = {n: v for n, v in (defaults or {}).items() if OPTION_OF.get(n, n) != option}
    return {**kept, **_read(option, text.strip())} or None


def default_of(defaults: Mapping[str, Any] | None, option: str) -> str:
    """Return an option's default as one would type it, "" where there is none."""
    return dict(as_options(defaults or {})).get(option, "")


def as_options(defaults: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield defaults by the names of the options that `/imagine` has, as one would type them."""
    for name, value in defaults.items():
        if name == "width":
            yield "size", f"{value}x{defaults.get('height', value)}"
        elif name != "height":
            yield OPTION_OF.get(name, name), shown(value)


def _read(option: str, text: str) -> Mapping[str, Any]:
    if not text:
        return {}
    if option in _YES_NO:
        return {option: text.lower()}
    if option == "scheduler":
        return {option: _scheduler(text)}
    return attributes_of({option: text})


def _scheduler(text: str) -> Scheduler:
    """Find a scheduler by its name, also without "Scheduler" and in small letters."""
    wanted = text.casefold().replace(" ", "").removesuffix("scheduler")
    for each in Scheduler:
        if each.casefold().removesuffix("scheduler") == wanted:
            return each
    raise InvalidRequest([Problem("scheduler", RULES["scheduler"])])
