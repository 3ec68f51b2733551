"""Memory for pictures on their way: large ones are fetched and posted a few at a time.

While Discord is down, every delivery under way has its pictures in hand. That does for ordinary
ones; but those of a job may have as many pixels as those of a hundred and fifty others.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from bot.domain.request import GenerationRequest

ORDINARY_PIXELS = 2_000_000
"""Of all of a job's pictures together; there is always room for these."""

LARGE_PIXELS = 64_000_000
"""Of all larger jobs at once; PNGs take one to three bytes a pixel."""


class NoRoom(Exception):
    """Others have to be done first."""


class PictureRoom:
    """Counts the pixels of large pictures on their way."""

    def __init__(self) -> None:
        self._taken = 0

    @contextlib.contextmanager
    def pictures_of(self, request: GenerationRequest) -> Generator[None]:
        """Hold the room that a request's pictures take; a job alone has room whatever its size.

        Raises:
            NoRoom: others' pictures are in the way.
        """
        pixels = request.samples * request.width * request.height * (request.upscale or 1) ** 2
        if pixels <= ORDINARY_PIXELS:
            pixels = 0
        elif self._taken and self._taken + pixels > LARGE_PIXELS:
            raise NoRoom
        self._taken += pixels
        try:
            yield
        finally:
            self._taken -= pixels
