"""What to do after the image API failed, decided from the error and the job alone.

Each kind of failure has its own number of tries: that a connection was refused says nothing about
the next submission, and must not use up its one resend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

from bot.domain.job import Job, JobStatus
from bot.domain.outcome import EndReason
from bot.domain.ports import JobFacts
from bot.errors import (
    ModelNotFound,
    ProviderBusy,
    ProviderError,
    ProviderFailed,
    ProviderRejected,
    ProviderSuspended,
)

MAX_FAILED = 2
"""One resend after "failed": bursts of it do not end within seconds (contract, section 6)."""

MAX_LOST = 2
"""A submission whose fate is unknown is repeated once; each may be paid for."""

MAX_UNREACHED = 6

_BACKOFF_SECONDS = (2.0, 5.0, 15.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class PutBack:
    """The API surely does not have it: queue it again after a while, with these counts."""

    delay_seconds: float
    counts: JobFacts


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
            return PutBack(0, {"attempts": job.attempts - 1})
        case ModelNotFound():
            return End(JobStatus.FAILED, EndReason.MODEL_NOT_FOUND)
        case ProviderRejected():
            return End(JobStatus.FAILED, EndReason.API_REJECTED)
        case ProviderFailed():
            return after_failure(job)
        case _:
            times = job.times_unreached + 1
            return _again_or_end(
                times, MAX_UNREACHED, EndReason.API_UNAVAILABLE, times_unreached=times
            )


def after_lost_submission(job: Job) -> Decision:
    """Decide once the time for a sign of life has passed."""
    times = job.times_lost + 1
    return _again_or_end(times, MAX_LOST, EndReason.API_UNAVAILABLE, times_lost=times)


def after_failure(job: Job) -> Decision:
    """Decide when the API says, at once or later, that it tried and failed.

    Every attempt that was neither lost nor kept from reaching it ended so.
    """
    times = job.attempts - job.times_unreached - job.times_lost
    return _again_or_end(times, MAX_FAILED, EndReason.API_FAILED)


def _again_or_end(times: int, most: int, reason: EndReason, **counts: Unpack[JobFacts]) -> Decision:
    if times >= most:
        return End(JobStatus.FAILED, reason)
    return PutBack(_BACKOFF_SECONDS[min(times, len(_BACKOFF_SECONDS)) - 1], counts)
