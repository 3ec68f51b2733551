"""One in-process wake-up per job: lets a webhook, a cancellation or a stop end a wait early."""

from __future__ import annotations

import asyncio
import contextlib

from bot.domain.ids import JobId


class WakeUps:
    """Waits that can be cut short by the job's id. A wake-up nobody waits for is dropped."""

    def __init__(self) -> None:
        self._events: dict[JobId, asyncio.Event] = {}

    def wake(self, job_id: JobId) -> None:
        """End the job's wait now."""
        event = self._events.get(job_id)
        if event is not None:
            event.set()

    async def wait(self, job_id: JobId, seconds: float) -> None:
        """Wait so long, or until woken."""
        event = self._events.setdefault(job_id, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
        self._events.pop(job_id, None)
