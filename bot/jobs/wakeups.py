"""One in-process wake-up per job: lets a webhook, a cancellation or a stop end a wait early."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator

from bot.domain.ids import JobId


class WakeUps:
    """Waits that can be cut short by the job's id. A wake-up nobody waits for is dropped."""

    def __init__(self) -> None:
        self._events: dict[JobId, asyncio.Event] = {}
        self._missed: dict[JobId, bool] = {}
        """Of the jobs being carried: whether they were woken while they did not wait."""

    @contextlib.contextmanager
    def attending(self, job_id: JobId) -> Generator[None]:
        """Keep a wake-up that comes between two waits, such as during a poll, for the next."""
        self._missed.setdefault(job_id, False)
        try:
            yield
        finally:
            self._missed.pop(job_id, None)

    def wake(self, job_id: JobId) -> None:
        """End the job's wait now."""
        event = self._events.get(job_id)
        if event is not None:
            event.set()
        elif job_id in self._missed:
            self._missed[job_id] = True

    async def wait(self, job_id: JobId, seconds: float) -> None:
        """Wait so long, or until woken."""
        if self._missed.get(job_id):
            self._missed[job_id] = False
            return
        event = self._events.setdefault(job_id, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
        self._events.pop(job_id, None)
