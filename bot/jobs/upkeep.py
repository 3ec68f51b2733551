"""What has to happen now and then: jobs that waited too long end, old pictures go."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.domain.ports import JobStore, PictureStore
from bot.jobs.gate import ProviderGate
from bot.jobs.lifecycle import JobLifecycle
from bot.loops import Loop

log = structlog.stdlib.get_logger(__name__)

OVERDUE_SECONDS = 15.0
RETENTION_SECONDS = 3600.0


class OverdueJobs:
    """Ends jobs whose time ran out before their turn came."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        lifecycle: JobLifecycle,
        gate: ProviderGate,
        clock: Clock,
        job_timeout_seconds: float,
    ) -> None:
        self._jobs = jobs
        self._lifecycle = lifecycle
        self._gate = gate
        self._clock = clock
        self._timeout_ms = int(job_timeout_seconds * 1000)

    def loop(self) -> Loop:
        """Return the loop that looks for them."""
        return Loop("overdue jobs", self.expire, interval_seconds=OVERDUE_SECONDS)

    async def expire(self) -> None:
        """Expire every queued job past its time; the member is told and gets the quota back."""
        held_up = self._gate.is_closed or self._gate.is_suspended
        reason = EndReason.PAUSED_TOO_LONG if held_up else EndReason.TIMED_OUT
        for job_id in await self._jobs.overdue(self._clock.now_ms() - self._timeout_ms):
            await self._lifecycle.advance(
                job_id,
                JobStatus.EXPIRED,
                sources=frozenset({JobStatus.QUEUED}),
                end_reason=reason,
            )


class Retention:
    """Forgets pictures by age and by total size."""

    def __init__(
        self, *, pictures: PictureStore, clock: Clock, keep_for: timedelta, keep_total_bytes: int
    ) -> None:
        self._pictures = pictures
        self._clock = clock
        self._keep_ms = int(keep_for.total_seconds() * 1000)
        self._keep_bytes = keep_total_bytes

    def loop(self) -> Loop:
        """Return the loop that sweeps."""
        return Loop("retention", self.sweep, interval_seconds=RETENTION_SECONDS)

    async def sweep(self) -> None:
        """Sweep once."""
        freed = await self._pictures.sweep(
            older_than_ms=self._clock.now_ms() - self._keep_ms, keep_total_bytes=self._keep_bytes
        )
        if freed:
            log.info("old pictures forgotten", freed_bytes=freed)
