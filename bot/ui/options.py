"""From the options of `/imagine` as Discord sends them to attributes of a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.request import RULES
from bot.domain.size import SIZE_RULE, parse_size
from bot.errors import InvalidRequest, Problem

Attributes = dict[str, Any]


def _yes(value: object) -> bool:
    return value in {True, "yes"}


def _ids(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in _ids(text))


_ATTRIBUTE_OF = {"model": "model_id", "steps": "num_inference_steps"}

_PARSERS: Mapping[str, Callable[[Any], object]] = {
    "lora_model": _ids,
    "lora_strength": _numbers,
    **dict.fromkeys(
        (
            "enhance_prompt",
            "tomesd",
            "use_karras_sigmas",
            "multi_lingual",
            "panorama",
            "self_attention",
            "highres_fix",
            "safety_checker",
        ),
        _yes,
    ),
}


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
            problems.append(Problem(option, SIZE_RULE if option == "size" else RULES[option]))
    if problems:
        raise InvalidRequest(problems)
    return attributes


def _read(option: str, value: Any) -> Attributes:
    if option == "size":
        size = parse_size(value)
        return {"width": size.width, "height": size.height}
    parse = _PARSERS.get(option, lambda same: same)
    return {_ATTRIBUTE_OF.get(option, option): parse(value)}
