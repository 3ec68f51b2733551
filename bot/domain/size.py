"""Picture sizes: one option that sets both `width` and `height`."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.speech import _, in_a_row

MIN_SIDE = 256
MAX_SIDE = 1024
SIDE_STEP = 8


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


NAMED_SIZES = {
    "square": Size(512, 512),
    "portrait": Size(512, 768),
    "landscape": Size(768, 512),
    "wide": Size(1024, 576),
}

_WRITTEN = re.compile(r"\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*", re.IGNORECASE)


def size_rule() -> str:
    """Say how a size is written."""
    return _(
        "use {names}, or WIDTHxHEIGHT such as 640x832, with sides from {least} to {most} in steps "
        "of {step}",
        names=in_a_row(NAMED_SIZES),
        least=MIN_SIDE,
        most=MAX_SIDE,
        step=SIDE_STEP,
    )


def parse_size(text: str) -> Size:
    """Read a name or `WxH`.

    Raises:
        ValueError: with the rule in words; sides out of range are left to the request's limits.
    """
    named = NAMED_SIZES.get(text.strip().lower())
    if named is not None:
        return named
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(size_rule())
    return Size(int(match[1]), int(match[2]))


def within_limits(size: Size) -> Size | None:
    """Return the size of the same shape that is within the limits, changed no more than it takes.

    None where the shape is too long for that.
    """
    scale = min(1, MAX_SIDE / max(size))
    scale = max(scale, MIN_SIDE / min(size))
    if max(size) * scale >= MAX_SIDE + SIDE_STEP:
        return None
    width, height = (_in_steps(side * scale) for side in size)
    return Size(width, height)


def _in_steps(side: float) -> int:
    return min(MAX_SIDE, max(MIN_SIDE, round(side / SIDE_STEP) * SIDE_STEP))
