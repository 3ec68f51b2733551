"""From what a member chose, and what they inherit, to a request.

An option the member leaves out takes their own default, else the channel's, else the server's, else
the program's. An inherited value that clashes with a chosen one is dropped and named; only what
the member chose is ever refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.endpoint import Endpoint, endpoint_of, fitted, not_taken
from bot.domain.parameters import AlgorithmType, Scheduler
from bot.domain.request import (
    OPTION_OF,
    GenerationRequest,
    build_request,
    strengths_fit,
    takes_algorithm,
)
from bot.errors import InvalidRequest, Problem
from bot.speech import _

Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ComposedRequest:
    """The request and the names of inherited options that had to give way."""

    request: GenerationRequest
    dropped: tuple[str, ...]


def compose_request(chosen: Attributes, inherited: Sequence[Attributes]) -> ComposedRequest:
    """Lay the member's choices over the defaults, nearest layer first.

    Raises:
        InvalidRequest: the member's own choices break a limit or contradict each other.
    """
    defaults: dict[str, Any] = {}
    for layer in reversed(inherited):
        defaults.update(layer)
    endpoint = endpoint_of({**defaults, **chosen})
    _refuse_misfits(chosen, endpoint)
    kept = {n: value for n, value in fitted(defaults, endpoint).items() if n not in chosen}
    dropped = _drop_clashes(chosen, kept)
    request = build_request({**kept, **chosen})
    return ComposedRequest(request, tuple(OPTION_OF.get(name, name) for name in dropped))


def _refuse_misfits(chosen: Attributes, endpoint: Endpoint) -> None:
    """Refuse what is no option of the command, which a flag in the prompt can still ask for."""
    words = _("is nothing that `/{command}` takes; leave it out", command=endpoint)
    problems = [
        Problem(OPTION_OF.get(name, name), words)
        for name in not_taken(chosen, endpoint)
        if chosen[name] is not None
    ]
    if problems:
        raise InvalidRequest(problems)


def _drop_clashes(chosen: Attributes, kept: dict[str, Any]) -> list[str]:
    dropped: list[str] = []
    if _algorithm_clashes({**kept, **chosen}):
        if kept.pop("algorithm_type", None) is not None:
            dropped.append("algorithm_type")
        elif "scheduler" not in chosen:
            dropped += ["scheduler"] if "scheduler" in kept else []
            kept["scheduler"] = Scheduler.DPM_SOLVER_MULTISTEP
    if "safety_checker_type" in chosen and kept.get("safety_checker") is False:
        del kept["safety_checker"]
        dropped.append("safety_checker")
    if "lora_strength" in kept and _strengths_clash({**kept, **chosen}):
        del kept["lora_strength"]
        dropped.append("lora_strength")
    return dropped


def _algorithm_clashes(values: Attributes) -> bool:
    algorithm = values.get("algorithm_type", AlgorithmType.NONE)
    scheduler = values.get("scheduler", Scheduler.UNI_PC_MULTISTEP)
    return algorithm != AlgorithmType.NONE and not takes_algorithm(scheduler)


def _strengths_clash(values: Attributes) -> bool:
    strengths = tuple(values.get("lora_strength", ()))
    return bool(strengths) and not strengths_fit(tuple(values.get("lora_model", ())), strengths)
