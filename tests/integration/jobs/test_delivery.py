"""Showing each end once, whatever Discord and the picture links do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import ChannelId, JobId, MessageId, UserId
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.errors import DownloadError, StorageError
from bot.jobs import delivery
from bot.jobs.delivery import MAX_POSTING
from tests.factories.jobs import ALICE, a_request
from tests.fakes.courier import (
    PRIVATE_CHANNEL,
    RecordingCourier,
    broken_off,
    forbidden,
    slow_down,
)
from tests.fakes.image_api import ScriptedImageApi, links_for, picture_at, processing
from tests.fakes.loop_time import LoopTime
from tests.integration.jobs.conftest import Disk, Machine, OpenMachine

REAL_PAUSES = delivery._RETRY_SECONDS
SHORTEST_PAUSE, LONGEST_PAUSE = 48, 72
"""Between two of many tries, in seconds."""

GONE = DownloadError("404", retryable=False)
NOT_YET = DownloadError("404", retryable=True)


async def test_a_post_that_discord_turned_away_is_tried_again_and_shown_once(
    machine: Machine, courier: RecordingCourier
) -> None:
    courier.fail("post", slow_down(), times=3)
    await machine.ask(1)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    assert len(courier.shown(JobId(1))) == 1
    assert courier.tries["post"] == 4


async def test_a_post_of_unknown_fate_that_stands_is_found_and_not_doubled(
    machine: Machine, courier: RecordingCourier
) -> None:
    courier.fail("post", broken_off(), yet_shown=True)
    await machine.ask(1)
    job = await machine.until_told(1)
    [post] = courier.shown(JobId(1))
    assert job.message_id == post.message_id
    assert courier.tries["post"] == 1


async def test_a_post_of_unknown_fate_that_never_arrived_is_posted(
    machine: Machine, courier: RecordingCourier
) -> None:
    courier.fail("post", broken_off())
    courier.fail("find_post", slow_down())
    await machine.ask(1)
    await machine.until_told(1)
    assert len(courier.shown(JobId(1))) == 1
    assert courier.tries == {"post": 2, "find_post": 2}


async def test_where_the_history_is_closed_the_acknowledgement_becomes_the_result(
    machine: Machine, courier: RecordingCourier, api: ScriptedImageApi
) -> None:
    courier.fail("post", broken_off())
    courier.fail("find_post", forbidden())
    api.hold()
    await machine.ask(1)
    await machine.service.acknowledged(JobId(1), MessageId(77))
    api.release()
    job = await machine.until_told(1)
    [post] = courier.shown(JobId(1))
    assert (post.way, post.message_id, job.message_id) == ("edit_into_result", 77, 77)


async def test_a_closed_channel_leads_to_the_acknowledgement(
    machine: Machine, courier: RecordingCourier
) -> None:
    courier.fail("post", forbidden())
    await machine.ask(1)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    assert [p.way for p in courier.shown(JobId(1))] == ["edit_into_result"]


@pytest.mark.parametrize(
    ("closed", "way"),
    [((), "edit_into_result"), (("edit_into_result",), "send_privately")],
)
async def test_where_the_bot_may_not_post_the_next_way_is_taken(
    machine: Machine, courier: RecordingCourier, closed: tuple[str, ...], way: str
) -> None:
    for each in closed:
        courier.fail(each, forbidden())
    await machine.ask(1, can_post=False)
    job = await machine.until_told(1)
    [post] = courier.shown(JobId(1))
    assert (post.way, job.status) == (way, JobStatus.DELIVERED)
    assert courier.tries["post"] == 0


async def test_where_a_result_was_sent_privately_its_channel_is_remembered(
    machine: Machine, courier: RecordingCourier
) -> None:
    await machine.ask(1)
    assert (await machine.until_told(1)).message_channel_id is None
    courier.fail("edit_into_result", forbidden())
    await machine.ask(2, can_post=False)
    assert (await machine.until_told(2)).message_channel_id == PRIVATE_CHANNEL


async def test_where_every_way_is_closed_the_result_waits_in_the_history(
    machine: Machine, courier: RecordingCourier, disk: Disk
) -> None:
    courier.fail("edit_into_result", forbidden())
    courier.fail("send_privately", forbidden())
    await machine.ask(1, can_post=False)
    job = await machine.until_told(1)
    assert (job.status, job.message_id) == (JobStatus.DELIVERED, None)
    assert len(await disk.pictures.of_job(JobId(1))) == 1


async def test_an_edit_of_unknown_fate_is_repeated_on_the_same_message(
    machine: Machine, courier: RecordingCourier
) -> None:
    courier.fail("edit_into_result", broken_off(), yet_shown=True)
    await machine.ask(1, can_post=False)
    await machine.until_told(1)
    assert len(courier.shown(JobId(1))) == 1
    assert courier.tries["send_privately"] == 0


async def test_one_channels_trouble_keeps_nobody_else_waiting(
    machine: Machine, courier: RecordingCourier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.delivery._RETRY_SECONDS", (600.0,))
    broken, healthy = ChannelId(1), ChannelId(2)
    courier.fail("post", slow_down(), channel_id=broken, times=10**9)
    for job_id in range(1, MAX_POSTING + 6):
        await machine.ask(job_id, user_id=UserId(job_id), channel_id=broken)
    await courier.until_tried("post", MAX_POSTING)
    await machine.ask(900, channel_id=healthy)
    assert (await machine.until_told(900)).status is JobStatus.DELIVERED


async def test_of_large_pictures_only_some_are_in_memory_while_discord_takes_none(
    machine: Machine, courier: RecordingCourier
) -> None:
    stuck, healthy = ChannelId(1), ChannelId(2)
    let_go = courier.hold_posts(stuck)
    huge = a_request(samples=4, width=1024, height=1024, upscale=3)
    for job_id in range(1, 11):
        await machine.ask(job_id, user_id=UserId(job_id), channel_id=stuck, request=huge)
    await courier.changes.until(lambda: courier.posts_waiting == 1)
    await machine.until(10, JobStatus.READY)

    await machine.ask(900, channel_id=healthy)
    assert (await machine.until_told(900)).status is JobStatus.DELIVERED
    assert len(machine.api.downloaded) == 4 + 1

    let_go.set()
    await machine.until_told(*range(1, 11))
    assert courier.posts_waiting == 10
    assert courier.doubles == []


async def test_as_many_large_pictures_go_out_at_once_as_there_is_room_for(
    machine: Machine, courier: RecordingCourier
) -> None:
    let_go = courier.hold_posts(ChannelId(1))
    large = a_request(samples=4, width=1024, height=1024, upscale=2)
    for job_id in range(1, 11):
        await machine.ask(job_id, user_id=UserId(job_id), channel_id=ChannelId(1), request=large)
    await machine.until(10, JobStatus.READY)

    await courier.changes.until(lambda: courier.posts_waiting == 3)
    let_go.set()
    await machine.until_told(*range(1, 11))


async def test_links_that_do_not_work_yet_keep_nobody_else_waiting(
    open_machine: OpenMachine,
) -> None:
    machine = await open_machine(link_retry=(600.0,))
    waiting = range(1, MAX_POSTING + 6)
    for job_id in waiting:
        machine.api.link_fails(links_for(str(job_id))[0], NOT_YET)
        await machine.ask(job_id, user_id=UserId(job_id))
    await machine.api.changes.until(lambda: len(machine.api.downloaded) >= MAX_POSTING)
    await machine.ask(900)
    assert (await machine.until_told(900)).status is JobStatus.DELIVERED
    assert len(machine.api.downloaded) == len(waiting) + 1


async def test_a_link_that_never_will_work_is_not_asked_again_while_another_is(
    machine: Machine, api: ScriptedImageApi, courier: RecordingCourier
) -> None:
    never, later, kept = links_for("1", 3)
    api.link_fails(never, GONE)
    api.link_fails(later, NOT_YET)
    await machine.ask(1, samples=3)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    [post] = courier.shown(JobId(1))
    assert [a.picture.position for a in post.attachments] == [1, 2]
    assert sorted(api.downloaded) == sorted([never, later, later, kept])


async def test_a_job_taken_back_while_its_link_does_not_work_yet_stays_hidden(
    machine: Machine, api: ScriptedImageApi, courier: RecordingCourier
) -> None:
    api.link_fails(links_for("1")[0], *[NOT_YET] * 2)
    api.hold()
    await machine.ask(1)
    await api.until_submitted(1)
    await machine.service.cancel(JobId(1), ALICE)
    api.release()
    await machine.until(1, JobStatus.CANCELLED)
    assert courier.posts == []


async def test_posting_is_given_up_after_many_tries_and_the_result_kept(
    machine: Machine, courier: RecordingCourier, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.delivery.MAX_TRIES", 3)
    courier.fail("post", slow_down(), times=10**9)
    await machine.ask(1)
    job = await machine.until_told(1)
    assert (job.status, job.message_id) == (JobStatus.DELIVERED, None)
    assert len(await disk.pictures.of_job(JobId(1))) == 1


async def test_after_an_outage_of_an_hour_the_result_is_posted(
    machine: Machine, courier: RecordingCourier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.delivery._RETRY_SECONDS", REAL_PAUSES)
    courier.fail("post", slow_down(), times=10**9)
    time, tries = LoopTime(), 1
    await machine.ask(1)
    for _ in range(0, 3600, SHORTEST_PAUSE):
        await courier.until_tried("post", tries)
        tries += 1
        time.leap(LONGEST_PAUSE)
    await courier.until_tried("post", tries)
    courier.recover()
    time.leap(LONGEST_PAUSE)
    assert (await machine.until_told(1)).message_id is not None
    time.run_again()


async def test_links_that_do_not_work_yet_are_tried_again(
    machine: Machine, api: ScriptedImageApi
) -> None:
    api.link_fails(links_for("1")[0], NOT_YET, NOT_YET)
    await machine.ask(1)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED


@pytest.mark.parametrize("errors", [[GONE], [NOT_YET] * 3])
async def test_lost_pictures_are_owned_up_to_and_the_quota_comes_back(
    machine: Machine,
    api: ScriptedImageApi,
    courier: RecordingCourier,
    disk: Disk,
    errors: list[DownloadError],
) -> None:
    api.link_fails(links_for("1")[0], *errors)
    await machine.ask(1)
    job = await machine.until_told(1)
    [post] = courier.shown(JobId(1))
    assert (job.status, job.end_reason) == (JobStatus.FAILED, EndReason.PICTURES_LOST)
    assert post.job.status is JobStatus.FAILED
    assert await disk.used() == 0


async def test_words_about_lost_pictures_are_posted_again_until_they_stand(
    machine: Machine, api: ScriptedImageApi, courier: RecordingCourier
) -> None:
    api.link_fails(links_for("1")[0], GONE)
    courier.fail("post", slow_down(), times=2)
    await machine.ask(1)
    job = await machine.until_told(1)
    assert job.end_reason is EndReason.PICTURES_LOST
    assert len(courier.shown(JobId(1))) == 1


async def test_some_of_several_pictures_are_better_than_none(
    machine: Machine, api: ScriptedImageApi, courier: RecordingCourier
) -> None:
    api.link_fails(links_for("1", 3)[1], GONE)
    await machine.ask(1, samples=3)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    [post] = courier.shown(JobId(1))
    assert [a.picture.position for a in post.attachments] == [0, 2]


async def test_a_disk_that_refuses_the_pictures_for_good_does_not_charge_for_nothing(
    machine: Machine,
    courier: RecordingCourier,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refuse(*_: Any) -> Any:
        raise StorageError("disk full")

    monkeypatch.setattr("bot.jobs.delivery.MAX_TRIES", 3)
    monkeypatch.setattr(disk.pictures, "keep", refuse)
    await machine.ask(1)
    job = await machine.until_told(1)
    assert (job.status, job.end_reason) == (JobStatus.FAILED, EndReason.PICTURES_LOST)
    assert len(courier.shown(JobId(1))) == 1
    assert await disk.used() == 0


async def test_giving_up_is_tried_again_where_the_disk_refuses_that_too(
    machine: Machine, courier: RecordingCourier, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance, faults = disk.jobs.advance, [StorageError("disk full")] * 3

    async def refuse(job_id: JobId, target: JobStatus, **facts: Any) -> Any:
        if target is JobStatus.DELIVERED and faults:
            raise faults.pop()
        return await advance(job_id, target, **facts)

    monkeypatch.setattr("bot.jobs.delivery.MAX_TRIES", 2)
    monkeypatch.setattr(disk.jobs, "advance", refuse)
    courier.fail("post", slow_down(), times=10**9)
    await machine.ask(1)
    job = await machine.until_told(1)
    assert (job.status, job.message_id) == (JobStatus.DELIVERED, None)


async def test_a_disk_that_refuses_for_a_while_only_delays(
    machine: Machine, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, faults = disk.pictures.keep, [StorageError("disk full")] * 3

    async def refuse(*arguments: Any) -> Any:
        if faults:
            raise faults.pop()
        return await keep(*arguments)

    monkeypatch.setattr(disk.pictures, "keep", refuse)
    await machine.ask(1)
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED


async def test_a_killed_process_in_the_middle_of_a_post_shows_it_once(
    disk: Disk, open_machine: OpenMachine
) -> None:
    courier = RecordingCourier()
    courier.fail("post", broken_off(), yet_shown=True)
    courier.fail("find_post", slow_down(), times=10**9)
    first = await open_machine(courier=courier)
    await first.ask(1)
    await courier.until_tried("find_post", 1)
    await first.stop()
    assert (await disk.job(1)).status is JobStatus.READY

    after = RecordingCourier()
    after.posts += courier.posts
    second = await open_machine(courier=after)
    await second.until_told(1)
    assert len(after.shown(JobId(1))) == 1


async def test_a_late_result_of_a_job_that_expired_is_not_shown(
    machine: Machine, api: ScriptedImageApi, courier: RecordingCourier, disk: Disk
) -> None:
    api.answers(processing("p1"))
    api.fetch_answers(*[processing("p1")] * 10_000)
    await machine.ask(1)
    await machine.until(1, JobStatus.PROCESSING)
    machine.clock.advance(61)
    expired = await machine.until_told(1)
    drawn = await ScriptedImageApi().submit(expired.request, track_id="1", webhook=None)
    assert await machine.worker.record_reply(expired, drawn) is None
    assert [post.job.status for post in courier.shown(JobId(1))] == [JobStatus.EXPIRED]
    assert await disk.used(ALICE) == 0


async def test_a_kept_picture_whose_file_is_gone_is_fetched_again(
    disk: Disk, open_machine: OpenMachine, tmp_path: Path
) -> None:
    await disk.left_behind(1, JobStatus.READY)
    await disk.pictures.keep(JobId(1), 0, picture_at(links_for("1")[0]))
    for file in (tmp_path / "images").rglob("*.png"):
        file.unlink()
    machine = await open_machine()
    assert (await machine.until_told(1)).status is JobStatus.DELIVERED
    [post] = machine.courier.shown(JobId(1))
    assert [each.data.decode() for each in post.attachments] == list(links_for("1"))
