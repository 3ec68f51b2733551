"""Which webhook deliveries concern a job as it stands."""

from __future__ import annotations

import pytest

from bot.domain.ids import JobId, ProviderJobId
from bot.domain.job import Job, JobStatus
from bot.domain.outcome import Drawn
from bot.jobs.inbox import Mail, Verdict, judge
from tests.factories.jobs import a_new_job

DRAWN = Drawn(("https://example.org/1.png",))


def a_job(status: JobStatus, **changes: object) -> Job:
    new = a_new_job(1)
    return Job.model_validate(
        {
            "id": new.id,
            "origin": new.origin,
            "request": new.request,
            "status": status,
            "fair_tag": 0,
            "created_at_ms": new.created_at_ms,
            **changes,
        }
    )


def mail(track_id: str | None = "1", provider_job_id: str | None = "p1") -> Mail:
    known = None if provider_job_id is None else ProviderJobId(provider_job_id)
    return Mail(JobId(1), track_id, known, DRAWN)


@pytest.mark.parametrize("status", [JobStatus.SUBMITTING, JobStatus.PROCESSING])
def test_a_result_for_a_job_at_the_provider_counts(status: JobStatus) -> None:
    assert judge(a_job(status), mail()) is Verdict.APPLIED


def test_a_result_that_comes_before_the_submissions_own_reply_counts() -> None:
    assert judge(a_job(JobStatus.SUBMITTING), mail()) is Verdict.APPLIED


def test_a_result_for_a_lost_submission_counts_although_the_job_waits_again() -> None:
    waiting = a_job(JobStatus.QUEUED, attempts=1)
    assert judge(waiting, mail()) is Verdict.APPLIED


def test_nothing_can_be_known_of_a_job_that_was_never_sent() -> None:
    assert judge(a_job(JobStatus.QUEUED), mail()) is Verdict.TOO_LATE


@pytest.mark.parametrize(
    "status",
    [
        s
        for s in JobStatus
        if s not in {JobStatus.QUEUED, JobStatus.SUBMITTING, JobStatus.PROCESSING}
    ],
)
def test_a_repetition_changes_nothing(status: JobStatus) -> None:
    assert judge(a_job(status, attempts=1), mail()) is Verdict.TOO_LATE


def test_a_body_that_names_another_job_is_not_believed() -> None:
    assert judge(a_job(JobStatus.PROCESSING), mail(track_id="2")) is Verdict.OTHER_TRACK


def test_a_body_about_another_job_at_the_provider_is_not_believed() -> None:
    job = a_job(JobStatus.PROCESSING, provider_job_id="p2")
    assert judge(job, mail()) is Verdict.OTHER_ID


def test_a_body_without_track_id_or_id_is_believed_for_its_address() -> None:
    job = a_job(JobStatus.PROCESSING, provider_job_id="p2")
    assert judge(job, mail(track_id=None, provider_job_id=None)) is Verdict.APPLIED


def test_a_job_that_is_not_ours_any_more_is_no_error() -> None:
    assert judge(None, mail()) is Verdict.UNKNOWN_JOB
