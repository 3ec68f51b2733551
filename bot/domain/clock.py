"""Time as the program sees it: one source, so that tests can hold it still.

Every stored moment is an integer of Unix milliseconds (UTC).
"""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now_ms(self) -> int:
        """Return the present in Unix milliseconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """Return the present in Unix milliseconds."""
        return time.time_ns() // 1_000_000
