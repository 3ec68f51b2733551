"""When to ask the API next.

The first poll follows the API's estimate, which is optimistic (contract, section 4.2); later ones
back off. Where a webhook is expected polls are only the safety net.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_FIRST_SECONDS = 1.0
_GROWTH = 1.6
_JITTER = 0.2


@dataclass(frozen=True, slots=True)
class PollSchedule:
    """Seconds between polls: from `shortest`, growing to `longest`."""

    shortest: float
    longest: float

    def delay(self, polls: int, eta_seconds: float | None) -> float:
        """Return the seconds to wait before the next poll, jitter included."""
        backoff = min(self.longest, self.shortest * _GROWTH ** min(polls, 20))
        wait = max(backoff, eta_seconds or 0.0) if polls == 0 else backoff
        return wait * random.uniform(1 - _JITTER / 2, 1 + _JITTER)  # noqa: S311


POLL_ONLY = PollSchedule(shortest=_FIRST_SECONDS, longest=15.0)
WITH_WEBHOOKS = PollSchedule(shortest=30.0, longest=120.0)
