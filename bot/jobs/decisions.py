"""What to do after the image API failed, decided from the error and the job alone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.job import Job, JobStatus
from bot.domain.outcome import EndReason
from bot.errors import (
    ModelNotFound,
    ProviderBusy,
    ProviderError,
    ProviderFailed,
    ProviderRejected,
    ProviderSuspended,
)

MAX_FAILED_ATTEMPTS = 2
"""One resend after "failed": bursts of it do not end within seconds (contract, section 6)."""

MAX_LOST_ATTEMPTS = 2
"""A submission whose fate is unknown is repeated once; each may be paid for."""

MAX_UNAVAILABLE_ATTEMPTS = 6

_BACKOFF_SECONDS = (2.0, 5.0, 15.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class PutBack:
    """The API surely does not have it: queue it again after a while."""

    delay_seconds: float


@dataclass(frozen=True, slots=True)
class AwaitFate:
    """The API may have it: keep the slot, wait for a sign, then submit once more."""


@dataclass(frozen=True, slots=True)
class End:
    """It is over."""

    status: JobStatus
    reason: EndReason


Decision = PutBack | AwaitFate | End


def after_submit_error(error: ProviderError, job: Job) -> Decision:
    """Decide about a submission that raised; `job.attempts` counts this one."""
    if error.maybe_taken:
        return AwaitFate()
    match error:
        case ProviderBusy() | ProviderSuspended():
            return PutBack(0)
        case ModelNotFound():
            return End(JobStatus.FAILED, EndReason.MODEL_NOT_FOUND)
        case ProviderRejected():
            return End(JobStatus.FAILED, EndReason.API_REJECTED)
        case ProviderFailed():
            return _again_or_end(job, MAX_FAILED_ATTEMPTS, EndReason.API_FAILED)
        case _:
            return _again_or_end(job, MAX_UNAVAILABLE_ATTEMPTS, EndReason.API_UNAVAILABLE)


def after_lost_submission(job: Job) -> Decision:
    """Decide once the time for a sign of life has passed."""
    return _again_or_end(job, MAX_LOST_ATTEMPTS, EndReason.API_UNAVAILABLE)


def after_fetch_failure(job: Job) -> Decision:
    """Decide when the API says that a job it had has failed."""
    return _again_or_end(job, MAX_FAILED_ATTEMPTS, EndReason.API_FAILED)


def _again_or_end(job: Job, attempts: int, reason: EndReason) -> Decision:
    if job.attempts >= attempts:
        return End(JobStatus.FAILED, reason)
    return PutBack(_BACKOFF_SECONDS[min(job.attempts, len(_BACKOFF_SECONDS)) - 1])
