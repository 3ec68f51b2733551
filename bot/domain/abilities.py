"""What the image service can be asked for, where that is less than members can choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.option_texts import VALUES, option_of
from bot.domain.request import GenerationRequest
from bot.errors import InvalidRequest, Problem
from bot.speech import _

_LARGEST_FACTOR = 3


@dataclass(frozen=True, slots=True)
class Abilities:
    """`lacking` are attributes it does not know; `upscale` is the largest factor."""

    lacking: frozenset[str] = frozenset()
    upscale: int = _LARGEST_FACTOR

    def knows(self, option: str) -> bool:
        """Tell whether an option of `/imagine` means anything to it."""
        return option not in map(option_of, self.lacking)

    def values_of(self, option: str) -> tuple[str, ...]:
        """Return what it takes for an option that takes one of a few values."""
        values = VALUES.get(option, ()) if self.knows(option) else ()
        if option != "upscale":
            return values
        return tuple(each for each in values if int(each) <= self.upscale)


EVERYTHING = Abilities()


@dataclass(frozen=True, slots=True)
class Feasible:
    """A request that the service understands, and the inherited options it had to do without."""

    request: GenerationRequest
    left_out: tuple[str, ...] = ()


def feasible(
    request: GenerationRequest, abilities: Abilities, *, chosen: Collection[str]
) -> Feasible:
    """Bring a request within what the service can do.

    Raises:
        InvalidRequest: the member chose what it cannot.
    """
    changes = _beyond(request, abilities)
    problems = [_problem(name, abilities) for name in changes if name in chosen]
    if problems:
        raise InvalidRequest(problems)
    if not changes:
        return Feasible(request)
    return Feasible(request.replace(**changes), tuple(map(option_of, changes)))


def _beyond(request: GenerationRequest, abilities: Abilities) -> Mapping[str, Any]:
    """Return what goes too far, with what stands in for it."""
    changes = {
        name: usual
        for name in sorted(abilities.lacking)
        if getattr(request, name) != (usual := GenerationRequest.model_fields[name].default)
    }
    if (request.upscale or 0) > abilities.upscale:
        changes["upscale"] = abilities.upscale
    return changes


def _problem(name: str, abilities: Abilities) -> Problem:
    if name == "upscale":
        words = _("must be at most {most} at this image service", most=abilities.upscale)
        return Problem(name, words)
    return Problem(option_of(name), _("is not known to this image service; leave it out"))
