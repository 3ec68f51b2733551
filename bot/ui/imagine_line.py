"""A request as the line that asks for it: `/imagine prompt:… seed:…`, to be copied and sent."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.option_texts import option_of, shown
from bot.domain.request import GenerationRequest

_OFFERED_STEPS = frozenset({21, 31, 41, 51})
_ALWAYS = frozenset({"prompt", "seed"})
_CHECKER, _STYLE = "safety_checker", "safety_checker_type"

OPTIONS = (
    "prompt",
    *dict.fromkeys(option_of(name) for name in GenerationRequest.model_fields if name != "prompt"),
)
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
    wanted = [each for each in OPTIONS if each in _ALWAYS or values[each] != usual_values[each]]
    if _STYLE in wanted and _CHECKER not in wanted:
        wanted.append(_CHECKER)  # a style that is chosen asks for the checker, too
    unsaid = tuple(each for each in wanted if not _can_be_typed(each, values[each]))
    said = (f"{each}:{values[each]}" for each in wanted if each not in unsaid)
    texts = f"{request.prompt} {request.negative_prompt}"
    named = (match[1] for match in _LOOKS_LIKE_OPTION.finditer(texts))
    return ImagineLine(f"/imagine {' '.join(said)}", unsaid, tuple(dict.fromkeys(named)))


def _can_be_typed(option: str, value: str) -> bool:
    return value != "" and (option != "steps" or int(value) in _OFFERED_STEPS)


def _typed(request: GenerationRequest) -> dict[str, str]:
    """Return every option's value as it would be typed; "" for none."""
    typed = {option_of(name): shown(value) for name, value in request}
    return {**typed, "size": str(request.size)}
