"""The door through which every job changes status, and who hears of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Unpack

import structlog

from bot.domain.ids import JobId
from bot.domain.job import TERMINAL, Job, JobStatus
from bot.domain.ports import JobFacts, JobStore

log = structlog.stdlib.get_logger(__name__)

Listener = Callable[[Job], None]


class JobLifecycle:
    """Moves jobs and tells listeners, which must return at once and start no task."""

    def __init__(self, jobs: JobStore) -> None:
        self._jobs = jobs
        self._on_move: list[Listener] = []
        self._on_change: list[Listener] = []

    def on_move(self, listener: Listener) -> None:
        """Have `listener` called once for every move: for whoever counts."""
        self._on_move.append(listener)

    def on_change(self, listener: Listener) -> None:
        """Have `listener` called with every job that moved, or of which a fact was recorded."""
        self._on_change.append(listener)

    async def advance(
        self,
        job_id: JobId,
        target: JobStatus,
        *,
        sources: frozenset[JobStatus] | None = None,
        **facts: Unpack[JobFacts],
    ) -> Job | None:
        """Move a job through the store's guarded statement; None when somebody else was first."""
        job = await self._jobs.advance(job_id, target, sources=sources, **facts)
        if job is not None:
            reason = str(job.end_reason) if job.end_reason else None
            level = logging.INFO if job.status in TERMINAL else logging.DEBUG
            log.log(level, "job moved", **job.log_context(), reason=reason)
            self._tell(self._on_move, job)
            self._tell(self._on_change, job)
        return job

    async def record(
        self,
        job_id: JobId,
        *,
        sources: frozenset[JobStatus] | None = None,
        **facts: Unpack[JobFacts],
    ) -> Job | None:
        """Write facts that listeners should see although the status stays."""
        job = await self._jobs.record(job_id, sources=sources, **facts)
        if job is not None:
            self._tell(self._on_change, job)
        return job

    def _tell(self, listeners: Sequence[Listener], job: Job) -> None:
        for listener in listeners:
            try:
                listener(job)
            except Exception:  # the move is committed; nobody's fault may undo that for the others
                log.exception("listener failed", **job.log_context())
