"""What a new process makes of each status an earlier one left behind."""

from __future__ import annotations

import pytest

from bot.domain.ids import JobId, MessageId, ProviderJobId
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from tests.fakes.courier import RecordingCourier
from tests.fakes.image_api import ScriptedImageApi, links_for, picture_at, processing
from tests.integration.jobs.conftest import Disk, OpenMachine


async def test_a_queued_job_gets_its_turn(disk: Disk, open_machine: OpenMachine) -> None:
    await disk.left_behind(1, JobStatus.QUEUED)
    machine = await open_machine()
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    assert machine.api.submitted_tracks() == ["1"]


async def test_a_job_lost_while_submitting_waits_for_a_sign_and_is_sent_once_more(
    disk: Disk, open_machine: OpenMachine
) -> None:
    left = await disk.left_behind(1, JobStatus.SUBMITTING)
    machine = await open_machine()
    job = await machine.until_told(1)
    assert job.status is JobStatus.DELIVERED
    assert job.attempts == 2
    [submission] = machine.api.submissions
    assert submission.request == left.request


async def test_a_job_lost_twice_ends_in_words_with_the_quota_back(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(1, JobStatus.SUBMITTING, attempts=2, times_lost=1)
    machine = await open_machine()
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.FAILED, EndReason.API_UNAVAILABLE)
    assert machine.api.submissions == []
    assert await disk.used() == 0


