"""The edit form: filled in, mended, never losing what was typed, and alive after a restart."""

from __future__ import annotations

from typing import Any

import discord
import pytest
import simcord
from simcord.results import InteractionResult

from bot.domain.guild_settings import Audience, Ceilings, Setting
from bot.domain.ids import UserId
from bot.domain.job import Job, JobStatus
from bot.domain.request import MAX_PROMPT
from bot.sandbox import Fault
from bot.ui.buttons import EditButton
from bot.ui.edit_form import open_edit_form
from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import Stage, job_of, said
from tests.factories.jobs import a_request

FOX: dict[str, Any] = {
    "prompt": "a ((fox))",
    "negative_prompt": "fog",
    "size": "wide",
    "steps": 41,
    "guidance_scale": 12.25,
    "seed": 7,
}


def filled_in(form: InteractionResult) -> dict[str, str]:
    """Return what stands in a form's fields, by their names."""
    assert form.modal is not None
    inputs = [each["component"] for each in form.modal["components"]]
    return {each["custom_id"]: each.get("value", "") for each in inputs}


async def edit(
    stage: Stage, job: Job, by: simcord.MemberActor | None = None, /, **typed: str
) -> InteractionResult:
    """Press Edit and send the form with some fields changed."""
    form = await (by or stage.member).click(stage.message(job), label="Edit")
    return await send(stage, form, by, **typed)


async def send(
    stage: Stage, form: InteractionResult, by: simcord.MemberActor | None = None, /, **typed: str
) -> InteractionResult:
    """Send a form as it is filled in, with some fields changed."""
    return await (by or stage.member).submit_modal(form, {**filled_in(form), **typed})


async def test_the_form_is_filled_in_with_what_was_asked_for(stage: Stage):
    job = await stage.finished(**FOX)
    form = await stage.member.click(stage.message(job), label="Edit")

    assert filled_in(form) == {
        "prompt": "a ((fox))",
        "negative_prompt": "fog",
        "size": "1024x576",
        "steps": "41",
        "guidance_scale": "12.25",
    }


async def test_what_was_changed_is_drawn_with_the_same_seed_and_the_rest_as_it_was(stage: Stage):
    job = await stage.finished(**FOX)
    sent = await edit(stage, job, prompt="a red fox", size="640 × 832", guidance_scale="7,5")
    await stage.end_of(sent)

    first, second = stage.bodies
    changed = {key: value for key, value in second.items() if first[key] != value}
    del changed["track_id"]
    changed.pop("webhook", None)
    assert changed == {
        "prompt": "a red fox",
        "width": "640",
        "height": "832",
        "guidance_scale": 7.5,
    }
    assert second["seed"] == 7


async def test_a_form_sent_unchanged_draws_another_picture(stage: Stage):
    job = await stage.finished(**FOX)
    await stage.end_of(await edit(stage, job))

    first, second = stage.bodies
    assert first["seed"] != second["seed"]
    assert first["prompt"] == second["prompt"]


async def test_a_field_left_empty_stays_as_it_was_but_a_negative_prompt_can_be_emptied(
    stage: Stage,
):
    job = await stage.finished(**FOX)
    empty = {"negative_prompt": "", "size": "", "steps": "", "guidance_scale": ""}
    await stage.end_of(await edit(stage, job, **empty))

    _, body = stage.bodies
    assert (body["width"], body["num_inference_steps"], body["guidance_scale"]) == (
        "1024",
        "41",
        12.25,
    )
    assert not body["negative_prompt"]


@pytest.mark.parametrize("restarts", [0, 1])
async def test_what_does_not_do_is_refused_in_words_and_offered_again_as_typed(
    stage: Stage, restarts: int
):
    job = await stage.finished(**FOX)
    typed = {"prompt": "a new fox", "size": "huge", "steps": "many", "guidance_scale": "99"}
    refused = said(await edit(stage, job, **typed))

    assert refused.ephemeral
    for option in ("`size`", "`steps`", "`guidance_scale`"):
        assert option in refused.content
    assert len(stage.bodies) == 1
    for _ in range(restarts):
        await stage.restart()
    form = await stage.member.click(refused, label="Go on editing")
    assert filled_in(form) == {**typed, "negative_prompt": "fog"}

    sent = await send(stage, form, size="square", steps="21", guidance_scale="9")
    await stage.end_of(sent)
    _, body = stage.bodies
    assert (body["prompt"], body["width"], body["num_inference_steps"]) == (
        "a new fox",
        "512",
        "21",
    )
    assert body["seed"] == 7


async def test_nothing_typed_is_lost_where_a_rule_or_the_quota_refuses(open_with: OpenStage):
    stage = await open_with(user_daily_images=1)
    job = await stage.finished()
    refused = said(await edit(stage, job, prompt="words I would not like to lose"))
    assert "None is left." in refused.content

    await stage.restart(user_daily_images=5)
    form = await stage.member.click(refused, label="Go on editing")
    assert filled_in(form)["prompt"] == "words I would not like to lose"
    assert (await stage.end_of(await send(stage, form))).status is JobStatus.DELIVERED


