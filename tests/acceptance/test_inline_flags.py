"""Flags typed into a prompt do what options do, and nobody sees them again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.asker import Asker
from bot.domain.guild_settings import AllowList, Ceilings, Setting
from bot.domain.job import JobStatus
from tests.acceptance.stage import Stage, said


async def refused(stage: Stage, prompt: str, **options: Any) -> str:
    """Ask for what is refused; return the words, which only the member sees."""
    answer = said(await stage.imagine(prompt, **options))
    assert answer.ephemeral
    assert stage.bodies == []
    assert await stage.images_left() == 100
    return answer.content


async def test_flags_reach_the_api_as_options_and_are_gone_from_what_is_shown(stage: Stage):
    asked = await stage.imagine(
        "a lighthouse --ar 3:2 --seed 7 --n 2 —cfg 9 --sampler ddim --no text, people", steps=41
    )
    job = await stage.end_of(asked)

    assert job.status is JobStatus.DELIVERED
    body = stage.bodies[0]
    sent = {
        "prompt": "a lighthouse",
        "negative_prompt": "text, people",
        "width": "624",
        "height": "416",
        "seed": 7,
        "samples": "2",
        "guidance_scale": 9.0,
        "scheduler": "DDIMScheduler",
        "num_inference_steps": "41",
    }
    assert {name: str(body[name]) for name in sent} == {n: str(v) for n, v in sent.items()}
    for text in (said(asked).content, stage.message(job).content):
        assert "a lighthouse" in text
        assert "--" not in text.replace("\\", "")
        assert "624x416" in text


async def test_dashes_of_ordinary_text_stay(stage: Stage):
    for prompt in ("a man -- old, red-haired -- waits", "a ship — far out", "x--seed 7"):
        assert (await stage.finished(prompt)).request.prompt == prompt


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a fox --sede 7", "`--sede` is no option; did you mean --seed?"),
        ("a fox --seed", "`--seed` needs a value: --seed 7"),
        ("a fox --samples 9", "`samples` must be a whole number from 1 to 4"),
        ("a fox --ar 9:1", "`--ar` must be WIDTH:HEIGHT such as 3:2"),
        ("--seed 7", "`prompt` say what to draw"),
        ("a fox --preset nothing", "`preset` is not known here"),
    ],
)
async def test_what_is_not_understood_is_refused_privately_and_costs_nothing(
    stage: Stage, prompt: str, words: str
):
    assert words in await refused(stage, prompt)


async def test_a_flag_that_contradicts_an_option_is_refused(stage: Stage):
    words = "`seed` is given by option and by flag, and differently"
    assert words in await refused(stage, "a fox --seed 8", seed=7)
    assert (await stage.finished("a fox --seed 7", seed=7)).request.seed == 7


async def test_what_a_server_does_not_allow_is_not_to_be_had_by_flag(stage: Stage):
    await stage.decide(Setting.MODELS, AllowList(blocked=("midjourney",)))
    await stage.decide(Setting.CEILINGS, Ceilings(samples=2))
    words = await refused(stage, "a fox --model midjourney --n 3")
    assert "`model` is not allowed in this server" in words
    assert "`samples` must be at most 2 in this server" in words


async def test_a_shape_is_kept_within_a_servers_limits(stage: Stage):
    await stage.decide(Setting.CEILINGS, Ceilings(side=512))
    asked = await stage.imagine("a fox --ar 3:2")
    job = await stage.end_of(asked)
    assert job.request.size == (512, 336)
    assert "Brought within this server's limits: size" in said(asked).content


async def test_a_shape_follows_the_servers_size(stage: Stage):
    await stage.decide(Setting.DEFAULTS, {"width": 1024, "height": 1024})
    assert (await stage.finished("a fox --ar 3:2")).request.size == (1024, 680)


async def test_the_checker_is_not_loosened_by_flag(stage: Stage):
    asked = await stage.imagine("a fox --safety_checker no")
    await stage.end_of(asked)
    assert stage.bodies[0]["safety_checker"] == "yes"
    assert "Safety checker: a text instead of the picture" in said(asked).content


async def test_hostile_flags_are_shown_harmlessly(stage: Stage):
    words = await refused(stage, "a fox --`@everyone` --x\u202eyz --<@123>")
    assert "@everyone" not in words
    assert "<@123>" not in words


async def test_again_asks_for_the_same_without_reading_the_prompt_anew(stage: Stage):
    job = await stage.finished("a fox --ar 3:2 --steps 41")
    await stage.member.click(stage.message(job), label="Again")
    again = await stage.app.services.history.page(job.origin.user_id)
    assert again.jobs[0].id != job.id
    assert again.jobs[0].request == job.request.replace(seed=again.jobs[0].request.seed)


async def test_an_edited_prompt_may_carry_flags(stage: Stage):
    """What the Edit form calls: flags come before what the picture was asked with."""
    job = await stage.finished("a fox --steps 41", size="wide")
    asker = Asker(user_id=job.origin.user_id, guild_id=job.origin.guild_id)
    approved = await stage.app.services.approval.revise(
        asker, job.request, {"prompt": "a hare --ar 1:1 --n 2"}
    )
    request = approved.request
    assert (request.prompt, request.samples, request.num_inference_steps) == ("a hare", 2, 41)
    assert request.size == (768, 768)
