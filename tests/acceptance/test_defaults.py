"""`/defaults`: what a member sets for themselves holds wherever they leave an option out."""

from __future__ import annotations

from typing import Any

import pytest
import simcord

from bot.domain.guild_settings import AllowList, Ceilings, Setting
from bot.domain.request_defaults import OWN_OPTIONS
from bot.domain.strictness import Strictness
from bot.storage import own_defaults
from tests.acceptance.stage import Stage, said
from tests.acceptance.test_hostile_texts import HOSTILE
from tests.acceptance.test_privacy_about_and_export import export, files_of, records
from tests.acceptance.test_privacy_erase import erase


async def put(stage: Stage, option: str, value: str, by: simcord.MemberActor | None = None) -> str:
    answer = said(
        await (by or stage.member).slash(stage.studio, "defaults set", option=option, value=value)
    )
    assert answer.ephemeral
    return answer.content


async def show(stage: Stage, by: simcord.MemberActor | None = None) -> str:
    answer = said(await (by or stage.member).slash(stage.studio, "defaults show"))
    assert answer.ephemeral
    return answer.content


async def clear(stage: Stage, **options: Any) -> str:
    return said(await stage.member.slash(stage.studio, "defaults clear", **options)).content


async def test_at_first_there_are_none_and_it_says_how_to_change_that(stage: Stage):
    assert "You have no defaults of your own" in await show(stage)
    assert "`/defaults set`" in await show(stage)


async def test_what_is_set_holds_for_this_member_alone_and_over_a_restart(stage: Stage):
    assert "`size` is `1024x576`" in await put(stage, "size", "wide")
    await put(stage, "steps", "41")
    await put(stage, "seed", "7")
    await put(stage, "seed", "8")

    first = await stage.finished()
    others = await stage.finished(by=stage.world.moderator)
    await stage.restart()
    second = await stage.finished()

    for job in (first, second):
        assert job.request.size == (1024, 576)
        assert (job.request.num_inference_steps, job.request.seed) == (41, 8)
    assert others.request.size == (512, 512)
    shown = await show(stage)
    assert "• `size` `1024x576`" in shown
    assert "• `seed` `8`" in shown
    assert "You have no defaults" in await show(stage, stage.world.moderator)


async def test_they_come_after_what_is_typed_and_before_what_the_server_says(stage: Stage):
    await stage.decide(Setting.DEFAULTS, {"samples": 2, "num_inference_steps": 21})
    await put(stage, "samples", "3")
    request = (await stage.finished()).request
    assert (request.samples, request.num_inference_steps) == (3, 21)
    assert (await stage.finished(samples=4)).request.samples == 4
    assert (await stage.finished("a fox --samples 1")).request.samples == 1


async def test_cleared_is_as_if_never_set(stage: Stage):
    for option, value in (("samples", "2"), ("steps", "41"), ("clip_skip", "3")):
        await put(stage, option, value)
    assert "`steps` is again" in await clear(stage, option="steps")
    request = (await stage.finished()).request
    assert (request.samples, request.num_inference_steps, request.clip_skip) == (2, 31, 3)
    assert "you had 2 defaults" in await clear(stage)
    assert "nothing to clear" in await clear(stage)
    assert (await stage.finished()).request.samples == 1


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("samples", "9", "`samples` must be a whole number from 1 to 4"),
        ("size", "huge", "`size` use square"),
        ("panorama", "perhaps", "`panorama` must be yes or no"),
        ("scheduler", "fast", "`scheduler` must be one of the schedulers"),
        ("algorithm_type", "fast", "`algorithm_type` works only with"),
        ("prompt", "a fox", "`option` is not one that can have a default"),
        ("nonsense", "1", "`option` is not one that can have a default"),
    ],
)
async def test_what_the_option_would_refuse_is_refused_in_the_same_words(
    stage: Stage, option: str, value: str, words: str
):
    assert words in await put(stage, option, value)
    assert "You have no defaults" in await show(stage)