async def test_a_job_lost_once_after_others_could_not_connect_is_sent_once_more(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(1, JobStatus.SUBMITTING, attempts=4, times_unreached=3)
    machine = await open_machine()
    job = await machine.until_told(1)
    assert (job.status, job.attempts, job.times_lost) == (JobStatus.DELIVERED, 5, 1)


async def test_a_job_at_the_api_is_followed_and_not_submitted_again(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(1, JobStatus.PROCESSING, provider_job_id=ProviderJobId("p1"))
    machine = await open_machine()
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    assert machine.api.fetched == ["p1"]
    assert machine.api.submissions == []


async def test_pictures_drawn_while_the_bot_was_away_for_long_are_not_thrown_away(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(1, JobStatus.PROCESSING, provider_job_id=ProviderJobId("p1"))
    disk.clock.advance(3600)
    machine = await open_machine()
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED


async def test_a_job_not_drawn_while_the_bot_was_away_for_long_ends_in_words(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(1, JobStatus.PROCESSING, provider_job_id=ProviderJobId("p1"))
    disk.clock.advance(3600)
    api = ScriptedImageApi()
    api.fetch_answers(processing("p1"))
    machine = await open_machine(api=api)
    assert (await machine.until_told(1)).status is JobStatus.EXPIRED
    assert machine.api.fetched == ["p1"]


async def test_a_drawn_job_is_posted_and_its_kept_pictures_are_not_fetched_again(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(1, JobStatus.READY)
    await disk.pictures.keep(JobId(1), 0, picture_at(links_for("1")[0]))
    machine = await open_machine()
    job = await machine.until_told(1)
    assert job.status is JobStatus.DELIVERED
    assert machine.api.downloaded == []
    assert len(machine.courier.shown(JobId(1))) == 1


@pytest.mark.parametrize("status", [JobStatus.FAILED, JobStatus.REFUSED, JobStatus.EXPIRED])
async def test_bad_news_that_nobody_told_is_told(
    disk: Disk, open_machine: OpenMachine, status: JobStatus
) -> None:
    await disk.left_behind(1, status, end_reason=EndReason.API_FAILED)
    machine = await open_machine()
    assert (await machine.until_told(1)).status is status
    [post] = machine.courier.shown(JobId(1))
    assert post.attachments == ()


@pytest.mark.parametrize(
    "status", [JobStatus.FAILED, JobStatus.REFUSED, JobStatus.EXPIRED, JobStatus.DELIVERED]
)
async def test_what_was_told_before_is_not_told_again(
    disk: Disk, open_machine: OpenMachine, status: JobStatus
) -> None:
    await disk.left_behind(1, status, told_at_ms=1, message_id=MessageId(5))
    machine = await open_machine()
    await machine.ask(2)
    await machine.until_told(2)
    assert machine.courier.shown(JobId(1)) == []


async def test_a_post_begun_before_the_crash_is_found_and_not_doubled(
    disk: Disk, open_machine: OpenMachine
) -> None:
    job = await disk.left_behind(1, JobStatus.READY, post_started_at_ms=disk.clock.now_ms())
    courier = RecordingCourier()
    stands = await courier.post(job, ())
    machine = await open_machine(courier=courier)
    told = await machine.until_told(1)
    assert (told.status, told.message_id) == (JobStatus.DELIVERED, stands.message_id)
    assert len(courier.shown(JobId(1))) == 1


async def test_posts_wait_until_discord_is_there(disk: Disk, open_machine: OpenMachine) -> None:
    await disk.left_behind(1, JobStatus.READY)
    courier, api = RecordingCourier(), ScriptedImageApi()
    courier.not_ready()
    machine = await open_machine(courier=courier, api=api)
    await machine.ask(2)
    await machine.until(2, JobStatus.READY)
    assert not courier.posts
    courier.ready()
    await machine.until_told(1, 2)
    assert not courier.doubles


@pytest.mark.parametrize("stored", ['{"prompt": "a fox", "samples": 99}', "not json", "[]", "{}"])
async def test_a_job_beyond_repair_is_refunded_and_told_and_holds_nobody_up(
    disk: Disk, open_machine: OpenMachine, stored: str
) -> None:
    await disk.left_behind(1, JobStatus.QUEUED)
    await disk.left_behind(2, JobStatus.QUEUED)
    await disk.spoil_request(1, stored)
    machine = await open_machine(slots=1)
    await machine.until_told(1, 2)
    assert (await disk.job(1)).end_reason is EndReason.INTERNAL
    assert (await disk.job(2)).status is JobStatus.DELIVERED
    assert await disk.used() == 1
    assert machine.api.submitted_tracks() == ["2"]


async def test_a_lost_submission_is_not_waited_for_longer_by_a_clock_that_was_set_back(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(1, JobStatus.SUBMITTING)
    disk.clock.advance(-3600)
    machine = await open_machine()
    job = await machine.until_told(1)
    assert (job.status, job.times_lost) == (JobStatus.DELIVERED, 1)


async def test_a_spoilt_job_neither_keeps_a_slot_nor_keeps_others_from_their_end(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(1, JobStatus.QUEUED)
    await disk.spoil_answer(1)
    await disk.left_behind(2, JobStatus.QUEUED)
    machine = await open_machine(slots=1)
    assert (await machine.until_told(1, 2)).status is JobStatus.DELIVERED


async def test_a_spoilt_job_that_waited_too_long_expires_with_the_others(
    disk: Disk, open_machine: OpenMachine
) -> None:
    api = ScriptedImageApi()
    api.hold()
    machine = await open_machine(slots=1, api=api)
    for job_id in (1, 2, 3):
        await machine.ask(job_id)
    await disk.spoil_answer(2)
    disk.clock.advance(61)
    await machine.overdue.expire()
    assert [(await disk.job(n)).status for n in (2, 3)] == [JobStatus.EXPIRED] * 2
    api.release()


async def test_a_job_that_ended_for_a_reason_of_a_later_program_keeps_nothing_from_starting(
    disk: Disk, open_machine: OpenMachine
) -> None:
    await disk.left_behind(1, JobStatus.FAILED, ready_at_ms=disk.clock.now_ms())
    await disk.end_otherwise(1, "out_of_paint")
    machine = await open_machine()
    await machine.estimate.recover(disk.jobs)
    assert (await machine.until_told(1)).end_reason is EndReason.INTERNAL