async def test_the_longest_prompts_fit_the_form_and_too_long_ones_come_back_whole(stage: Stage):
    longest = "🦊" * MAX_PROMPT
    job = await stage.finished(longest, negative_prompt=longest)
    form = await stage.member.click(stage.message(job), label="Edit")
    assert filled_in(form)["prompt"] == longest
    too_long = "x" * 4000

    refused = said(await send(stage, form, prompt=too_long, negative_prompt=too_long))
    assert "`prompt`" in refused.content
    assert "`negative_prompt`" in refused.content
    back = await stage.member.click(refused, label="Go on editing")
    assert filled_in(back)["prompt"] == filled_in(back)["negative_prompt"] == too_long


async def test_a_form_opened_before_a_restart_is_heard_after_it(stage: Stage):
    job = await stage.finished(**FOX)
    form = await stage.member.click(stage.message(job), label="Edit")
    await stage.restart()
    await stage.end_of(await send(stage, form, prompt="a later fox"))

    assert stage.bodies[1]["prompt"] == "a later fox"


async def test_a_form_sent_twice_draws_twice(stage: Stage):
    job = await stage.finished()
    forms = [await stage.member.click(stage.message(job), label="Edit") for _ in range(2)]
    for number, form in enumerate(forms):
        await stage.end_of(await send(stage, form, prompt=f"fox {number}"))

    assert [body["prompt"] for body in stage.bodies[1:]] == ["fox 0", "fox 1"]


async def test_others_edit_a_public_picture_on_their_own_quota(stage: Stage):
    job = await stage.finished()
    newcomer = stage.world.newcomer
    mine = await stage.end_of(await edit(stage, job, newcomer, prompt="mine"))

    assert stage.message(mine).content.startswith(newcomer.mention)
    assert await stage.images_left() == 99
    assert await stage.images_left(newcomer) == 99


async def test_others_do_not_edit_where_the_server_keeps_pictures_to_their_owners(stage: Stage):
    job = await stage.finished()
    newcomer = stage.world.newcomer
    opened = await newcomer.click(stage.message(job), label="Edit")
    await stage.decide(Setting.REUSE, Audience.REQUESTER)

    for refused in (
        await newcomer.click(stage.message(job), label="Edit"),
        await newcomer.submit_modal(opened, {"prompt": "mine"}),
    ):
        assert said(refused).ephemeral
        assert "only the person who asked" in said(refused).content
    assert len(stage.bodies) == 1


async def test_nobody_opens_what_somebody_else_typed(stage: Stage):
    job = await stage.finished()
    sent = await edit(stage, job, size="huge")

    drafts = stage.app.services.drafts
    assert await drafts.get(job_of(sent), UserId(stage.member.id)) is not None
    assert await drafts.get(job_of(sent), UserId(stage.world.newcomer.id)) is None


@pytest.mark.parametrize("restarts", [0, 1])
async def test_a_request_that_is_no_jobs_is_edited_and_drawn_as_it_is(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, restarts: int
):
    request = a_request(prompt="from elsewhere", seed=5, vae="v", num_inference_steps=30)

    async def parameters(_: EditButton, interaction: discord.Interaction, __: Job) -> None:
        await open_edit_form(interaction, request)

    job = await stage.finished()
    with monkeypatch.context() as patched:
        patched.setattr(EditButton, "pressed", parameters)
        form = await stage.member.click(stage.message(job), label="Edit")
    assert filled_in(form)["prompt"] == "from elsewhere"
    for _ in range(restarts):
        await stage.restart()
    refused = said(await send(stage, form, steps="many"))
    mended = await stage.member.click(refused, label="Go on editing")
    await stage.end_of(await send(stage, mended, steps="30"))

    body = stage.bodies[1]
    assert (body["prompt"], body["seed"], body["vae"]) == ("from elsewhere", 5, "v")
    assert body["num_inference_steps"] == "30"


async def test_a_ceiling_refuses_only_what_was_changed_in_the_form(stage: Stage):
    job = await stage.finished(**FOX)
    await stage.decide(Setting.CEILINGS, Ceilings(steps=31))
    refused = said(await edit(stage, job, steps="42"))
    assert "must be at most 31 in this server" in refused.content

    sent = await edit(stage, job, prompt="another fox")
    await stage.end_of(sent)
    assert "Brought within this server's limits: steps" in said(sent).content
    assert stage.bodies[1]["num_inference_steps"] == "31"


async def test_bad_news_can_be_edited_too(stage: Stage):
    stage.api.script("", Fault.MODEL_NOT_FOUND)
    job = await stage.end_of(await stage.imagine())
    assert job.status is JobStatus.FAILED
    stage.api.clear_script()

    mended = await stage.end_of(await edit(stage, job, prompt="a simpler lighthouse"))
    assert mended.status is JobStatus.DELIVERED
    assert mended.request.prompt == "a simpler lighthouse"
