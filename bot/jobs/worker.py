"""Carries one job through the image API: submit, follow, record the outcome.

`run` reads where the job stands and goes on from there, so the same code serves a fresh job, one
recovered after a crash, and one that a webhook has moved meanwhile.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import JobId, ProviderJobId
from bot.domain.job import AT_PROVIDER, Job, JobStatus
from bot.domain.outcome import EndReason, Reply, StillProcessing
from bot.domain.ports import ImageApi, JobStore, RunLater
from bot.errors import (
    ProviderError,
    ProviderFailed,
    ProviderRejected,
    StartGone,
    StorageError,
)
from bot.jobs.decisions import (
    AwaitFate,
    Decision,
    End,
    PutBack,
    after_failure,
    after_lost_submission,
    after_submit_error,
)
from bot.jobs.gate import ProviderGate
from bot.jobs.lifecycle import JobLifecycle
from bot.jobs.polling import PollSchedule
from bot.jobs.start_links import StartLinker
from bot.jobs.wakeups import WakeUps

log = structlog.stdlib.get_logger(__name__)


_RECORD_AGAIN_SECONDS = (0.1, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class WorkerTiming:
    """Waits in seconds.

    `lost_submission` is how long a submission without an answer may still turn up: the API's
    longest hold and its 30 s filter of identical requests, or the time a webhook may take.
    `link_retry` are the pauses between polls of a job said to be done without a link to it.
    """

    job_timeout: float
    polls: PollSchedule
    lost_submission: float
    link_retry: Sequence[float]


class Worker:
    """Runs jobs for an engine."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        lifecycle: JobLifecycle,
        api: ImageApi,
        linker: StartLinker,
        gate: ProviderGate,
        clock: Clock,
        wakeups: WakeUps,
        timing: WorkerTiming,
        webhook_of: Callable[[JobId], str | None],
    ) -> None:
        self._jobs = jobs
        self._lifecycle = lifecycle
        self._api = api
        self._linker = linker
        self._gate = gate
        self._clock = clock
        self._wakeups = wakeups
        self._timing = timing
        self._webhook_of = webhook_of
        self._failures: dict[JobId, ProviderError] = {}
        self._linkless: Counter[JobId] = Counter()

    async def run(self, job_id: JobId) -> None:
        """Take the job as far as the API is concerned.

        Raises:
            RunLater: the job is queued again and should have its turn after a delay.
        """
        with (
            structlog.contextvars.bound_contextvars(job_id=job_id),
            self._wakeups.attending(job_id),
        ):
            while (pause := await self._bring_to_api(job_id)) is not None:
                await self._follow(job_id, pause)
            self._forget(job_id)

    async def _bring_to_api(self, job_id: JobId) -> float | None:
        """Go on until the API has the job; return the pause before a poll, None when it is over."""
        while (job := await self._jobs.get(job_id)) is not None:
            match job.status:
                case JobStatus.QUEUED:
                    await self._submit(job)
                case JobStatus.SUBMITTING:
                    await self._await_fate(job)
                case JobStatus.PROCESSING:
                    # Even past its time: it may be drawn since, while nobody was here to ask.
                    return self._wait_before_poll(job, 0)
                case _:
                    return None
        return None

    async def record_reply(self, job: Job, reply: Reply) -> Job | None:
        """Write down what the API said of a job, whoever heard it: worker, poller or webhook."""
        if isinstance(reply, StillProcessing):
            return await self._record_processing(job, reply)
        return await self._lifecycle.advance(
            job.id,
            JobStatus.READY,
            provider_job_id=reply.provider_job_id or job.provider_job_id,
            output=reply.output,
            used=reply.used or job.used,
            ready_at_ms=self._clock.now_ms(),
        )

    async def hear(
        self, job: Job, provider_job_id: ProviderJobId | None, news: Reply | ProviderError
    ) -> None:
        """Take the word of a webhook.

        A failure counts only where it names the very job at the provider that is being followed;
        it might be a repetition about one that was already sent again.
        """
        if not isinstance(news, ProviderError):
            await self.record_reply(job, news)
        elif provider_job_id is not None and provider_job_id == job.provider_job_id:
            self._failures[job.id] = news
        self._wakeups.wake(job.id)

    async def _record_processing(self, job: Job, reply: StillProcessing) -> Job | None:
        due_at = self._due_at(reply.eta_seconds)
        if job.status is JobStatus.PROCESSING:
            return await self._jobs.record(job.id, due_at_ms=due_at) if due_at else job
        return await self._lifecycle.advance(
            job.id,
            JobStatus.PROCESSING,
            provider_job_id=reply.provider_job_id,
            due_at_ms=due_at,
            used=reply.used,
        )

    def _due_at(self, eta_seconds: float | None) -> int | None:
        return None if eta_seconds is None else self._clock.now_ms() + int(eta_seconds * 1000)

    async def _submit(self, job: Job) -> None:
        if job.damaged:
            await self._end(job, JobStatus.FAILED, EndReason.INTERNAL, "unreadable request")
            return
        if job.cancel_requested_at_ms is not None:
            await self._end(job, JobStatus.CANCELLED, EndReason.CANCELLED, None)
            return
        if not await self._gate.wait_open(self._deadline_ms(job)):
            await self._expire(job, EndReason.PAUSED_TOO_LONG)
            return
        moved = await self._lifecycle.advance(
            job.id,
            JobStatus.SUBMITTING,
            attempts=job.attempts + 1,
            submitted_at_ms=self._clock.now_ms(),
            provider_job_id=None,
            due_at_ms=None,
        )
        self._forget(job.id)
        if moved is None:
            self._gate.note_unused()
        else:
            await self._send(moved)

    def _forget(self, job_id: JobId) -> None:
        """Drop what was heard of an earlier submission."""
        self._failures.pop(job_id, None)
        self._linkless.pop(job_id, None)

    async def _send(self, job: Job) -> None:
        try:
            links = await self._linker.links_for(job)
            if links is not None:  # handing pictures over may have taken a while
                job = await self._jobs.record(job.id, submitted_at_ms=self._clock.now_ms()) or job
            reply = await self._api.submit(
                job.request, track_id=str(job.id), webhook=self._webhook_of(job.id), links=links
            )
        except StartGone:
            self._gate.note_unused()
            await self._end(job, JobStatus.FAILED, EndReason.START_GONE, None)
        except ProviderError as error:
            self._gate.note_error(error)
            log.warning("submission failed", error=type(error).__name__, reason=str(error))
            await self._carry_out(after_submit_error(error, job), job, error)
        else:
            self._gate.note_success()
            await self._record_surely(job, reply)

    async def _record_surely(self, job: Job, reply: Reply) -> None:
        """Write down the answer to a submission, as often as it takes.

        Nobody else heard it: given up because the disk is full or the database locked, the same
        pictures would be submitted, and paid for, once more.
        """
        for pause in itertools.chain(_RECORD_AGAIN_SECONDS, itertools.repeat(5.0)):
            try:
                await self.record_reply(job, reply)
            except StorageError as error:
                log.error("answer not recorded, will try again", reason=str(error))
                await asyncio.sleep(pause)
            else:
                return

    async def _carry_out(self, decision: Decision, job: Job, error: ProviderError | None) -> None:
        match decision:
            case End(status, reason):
                await self._end(job, status, reason, str(error) if error else None)
            case PutBack(delay, counts):
                if await self._lifecycle.advance(
                    job.id, JobStatus.QUEUED, **{**counts, "submitted_at_ms": None}
                ):
                    raise RunLater(delay)
            case AwaitFate():
                await self._await_fate(job)

    async def _await_fate(self, job: Job) -> None:
        """Wait for a sign of a submission whose answer was lost; then submit once more."""
        now = self._clock.now_ms()
        begun = min(job.submitted_at_ms or now, now)  # not later, though a clock was set back
        sign_by = begun + int(self._timing.lost_submission * 1000)
        log.warning("submission without an answer", attempts=job.attempts)
        if await self._unheard_of(job.id) is None:  # a webhook came before the answer broke off
            return
        await self._wakeups.wait(job.id, max(0.0, (sign_by - now) / 1000))
        current = await self._unheard_of(job.id)
        if current is not None and self._clock.now_ms() >= sign_by:
            await self._carry_out(after_lost_submission(current), current, None)

    async def _unheard_of(self, job_id: JobId) -> Job | None:
        """Return the job if nobody has heard since what became of its submission."""
        job = await self._jobs.get(job_id)
        return job if job is not None and job.status is JobStatus.SUBMITTING else None

    async def _follow(self, job_id: JobId, pause: float | None) -> None:
        """Poll until it is over. Nothing of the job is held meanwhile: thousands may wait."""
        polls = 0
        while pause is not None:
            await self._wakeups.wait(job_id, pause)
            polls += 1
            pause = await self._look(job_id, polls)

    async def _look(self, job_id: JobId, polls: int) -> float | None:
        """Poll once; return the pause before the next one, None when there is to be none."""
        job = await self._jobs.get(job_id)
        if job is not None and job.status is JobStatus.PROCESSING:
            job = await self._poll(job) or job
            if job.status is JobStatus.PROCESSING:
                return await self._pause(job, polls)
        return None

    async def _pause(self, job: Job, polls: int) -> float | None:
        """Return the pause before the next poll; end a job for which there is to be none."""
        if self._clock.now_ms() >= self._deadline_ms(job):
            await self._expire(job, EndReason.TIMED_OUT)
            return None
        linkless = self._linkless[job.id]
        if linkless > len(self._timing.link_retry):
            await self._end(job, JobStatus.FAILED, EndReason.NO_LINKS, None)
            return None
        if linkless > 0:
            return self._timing.link_retry[linkless - 1]
        return self._wait_before_poll(job, polls)

    def _wait_before_poll(self, job: Job, polls: int) -> float:
        now = self._clock.now_ms()
        eta = None if job.due_at_ms is None else (job.due_at_ms - now) / 1000
        left = (self._deadline_ms(job) - now) / 1000
        return max(0.0, min(left, self._timing.polls.delay(polls, eta)))

    async def _poll(self, job: Job) -> Job | None:
        if job.provider_job_id is None:
            return job
        try:
            reply = await self._ask(job.id, job.provider_job_id)
        except (ProviderFailed, ProviderRejected) as error:
            self._gate.note_error(error)
            await self._carry_out(after_failure(job), job, error)
            return await self._jobs.get(job.id)
        except ProviderError as error:
            log.info("poll failed", error=type(error).__name__, reason=str(error))
            return job
        if isinstance(reply, StillProcessing) and reply.without_links:
            self._linkless[job.id] += 1
        else:
            del self._linkless[job.id]
        return await self.record_reply(job, reply)

    async def _ask(self, job_id: JobId, provider_job_id: ProviderJobId) -> Reply:
        told = self._failures.pop(job_id, None)
        if isinstance(told, ProviderFailed | ProviderRejected):
            raise told
        return await self._api.fetch(provider_job_id)

    def _deadline_ms(self, job: Job) -> int:
        begun = job.submitted_at_ms if job.status in AT_PROVIDER else None
        return (begun or job.created_at_ms) + int(self._timing.job_timeout * 1000)

    async def _expire(self, job: Job, reason: EndReason) -> None:
        await self._end(job, JobStatus.EXPIRED, reason, None)

    async def _end(
        self, job: Job, status: JobStatus, reason: EndReason, detail: str | None
    ) -> None:
        await self._lifecycle.advance(job.id, status, end_reason=reason, end_detail=detail)
