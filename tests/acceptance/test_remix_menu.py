"""**Apps → Remix this**: a form for any message that shows a picture."""

from __future__ import annotations

import pytest
from simcord.results import InteractionResult

from bot.domain.job import JobStatus
from tests.acceptance.conftest import OpenStage
from tests.acceptance.remixes import BLUE, flat, source_of
from tests.acceptance.stage import SLOW, Stage, job_of, said

MENU = "Remix this"


def fields(form: InteractionResult) -> dict[str, str]:
    assert form.modal is not None
    inputs = [each["component"] for each in form.modal["components"]]
    return {each["custom_id"]: each.get("value", "") for each in inputs}


@pytest.mark.parametrize("who", ["member", "newcomer", "moderator"])
@pytest.mark.parametrize("restarts", [0, 1])
async def test_a_result_is_remixed_with_its_options(stage: Stage, who: str, restarts: int):
    job = await stage.finished("an owl", steps=41, size="640x512")
    somebody = getattr(stage.world, who)
    form = await somebody.context_menu(stage.studio, MENU, stage.message(job))
    assert fields(form) == {
        "prompt": "an owl",
        "negative_prompt": "",
        "size": "640x512",
        "steps": "41",
        "strength": "0.7",
    }
    for _ in range(restarts):
        await stage.restart()
    typed = {**fields(form), "prompt": "a red owl", "strength": "0.5"}
    other = await stage.end_of(await somebody.submit_modal(form, typed))

    body = stage.bodies[-1]
    assert (body["prompt"], body["strength"], body["num_inference_steps"]) == (
        "a red owl",
        0.5,
        "41",
    )
    assert stage.message(other).content.startswith(somebody.mention)


async def test_of_several_pictures_one_is_picked_first(stage: Stage):
    job = await stage.finished("an owl", samples=2)
    asked = said(await stage.member.context_menu(stage.studio, MENU, stage.message(job)))
    assert asked.ephemeral
    form = await stage.member.select(asked, ["2"])
    await stage.end_of(await stage.member.submit_modal(form, fields(form)))
    assert stage.bodies[-1]["samples"] == "1"
    assert "init_image" in stage.bodies[-1]


@pytest.mark.parametrize("restarts", [0, 1])
async def test_somebodys_picture_is_remixed(stage: Stage, restarts: int):
    attachments = [("note.txt", b"hello"), ("photo.png", flat((640, 512), BLUE))]
    message = await stage.world.newcomer.send(stage.studio, "mine", attachments=attachments)
    form = await stage.member.context_menu(stage.studio, MENU, message)
    assert fields(form)["prompt"] == ""
    assert fields(form)["strength"] == "0.7"
    for _ in range(restarts):
        await stage.restart()
    typed = {**fields(form), "prompt": "a harbour"}
    job = await stage.end_of(await stage.member.submit_modal(form, typed))

    assert (await source_of(stage, job)).getpixel((0, 0)) == BLUE
    body = stage.bodies[-1]
    assert (body["prompt"], body["width"], body["height"]) == ("a harbour", "640", "512")


async def test_who_may_not_ask_for_pictures_gets_no_form(stage: Stage):
    message = await stage.world.moderator.send(stage.studio, attachments=[("a.png", flat())])
    newcomer = stage.world.newcomer
    await stage.world.moderator.slash(stage.studio, "block", member=newcomer)
    refused = said(await newcomer.context_menu(stage.studio, MENU, message))
    assert refused.ephemeral
    assert "blocked you" in refused.content


async def test_who_has_no_picture_left_gets_no_form_and_nothing_is_fetched(open_with: OpenStage):
    stage = await open_with(user_daily_images=1)
    message = await stage.world.moderator.send(stage.studio, attachments=[("a.png", flat())])
    await stage.finished()
    refused = said(await stage.member.context_menu(stage.studio, MENU, message))
    assert refused.ephemeral
    assert "None is left." in refused.content


async def test_what_does_not_do_is_kept_and_offered_again(stage: Stage):
    message = await stage.world.newcomer.send(stage.studio, attachments=[("a.png", flat())])
    form = await stage.member.context_menu(stage.studio, MENU, message)
    typed = {**fields(form), "prompt": "a harbour", "size": "huge"}
    refused = said(await stage.member.submit_modal(form, typed))
    assert "`size` use square" in refused.content

    form = await stage.member.click(refused, label="Go on editing")
    assert fields(form)["prompt"] == "a harbour"
    await stage.end_of(await stage.member.submit_modal(form, {**fields(form), "size": "square"}))
    assert "init_image" in stage.bodies[-1]


async def test_a_message_without_a_picture_and_a_bad_picture_are_refused(stage: Stage):
    words = await stage.world.newcomer.send(stage.studio, "no picture")
    refused = said(await stage.member.context_menu(stage.studio, MENU, words))
    assert refused.ephemeral
    assert "I see no picture in that message" in refused.content

    bad = await stage.world.newcomer.send(stage.studio, attachments=[("a.png", b"hello")])
    form = await stage.member.context_menu(stage.studio, MENU, bad)
    told = form.followups[0]
    assert told.ephemeral
    assert "is no picture that I can read" in told.content
    late = said(await stage.member.submit_modal(form, {**fields(form), "prompt": "x"}))
    assert "no longer know what this form was about" in late.content
    assert stage.bodies == []


async def test_a_picture_that_is_not_done_cannot_be_remixed(open_with: OpenStage):
    stage = await open_with(SLOW)
    stage.api.pause()
    asked = await stage.imagine()
    await stage.until_status(job_of(asked), JobStatus.PROCESSING)
    [waiting] = stage.messages()
    refused = said(await stage.world.newcomer.context_menu(stage.studio, MENU, waiting))
    assert refused.ephemeral
    assert "is not done yet" in refused.content
    stage.api.resume()
    await stage.end_of(asked)


async def test_a_form_refused_for_a_full_queue_keeps_its_picture(open_with: OpenStage):
    stage = await open_with(SLOW, user_max_active=1)
    message = await stage.world.newcomer.send(stage.studio, attachments=[("a.png", flat())])
    form = await stage.member.context_menu(stage.studio, MENU, message)
    stage.api.pause()
    asked = await stage.imagine()
    refused = said(await stage.member.submit_modal(form, {**fields(form), "prompt": "a harbour"}))
    assert "1 at once is allowed" in refused.content
    stage.api.resume()
    await stage.end_of(asked)

    form = await stage.member.click(refused, label="Go on editing")
    await stage.end_of(await stage.member.submit_modal(form, fields(form)))
    assert "init_image" in stage.bodies[-1]
