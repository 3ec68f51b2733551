"""How long a job will take, from how long the last ones took."""

from __future__ import annotations

from bot.domain.job import Job, JobStatus
from bot.jobs.lifecycle import JobLifecycle

_FIRST_GUESS_SECONDS = 15.0
_WEIGHT = 0.2
"""How much the newest job counts in the moving average."""


class WaitEstimate:
    """A moving average of the time from submission to pictures."""

    def __init__(self, *, lifecycle: JobLifecycle, slots: int) -> None:
        self._slots = slots
        self._drawing_seconds = _FIRST_GUESS_SECONDS
        lifecycle.on_move(self._hear)

    def seconds_left(self, place: int | None) -> float:
        """Estimate the wait of a job with `place` others before it in the queue."""
        rounds = 1 + (place or 0) // self._slots
        return rounds * self._drawing_seconds

    def due_at_ms(self, job: Job, place: int | None, now_ms: int) -> int:
        """Return when a job should be done: as the API said, unless that is past."""
        if job.due_at_ms is not None and job.due_at_ms >= now_ms:
            return job.due_at_ms
        return now_ms + int(self.seconds_left(place) * 1000)

    def _hear(self, job: Job) -> None:
        if job.status is JobStatus.READY and job.submitted_at_ms and job.ready_at_ms:
            took = (job.ready_at_ms - job.submitted_at_ms) / 1000
            self._drawing_seconds += _WEIGHT * (took - self._drawing_seconds)
