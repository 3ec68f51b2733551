"""The buttons do what they say, for those who may press them."""

from __future__ import annotations

import pytest

from bot.domain.guild_settings import Setting
from bot.domain.job import JobStatus
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import SLOW, Stage, is_over, job_of, said


async def test_cancel_before_submission_is_free_and_nothing_is_sent(open_with: OpenStage) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    first = job_of(await stage.imagine("first"))
    await stage.until_status(first, JobStatus.PROCESSING)
    asked = await stage.imagine("second")
    assert await stage.images_left() == 98

    await stage.member.click(said(asked), label="Cancel")

    await stage.until_status(job_of(asked), JobStatus.CANCELLED)
    assert "Cancelled (not counted): second" in said(asked).content
    assert said(asked).components == []
    assert await stage.images_left() == 99
    stage.api.resume()
    await stage.until(first, is_over)
    assert [body["prompt"] for body in stage.bodies] == ["first"]
    assert len(stage.shown_pictures()) == 1


async def test_cancel_after_submission_hides_the_picture_and_charges(open_with: OpenStage) -> None:
    stage = await open_with(SLOW)
    stage.api.pause()
    asked = await stage.imagine()
    await stage.until_status(job_of(asked), JobStatus.PROCESSING)

    await stage.member.click(said(asked), label="Cancel")
    assert "it counts; nothing will be shown" in said(asked).content
    assert said(asked).components == []
    stage.api.resume()
    job = await stage.until(job_of(asked), is_over)
    await stage.app.progress.round()

    assert job.status is JobStatus.CANCELLED
    assert stage.shown_pictures() == []
    assert "Cancelled (it counts, since the service had begun)" in said(asked).content
    assert await stage.images_left() == 99


async def test_others_cannot_cancel_not_even_moderators(open_with: OpenStage) -> None:
    stage = await open_with(SLOW)
    stage.api.pause()
    asked = await stage.imagine()

    for somebody in (stage.world.newcomer, stage.world.moderator):
        answer = said(await somebody.click(said(asked), label="Cancel"))
        assert answer.ephemeral
        assert "Only the person who asked" in answer.content

    stage.api.resume()
    assert (await stage.end_of(asked)).status is JobStatus.DELIVERED


async def test_cancel_once_it_is_done_says_so_privately(stage: Stage) -> None:
    asked = await stage.imagine()
    await stage.end_of(asked)

    answer = said(await stage.member.click(said(asked), label="Cancel"))

    assert answer.ephemeral
    assert "too late to cancel" in answer.content


async def test_the_acknowledgement_of_a_finished_job_shrinks_to_a_link(stage: Stage) -> None:
    asked = await stage.imagine()
    job = await stage.end_of(asked)

    await stage.app.progress.round()

    assert said(asked).content.startswith("-# ✅ Done: ")
    assert said(asked).content.endswith(f"/{job.message_id})")
    assert said(asked).components == []


async def test_again_gives_another_seed_on_the_quota_of_whoever_presses(stage: Stage) -> None:
    job = await stage.finished("an owl", size="wide", steps=41)

    pressed = await stage.world.newcomer.click(stage.message(job), label="Again")
    again = await stage.end_of(pressed)

    first, second = stage.bodies
    assert first["seed"] != second["seed"]
    own = {"seed", "track_id"}
    assert {k: v for k, v in first.items() if k not in own} == {
        k: v for k, v in second.items() if k not in own
    }
    assert stage.message(again).content.startswith(stage.world.newcomer.mention)
    assert await stage.images_left() == 99
    assert await stage.images_left(stage.world.newcomer) == 99


async def test_again_without_quota_is_refused_privately(open_with: OpenStage) -> None:
    stage = await open_with(user_daily_images=1)
    job = await stage.finished()

    answer = said(await stage.member.click(stage.message(job), label="Again"))

    assert answer.ephemeral
    assert "None is left." in answer.content
    assert len(stage.bodies) == 1


@pytest.mark.parametrize("who", ["member", "moderator"])
async def test_delete_removes_the_message_for_the_requester_and_for_moderators(
    stage: Stage, who: str
) -> None:
    job = await stage.finished()

    somebody = getattr(stage.world, who)
    pressed = await somebody.click(stage.message(job), label="Delete")
    if who == "moderator":
        await somebody.submit_modal(pressed, {})

    assert stage.shown_pictures() == []
    assert await stage.images_left() == 99


async def test_delete_is_refused_privately_to_anybody_else(stage: Stage) -> None:
    job = await stage.finished()

    answer = said(await stage.world.newcomer.click(stage.message(job), label="Delete"))

    assert answer.ephemeral
    assert "Only the person who asked" in answer.content
    assert len(stage.shown_pictures()) == 1


async def test_details_are_private_and_name_every_parameter(stage: Stage) -> None:
    job = await stage.finished("an owl", negative_prompt="fog", size="wide", seed=42, steps=41)

    answer = said(await stage.world.newcomer.click(stage.message(job), label="Details"))

    assert answer.ephemeral
    for part in ("an owl", "fog", "seed `42`", "steps `41`", "width `1024`", "height `576`"):
        assert part in answer.content
    assert "model `midjourney`" in answer.content
    assert "**The service used**" in answer.content
    line = "/imagine prompt:an owl negative_prompt:fog size:1024x576 steps:41 seed:42"
    assert f"```\n{line}\n```" in answer.content


async def test_the_line_in_the_details_says_what_the_servers_defaults_would_change(stage: Stage):
    job = await stage.finished("an owl", seed=42)
    await stage.decide(Setting.DEFAULTS, {"num_inference_steps": 21, "model_id": "sdxl"})
    answer = said(await stage.member.click(stage.message(job), label="Details"))
    assert "/imagine prompt:an owl model:midjourney steps:31 seed:42" in answer.content

    again = await stage.imagine("an owl", model="midjourney", steps=31, seed=42)
    await stage.end_of(again)
    first, second = ({**body, "track_id": ""} for body in stage.bodies)
    assert first == second


async def test_details_that_a_message_cannot_hold_come_as_a_file(stage: Stage):
    prompt = "an owl " * 250
    job = await stage.finished(prompt)
    answer = said(await stage.member.click(stage.message(job), label="Details"))

    assert answer.ephemeral
    [file] = answer.attachments
    assert file.filename == f"imagine-{job.id}.txt"
    assert "is in the file" in answer.content


async def test_a_button_of_a_job_nobody_knows_says_so_privately(open_with: OpenStage) -> None:
    stage = await open_with()
    job = await stage.finished()
    shown = stage.message(job)
    await stage.stop_bot()
    for file in stage.app.settings.data_dir.glob("imagine.db*"):
        file.unlink()
    await stage.start_bot()

    answer = said(await stage.member.click(shown, label="Again"))

    assert answer.ephemeral
    assert "no longer know this job" in answer.content
