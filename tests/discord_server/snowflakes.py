"""Discord's ids: 64-bit numbers that carry their own time of birth."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

DISCORD_EPOCH_MS = 1_420_070_400_000
"""The first millisecond of 2015, from which Discord counts."""


class SnowflakeFactory:
    """Gives ids that grow and are never repeated, not even over restarts of the server.

    Ten random bits stand where Discord puts worker and process, so two servers started in the same
    millisecond do not meet either.
    """

    def __init__(self, *, last: int = 0, clock: Callable[[], float] = time.time) -> None:
        self._last = last
        self._clock = clock
        self._source = secrets.randbits(10) << 12

    @property
    def last(self) -> int:
        """The newest id given out, to be kept in the state file."""
        return self._last

    def not_below(self, last: int) -> None:
        """Never again give an id up to `last`."""
        self._last = max(self._last, last)

    def __call__(self) -> int:
        fresh = ((int(self._clock() * 1000) - DISCORD_EPOCH_MS) << 22) | self._source
        self._last = max(fresh, self._last + 1)
        return self._last


def snowflake_time(snowflake: int) -> float:
    """Read the unix time in seconds out of an id."""
    return ((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000
