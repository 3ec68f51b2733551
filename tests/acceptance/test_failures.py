"""Bad news is words with the reason, the quota comes back, and Again works."""

from __future__ import annotations

import pytest

from bot.domain.job import JobStatus
from bot.sandbox import Fault
from tests.acceptance.stage import Stage, job_of, said

FAILURES = {
    Fault.FAILED: "tried twice and failed",
    Fault.MODEL_NOT_FOUND: "does not have this model ready; try another",
    Fault.VALIDATION: "does not accept these options",
    Fault.LINK_403: "finished picture could not be fetched",
    Fault.LINK_NOT_IMAGE: "finished picture could not be fetched",
    Fault.LINK_PRIVATE: "finished picture could not be fetched",
    Fault.LINK_BOMB: "finished picture could not be fetched",
}


@pytest.mark.parametrize(("fault", "words"), FAILURES.items(), ids=lambda each: str(each)[:20])
async def test_a_failure_is_told_in_words_refunded_and_can_be_tried_again(
    stage: Stage, fault: Fault, words: str
) -> None:
    stage.api.script("a lighthouse", fault)

    job = await stage.end_of(await stage.imagine(samples=2))

    told = stage.message(job)
    assert told.content.startswith(f"⚠️ {stage.member.mention} — no picture this time: ")
    assert words in told.content
    assert "does not count against your quota" in told.content
    assert told.attachments == []
    assert await stage.images_left() == 100

    stage.api.clear_script()
    again = await stage.end_of(await stage.member.click(told, label="Again"))
    assert again.status is JobStatus.DELIVERED
    assert again.request.seed != job.request.seed
    assert len(stage.message(again).attachments) == 2
    assert await stage.images_left() == 98


async def test_one_failed_answer_is_made_good_without_a_word(stage: Stage) -> None:
    stage.api.script("a lighthouse", Fault.FAILED, times=1)

    await stage.finished()

    assert len(stage.bodies) == 2
    assert stage.bodies[0]["seed"] == stage.bodies[1]["seed"]
    assert not any("no picture" in m.content for m in stage.studio.history())


async def test_links_that_work_a_little_later_are_waited_for(stage: Stage) -> None:
    stage.api.script("a lighthouse", Fault.LINK_404, count=1)

    await stage.finished()

    assert len(stage.bodies) == 1


async def test_the_acknowledgement_of_a_failed_job_points_to_the_news_and_loses_its_button(
    stage: Stage,
) -> None:
    stage.api.script("", Fault.MODEL_NOT_FOUND)
    asked = await stage.imagine()
    job = await stage.end_of(asked)

    await stage.app.progress.round()

    assert "⚠️ No picture" in said(asked).content
    assert str(job.message_id) in said(asked).content
    assert said(asked).components == []


async def test_a_wrong_key_is_the_operators_trouble_and_the_job_waits(stage: Stage) -> None:
    stage.api.script("a lighthouse", Fault.INVALID_KEY, times=1)
    asked = await stage.imagine()
    job_id = job_of(asked)

    job = await stage.until(job_id, lambda j: j.status is JobStatus.QUEUED and bool(stage.bodies))
    assert stage.app.machine.gate.reason
    assert job.end_reason is None

    stage.app.machine.gate.resume()
    await stage.end_of(asked)
    assert len(stage.shown_pictures()) == 1
