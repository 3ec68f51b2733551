"""What the machine does with jobs that go well, and with faults of our own."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from bot.domain.ids import JobId, ProviderJobId
from bot.domain.job import JobStatus
from bot.domain.outcome import Drawn, Reply
from bot.domain.ports import RunLater
from bot.errors import QuotaExceeded, StorageError
from bot.jobs.polling import PollSchedule
from tests.factories.jobs import ALICE, BOB, PATHS, QuotaLimits
from tests.fakes.courier import RecordingCourier
from tests.fakes.image_api import ScriptedImageApi, links_for, processing
from tests.integration.jobs.conftest import Disk, Machine, OpenMachine
from tests.patience import PATIENCE_SECONDS


async def test_a_job_arrives_with_its_pictures_and_is_charged(
    machine: Machine, courier: RecordingCourier, disk: Disk
) -> None:
    await machine.ask(1, samples=3)
    job = await machine.until_told(1)
    [post] = courier.shown(JobId(1))
    assert job.status is JobStatus.DELIVERED
    assert job.message_id == post.message_id
    assert [a.data.decode() for a in post.attachments] == list(links_for("1", 3))
    assert await disk.used() == 3
    assert [p.position for p in await disk.pictures.of_job(JobId(1))] == [0, 1, 2]


async def test_a_job_said_to_be_processing_is_followed_until_it_is_drawn(
    machine: Machine, api: ScriptedImageApi
) -> None:
    api.answers(processing("p7"))
    api.fetch_answers(processing("p7"), processing("p7"))
    await machine.ask(1)
    job = await machine.until_told(1)
    assert job.status is JobStatus.DELIVERED
    assert api.fetched == ["p7"] * 3
    assert len(api.submissions) == 1


async def test_never_more_jobs_are_at_the_api_than_there_are_slots(
    machine: Machine, api: ScriptedImageApi
) -> None:
    api.hold()
    for job_id in range(1, 13):
        if job_id % 2:
            api.answers(processing(f"p{job_id}"), track_id=str(job_id))
        await machine.ask(job_id)
    await api.until_submitted(3)
    assert (machine.engine.running, machine.engine.waiting) == (3, 9)
    api.release()
    await machine.until_told(*range(1, 13))
    assert api.most_at_api == 3
    assert len(api.submissions) == 12


async def test_jobs_at_the_api_before_a_restart_keep_their_slots(
    disk: Disk, open_machine: OpenMachine
) -> None:
    api = ScriptedImageApi()
    api.fetch_answers(*[processing("old")] * 6)
    for job_id in (1, 2):
        await disk.left_behind(job_id, JobStatus.PROCESSING, provider_job_id=f"old{job_id}")
        api.at_api.add(str(job_id))
    for job_id in (3, 4, 5):
        await disk.left_behind(job_id, JobStatus.QUEUED)
    api.hold()
    machine = await open_machine(api=api, slots=2)
    await machine.until_told(1)
    api.release()
    await machine.until_told(2, 3, 4, 5)
    first_submission = machine.moves.index((JobId(3), JobStatus.SUBMITTING))
    assert (JobId(1), JobStatus.READY) in machine.moves[:first_submission] or (
        JobId(2),
        JobStatus.READY,
    ) in machine.moves[:first_submission]


async def test_one_members_forty_jobs_do_not_stand_before_anothers_first(
    open_machine: OpenMachine,
) -> None:
    api = ScriptedImageApi()
    api.hold()
    machine = await open_machine(api=api, slots=1)
    for job_id in range(1, 41):
        await machine.ask(job_id, user_id=ALICE)
    await machine.ask(100, user_id=BOB)
    api.release()
    await machine.until_told(100)
    assert api.submitted_tracks().index("100") <= 2
    await machine.until_told(*range(1, 41))
    assert api.submitted_tracks().count("100") == 1


async def test_the_place_told_is_the_place_kept(disk: Disk, open_machine: OpenMachine) -> None:
    api = ScriptedImageApi()
    api.hold()
    machine = await open_machine(api=api, slots=1)
    for job_id in (1, 2, 3, 4):
        await machine.ask(job_id, user_id=ALICE)
    await machine.ask(5, user_id=BOB)
    await api.until_submitted(1)
    places = {n: await disk.jobs.place_in_queue(JobId(n)) for n in (2, 3, 4, 5)}
    api.release()
    await machine.until_told(1, 2, 3, 4, 5)
    promised = sorted((2, 3, 4, 5), key=lambda n: places[n] or 0)
    assert api.submitted_tracks()[1:] == [str(n) for n in promised]


async def test_a_command_that_discord_delivers_twice_is_one_job(
    machine: Machine, api: ScriptedImageApi, courier: RecordingCourier, disk: Disk
) -> None:
    api.hold()
    await machine.ask(1)
    await machine.ask(1)
    api.release()
    await machine.until_told(1)
    await machine.ask(2)
    await machine.until_told(2)
    assert api.submitted_tracks() == ["1", "2"]
    assert not courier.doubles
    assert await disk.used() == 2


async def test_a_refused_job_never_reaches_the_api(open_machine: OpenMachine, disk: Disk) -> None:
    machine = await open_machine(limits=QuotaLimits(daily_images=3, max_active=9))
    with pytest.raises(QuotaExceeded):
        await machine.ask(1, samples=4)
    await machine.ask(2)
    await machine.until_told(2)
    assert machine.api.submitted_tracks() == ["2"]
    assert await disk.jobs.get(JobId(1)) is None


async def test_a_fault_of_ours_in_the_middle_of_a_run_does_not_lose_the_job(
    machine: Machine, api: ScriptedImageApi, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance, faults = disk.jobs.advance, [StorageError("disk full"), RuntimeError("a bug")]

    async def faulty(job_id: JobId, target: JobStatus, **facts: Any) -> Any:
        if target is JobStatus.SUBMITTING and faults:
            raise faults.pop()
        return await advance(job_id, target, **facts)

    monkeypatch.setattr(disk.jobs, "advance", faulty)
    await machine.ask(1)
    job = await machine.until_told(1)
    assert job.status is JobStatus.DELIVERED
    assert not faults
    assert len(api.submissions) == 1


async def test_stopping_leaves_each_job_in_its_stored_status_for_the_next_start(
    disk: Disk, open_machine: OpenMachine
) -> None:
    api = ScriptedImageApi()
    api.answers(processing("p1"), track_id="1")
    api.fetch_answers(*[processing("p1")] * 10_000)
    first = await open_machine(api=api, slots=2)
    await first.ask(1)
    await first.until(1, JobStatus.PROCESSING)
    api.hold()
    await first.ask(2)
    await first.ask(3)
    await api.until_submitted(2)
    await first.stop()
    stored = [(await disk.job(n)).status for n in (1, 2, 3)]
    assert stored == [JobStatus.PROCESSING, JobStatus.SUBMITTING, JobStatus.QUEUED]

    second = await open_machine(slots=2)
    await second.until_told(1, 2, 3)
    assert [(await disk.job(n)).status for n in (1, 2, 3)] == [JobStatus.DELIVERED] * 3


async def test_posts_under_way_are_finished_when_stopping(
    machine: Machine, courier: RecordingCourier, disk: Disk
) -> None:
    await machine.ask(1)
    await machine.until(1, JobStatus.READY)
    await courier.until_tried("post", 1)
    await machine.stop(grace=PATIENCE_SECONDS)
    assert (await disk.job(1)).status is JobStatus.DELIVERED


@pytest.mark.parametrize("status", list(PATHS))
async def test_running_a_job_again_in_any_status_does_no_harm(
    disk: Disk, open_machine: OpenMachine, status: JobStatus
) -> None:
    await disk.left_behind(1, status)
    if status is JobStatus.PROCESSING:
        await disk.jobs.record(JobId(1), provider_job_id=ProviderJobId("p1"))
    machine = await open_machine()
    with contextlib.suppress(RunLater):
        await machine.worker.run(JobId(1))
    await machine.ask(2)
    await machine.until_told(2)
    assert not machine.courier.doubles
    assert machine.api.submitted_tracks().count("1") <= 1


async def test_a_result_told_of_during_a_poll_frees_the_slot_at_once(
    open_machine: OpenMachine, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = await open_machine(polls=PollSchedule(shortest=600.0, longest=600.0), slots=1)
    api = machine.api
    api.answers(processing("p1"))

    async def meanwhile_a_webhook(_: ProviderJobId) -> Reply:
        job = await disk.job(1)
        await machine.worker.hear(job, ProviderJobId("p1"), Drawn(links_for("1")))
        return processing("p1", eta=None)

    monkeypatch.setattr(api, "fetch", meanwhile_a_webhook)
    await machine.ask(1)
    await machine.until_waiting(1)
    machine.wakeups.wake(JobId(1))
    await machine.until_told(1)
    await machine.ask(2)
    assert (await machine.until_told(2)).status is JobStatus.DELIVERED