async def test_every_option_can_have_one(stage: Stage):
    values = {
        "model": "mine",
        "size": "640x832",
        "scheduler": "ddim",
        "lora_model": "a, b",
        "lora_strength": "0.5,1",
        "algorithm_type": "dpmsolver+++",
        "negative_prompt": "text",
        "embeddings_model": "e",
        "vae": "v",
        "safety_checker_type": "black",
        "steps": "41",
        "guidance_scale": "8.5",
        "seed": "7",
        "samples": "2",
        "clip_skip": "3",
        "upscale": "2",
    }
    for option in OWN_OPTIONS:
        await put(stage, option, values.get(option, "no"))
    shown = await show(stage)
    assert all(f"• `{option}` `" in shown for option in OWN_OPTIONS)
    assert len(shown) <= 2000


async def test_one_that_clashes_with_a_choice_gives_way_and_is_named(stage: Stage):
    await put(stage, "scheduler", "DPMSolverMultistep")
    await put(stage, "algorithm_type", "dpmsolver+++")
    asked = await stage.imagine(scheduler="DDIMScheduler")
    job = await stage.end_of(asked)
    assert job.request.algorithm_type == "none"
    assert "Left out, since your other options rule it out: algorithm_type" in said(asked).content


async def test_one_that_a_server_does_not_allow_gives_way_there_and_is_named(stage: Stage):
    await put(stage, "model", "juggernaut-xl")
    await put(stage, "samples", "4")
    await stage.decide(Setting.MODELS, AllowList(blocked=("juggernaut-xl",)))
    await stage.decide(Setting.CEILINGS, Ceilings(samples=2))
    asked = await stage.imagine()
    job = await stage.end_of(asked)
    assert (job.request.model_id, job.request.samples) == ("midjourney", 2)
    assert "Brought within this server's limits: model, samples" in said(asked).content
    asked = await stage.imagine(model="midjourney", samples=1)
    assert "limits" not in said(asked).content


async def test_a_stricter_checker_of_ones_own_is_heeded_and_a_looser_one_is_not(stage: Stage):
    await put(stage, "safety_checker_type", "black")
    await stage.finished()
    await put(stage, "safety_checker", "no")
    asked = await stage.imagine()
    await stage.end_of(asked)
    await stage.let_members_loosen()
    await stage.finished()
    await stage.finished(safety_checker_type="blur")
    checkers = [(b["safety_checker"], b["safety_checker_type"]) for b in stage.bodies]
    assert checkers[0] == ("yes", "black")
    assert checkers[1] == ("yes", Strictness.SENSITIVE_CONTENT_TEXT)
    assert "Safety checker: a text instead" in said(asked).content
    assert checkers[2][0] == "no"
    assert checkers[3] == ("yes", "blur")


async def test_what_was_set_is_offered_for_clearing_and_values_for_setting(stage: Stage):
    async def offered(command: str, name: str, typed: str, **given: Any) -> list[str]:
        member = stage.member
        choices = await member.autocomplete(stage.studio, command, name, typed, **given)
        return [choice["value"] for choice in choices]

    assert await offered("defaults set", "option", "LORA") == ["lora_model", "lora_strength"]
    assert len(await offered("defaults set", "option", "")) == 24
    assert await offered("defaults set", "value", "port", option="size") == ["portrait"]
    assert await offered("defaults clear", "option", "") == []
    await put(stage, "size", "wide")
    assert await offered("defaults clear", "option", "") == ["size"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_whatever_is_set_is_shown_harmlessly(stage: Stage, text: str):
    for answer in (await put(stage, "negative_prompt", text[:2000]), await show(stage)):
        assert len(answer) <= 2000
        assert "@everyone" not in answer
        assert "<@" not in answer


async def test_an_export_has_them_and_erasing_takes_them_at_once(stage: Stage):
    await put(stage, "samples", "2")
    await put(stage, "steps", "41", stage.world.moderator)
    assert (await stage.finished()).request.samples == 2

    (record,) = records(await files_of(await export(stage)), "own_defaults")
    await erase(stage)

    assert (record["option"], record["value"]) == ("samples", {"samples": 2})
    assert "You have no defaults" in await show(stage)
    assert (await stage.finished()).request.samples == 1
    assert "`steps` `41`" in await show(stage, stage.world.moderator)


async def test_a_member_without_any_is_looked_up_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """The acknowledgement waits for nothing that was known a moment ago."""
    await stage.finished()
    monkeypatch.setattr(own_defaults, "OF_MEMBER", "SELECT nothing FROM nowhere")
    assert (await stage.finished()).request.samples == 1
