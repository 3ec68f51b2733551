"""A request under a member's hands: what the edit form shows of it, and what they made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from bot.domain.ids import JobId, UserId
from bot.domain.option_texts import exact_number
from bot.domain.request import GenerationRequest, rule_of
from bot.domain.size import parse_size
from bot.errors import InvalidRequest, Problem


class Draft(BaseModel):
    """A request and what a member typed over it, by the form's fields; perhaps nothing yet."""

    model_config = ConfigDict(frozen=True)

    request: GenerationRequest
    job_id: JobId | None = None
    """The job it was taken from, if any."""
    typed: Mapping[str, str] = {}

    @property
    def texts(self) -> Mapping[str, str]:
        """What stands in the fields."""
        return {**texts_of(self.request), **self.typed}

    def changes(self) -> dict[str, Any]:
        """Return the attributes that the member changed.

        Raises:
            InvalidRequest: something typed is not understood or breaks a limit.
        """
        wanted: dict[str, Any] = {}
        problems: list[Problem] = []
        for option, text in self.typed.items():
            try:
                wanted.update(_FIELDS[option](text))
            except ValueError:
                problems.append(Problem(option, rule_of(_ATTRIBUTE_OF.get(option, option))))
        try:
            changed = self.request.replace(**wanted)
        except InvalidRequest as error:
            raise InvalidRequest([*problems, *error.problems]) from None
        if problems:
            raise InvalidRequest(problems)
        new = {name: getattr(changed, name) for name in wanted}
        return {name: value for name, value in new.items() if value != getattr(self.request, name)}


class DraftStore(Protocol):
    """Drafts that did not do yet, so that nothing typed is lost."""

    async def keep(self, draft_id: int, user_id: UserId, draft: Draft) -> None:
        """Remember a draft for some days; the first one of an id stays."""
        ...

    async def get(self, draft_id: int, user_id: UserId) -> Draft | None:
        """Return a draft of this member's; None when it is no longer known."""
        ...


def texts_of(request: GenerationRequest) -> dict[str, str]:
    """Return what the form's fields show of a request."""
    return {
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "size": str(request.size),
        "steps": str(request.num_inference_steps),
        "guidance_scale": exact_number(request.guidance_scale),
        "strength": "" if request.strength is None else exact_number(request.strength),
    }


def _size(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    size = parse_size(text)
    return {"width": size.width, "height": size.height}


def _number(attribute: str, read: Callable[[str], float]) -> Callable[[str], dict[str, Any]]:
    """Return what reads a number; a field left empty stays as it was."""
    return lambda text: {attribute: read(text.replace(",", "."))} if text.strip() else {}


_ATTRIBUTE_OF = {"steps": "num_inference_steps"}

_FIELDS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "prompt": lambda text: {"prompt": text},
    "negative_prompt": lambda text: {"negative_prompt": text},
    "size": _size,
    "steps": _number("num_inference_steps", int),
    "guidance_scale": _number("guidance_scale", float),
    "strength": _number("strength", float),
}
