"""Parameters travel with pictures, and come back from ours and from other programs' files."""

from __future__ import annotations

import io
import json
from typing import Any

import discord
import pytest
import simcord
from PIL import Image
from PIL.PngImagePlugin import PngImageFile
from simcord.results import InteractionResult

from bot.domain.endpoint import OF_PICTURES
from bot.domain.guild_settings import Audience, Ceilings, Setting
from bot.domain.ids import UserId
from bot.domain.job import Job
from bot.findings import MAX_FILE_BYTES, MAX_KEPT
from bot.picture_metadata import inscribe
from tests.acceptance.stage import Stage, said
from tests.factories.foreign import GRAPH, INFOTEXT, comfy_webp, png_with, with_comment
from tests.factories.jobs import a_request

SHOW, USE = "Show parameters", "Use these parameters"

FOX: dict[str, Any] = {
    "prompt": "a ((fox)), лиса",
    "negative_prompt": "fog",
    "size": "wide",
    "steps": 41,
    "seed": 7,
    "samples": 2,
    "clip_skip": 3,
}


async def menu(
    stage: Stage, name: str, message: discord.Message, by: simcord.MemberActor | None = None
) -> InteractionResult:
    return await (by or stage.member).context_menu(stage.studio, name, message)


async def posted(stage: Stage, *files: tuple[str, bytes]) -> discord.Message:
    """Have somebody show files in the studio."""
    return await stage.world.newcomer.send(stage.studio, "look", attachments=files)


def filled_in(form: InteractionResult) -> dict[str, str]:
    """Return what stands in a form's fields, by their names."""
    assert form.modal is not None
    inputs = [each["component"] for each in form.modal["components"]]
    return {each["custom_id"]: each.get("value", "") for each in inputs}


async def send(stage: Stage, form: InteractionResult, **typed: str) -> InteractionResult:
    return await stage.member.submit_modal(form, {**filled_in(form), **typed})


async def opened(file: discord.Attachment) -> PngImageFile:
    picture = Image.open(io.BytesIO(await file.read()))
    assert isinstance(picture, PngImageFile)
    return picture


async def test_a_posted_picture_tells_other_tools_how_it_was_made(stage: Stage):
    job = await stage.finished(**FOX)
    kept = await stage.app.stores.pictures.of_job(job.id)
    for attachment, picture in zip(stage.message(job).attachments, kept, strict=True):
        shown = await opened(attachment)
        prompt, negative, values = shown.text["parameters"].split("\n")
        assert (prompt, negative) == ("a ((fox)), лиса", "Negative prompt: fog")
        assert "Seed: 7, Size: 1024x576, Model: midjourney" in values
        assert f"Batch size: 2, Batch pos: {picture.position}, Clip skip: 3" in values
        record = json.loads(shown.text["imagine"])
        asked = job.request.model_dump(mode="json", exclude=set(OF_PICTURES))
        assert record == {"version": 1, "request": asked}
        ours = await stage.app.stores.pictures.read(picture.sha256)
        assert shown.tobytes() == Image.open(io.BytesIO(ours)).tobytes()
        assert b"parameters" not in ours


async def test_shared_pictures_and_the_export_tell_it_too(stage: Stage):
    await stage.finished("an owl")
    page = await stage.member.slash(stage.studio, "history")
    shown = await stage.member.click(said(page), label="Share")
    await stage.member.click(said(shown), label="Share")
    *_, shared = stage.messages()
    assert (await opened(shared.attachments[0])).text["parameters"].startswith("an owl\n")

    export = await stage.member.slash(stage.studio, "privacy export")
    [file] = said(export).attachments
    assert b"parameters\0an owl\nSteps: " in await file.read()


async def test_show_parameters_of_our_own_pictures_reads_our_record(stage: Stage):
    job = await stage.finished(**FOX)
    answer = said(await menu(stage, SHOW, stage.message(job), stage.world.newcomer))
    assert answer.ephemeral
    for part in ("a ((fox))", "fog", "seed `7`", "steps `41`", "clip\\_skip `3`", "samples `2`"):
        assert part.replace("\\", "") in answer.content


@pytest.mark.parametrize("restarts", [0, 1])
async def test_use_these_parameters_draws_the_same_with_what_was_changed(
    stage: Stage, restarts: int
):
    job = await stage.finished(**FOX)
    form = await menu(stage, USE, stage.message(job))
    assert filled_in(form) == {
        "prompt": "a ((fox)), лиса",
        "negative_prompt": "fog",
        "size": "1024x576",
        "steps": "41",
        "guidance_scale": "7.5",
    }
    for _ in range(restarts):
        await stage.restart()
    await stage.end_of(await send(stage, form, prompt="a red fox", guidance_scale="9.5"))

    first, second = stage.bodies
    own = {"track_id", "prompt", "guidance_scale"}
    assert {k: v for k, v in first.items() if k not in own} == {
        k: v for k, v in second.items() if k not in own
    }
    assert (second["prompt"], second["guidance_scale"]) == ("a red fox", 9.5)


