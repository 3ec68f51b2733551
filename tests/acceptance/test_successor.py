"""The bot over the image API's successor, `/v6/images`: members see no difference.

But for the options that it has lost: those are refused in words, or left out and named.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.guild_settings import Setting
from bot.domain.job import Job, JobStatus
from tests.acceptance.history_page import Page
from tests.acceptance.models_page import ModelsPage
from tests.acceptance.settings_office import Office, choices_in
from tests.acceptance.stage import SLOW, Stage, job_of, open_stage, pictures_in, rows, said
from tests.acceptance.test_options import ALL_OPTIONS, BOT_SETS

LOST = {"panorama", "self_attention", "tomesd", "embeddings_model"}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    async with open_stage(tmp_path / "data", api_dialect="v6") as opened:
        yield opened


async def test_a_bare_prompt_becomes_a_picture(stage: Stage) -> None:
    asked = await stage.imagine("an owl in a library")
    job = await stage.end_of(asked)

    assert job.status is JobStatus.DELIVERED
    (request,) = stage.api.submits
    assert request.path == "/api/v6/images/text2img"
    assert (request.body["width"], request.body["enhance_prompt"]) == (512, True)
    assert request.body["track_id"] == str(job.id)
    (attached,) = stage.message(job).attachments
    assert attached.description == "Generated from the prompt: an owl in a library"


async def test_a_queued_job_is_asked_after_where_it_was_sent(tmp_path: Path) -> None:
    async with open_stage(tmp_path / "data", SLOW, api_dialect="v6") as stage:
        await stage.finished("a lighthouse")

        paths = {request.path for request in stage.api.requests}
        assert {"/api/v6/images/text2img", "/api/v6/images/fetch"} <= paths
        assert not [path for path in paths if "/v4/" in path and "model_list" not in path]


async def test_all_that_the_successor_knows_arrives_together(stage: Stage) -> None:
    await stage.let_members_loosen()
    wanted = {name: value for name, value in ALL_OPTIONS.items() if name not in LOST}

    job = await stage.finished(**wanted)

    body = stage.bodies[0]
    assert {name: body[name] for name in body if name not in BOT_SETS} == {
        "model_id": "realistic-vision-v51",
        "prompt": "a ((red)) lighthouse in a storm",
        "negative_prompt": "fog",
        "width": 768,
        "height": 512,
        "samples": 2,
        "num_inference_steps": 41,
        "safety_checker": True,
        "safety_checker_type": "pixelate",
        "enhance_prompt": False,
        "seed": 4_294_967_295,
        "guidance_scale": 9.5,
        "use_karras_sigmas": False,
        "algorithm_type": "dpmsolver+++",
        "vae": "sd-vae-ft-mse",
        "lora_strength": "0.4,0.9",
        "lora_model": "contrast-fix,more_details",
        "multi_lingual": True,
        "upscale": True,
        "clip_skip": 4,
        "scheduler": "DPMSolverMultistepScheduler",
        "highres_fix": True,
    }
    assert [p.size for p in await pictures_in(stage.message(job))] == [(1536, 1024)] * 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"panorama": "yes"}, "`panorama` is not known to this image service; leave it out"),
        ({"embeddings_model": "easynegative"}, "`embeddings_model` is not known"),
        ({"upscale": 3}, "`upscale` must be at most 2 at this image service"),
    ],
)
async def test_what_it_has_lost_is_refused_privately_before_anything_is_sent(
    stage: Stage, options: dict[str, Any], words: str
) -> None:
    refused = await stage.imagine(**options)

    assert refused.ephemeral
    assert words in said(refused).content
    assert stage.bodies == []


async def test_a_default_that_it_has_lost_is_left_out_and_named(stage: Stage) -> None:
    await stage.member.slash(stage.studio, "defaults set", option="panorama", value="yes")

    asked = await stage.imagine("a coast")
    job = await stage.end_of(asked)

    assert "this image service does not know it: panorama" in said(asked).content
    assert job.status is JobStatus.DELIVERED
    assert "panorama" not in stage.bodies[0]


def labels(stage: Stage, job: Job) -> list[str | None]:
    """Return what the buttons say that ask for more of a picture."""
    return [each.label for each in rows(stage.message(job))[0]]


MORE = ["Again", "Vary", "Edit", "Upscale 2×"]


async def test_a_result_offers_no_size_that_it_has_lost_also_once_it_is_drawn_anew(
    stage: Stage,
) -> None:
    job = await stage.finished("a coast")
    assert labels(stage, job) == MORE

    await stage.member.click(stage.message(job), label="Favourite")
    assert labels(stage, job) == MORE
    await stage.end_of(await stage.member.click(stage.message(job), label="Again"))
    assert labels(stage, job) == MORE


async def test_a_shared_picture_offers_no_size_that_it_has_lost(stage: Stage) -> None:
    await stage.finished("a coast")
    page = await Page.open(stage)
    await page.press("Share")
    await page.press("Share")

    assert [each.label for each in rows(stage.shown_pictures()[-1])[0]] == MORE


async def test_a_button_from_before_the_change_is_refused_in_words(tmp_path: Path) -> None:
    async with open_stage(tmp_path / "data") as stage:
        job = await stage.finished("a coast")
        await stage.restart(api_dialect="v6")

        refused = await stage.member.click(stage.message(job), label="Upscale 3×")

        assert refused.ephemeral
        assert "`upscale` must be at most 2 at this image service" in said(refused).content
        assert labels(stage, job) == [*MORE, "Upscale 3×"]


async def test_nothing_is_suggested_that_it_has_lost(stage: Stage) -> None:
    await stage.app.services.catalogue.refresh()

    async def suggested(command: str, name: str, typed: str = "", /, **given: str) -> set[str]:
        moderator = stage.world.moderator
        choices = await moderator.autocomplete(stage.studio, command, name, typed, **given)
        return {choice["value"] for choice in choices}

    for command in ("defaults set", "settings default"):
        assert await suggested(command, "value", option="upscale") == {"1", "2"}
        assert await suggested(command, "value", option="highres_fix") == {"yes", "no"}
        assert await suggested(command, "value", option="panorama") == set()
        assert await suggested(command, "value", option="embeddings_model") == set()
    offered = await suggested("defaults set", "option")
    assert "upscale" in offered
    assert not offered & LOST
    assert await suggested("imagine", "embeddings_model", "easy") == set()
    assert "more_details" in await suggested("imagine", "lora_model", "more")


async def test_its_models_have_no_page_of_what_it_has_lost(stage: Stage) -> None:
    page = await ModelsPage.open(stage)

    assert list(page.menu("k")) == ["model", "lora"]
    assert list((await ModelsPage.open(stage, kind="lora")).menu("k")) == ["model", "lora"]


async def test_the_panel_offers_a_default_that_it_has_lost_only_to_take_it_away(
    stage: Stage,
) -> None:
    await stage.decide(Setting.DEFAULTS, {"tomesd": True})
    panel = await Office(stage).panel()
    await panel.press("Defaults & limits")
    offered = choices_in(await panel.press("Another default"), "option")

    assert "clip_skip" in offered
    assert LOST.intersection(offered) == {"tomesd"}


async def test_an_error_with_its_real_http_code_reads_as_ever(stage: Stage) -> None:
    job = await stage.end_of(await stage.imagine("a fox", model="no-such-model"))

    assert job.status is JobStatus.FAILED
    assert "does not have this model ready" in stage.message(job).content


async def test_pictures_asked_for_before_the_change_can_be_had_again(tmp_path: Path) -> None:
    async with open_stage(tmp_path / "data") as stage:
        job = await stage.finished("a coast", panorama="yes")
        await stage.restart(api_dialect="v6")

        again = await stage.member.click(stage.message(job), label="Again")

        assert (await stage.end_of(again)).status is JobStatus.DELIVERED
        assert "does not know it: panorama" in said(again).content
        assert job_of(again) != job.id
        assert stage.api.submits[-1].path == "/api/v6/images/text2img"
