"""Refusals are private, say what to change, and cost nothing."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.backend.errors import OptionError
from simcord.results import InteractionResult

from tests.acceptance.conftest import OpenStage
from tests.acceptance.stage import SLOW, Stage, job_of, said


async def assert_refused_for_free(stage: Stage, asked: InteractionResult, *, left: int) -> str:
    answer = said(asked)
    assert answer.ephemeral
    assert await stage.app.stores.jobs.get(job_of(asked)) is None
    assert await stage.images_left() == left
    assert stage.studio.history(viewer=stage.world.newcomer) == []
    return answer.content


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": "huge"}, "`size` use square, portrait, landscape, wide, or WIDTHxHEIGHT"),
        ({"size": "2048x512"}, "from 256 to 1024"),
        ({"size": "500x500"}, "multiple of 8"),
        ({"size": "-512x512"}, "`size` use square"),
        (
            {"algorithm_type": "dpmsolver+++", "scheduler": "DDIMScheduler"},
            "choose that scheduler or leave algorithm_type out",
        ),
        ({"lora_strength": "0.5"}, "it needs lora_model"),
        ({"lora_model": "contrast-fix", "lora_strength": "0.5,0.7"}, "one for each"),
        ({"lora_model": "a,b,c", "lora_strength": "0.5,0.7"}, "one for each"),
        ({"lora_model": "contrast-fix", "lora_strength": "strong"}, "one number from 0 to 2"),
        ({"lora_model": "contrast-fix", "lora_strength": "nan"}, "one number from 0 to 2"),
        ({"lora_model": "contrast-fix", "lora_strength": "-1"}, "one number from 0 to 2"),
        ({"lora_model": ",".join("abcdefghi")}, "up to 8 LoRA ids"),
        ({"lora_model": "a" * 101}, "LoRA ids"),
        ({"model": "my model"}, "`model` must be one id without spaces"),
        ({"model": "one,two"}, "`model` must be one id without spaces"),
        ({"model": "   "}, "`model` must be one id without spaces"),
        ({"vae": "a b"}, "`vae` must be one id without spaces"),
        ({"embeddings_model": "a b"}, "`embeddings_model` must be one id without spaces"),
        ({"prompt": "   "}, "`prompt` say what to draw"),
        ({"prompt": "\x00\x07\u202e\u2066"}, "`prompt` say what to draw"),
    ],
    ids=str,
)
async def test_what_a_member_chose_wrong_is_named_privately_and_costs_nothing(
    stage: Stage, options: dict[str, Any], words: str
) -> None:
    asked = await stage.imagine(**options)

    assert words in await assert_refused_for_free(stage, asked, left=100)
    assert stage.bodies == []


async def test_several_mistakes_are_named_at_once(stage: Stage) -> None:
    asked = await stage.imagine(size="tiny", model="a b", lora_strength="x")

    words = await assert_refused_for_free(stage, asked, left=100)
    assert "`size`" in words
    assert "`lora_strength`" in words


@pytest.mark.parametrize(
    "options",
    [
        {"prompt": "a" * 2001},
        {"negative_prompt": "a" * 2001},
        {"samples": 5},
        {"samples": 0},
        {"steps": 30},
        {"guidance_scale": 0.5},
        {"seed": 2**32},
        {"clip_skip": 9},
        {"upscale": 4},
        {"scheduler": "MagicScheduler"},
        {"panorama": "maybe"},
    ],
    ids=lambda options: f"{next(iter(options))}={str(next(iter(options.values())))[:20]}",
)
async def test_discord_itself_holds_back_what_is_out_of_range(
    stage: Stage, options: dict[str, Any]
) -> None:
    with pytest.raises(OptionError):
        await stage.imagine(**options)

    assert stage.bodies == []


async def test_more_images_than_are_left_are_refused_with_the_number_left_and_a_time(
    open_with: OpenStage,
) -> None:
    stage = await open_with(user_daily_images=3)
    await stage.finished(samples=2)

    asked = await stage.imagine(samples=2)

    answer = said(asked)
    assert answer.ephemeral
    assert "limit over all servers is 3 images in 24 hours" in answer.content
    assert "1 is left. You asked for 2 pictures." in answer.content
    assert "<t:" in answer.content
    assert len(stage.bodies) == 1
    assert await stage.images_left() == 1


async def test_one_member_s_quota_is_not_another_s(open_with: OpenStage) -> None:
    stage = await open_with(user_daily_images=1)
    await stage.finished()

    await stage.finished(by=stage.world.newcomer)

    assert await stage.images_left() == 0
    assert await stage.images_left(stage.world.newcomer) == 0


async def test_too_many_unfinished_jobs_are_refused_until_one_ends(open_with: OpenStage) -> None:
    stage = await open_with(SLOW, user_max_active=2)
    stage.api.pause()
    first = await stage.imagine()
    await stage.imagine()

    refused = await stage.imagine()

    assert said(refused).ephemeral
    assert "2 unfinished jobs" in said(refused).content
    assert "Wait for one to finish, or cancel one" in said(refused).content
    assert await stage.images_left() == 98
    stage.api.resume()
    await stage.end_of(first)
    assert not said(await stage.imagine()).ephemeral