async def test_a_prompt_changed_in_the_form_may_carry_flags(stage: Stage):
    job = await stage.finished(**FOX)
    form = await menu(stage, USE, stage.message(job))
    await stage.end_of(await send(stage, form, prompt="a hare --n 1 --seed 8"))

    _, again = stage.bodies
    assert (again["prompt"], int(again["samples"]), int(again["seed"])) == ("a hare", 1, 8)
    assert int(again["num_inference_steps"]) == 41


async def test_parameters_stay_with_their_owner_where_the_server_says_so(stage: Stage):
    await stage.decide(Setting.REUSE, Audience.REQUESTER)
    job = await stage.finished(**FOX)
    message = stage.message(job)
    for name in (SHOW, USE):
        refused = said(await menu(stage, name, message, stage.world.newcomer))
        assert refused.ephemeral
        assert "only the person who asked" in refused.content
    for attachment in message.attachments:
        assert (await opened(attachment)).text == {}
    assert "seed `7`" in said(await menu(stage, SHOW, message)).content
    assert filled_in(await menu(stage, USE, message))["negative_prompt"] == "fog"


async def test_they_stay_too_when_the_owner_shares_the_picture_there(stage: Stage):
    await stage.finished("an owl")
    await stage.decide(Setting.REUSE, Audience.REQUESTER)
    page = await stage.member.slash(stage.studio, "history")
    await stage.member.click(
        said(await stage.member.click(said(page), label="Share")), label="Share"
    )
    *_, shared = stage.messages()
    assert (await opened(shared.attachments[0])).text == {}


async def test_they_stay_too_in_a_place_that_is_not_known(stage: Stage):
    """An archived thread, whose category may keep them."""
    stage.app.bot.get_channel = lambda _id, /: None
    job = await stage.finished()
    for attachment in stage.message(job).attachments:
        assert (await opened(attachment)).text == {}


async def test_the_log_channel_has_the_picture_alone(stage: Stage):
    await stage.decide(Setting.LOG_CHANNEL, stage.world.channel("general").id)
    job = await stage.finished("an owl")
    channel_id, message_id = await stage.until_logged(job.id)
    [logged] = [each for each in stage.messages(channel_id) if each.id == message_id]
    assert (await opened(logged.attachments[0])).text == {}


async def erased(stage: Stage, job: Job) -> None:
    asked = await stage.member.slash(stage.studio, "privacy erase")
    await stage.member.click(said(asked), label="Erase everything")
    await stage.until_gone(job.id)


async def test_of_a_job_that_was_erased_the_file_still_tells(stage: Stage):
    job = await stage.finished("an owl", seed=7)
    message = stage.message(job)
    await erased(stage, job)
    answer = said(await menu(stage, SHOW, message, stage.world.newcomer))
    assert "Written by Imagine" in answer.content
    assert "an owl" in answer.content


async def test_a_picture_of_the_web_ui_is_described_with_what_will_be_different(stage: Stage):
    message = await posted(stage, ("fox.png", png_with(parameters=INFOTEXT)))
    answer = said(await menu(stage, SHOW, message))
    assert answer.ephemeral
    for part in ("AUTOMATIC1111", "((a red fox))", "seed `965400086`", "size `1024x680`"):
        assert part in answer.content
    assert "steps `60` → `51`" in answer.content
    assert "size `1536x1024` → `1024x680`" in answer.content
    assert "model `dreamshaper_8`" in answer.content.split("Left out")[1]


async def test_what_was_found_fills_in_the_form_and_is_drawn(stage: Stage):
    await stage.decide(Setting.DEFAULTS, {"model_id": "sdxl", "num_inference_steps": 21})
    message = await posted(stage, ("fox.png", png_with(parameters=INFOTEXT)))
    shown = said(await menu(stage, USE, message))
    assert shown.ephemeral
    form = await stage.member.click(shown, label=USE)
    assert filled_in(form) == {
        "prompt": "masterpiece, ((a red fox)), by a lake",
        "negative_prompt": "blurry, (deformed:1.2) text",
        "size": "1024x680",
        "steps": "51",
        "guidance_scale": "6.5",
    }
    await stage.end_of(await send(stage, form, steps="31"))

    [body] = stage.bodies
    assert (body["seed"], body["num_inference_steps"]) == (965400086, "31")
    assert (body["model_id"], body["scheduler"]) == ("sdxl", "DPMSolverMultistepScheduler")
    assert (body["algorithm_type"], body["safety_checker"]) == ("dpmsolver+++", "yes")


