"""`/inpaint`: only a part of a picture is drawn anew, whichever way it is named."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import ImageChops

from bot.domain.job import JobStatus
from tests.acceptance.conftest import OpenStage
from tests.acceptance.remixes import RED, flat, half_white, remix, remixed, source_of, with_hole
from tests.acceptance.stage import SLOW, Stage, is_over, job_of, pictures_in, said

PATH = "/api/v4/dreambooth/inpaint"
LEFT, RIGHT = (64, 256), (448, 256)


async def inpainted(stage: Stage, data: bytes | None = None, **options: Any) -> Any:
    job = await remixed(stage, data, command="inpaint", **options)
    [picture] = await pictures_in(stage.message(job))
    return job, picture.convert("RGB")


async def test_the_body_is_the_one_of_the_endpoints_page_with_its_field_named_steps(stage: Stage):
    job, _ = await inpainted(stage, mask=("mask.png", half_white()), seed=7, steps=30)

    assert [request.path for request in stage.api.submits] == [PATH]
    [body] = stage.bodies
    hosted = f"{stage.api.root_url}/generations/"
    assert body.pop("init_image").startswith(hosted)
    assert body.pop("mask_image").startswith(hosted)
    assert body == {
        "key": stage.api.settings.api_key or "any-key",
        "model_id": "midjourney",
        "prompt": "a lighthouse",
        "negative_prompt": "",
        "width": "512",
        "height": "512",
        "samples": "1",
        "steps": "30",
        "safety_checker": "yes",
        "safety_checker_type": "sensitive_content_text",
        "enhance_prompt": "yes",
        "seed": 7,
        "guidance_scale": 7.5,
        "tomesd": "yes",
        "use_karras_sigmas": "yes",
        "vae": None,
        "lora_strength": None,
        "lora_model": None,
        "clip_skip": "2",
        "base64": "no",
        "scheduler": "UniPCMultistepScheduler",
        "webhook": None,
        "track_id": str(job.id),
        "temp": "yes",
        "strength": 0.7,
    }


async def test_a_mask_is_drawn_anew_where_it_is_white(stage: Stage):
    _, picture = await inpainted(stage, flat(), mask=("mask.png", half_white((256, 256))))
    assert picture.getpixel(LEFT) == RED
    assert picture.getpixel(RIGHT) != RED


async def test_what_is_see_through_in_the_picture_is_drawn_anew(stage: Stage):
    _, picture = await inpainted(stage, with_hole())
    assert picture.getpixel(LEFT) != RED
    assert picture.getpixel(RIGHT) == RED


@pytest.mark.parametrize(
    ("area", "anew", "kept"),
    [
        ("left", (8, 256), (300, 256)),
        ("right", (504, 256), (200, 256)),
        ("top", (256, 8), (256, 300)),
        ("bottom", (256, 504), (256, 200)),
        ("centre", (256, 256), (8, 8)),
        ("border", (8, 8), (256, 256)),
    ],
)
async def test_a_named_part_is_drawn_anew(
    stage: Stage, area: str, anew: tuple[int, int], kept: tuple[int, int]
):
    _, picture = await inpainted(stage, flat(), area=area, percent=40)
    assert picture.getpixel(anew) != RED
    assert picture.getpixel(kept) == RED


@pytest.mark.parametrize("restarts", [0, 1])
async def test_without_a_mask_a_form_asks_for_the_part(stage: Stage, restarts: int):
    asked = said(await remix(stage, flat(), command="inpaint"))
    assert asked.ephemeral
    assert "Which part shall be drawn anew?" in asked.content
    assert stage.bodies == []
    for _ in range(restarts):
        await stage.restart()
    form = await stage.member.click(asked, label="Choose the part")
    wrong = await stage.member.submit_modal(form, {"area": ["top"], "percent": "much"})
    assert "`percent` must be a whole number from 1 to 99" in said(wrong).content
    form = await stage.member.click(asked, label="Choose the part")
    sent = await stage.member.submit_modal(form, {"area": ["top"], "percent": "25 %"})
    job = await stage.end_of(sent)

    mask = await source_of(stage, job, 1)
    assert [mask.getpixel((256, y)) for y in (0, 127, 128, 511)] == [255, 255, 0, 0]
    [picture] = await pictures_in(stage.message(job))
    assert picture.convert("RGB").getpixel((256, 400)) == RED


@pytest.mark.parametrize("who", ["member", "newcomer", "moderator"])
@pytest.mark.parametrize("restarts", [0, 1])
async def test_again_has_the_same_picture_and_mask(stage: Stage, who: str, restarts: int):
    job, _ = await inpainted(stage, flat(), area="left")
    for _ in range(restarts):
        await stage.restart()
    pressed = await getattr(stage.world, who).click(stage.message(job), label="Again")
    again = await stage.end_of(pressed)

    assert [request.path for request in stage.api.submits] == [PATH, PATH]
    for position in (0, 1):
        first, second = [await source_of(stage, each, position) for each in (job, again)]
        assert ImageChops.difference(first, second).getbbox() is None
    details = said(await stage.member.click(stage.message(again), label="Details"))
    assert "of which a part is drawn anew" in details.content
    assert "give them as `image` and `mask`" in details.content


async def test_a_queued_one_survives_a_restart(open_with: OpenStage):
    stage = await open_with(SLOW, max_in_flight=1)
    stage.api.pause()
    first = job_of(await stage.imagine("first"))
    await stage.until_status(first, JobStatus.PROCESSING)
    queued = job_of(await remix(stage, command="inpaint", area="top"))
    await stage.restart()
    stage.api.resume()
    assert (await stage.until(queued, is_over)).status is JobStatus.DELIVERED


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mask": ("m.png", flat(colour=(0, 0, 0)))}, "`mask` keeps all of the picture"),
        ({"mask": ("m.png", b"hello")}, "`mask` is no picture"),
        ({"mask": ("m.png", half_white()), "area": "top"}, "`mask` give a mask, or name a part"),
        ({"percent": 10}, "`percent` goes with `area`"),
    ],
)
async def test_masks_that_make_no_sense_are_refused(
    stage: Stage, options: dict[str, Any], words: str
):
    refused = said(await remix(stage, command="inpaint", **options))
    assert refused.ephemeral
    assert words in refused.content
    assert stage.bodies == []
