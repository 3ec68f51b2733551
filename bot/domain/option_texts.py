"""Between an option as somebody types it and attributes of a request, in both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from bot.domain.parameters import AlgorithmType, Scheduler
from bot.domain.request import OPTION_OF, GenerationRequest, rule_of
from bot.domain.size import NAMED_SIZES, parse_size
from bot.errors import InvalidRequest, Problem

Attributes = dict[str, Any]

YES_NO = frozenset(
    name for name, each in GenerationRequest.model_fields.items() if each.annotation is bool
)
"""The options that are on or off."""

VALUES: Mapping[str, tuple[str, ...]] = {
    "size": tuple(NAMED_SIZES),
    "samples": ("1", "2", "3", "4"),
    "steps": ("21", "31", "41", "51"),
    "scheduler": tuple(Scheduler),
    "algorithm_type": tuple(AlgorithmType),
    "upscale": ("1", "2", "3"),
    **dict.fromkeys(YES_NO, ("yes", "no")),
}
"""What can be given for an option that takes one of a few values."""

_SPOKEN = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}

_ATTRIBUTE_OF = {"model": "model_id", "steps": "num_inference_steps"}


def attributes_of(options: Mapping[str, Any]) -> Attributes:
    """Turn given options into attributes; what was left out stays out.

    Raises:
        InvalidRequest: an option cannot be read; limits are checked when the request is built.
    """
    attributes: Attributes = {}
    problems: list[Problem] = []
    for option, value in options.items():
        if value is None:
            continue
        try:
            attributes.update(_read(option, value))
        except ValueError:
            problems.append(Problem(option, rule_of(option)))
    if problems:
        raise InvalidRequest(problems)
    return attributes


def as_options(attributes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield attributes by the names of the options that `/imagine` has, as one would type them."""
    for name, value in attributes.items():
        if name == "width":
            yield "size", f"{value}x{attributes.get('height', value)}"
        elif name != "height":
            yield option_of(name), shown(value)


def option_of(attribute: str) -> str:
    """Return the name of the option that decides an attribute."""
    return OPTION_OF.get(attribute, attribute)


def shown(value: object) -> str:
    """Return an option's value as a member would type it; "" where it has none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(shown(item) for item in cast("tuple[object, ...]", value))
    if isinstance(value, float):
        return exact_number(value)
    return "" if value is None else str(value)


def exact_number(value: float) -> str:
    """Return a number as short as it can be read back the same."""
    return str(int(value)) if value.is_integer() else str(value)


def _read(option: str, value: Any) -> Attributes:
    if option == "size":
        size = parse_size(value)
        return {"width": size.width, "height": size.height}
    parse = _PARSERS.get(option, lambda same: same)
    return {_ATTRIBUTE_OF.get(option, option): parse(value)}


def _yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    spoken = _SPOKEN.get(str(value).lower())
    if spoken is None:
        raise ValueError(value)
    return spoken


def _ids(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in _ids(text))


def _scheduler(text: str) -> Scheduler:
    """Find a scheduler by its name, also without "Scheduler" and in small letters."""
    wanted = text.casefold().replace(" ", "").removesuffix("scheduler")
    for each in Scheduler:
        if each.casefold().removesuffix("scheduler") == wanted:
            return each
    raise ValueError(text)


_PARSERS: Mapping[str, Callable[[Any], object]] = {
    "scheduler": _scheduler,
    "lora_model": _ids,
    "lora_strength": _numbers,
    **dict.fromkeys(YES_NO, _yes),
}
