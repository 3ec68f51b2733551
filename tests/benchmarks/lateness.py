"""How late the event loop's turns come, and how much of that is a busy machine's doing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

_EVERY_SECONDS = 0.002


@dataclass(slots=True)
class Lateness:
    """The latest turns so far, in milliseconds."""

    longest: float = 0
    longest_of_ours: float = 0
    """Without the time for which our threads were ready and waited for a core (Linux tells)."""


@contextlib.asynccontextmanager
async def watched() -> AsyncGenerator[Lateness]:
    """Watch the running loop."""
    lateness = Lateness()
    watcher = asyncio.create_task(_watch(lateness))
    try:
        yield lateness
    finally:
        watcher.cancel()


async def _watch(lateness: Lateness) -> None:
    while True:
        waited, worked, begun = _waited_for_cores(), time.thread_time(), time.perf_counter()
        await asyncio.sleep(_EVERY_SECONDS)
        late = (time.perf_counter() - begun - _EVERY_SECONDS) * 1000
        worked = (time.thread_time() - worked) * 1000
        ours = max(worked, late - (_waited_for_cores() - waited))
        lateness.longest = max(lateness.longest, late)
        lateness.longest_of_ours = max(lateness.longest_of_ours, ours)


def _waited_for_cores() -> float:
    """Return for how many milliseconds this process's threads were ready to run and did not.

    Any of them may have held the interpreter's lock meanwhile, and the loop with it.
    """
    waited = 0
    for schedule in Path("/proc/self/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # The thread has ended.
            waited += int(schedule.read_text().split()[1])
    return waited / 1e6
