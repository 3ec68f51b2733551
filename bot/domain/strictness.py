"""How strict the image API's safety checker is set, as one scale.

The API has two attributes for it, `safety_checker` and `safety_checker_type`; a rule needs one
order to say what is tighter.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from bot.domain.parameters import SafetyCheckerType
from bot.domain.request import GenerationRequest
from bot.speech import _


class Strictness(StrEnum):
    """What happens to a picture that is not safe for work, loosest first."""

    OFF = "off"
    """It is shown: the checker does not look."""
    BLUR = "blur"
    PIXELATE = "pixelate"
    SENSITIVE_CONTENT_TEXT = "sensitive_content_text"
    BLACK = "black"

    @property
    def rank(self) -> int:
        """The place in the order: more is tighter."""
        return _ORDER.index(self)

    def attributes(self) -> dict[str, Any]:
        """Return the two attributes that ask the API for it."""
        if self is Strictness.OFF:
            return {"safety_checker": False}
        return {"safety_checker": True, "safety_checker_type": SafetyCheckerType(self.value)}


_ORDER = tuple(Strictness)

USUAL = Strictness.SENSITIVE_CONTENT_TEXT
"""What holds where nobody set anything."""


def tightest(*levels: Strictness) -> Strictness:
    """Return the tightest of several."""
    return max(levels, key=lambda level: level.rank)


def strictness_of(request: GenerationRequest) -> Strictness:
    """Return what a request asks for."""
    if not request.safety_checker:
        return Strictness.OFF
    return Strictness(request.safety_checker_type.value)


class SafetyRule(BaseModel):
    """What holds at a place by default, and how far the steps below it may loosen that.

    Where both are the same the rule is locked: it may only be tightened.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Strictness
    loosest: Strictness

    @model_validator(mode="after")
    def _loosest_is_not_tighter(self) -> Self:
        if self.loosest.rank > self.level.rank:
            raise ValueError(_("what members may loosen it to must not be tighter than the rule"))
        return self

    @classmethod
    def locked(cls, level: Strictness) -> SafetyRule:
        """Return a rule that may only be tightened."""
        return cls(level=level, loosest=level)

    @property
    def is_locked(self) -> bool:
        """True where nobody below may loosen it."""
        return self.level is self.loosest

    @classmethod
    def at_level(cls, rule: SafetyRule | None, level: Strictness) -> SafetyRule:
        """Return a rule with another level; members may loosen no more than they could."""
        if rule is None or rule.is_locked or rule.loosest.rank > level.rank:
            return cls.locked(level)
        return cls(level=level, loosest=rule.loosest)