async def test_what_was_found_goes_through_the_servers_rules(stage: Stage):
    await stage.decide(Setting.CEILINGS, Ceilings(steps=21))
    message = await posted(stage, ("fox.png", png_with(parameters=INFOTEXT)))
    form = await stage.member.click(said(await menu(stage, USE, message)), label=USE)
    asked = await send(stage, form)
    await stage.end_of(asked)
    assert "Brought within this server's limits: steps" in said(asked).content
    assert [body["num_inference_steps"] for body in stage.bodies] == ["21"]

    await stage.world.moderator.slash(stage.studio, "block", member=stage.member)
    form = await stage.member.click(said(await menu(stage, USE, message)), label=USE)
    assert "have blocked you" in said(await send(stage, form)).content
    assert len(stage.bodies) == 1


async def test_a_file_cannot_loosen_the_safety_checker(stage: Stage):
    await stage.let_members_loosen()
    request = a_request(safety_checker=False).model_dump(mode="json")
    forged = png_with(imagine=json.dumps({"version": 1, "request": request}))
    message = await posted(stage, ("fox.png", forged))
    form = await stage.member.click(said(await menu(stage, USE, message)), label=USE)
    await stage.end_of(await send(stage, form))
    assert [body["safety_checker"] for body in stage.bodies] == ["yes"]


async def test_several_pictures_are_described_one_by_one(stage: Stage):
    comment = b"UNICODE\0" + INFOTEXT.encode("utf-16-be")
    message = await posted(
        stage,
        ("a.png", png_with(Software="x")),
        ("b.webp", comfy_webp()),
        ("notes.txt", b"hello"),
        ("c.jpg", with_comment(comment)),
    )
    shown = said(await menu(stage, SHOW, message))
    first, second, third = shown.content.split("**Picture ")[1:]
    assert "nothing in the file says how it was made" in first
    assert "ComfyUI" in second
    assert "a glass bottle" in second
    assert "((a red fox))" in third
    form = await stage.member.click(shown, label="Use those of picture 2")
    assert filled_in(form)["prompt"] == GRAPH["6"]["inputs"]["text"]


async def test_a_forwarded_picture_is_looked_into_as_well(stage: Stage):
    message = await posted(stage, ("fox.png", png_with(parameters=INFOTEXT)))
    forwarded = await stage.member.forward(message, stage.studio)
    assert "((a red fox))" in said(await menu(stage, SHOW, forwarded)).content


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "There is no picture in that message"),
        ([("notes.txt", b"hello")], "There is no picture in that message"),
        ([("a.png", inscribe(png_with(), None))], "when a picture is sent from a phone"),
        ([("a.png", b"no picture at all")], "nothing in the file says how it was made"),
        ([("a.png", bytes(MAX_FILE_BYTES + 1))], "larger than 10 MB"),
    ],
    ids=["no file", "another file", "a bare picture", "no picture", "a large one"],
)
async def test_where_nothing_is_found_it_says_why(
    stage: Stage, files: list[tuple[str, bytes]], words: str
):
    answer = said(await menu(stage, SHOW, await posted(stage, *files)))
    assert answer.ephemeral
    assert words in answer.content
    assert answer.components == []


async def test_a_file_that_discord_does_not_give_is_not_waited_for_in_vain(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    async def refuse(*_: object, **__: object) -> bytes:
        raise ConnectionResetError

    message = await posted(stage, ("fox.png", png_with(parameters=INFOTEXT)))
    monkeypatch.setattr(discord.Attachment, "read", refuse)
    assert "did not give me the file" in said(await menu(stage, SHOW, message)).content


async def test_hostile_words_in_a_file_ping_and_style_nothing(stage: Stage):
    words = "@everyone <@1> **x** `y`\nNegative prompt: [a](https://e.vil)"
    hostile = png_with(parameters=f"{words}\nSteps: 9, Seed: 1, a*b: `@here`")
    answer = said(await menu(stage, SHOW, await posted(stage, ("x.png", hostile))))
    assert "@everyone" not in answer.content
    assert "@here" not in answer.content
    assert "<@1>" not in answer.content
    assert "**x**" not in answer.content
    assert len(answer.content) <= 2000


async def test_after_a_restart_the_button_says_to_look_again(stage: Stage):
    message = await posted(stage, ("fox.png", png_with(parameters=INFOTEXT)))
    shown = said(await menu(stage, SHOW, message))
    await stage.restart()
    answer = said(await stage.member.click(shown, label=USE))
    assert answer.ephemeral
    assert "no longer remember" in answer.content


async def test_of_what_was_found_only_so_much_is_remembered(stage: Stage):
    findings, me = stage.app.services.findings, UserId(1)
    for n in range(MAX_KEPT + 50):
        findings.keep(f"{n}:1", me, a_request(seed=n))
    kept = [n for n in range(MAX_KEPT + 50) if findings.recall(f"{n}:1", me)]
    assert kept == list(range(50, MAX_KEPT + 50))
    assert findings.recall("60:1", UserId(2)) is None
