"""What was promised before a restart is kept after it: pictures once, words once, quota right."""

from __future__ import annotations

from bot.domain.job import JobStatus
from bot.sandbox import Fault
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import SLOW, Stage, is_over, job_of


async def test_queued_and_processing_jobs_are_delivered_once_by_the_next_process(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    at_the_api = job_of(await stage.imagine("first"))
    await stage.until_status(at_the_api, JobStatus.PROCESSING)
    queued = job_of(await stage.imagine("second", samples=2))

    await stage.restart()
    stage.api.resume()
    await stage.until(at_the_api, is_over)
    await stage.until(queued, is_over)

    assert [len(message.attachments) for message in stage.shown_pictures()] == [1, 2]
    assert [body["prompt"] for body in stage.bodies] == ["first", "second"]
    assert await stage.images_left() == 97


async def test_a_finished_job_that_was_not_posted_is_posted_once_by_the_next_process(
    open_with: OpenStage,
) -> None:
    stage = await open_with(courier_open=False)
    ready = job_of(await stage.imagine(samples=3))
    await stage.until_status(ready, JobStatus.READY)
    assert stage.shown_pictures() == []

    await stage.restart()
    await stage.until(ready, is_over)

    assert [len(message.attachments) for message in stage.shown_pictures()] == [3]
    assert len(stage.bodies) == 1
    assert await stage.images_left() == 97


async def test_bad_news_that_was_not_told_is_told_once_by_the_next_process(
    open_with: OpenStage,
) -> None:
    stage = await open_with(courier_open=False)
    stage.api.script("", Fault.MODEL_NOT_FOUND)
    failed = job_of(await stage.imagine())
    await stage.until_status(failed, JobStatus.FAILED)

    await stage.restart()
    job = await stage.until(failed, is_over)

    told = [m for m in stage.studio.history() if "no picture this time" in m.content]
    assert [message.id for message in told] == [job.message_id]
    assert await stage.images_left() == 100


async def test_a_job_cancelled_while_drawn_stays_hidden_after_a_restart(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW)
    stage.api.pause()
    asked = await stage.imagine()
    await stage.until_status(job_of(asked), JobStatus.PROCESSING)
    assert asked.response is not None
    await stage.member.click(asked.response, label="Cancel")

    await stage.restart()
    stage.api.resume()
    await stage.until(job_of(asked), is_over)

    assert stage.shown_pictures() == []
    assert await stage.images_left() == 99


async def test_a_delivered_job_is_not_shown_again_and_its_buttons_still_work(
    stage: Stage,
) -> None:
    job = await stage.finished()

    await stage.restart()
    again = await stage.member.click(stage.message(job), label="Again")
    await stage.end_of(again)

    assert len(stage.shown_pictures()) == 2
    assert await stage.images_left() == 98


async def test_the_button_of_a_job_accepted_before_a_restart_cancels_it_afterwards(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    await stage.until_status(job_of(await stage.imagine("first")), JobStatus.PROCESSING)
    queued = await stage.imagine("second")
    await stage.restart()
    assert queued.response is not None

    await stage.member.click(queued.response, label="Cancel")

    await stage.until_status(job_of(queued), JobStatus.CANCELLED)
    assert await stage.images_left() == 99


async def test_what_was_asked_while_nothing_can_be_posted_survives_two_restarts(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    asked = [job_of(await stage.imagine(f"picture {n}")) for n in range(3)]
    await stage.until_status(asked[0], JobStatus.PROCESSING)

    await stage.restart()
    await stage.restart()
    stage.api.resume()
    for job_id in asked:
        await stage.until(job_id, is_over)

    assert len(stage.shown_pictures()) == 3
    assert [body["prompt"] for body in stage.bodies] == [f"picture {n}" for n in range(3)]
