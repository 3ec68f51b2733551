"""Jobs for tests: everything has a default, only what matters is said."""

from __future__ import annotations

from typing import Any

from bot.domain.guild_settings import Flagged
from bot.domain.ids import ChannelId, GuildId, JobId, ProviderJobId, UserId
from bot.domain.job import Job, JobStatus, NewJob, Origin
from bot.domain.outcome import UsedSettings
from bot.domain.ports import JobFacts, JobRef, JobStore, Transaction
from bot.domain.quota import QuotaLimits
from bot.domain.request import GenerationRequest, build_request
from tests.fakes.clock import NOON

ALICE, BOB = UserId(111), UserId(222)
GENEROUS = QuotaLimits(daily_images=1_000_000, max_active=1_000_000)

PATHS: dict[JobStatus, tuple[JobStatus, ...]] = {
    JobStatus.QUEUED: (),
    JobStatus.SUBMITTING: (JobStatus.SUBMITTING,),
    JobStatus.PROCESSING: (JobStatus.SUBMITTING, JobStatus.PROCESSING),
    JobStatus.READY: (JobStatus.SUBMITTING, JobStatus.READY),
    JobStatus.DELIVERED: (JobStatus.SUBMITTING, JobStatus.READY, JobStatus.DELIVERED),
    JobStatus.FAILED: (JobStatus.SUBMITTING, JobStatus.FAILED),
    JobStatus.REFUSED: (JobStatus.SUBMITTING, JobStatus.REFUSED),
    JobStatus.CANCELLED: (JobStatus.CANCELLED,),
    JobStatus.EXPIRED: (JobStatus.EXPIRED,),
}
"""A way to each status from `queued`."""


def a_request(**changes: Any) -> GenerationRequest:
    return build_request({"prompt": "a fox", "model_id": "midjourney", "seed": 7, **changes})


def an_origin(user_id: UserId = ALICE, **changes: Any) -> Origin:
    values: dict[str, Any] = {"guild_id": GuildId(10), "channel_id": ChannelId(20), **changes}
    return Origin(user_id=user_id, **values)


def a_new_job(
    job_id: int = 1,
    *,
    user_id: UserId = ALICE,
    samples: int = 1,
    created_at_ms: int = NOON,
    **request: Any,
) -> NewJob:
    return NewJob(
        id=JobId(job_id),
        origin=an_origin(user_id),
        request=a_request(samples=samples, **request),
        created_at_ms=created_at_ms,
    )


def a_job(
    *,
    status: JobStatus = JobStatus.READY,
    flagged: Flagged = Flagged.SPOILER,
    used: UsedSettings | None = None,
    **request: Any,
) -> Job:
    """Return a job that no store knows of."""
    return Job(
        id=JobId(1),
        origin=an_origin(flagged=flagged),
        request=a_request(**request),
        status=status,
        fair_tag=0,
        created_at_ms=NOON,
        used=used,
    )


def no_engine(_transaction: Transaction, _job: JobRef) -> None:
    """Enqueue nowhere."""


async def accept(
    jobs: JobStore, job_id: int = 1, *, limits: QuotaLimits = GENEROUS, **changes: Any
) -> Job:
    return await jobs.accept(a_new_job(job_id, **changes), limits, no_engine)


async def bring_to(jobs: JobStore, job_id: JobId, status: JobStatus) -> None:
    """Move a queued job to a status by legal moves."""
    for step in PATHS[status]:
        facts: JobFacts = {}
        if step is JobStatus.SUBMITTING:
            facts = {"attempts": 1, "submitted_at_ms": NOON}
        elif step is JobStatus.PROCESSING:
            facts = {"provider_job_id": ProviderJobId("p1")}
        assert await jobs.advance(job_id, step, **facts) is not None
