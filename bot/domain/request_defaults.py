"""What may be chosen in advance for whatever a member leaves out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.domain.endpoint import OF_PICTURES
from bot.domain.option_texts import option_of
from bot.domain.parameters import Scheduler
from bot.domain.request import GenerationRequest, build_request
from bot.errors import InvalidRequest, Problem
from bot.speech import _

_NO_OWN_DEFAULT = OF_PICTURES | {"prompt"}
_NO_DEFAULT = _NO_OWN_DEFAULT | {"seed", "safety_checker", "safety_checker_type"}
"""Prompt and seed are each picture's own; the safety checker has rules of its own."""

DEFAULTABLE = tuple(name for name in GenerationRequest.model_fields if name not in _NO_DEFAULT)
"""The attributes that moderators can give a default, in the order of the request."""

OWN_DEFAULTABLE = tuple(
    name for name in GenerationRequest.model_fields if name not in _NO_OWN_DEFAULT
)
"""Those that a member can give one for themselves."""

OWN_OPTIONS = tuple(dict.fromkeys(map(option_of, OWN_DEFAULTABLE)))
"""The options of `/imagine` that decide these."""

_PLAIN = {"prompt": "-", "model_id": "-", "seed": 0}


def checked_defaults(
    values: Mapping[str, Any], defaultable: Collection[str] = DEFAULTABLE
) -> dict[str, Any]:
    """Validate defaults, each by itself: options that clash give way when a request is composed.

    Raises:
        InvalidRequest: an attribute cannot have a default, or not this one.
    """
    checked: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in values.items():
        if name not in defaultable:
            problems.append(Problem(name, _("is not an option that can have a default")))
            continue
        try:
            request = build_request({**_PLAIN, **_companion(name, value), name: value})
        except InvalidRequest as error:
            problems += error.problems
        else:
            checked[name] = getattr(request, name)
    if problems:
        raise InvalidRequest(problems)
    return checked


def _companion(name: str, value: Any) -> Mapping[str, Any]:
    """Return what an attribute cannot do without, so that it is judged by itself."""
    if name == "algorithm_type":
        return {"scheduler": Scheduler.DPM_SOLVER_MULTISTEP}
    if name == "lora_strength" and isinstance(value, list | tuple):
        return {"lora_model": ("-",) * len(value)}  # pyright: ignore[reportUnknownArgumentType]
    return {}
