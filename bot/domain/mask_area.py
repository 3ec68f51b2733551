"""Simple masks: which part of a picture is drawn anew, in words and percent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Self

from bot.domain.size import Size
from bot.errors import InvalidRequest, Problem
from bot.speech import _

USUAL_PERCENT = 50
MIN_PERCENT, MAX_PERCENT = 1, 99


class Area(StrEnum):
    """Where the part lies."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"
    CENTRE = "centre"
    BORDER = "border"


class Box(NamedTuple):
    """A rectangle of pixels; the right and the lower bound lie outside."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class MaskArea:
    """A part of a picture, and how much of its width or height it takes.

    A centre of 50 percent is half as wide and half as high as the picture; a border takes so much
    of each half.
    """

    area: Area
    percent: int = USUAL_PERCENT

    @classmethod
    def read(cls, area: str, percent: str) -> Self:
        """Read what a form brought.

        Raises:
            InvalidRequest: that is no such part.
        """
        digits = percent.strip().rstrip("%").strip() or str(USUAL_PERCENT)
        is_number = digits.isascii() and digits.isdecimal() and len(digits) < 4
        if not is_number or not MIN_PERCENT <= int(digits) <= MAX_PERCENT:
            rule = _(
                "must be a whole number from {least} to {most}", least=MIN_PERCENT, most=MAX_PERCENT
            )
            raise InvalidRequest([Problem("percent", rule)])
        return cls(Area(area), int(digits))

    def box(self, size: Size) -> Box:
        """Return the rectangle that is drawn anew or, for a border, the one that is kept."""
        width, height = (max(1, round(side * self.percent / 100)) for side in size)
        match self.area:
            case Area.LEFT:
                return Box(0, 0, width, size.height)
            case Area.RIGHT:
                return Box(size.width - width, 0, size.width, size.height)
            case Area.TOP:
                return Box(0, 0, size.width, height)
            case Area.BOTTOM:
                return Box(0, size.height - height, size.width, size.height)
            case Area.CENTRE:
                return _centred(size, width, height)
            case Area.BORDER:
                return _centred(size, size.width - width, size.height - height)


def _centred(size: Size, width: int, height: int) -> Box:
    left, top = (size.width - width) // 2, (size.height - height) // 2
    return Box(left, top, left + width, top + height)
