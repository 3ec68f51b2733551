"""Webhook deliveries whose address was genuine, read one after the other.

A delivery is the API's word and no more: it must name the job it was addressed to, and the
provider's own id where that is known. It may come early, late, twice, or never.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

import structlog

from bot.domain.ids import JobId, ProviderJobId
from bot.domain.job import AT_PROVIDER, Job, JobStatus
from bot.domain.outcome import Reply
from bot.domain.ports import JobStore
from bot.errors import ProviderError
from bot.jobs.worker import Worker
from bot.loops import cancel_and_wait

log = structlog.stdlib.get_logger(__name__)

CAPACITY = 10_000
"""Deliveries that may wait; beyond that they are dropped, and polling finds the results."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One delivery."""

    job_id: JobId
    track_id: str | None
    provider_job_id: ProviderJobId | None
    news: Reply | ProviderError


class Verdict(StrEnum):
    """What became of a delivery."""

    APPLIED = "applied"
    """It moved the job, or made it ask at once."""
    TOO_LATE = "too_late"
    """The job has moved on: a repetition, or polling was faster."""
    OTHER_TRACK = "other_track"
    """It names another job than the one it was addressed to."""
    OTHER_ID = "other_id"
    """It speaks of another job at the provider than ours."""
    UNKNOWN_JOB = "unknown_job"
    UNREADABLE = "unreadable"
    """Too long, or no JSON object."""
    DROPPED = "dropped"
    """Too many were waiting."""


def judge(job: Job | None, mail: Mail) -> Verdict:
    """Decide whether a delivery concerns a job as it stands."""
    if job is None:
        return Verdict.UNKNOWN_JOB
    if mail.track_id is not None and mail.track_id != str(job.id):
        return Verdict.OTHER_TRACK
    if None not in (job.provider_job_id, mail.provider_job_id) and (
        job.provider_job_id != mail.provider_job_id
    ):
        return Verdict.OTHER_ID
    lost_and_queued_again = job.status is JobStatus.QUEUED and job.attempts > 0
    if job.status not in AT_PROVIDER and not lost_and_queued_again:
        return Verdict.TOO_LATE
    return Verdict.APPLIED


class WebhookInbox:
    """Takes deliveries at once and applies them in a task of its own."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        worker: Worker,
        on_verdict: Callable[[Verdict], None],
    ) -> None:
        self._jobs = jobs
        self._worker = worker
        self._on_verdict = on_verdict
        self._waiting: asyncio.Queue[Mail] = asyncio.Queue(CAPACITY)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._read(), name="webhook inbox")
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await cancel_and_wait(self._task)

    def put(self, mail: Mail) -> None:
        """Take a delivery; returns at once."""
        try:
            self._waiting.put_nowait(mail)
        except asyncio.QueueFull:
            self._count(Verdict.DROPPED, mail.job_id)

    def put_aside(self, job_id: JobId) -> None:
        """Hear of a delivery that cannot be read."""
        self._count(Verdict.UNREADABLE, job_id)

    async def _read(self) -> None:
        while True:
            mail = await self._waiting.get()
            try:
                self._count(await self._apply(mail), mail.job_id)
            except Exception:
                log.exception("webhook delivery not applied; polling goes on", job_id=mail.job_id)

    async def _apply(self, mail: Mail) -> Verdict:
        job = await self._jobs.get(mail.job_id)
        verdict = judge(job, mail)
        if job is not None and verdict is Verdict.APPLIED:
            await self._worker.hear(job, mail.provider_job_id, mail.news)
        return verdict

    def _count(self, verdict: Verdict, job_id: JobId) -> None:
        log.debug("webhook delivery", verdict=str(verdict), job_id=job_id)
        self._on_verdict(verdict)
