"""What members do with jobs: ask for one, look at it, take it back."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bot.domain.clock import Clock
from bot.domain.costs import FREE, Costs
from bot.domain.ids import JobId, MessageId, UserId
from bot.domain.job import AT_PROVIDER, Job, JobStatus, NewJob, Origin, Reuse
from bot.domain.outcome import EndReason
from bot.domain.ports import JobEngine, JobRef, JobStore
from bot.domain.quota import QuotaLimits
from bot.domain.request import MAX_SEED, GenerationRequest
from bot.errors import JobNotFound, NotAllowed
from bot.jobs.lifecycle import JobLifecycle
from bot.speech import _


def new_seed() -> int:
    """Choose a seed before submission, so that a job sent again gives the same picture."""
    return random.randrange(MAX_SEED + 1)  # noqa: S311 - no secret


class JobService:
    """Use cases of the commands and buttons."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        lifecycle: JobLifecycle,
        engine: JobEngine,
        clock: Clock,
        costs: Costs = FREE,
    ) -> None:
        self._jobs = jobs
        self._lifecycle = lifecycle
        self._engine = engine
        self._clock = clock
        self._costs = costs

    async def submit(
        self,
        job_id: JobId,
        origin: Origin,
        request: GenerationRequest,
        limits: QuotaLimits,
        remarks: tuple[str, ...] = (),
    ) -> Job:
        """Accept a job: once this returns it survives anything, and may be called "queued".

        `remarks` stand in its acknowledgement.

        Raises:
            QuotaExceeded: nothing was stored or reserved.
        """
        new = NewJob(
            id=job_id,
            origin=origin,
            request=request,
            surcharge=self._costs.surcharge(request),
            created_at_ms=self._clock.now_ms(),
            remarks=remarks,
        )
        job = await self._jobs.accept(new, limits, self._engine.enqueue)
        if job.status is JobStatus.QUEUED:
            self._engine.committed(JobRef(job.id, job.status, job.fair_tag))
        return job

    async def foresee(
        self, job_id: JobId, origin: Origin, request: GenerationRequest, limits: QuotaLimits
    ) -> None:
        """Refuse what would not be accepted at this moment; `submit` is what decides.

        What options cost extra is left out: they may yet give way.

        Raises:
            QuotaExceeded: so many pictures are too many.
        """
        now = self._clock.now_ms()
        new = NewJob(id=job_id, origin=origin, request=request, created_at_ms=now)
        await self._jobs.foresee(new, limits)

    def cost_of(self, request: GenerationRequest) -> int:
        """Return what a request would take of the quota, in images."""
        return request.samples + self._costs.surcharge(request)

    async def note_reuse(self, job_id: JobId, way: Reuse) -> Job | None:
        """Note that more was asked for from a job; None where there is none any more."""
        return await self._jobs.note_reuse(job_id, way)

    async def acknowledged(self, job_id: JobId, message_id: MessageId) -> None:
        """Remember the message that said "queued"."""
        await self._lifecycle.record(job_id, acknowledgement_id=message_id)

    async def point_out_unseen(self, user_id: UserId) -> int:
        """Return how many results of this member wait in the history unannounced, and note it."""
        waiting = await self._jobs.unseen(user_id)
        for job_id in waiting:
            await self._jobs.record(job_id, pointed_out_at_ms=self._clock.now_ms())
        return len(waiting)

    async def get(self, job_id: JobId) -> Job:
        """Return a job.

        Raises:
            JobNotFound: there is none; erased, or never was.
        """
        job = await self._jobs.get(job_id)
        if job is None:
            raise JobNotFound(_("I no longer know this job. It may have been erased."))
        return job

    async def open_of(self, user_id: UserId) -> Sequence[Job]:
        """Return the member's jobs that have not ended, newest first."""
        return await self._jobs.open_of(user_id)

    async def cancel(self, job_id: JobId, user_id: UserId) -> Job:
        """Take a job back: free before it was submitted; afterwards its pictures stay hidden.

        Raises:
            JobNotFound: there is none.
            NotAllowed: it is somebody else's, or already done.
        """
        job = await self.get(job_id)
        if job.origin.user_id != user_id:
            raise NotAllowed(_("Only the person who asked for this picture can cancel it."))
        cancelled = await self._lifecycle.advance(
            job_id,
            JobStatus.CANCELLED,
            sources=frozenset({JobStatus.QUEUED}),
            end_reason=EndReason.CANCELLED,
        )
        return cancelled or await self._hide(job_id)

    async def cancel_newest(self, user_id: UserId) -> Job:
        """Take the member's newest job back that has not ended and was not taken back.

        Raises:
            JobNotFound: there is none.
            NotAllowed: it ended at this very moment.
        """
        for job in await self.open_of(user_id):
            if job.cancel_requested_at_ms is None:
                return await self.cancel(job.id, user_id)
        raise JobNotFound(_("You have no unfinished job to cancel."))

    async def _hide(self, job_id: JobId) -> Job:
        hidden = await self._lifecycle.record(
            job_id, sources=AT_PROVIDER, cancel_requested_at_ms=self._clock.now_ms()
        )
        if hidden is None:
            raise NotAllowed(_("It is too late to cancel: this job is already done."))
        return hidden
