"""How the process itself does: its event loop, its disk, its books."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CollectorRegistry, Gauge, Histogram

from bot.loops import Loop

LOOK_SECONDS = 1.0
BOOKS_SECONDS = 300.0
_LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_WRITE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


class Health:
    """Measures by itself; `loops` are to be run."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._lag = Histogram(
            "imagine_loop_lag_seconds",
            "How much later than asked for the event loop came back to a task",
            buckets=_LAG_BUCKETS,
            registry=registry,
        )
        self._writes = Histogram(
            "imagine_write_seconds",
            "From asking for a transaction to its being on the disk",
            buckets=_WRITE_BUCKETS,
            registry=registry,
        )
        self._ledger = Gauge(
            "imagine_ledger_images",
            "Images in the ledger by what became of them",
            ["state"],
            registry=registry,
        )
        self._asleep_since: float | None = None

    def note_write(self, seconds: float) -> None:
        """Hear of a transaction."""
        self._writes.observe(seconds)

    def loops(self, totals: Callable[[], Awaitable[Mapping[str, int]]]) -> list[Loop]:
        """Return what measures for as long as the program runs."""

        async def add_up() -> None:
            for state, images in (await totals()).items():
                self._ledger.labels(state).set(images)

        return [
            Loop("loop lag", self._look, interval_seconds=LOOK_SECONDS),
            Loop("ledger totals", add_up, interval_seconds=BOOKS_SECONDS),
        ]

    async def _look(self) -> None:
        now = time.monotonic()
        if self._asleep_since is not None:
            self._lag.observe(max(0.0, now - self._asleep_since - LOOK_SECONDS))
        self._asleep_since = now
