"""The shape of a picture, from which a size follows."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from bot.domain.size import MAX_SIDE, MIN_SIDE, SIDE_STEP, Size
from bot.speech import _

WIDEST = MAX_SIDE // MIN_SIDE

_WRITTEN = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)[:/x](\d{1,4}(?:\.\d{1,3})?)", re.IGNORECASE)
_SHAPE_COUNTS = 4
"""How much more a wrong shape weighs than another number of pixels."""


class Aspect(NamedTuple):
    """Width and height as parts of each other."""

    width: float
    height: float

    @property
    def ratio(self) -> float:
        """How many times wider than high."""
        return self.width / self.height


def aspect_rule() -> str:
    """Say how a shape is written."""
    return _(
        "must be WIDTH:HEIGHT such as 3:2, from 1:{widest} (tall) to {widest}:1 (wide), and goes "
        "without size",
        widest=WIDEST,
    )


def parse_aspect(text: str) -> Aspect:
    """Read `W:H`.

    Raises:
        ValueError: it is none, or no picture can be so wide or so tall.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(aspect_rule())
    width, height = float(match[1]), float(match[2])
    if not (width and height and 1 / WIDEST <= width / height <= WIDEST):
        raise ValueError(aspect_rule())
    return Aspect(width, height)


def sized(aspect: Aspect, near: Size) -> Size:
    """Return a size of that shape, with about as many pixels as another size has."""
    sides = range(MIN_SIDE, MAX_SIDE + 1, SIDE_STEP)
    fitting = (Size(_rounded(height * aspect.ratio), height) for height in sides)
    return min(
        (size for size in fitting if MIN_SIDE <= size.width <= MAX_SIDE),
        key=lambda size: _distance(size, aspect, near),
    )


def _rounded(side: float) -> int:
    return round(side / SIDE_STEP) * SIDE_STEP


def _distance(size: Size, aspect: Aspect, near: Size) -> float:
    shape = abs(math.log(size.width / size.height / aspect.ratio))
    pixels = abs(math.log(size.width * size.height / (near.width * near.height)))
    return _SHAPE_COUNTS * shape + pixels
