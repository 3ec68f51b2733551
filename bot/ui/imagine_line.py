"""A request as the line that asks for it: `/imagine prompt:… seed:…`, to be copied and sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.endpoint import NOT_TAKEN, Endpoint
from bot.domain.option_texts import option_of, shown
from bot.domain.request import GenerationRequest
from bot.domain.request_defaults import OWN_OPTIONS

_OFFERED_STEPS = frozenset({21, 31, 41, 51})
_FROM_A_PICTURE = frozenset({"prompt", "seed", "size", "strength"})
"""The size is the picture's where it is left out."""

_ALWAYS: Mapping[Endpoint, frozenset[str]] = {
    Endpoint.WORDS: frozenset({"prompt", "seed"}),
    Endpoint.PICTURE: _FROM_A_PICTURE,
    Endpoint.MASK: _FROM_A_PICTURE,
}
_CHECKER, _STYLE = "safety_checker", "safety_checker_type"

OPTIONS = ("prompt", *OWN_OPTIONS)
"""The options of `/imagine`, in the order of the line."""

_LOOKS_LIKE_OPTION = re.compile(rf"(?:^|\s)({'|'.join(OPTIONS)}):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImagineLine:
    """The line, and what cannot be said in it."""

    text: str
    unsaid: tuple[str, ...] = ()
    """Options whose value `/imagine` does not offer, such as 30 steps out of the edit form."""
    ambiguous: tuple[str, ...] = ()
    """Options that the prompts seem to name, which Discord may read so."""


def imagine_line(request: GenerationRequest, usual: GenerationRequest) -> ImagineLine:
    """Return the line for a request, without what would be `usual` anyway where it is sent."""
    values, usual_values = _typed(request), _typed(usual)
    wanted = [
        each
        for each in _options_of(request.endpoint)
        if each in _ALWAYS[request.endpoint] or values[each] != usual_values[each]
    ]
    if _STYLE in wanted and _CHECKER not in wanted:
        wanted.append(_CHECKER)  # a style that is chosen asks for the checker, too
    unsaid = tuple(each for each in wanted if not _can_be_typed(request, each, values[each]))
    said = (f"{each}:{values[each]}" for each in wanted if each not in unsaid)
    texts = f"{request.prompt} {request.negative_prompt}"
    named = (match[1] for match in _LOOKS_LIKE_OPTION.finditer(texts))
    line = f"/{request.endpoint} {' '.join(said)}"
    return ImagineLine(line, unsaid, tuple(dict.fromkeys(named)))


def _options_of(endpoint: Endpoint) -> list[str]:
    """Return the options of a command that can be typed: a picture cannot."""
    if endpoint is Endpoint.WORDS:
        return [*OPTIONS]
    return [*(each for each in OPTIONS if each not in NOT_TAKEN[endpoint]), "strength"]


def _can_be_typed(request: GenerationRequest, option: str, value: str) -> bool:
    is_offered = (
        option != "steps" or request.endpoint is not Endpoint.WORDS or int(value) in _OFFERED_STEPS
    )
    return value != "" and is_offered


def _typed(request: GenerationRequest) -> dict[str, str]:
    """Return every option's value as it would be typed; "" for none."""
    typed = {option_of(name): shown(value) for name, value in request}
    return {**typed, "size": str(request.size)}
