"""What becomes of jobs when the image API does not do what it was asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.ids import JobId, UserId
from bot.domain.job import JobStatus
from bot.domain.outcome import Drawn, EndReason, Reply
from bot.errors import (
    ModelNotFound,
    ProviderBusy,
    ProviderError,
    ProviderFailed,
    ProviderRejected,
    ProviderSuspended,
    ProviderUnavailable,
)
from bot.jobs.gate import BREAKER_THRESHOLD
from tests.fakes.courier import RecordingCourier
from tests.fakes.image_api import ScriptedImageApi, links_for, processing
from tests.integration.jobs.conftest import Disk, Machine, OpenMachine

FOR_EVER = 1e6
NEVER_TAKEN = ProviderUnavailable("connection refused")
LOST = ProviderUnavailable("no answer", maybe_taken=True)
WITHOUT_LINKS = replace(processing("p1"), without_links=True)


@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        ([ProviderRejected("no")], EndReason.API_REJECTED),
        ([ModelNotFound("no such model")], EndReason.MODEL_NOT_FOUND),
        ([ProviderFailed("failed")] * 2, EndReason.API_FAILED),
        ([LOST] * 2, EndReason.API_UNAVAILABLE),
    ],
)
async def test_each_failure_has_its_reason_is_told_once_and_gives_the_quota_back(
    machine: Machine,
    api: ScriptedImageApi,
    courier: RecordingCourier,
    disk: Disk,
    errors: list[ProviderError],
    reason: EndReason,
) -> None:
    api.answers(*errors)
    await machine.ask(1, samples=4)
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.FAILED, reason)
    assert len(api.submissions) == len(errors)
    assert len(courier.shown(JobId(1))) == 1
    assert await disk.used() == 0


async def test_a_job_that_never_got_through_ends_after_six_tries(
    machine: Machine, api: ScriptedImageApi, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.gate.BREAKER_THRESHOLD", 100)
    api.answers(*[NEVER_TAKEN] * 6)
    await machine.ask(1)
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.FAILED, EndReason.API_UNAVAILABLE)
    assert len(api.submissions) == 6
    assert await disk.used() == 0


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ([NEVER_TAKEN] * 2, [ProviderFailed("failed")]),
        ([NEVER_TAKEN] * 2, [LOST]),
        ([LOST], [ProviderFailed("failed")]),
        ([ProviderFailed("failed")], [LOST]),
        ([LOST, ProviderFailed("failed")], [NEVER_TAKEN] * 2),
    ],
)
async def test_one_kind_of_failure_uses_up_no_resend_of_another(
    machine: Machine, api: ScriptedImageApi, before: list[ProviderError], then: list[ProviderError]
) -> None:
    api.answers(*before, *then)
    await machine.ask(1)
    job = await machine.until_told(1)
    assert job.status is JobStatus.DELIVERED
    assert job.attempts == len(api.submissions) == len(before) + len(then) + 1


@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        ([NEVER_TAKEN, LOST, LOST], EndReason.API_UNAVAILABLE),
        ([ProviderFailed("failed"), LOST, ProviderFailed("failed")], EndReason.API_FAILED),
    ],
)
async def test_the_second_of_a_kind_ends_it_whatever_came_between(
    machine: Machine, api: ScriptedImageApi, errors: list[ProviderError], reason: EndReason
) -> None:
    api.answers(*errors)
    await machine.ask(1)
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.FAILED, reason)
    assert len(api.submissions) == len(errors)


async def test_a_failed_submission_is_sent_once_more_with_the_same_request(
    machine: Machine, api: ScriptedImageApi
) -> None:
    api.answers(ProviderFailed("failed"))
    await machine.ask(1)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    first, second = api.submissions
    assert first.request == second.request


async def test_a_job_that_the_api_took_and_failed_is_sent_once_more(
    machine: Machine, api: ScriptedImageApi
) -> None:
    api.answers(processing("p1"))
    api.fetch_answers(ProviderFailed("failed"))
    await machine.ask(1)
    job = await machine.until_told(1)
    assert job.status is JobStatus.DELIVERED
    assert job.attempts == len(api.submissions) == 2


async def test_a_job_that_failed_at_the_api_twice_ends_with_the_quota_back(
    machine: Machine, api: ScriptedImageApi, disk: Disk
) -> None:
    api.answers(processing("p1"), processing("p2"))
    api.fetch_answers(ProviderFailed("failed"), ProviderFailed("failed"))
    await machine.ask(1)
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.FAILED, EndReason.API_FAILED)
    assert api.fetched == ["p1", "p2"]
    assert await disk.used() == 0


async def test_polls_that_get_no_answer_do_not_end_a_job(
    machine: Machine, api: ScriptedImageApi
) -> None:
    api.answers(processing("p1"))
    api.fetch_answers(NEVER_TAKEN, ProviderBusy("rate"), ProviderError("nonsense"))
    await machine.ask(1)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    assert len(api.submissions) == 1


async def test_a_submission_of_unknown_fate_keeps_its_slot_then_goes_out_once_more_alike(
    open_machine: OpenMachine,
) -> None:
    api = ScriptedImageApi()
    api.answers(LOST, track_id="1")
    machine = await open_machine(api=api, slots=1)
    begun = machine.clock.now_ms()
    await machine.ask(1)
    await machine.ask(2)
    job = await machine.until_told(1)
    await machine.until_told(2)
    first, second = (s for s in api.submissions if s.track_id == "1")
    assert first.request.seed == second.request.seed
    assert first == second
    assert job.attempts == 2
    assert (job.submitted_at_ms or 0) - begun >= 50
    before_second_job = machine.moves[: machine.moves.index((JobId(2), JobStatus.SUBMITTING))]
    assert (JobId(1), JobStatus.QUEUED) in before_second_job


async def test_a_sign_of_life_ends_the_wait_for_a_lost_submission(
    open_machine: OpenMachine,
) -> None:
    machine = await open_machine(lost_submission=FOR_EVER)
    machine.api.answers(LOST)
    await machine.ask(1)
    await machine.until_waiting(1)
    await machine.worker.hear(await machine.disk.job(1), None, processing("p1"))
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    assert len(machine.api.submissions) == 1


async def test_a_sign_of_life_before_the_answer_was_lost_leaves_nothing_to_wait_for(
    open_machine: OpenMachine,
) -> None:
    machine = await open_machine(lost_submission=FOR_EVER, slots=1)
    machine.api.answers(LOST)
    machine.api.hold()
    await machine.ask(1)
    await machine.api.until_submitted(1)
    await machine.worker.hear(await machine.disk.job(1), None, Drawn(links_for("1")))
    machine.api.release()
    await machine.ask(2)
    assert (await machine.until_told(1, 2)).status is JobStatus.DELIVERED
    assert machine.api.submitted_tracks() == ["1", "2"]


async def test_a_rate_limit_makes_everything_wait_once(open_machine: OpenMachine) -> None:
    api = ScriptedImageApi()
    api.answers(ProviderBusy("rate", retry_after_seconds=0.1))
    machine = await open_machine(api=api, slots=1)
    for job_id in range(1, 6):
        await machine.ask(job_id)
    await machine.until_told(*range(1, 6))
    assert len(api.submissions) == 6
    assert [(await machine.disk.job(n)).attempts for n in range(1, 6)] == [1] * 5


async def test_a_suspended_account_pauses_all_and_resuming_lets_all_out(
    machine: Machine, api: ScriptedImageApi
) -> None:
    told: list[str] = []
    machine.gate.on_suspended(told.append)
    api.answers(ProviderSuspended("monthly limit exceeded"), track_id="1")
    await machine.ask(1)
    await machine.until(1, JobStatus.QUEUED)
    for job_id in (2, 3, 4, 5):
        await machine.ask(job_id)
    assert (machine.gate.is_suspended, machine.gate.is_closed) == (True, True)
    assert api.submitted_tracks() == ["1"]
    machine.gate.resume()
    await machine.until_told(1, 2, 3, 4, 5)
    assert (machine.gate.is_suspended, machine.gate.reason) == (False, None)
    assert told == ["monthly limit exceeded"]


async def test_a_row_of_failures_closes_the_gate_for_every_job(
    open_machine: OpenMachine,
) -> None:
    api = ScriptedImageApi()
    api.answers(*[NEVER_TAKEN] * BREAKER_THRESHOLD)
    machine = await open_machine(api=api, slots=1)
    for job_id in range(1, 8):
        await machine.ask(job_id, user_id=UserId(job_id))
    await api.until_submitted(BREAKER_THRESHOLD)
    await machine.changes.until(lambda: machine.gate.is_closed)
    assert machine.gate.reason
    assert len(api.submissions) == BREAKER_THRESHOLD
    machine.gate.resume()
    await machine.until_told(*range(1, 8))


async def test_who_waits_past_the_time_out_of_a_pause_is_told_and_gets_the_quota_back(
    machine: Machine, api: ScriptedImageApi, courier: RecordingCourier, disk: Disk
) -> None:
    api.answers(ProviderSuspended("no credit"))
    await machine.ask(1)
    await machine.until(1, JobStatus.QUEUED)
    machine.clock.advance(59.5)
    for job_id in (2, 3, 4, 5):
        await machine.ask(job_id)
    machine.clock.advance(1)
    await machine.overdue.expire()
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.EXPIRED, EndReason.PAUSED_TOO_LONG)
    assert len(courier.shown(JobId(1))) == 1
    assert (await disk.job(2)).status is JobStatus.QUEUED
    assert await disk.used() == 4


async def test_a_job_whose_turn_comes_in_a_pause_ends_at_its_time_out_by_itself(
    open_machine: OpenMachine, disk: Disk
) -> None:
    machine = await open_machine(job_timeout=0.1)
    machine.gate.note_error(ProviderSuspended("no credit"))
    await machine.ask(1)
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.EXPIRED, EndReason.PAUSED_TOO_LONG)
    assert machine.api.submissions == []
    assert await disk.used() == 0


async def test_a_job_that_takes_too_long_at_the_api_ends_with_the_quota_back(
    machine: Machine, api: ScriptedImageApi, disk: Disk
) -> None:
    api.answers(processing("p1"))
    api.fetch_answers(*[processing("p1")] * 10_000)
    await machine.ask(1)
    await machine.until(1, JobStatus.PROCESSING)
    machine.clock.advance(61)
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.EXPIRED, EndReason.TIMED_OUT)
    assert await disk.used() == 0


async def test_a_success_that_never_says_where_is_asked_as_often_as_a_late_link_is_tried(
    open_machine: OpenMachine, disk: Disk
) -> None:
    machine = await open_machine(link_retry=(0.01,) * 4)
    machine.api.answers(processing("p1"))
    machine.api.fetch_answers(processing("p1"), *[WITHOUT_LINKS] * 10_000)
    await machine.ask(1)
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.FAILED, EndReason.NO_LINKS)
    assert len(machine.api.fetched) == 1 + 5
    assert await disk.used() == 0


@pytest.mark.parametrize("between", [[processing("p1"), WITHOUT_LINKS], [ProviderBusy("rate")]])
async def test_links_that_come_late_are_waited_for(
    open_machine: OpenMachine, between: list[Reply | ProviderError]
) -> None:
    machine = await open_machine(link_retry=(0.01,) * 4)
    machine.api.answers(WITHOUT_LINKS)
    machine.api.fetch_answers(*[WITHOUT_LINKS] * 4, *between)
    await machine.ask(1)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    assert len(machine.api.submissions) == 1


async def test_jobs_that_the_queue_kept_too_long_end_without_a_pause_as_timed_out(
    open_machine: OpenMachine,
) -> None:
    api = ScriptedImageApi()
    api.hold()
    machine = await open_machine(api=api, slots=1)
    await machine.ask(1)
    await machine.ask(2)
    await api.until_submitted(1)
    machine.clock.advance(61)
    await machine.overdue.expire()
    job = await machine.until_told(2)
    api.release()
    assert (job.status, job.end_reason) == (JobStatus.EXPIRED, EndReason.TIMED_OUT)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED


async def test_one_jobs_trouble_is_nobody_elses(machine: Machine, api: ScriptedImageApi) -> None:
    api.answers(LOST, LOST, track_id="1")
    api.answers(ProviderRejected("no"), track_id="2")
    await asyncio.gather(*(machine.ask(n) for n in range(1, 7)))
    await machine.until_told(3, 4, 5, 6)
    for job_id in (3, 4, 5, 6):
        assert (await machine.disk.job(job_id)).status is JobStatus.DELIVERED
