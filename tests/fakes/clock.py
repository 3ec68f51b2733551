"""A clock that stands still until a test moves it."""

from __future__ import annotations

import time
from datetime import timedelta

NOON = 1_790_000_000_000
"""Some moment, in Unix milliseconds."""


class FakeClock:
    """A Clock."""

    def __init__(self, now_ms: int = NOON) -> None:
        self.current_ms = now_ms

    def now_ms(self) -> int:
        return self.current_ms

    def advance(self, step: timedelta | float) -> None:
        """Move on, by a timedelta or by seconds."""
        seconds = step.total_seconds() if isinstance(step, timedelta) else step
        self.current_ms += round(seconds * 1000)


class RunningClock(FakeClock):
    """A clock that begins at noon and runs by itself; tests may still jump ahead."""

    def __init__(self, now_ms: int = NOON) -> None:
        super().__init__(now_ms)
        self._begun = time.monotonic()

    def now_ms(self) -> int:
        return self.current_ms + int((time.monotonic() - self._begun) * 1000)
