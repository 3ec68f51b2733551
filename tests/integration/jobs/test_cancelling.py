"""Taking a job back: free before it was submitted, hidden and charged after."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.errors import JobNotFound, NotAllowed, ProviderBusy, ProviderFailed, ProviderSuspended
from bot.jobs.gate import PROBE_SECONDS
from tests.factories.jobs import ALICE, BOB
from tests.fakes.courier import RecordingCourier
from tests.fakes.image_api import ScriptedImageApi, processing
from tests.integration.jobs.conftest import Disk, Machine, OpenMachine


async def test_a_waiting_job_is_cancelled_at_once_and_costs_nothing(
    open_machine: OpenMachine, disk: Disk
) -> None:
    api = ScriptedImageApi()
    api.hold()
    machine = await open_machine(api=api, slots=1)
    await machine.ask(1)
    await machine.ask(2)
    await api.until_submitted(1)
    cancelled = await machine.service.cancel(JobId(2), ALICE)
    assert (cancelled.status, cancelled.end_reason) == (JobStatus.CANCELLED, EndReason.CANCELLED)
    api.release()
    await machine.until_told(1)
    await machine.ask(3)
    await machine.until_told(3)
    assert api.submitted_tracks() == ["1", "3"]
    assert machine.courier.shown(JobId(2)) == []
    assert await disk.used() == 2


async def test_a_job_being_submitted_is_hidden_charged_and_keeps_its_slot(
    open_machine: OpenMachine, disk: Disk
) -> None:
    api = ScriptedImageApi()
    api.hold()
    machine = await open_machine(api=api, slots=1)
    await machine.ask(1)
    await machine.ask(2)
    await api.until_submitted(1)
    hidden = await machine.service.cancel(JobId(1), ALICE)
    assert hidden.status is JobStatus.SUBMITTING
    assert machine.engine.running == 1
    api.release()
    job = await machine.until(1, JobStatus.CANCELLED)
    await machine.until_told(2)
    assert job.end_reason is EndReason.CANCELLED
    assert machine.courier.shown(JobId(1)) == []
    assert api.downloaded == [f"https://pictures.test/{n}/0.png" for n in (2,)]
    assert await disk.used() == 2


async def test_a_job_being_drawn_is_hidden_and_charged(
    machine: Machine, api: ScriptedImageApi, courier: RecordingCourier, disk: Disk
) -> None:
    api.answers(processing("p1"))
    api.fetch_answers(*[processing("p1")] * 10_000)
    await machine.ask(1)
    await machine.until(1, JobStatus.PROCESSING)
    await machine.service.cancel(JobId(1), ALICE)
    api.draws()
    await machine.until(1, JobStatus.CANCELLED)
    assert courier.shown(JobId(1)) == []
    assert await disk.used() == 1


async def test_a_cancelled_job_that_the_api_fails_is_refunded_and_nothing_is_said(
    machine: Machine, api: ScriptedImageApi, courier: RecordingCourier, disk: Disk
) -> None:
    api.answers(ProviderFailed("failed"), ProviderFailed("failed"))
    api.hold()
    await machine.ask(1)
    await api.until_submitted(1)
    await machine.service.cancel(JobId(1), ALICE)
    api.release()
    await machine.changes.until(lambda: machine.latest[JobId(1)].finished_at_ms is not None)
    await machine.ask(2)
    await machine.until_told(2)
    assert courier.shown(JobId(1)) == []
    assert await disk.used() == 1


async def test_a_cancelled_job_that_the_api_did_not_take_is_not_sent_again(
    machine: Machine, api: ScriptedImageApi, disk: Disk
) -> None:
    api.answers(ProviderBusy("rate", retry_after_seconds=0.01), track_id="1")
    api.hold()
    await machine.ask(1)
    await api.until_submitted(1)
    await machine.service.cancel(JobId(1), ALICE)
    api.release()
    await machine.changes.until(lambda: machine.latest[JobId(1)].finished_at_ms is not None)
    assert machine.latest[JobId(1)].status is JobStatus.CANCELLED
    assert api.submitted_tracks() == ["1"]
    assert await disk.used() == 0


@pytest.mark.parametrize(
    "status",
    [
        JobStatus.READY,
        JobStatus.DELIVERED,
        JobStatus.FAILED,
        JobStatus.REFUSED,
        JobStatus.EXPIRED,
        JobStatus.CANCELLED,
    ],
)
async def test_what_is_done_cannot_be_cancelled(disk: Disk, status: JobStatus) -> None:
    before = await disk.left_behind(1, status)
    machine = Machine(disk)
    with pytest.raises(NotAllowed, match="too late"):
        await machine.service.cancel(JobId(1), ALICE)
    assert await disk.job(1) == before


async def test_only_the_requester_may_cancel(machine: Machine, api: ScriptedImageApi) -> None:
    api.hold()
    await machine.ask(1, user_id=ALICE)
    with pytest.raises(NotAllowed, match="Only the person"):
        await machine.service.cancel(JobId(1), BOB)
    api.release()
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED


async def test_cancelling_twice_is_cancelling_once(
    machine: Machine, api: ScriptedImageApi, disk: Disk
) -> None:
    api.hold()
    await machine.ask(1)
    await api.until_submitted(1)
    await machine.service.cancel(JobId(1), ALICE)
    await machine.service.cancel(JobId(1), ALICE)
    api.release()
    await machine.until(1, JobStatus.CANCELLED)
    assert await disk.used() == 1


async def test_an_unknown_job_is_said_to_be_unknown(machine: Machine) -> None:
    with pytest.raises(JobNotFound, match="no longer know"):
        await machine.service.cancel(JobId(404), ALICE)


async def test_a_job_taken_back_while_submissions_were_suspended_does_not_use_up_the_probe(
    open_machine: OpenMachine,
) -> None:
    machine = await open_machine(slots=2, job_timeout=3600.0)
    machine.gate.note_error(ProviderSuspended("key"))
    await machine.ask(1)
    await machine.ask(2)
    while len(machine.gate._changed._waiters) < 2:  # type: ignore[attr-defined]  # noqa: ASYNC110
        await asyncio.sleep(0)
    await machine.service.cancel(JobId(1), ALICE)
    machine.clock.advance(PROBE_SECONDS)
    machine.gate._changed.set()  # as their own timers would
    assert (await machine.until_told(2)).status is JobStatus.DELIVERED
