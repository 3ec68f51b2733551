"""Each of the 25 options alone, and all together, reach the API as its page says."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.parameters import AlgorithmType, SafetyCheckerType, Scheduler
from tests.acceptance.stage import Stage, pictures_in

UNTOUCHED: dict[str, Any] = {
    "model_id": "midjourney",
    "prompt": "a lighthouse",
    "negative_prompt": "",
    "width": "512",
    "height": "512",
    "samples": "1",
    "num_inference_steps": "31",
    "safety_checker": "yes",
    "safety_checker_type": "sensitive_content_text",
    "enhance_prompt": "yes",
    "guidance_scale": 7.5,
    "tomesd": "yes",
    "use_karras_sigmas": "yes",
    "algorithm_type": "none",
    "vae": None,
    "lora_strength": None,
    "lora_model": None,
    "multi_lingual": "no",
    "panorama": "no",
    "self_attention": "no",
    "upscale": "no",
    "clip_skip": "2",
    "embeddings_model": None,
    "scheduler": "UniPCMultistepScheduler",
    "highres_fix": "no",
}
"""What a bare prompt sends, apart from the seed and what the bot sets by itself."""

BOT_SETS = {"key", "webhook", "track_id", "base64", "temp"}


def yes_no(name: str) -> list[tuple[str, Any, dict[str, Any]]]:
    return [(name, value, {name: value}) for value in ("yes", "no")]


ALONE: list[tuple[str, Any, dict[str, Any]]] = [
    ("negative_prompt", "fog, people", {"negative_prompt": "fog, people"}),
    ("model", "sdxl", {"model_id": "sdxl"}),
    ("model", "my-trained-model", {"model_id": "my-trained-model"}),
    ("size", "square", {"width": "512", "height": "512"}),
    ("size", "portrait", {"width": "512", "height": "768"}),
    ("size", "landscape", {"width": "768", "height": "512"}),
    ("size", "wide", {"width": "1024", "height": "576"}),
    ("size", "640x832", {"width": "640", "height": "832"}),
    ("size", " 256 X 1024 ", {"width": "256", "height": "1024"}),
    *(("samples", n, {"samples": str(n)}) for n in (1, 2, 3, 4)),
    *(("steps", n, {"num_inference_steps": str(n)}) for n in (21, 31, 41, 51)),
    *(("guidance_scale", n, {"guidance_scale": n}) for n in (1.0, 9.25, 20.0)),
    *(("seed", n, {"seed": n}) for n in (0, 2**31, 2**32 - 1)),
    *(("scheduler", each.value, {"scheduler": each.value}) for each in Scheduler),
    ("lora_model", "contrast-fix", {"lora_model": "contrast-fix", "lora_strength": None}),
    ("lora_model", "contrast-fix, more_details", {"lora_model": "contrast-fix,more_details"}),
    ("embeddings_model", "easynegative", {"embeddings_model": "easynegative"}),
    ("vae", "sd-vae-ft-mse", {"vae": "sd-vae-ft-mse"}),
    *(("clip_skip", n, {"clip_skip": str(n)}) for n in (1, 8)),
    *yes_no("enhance_prompt"),
    *yes_no("tomesd"),
    *yes_no("use_karras_sigmas"),
    *yes_no("multi_lingual"),
    *yes_no("panorama"),
    *yes_no("self_attention"),
    *yes_no("highres_fix"),
    ("algorithm_type", "none", {"algorithm_type": "none"}),
    (
        "algorithm_type",
        AlgorithmType.DPM_SOLVER.value,
        {"algorithm_type": "dpmsolver+++", "scheduler": "DPMSolverMultistepScheduler"},
    ),
    *(("upscale", n, {"upscale": str(n)}) for n in (1, 2, 3)),
    *yes_no("safety_checker"),
    *(
        ("safety_checker_type", each.value, {"safety_checker_type": each.value})
        for each in SafetyCheckerType
    ),
]

NEEDS_ANOTHER = {"lora_strength"}
"""Says nothing alone: it is tried beside the option it belongs to."""


@pytest.mark.parametrize(
    ("option", "value", "expected"), ALONE, ids=lambda each: str(each) if each else None
)
async def test_an_option_alone_changes_its_attribute_and_nothing_else(
    stage: Stage, option: str, value: Any, expected: dict[str, Any]
) -> None:
    await stage.let_members_loosen()
    job = await stage.finished(**{option: value})

    body = stage.bodies[0]
    chosen_seed = {"seed": expected.get("seed", job.request.seed)}
    sent = {name: body[name] for name in body if name not in BOT_SETS}
    assert sent == {**UNTOUCHED, **chosen_seed, **expected}
    assert [type(sent[name]) for name in expected] == [type(v) for v in expected.values()]
    assert len(stage.message(job).attachments) == int(body["samples"])


@pytest.mark.parametrize(
    ("loras", "strength", "sent"),
    [
        ("contrast-fix", "0.7", "0.7"),
        ("contrast-fix,more_details", "0.3, 1", "0.3,1"),
        ("contrast-fix,more_details", "0.5", "0.5,0.5"),
    ],
)
async def test_lora_strengths_travel_parallel_to_their_loras(
    stage: Stage, loras: str, strength: str, sent: str
) -> None:
    await stage.finished(lora_model=loras, lora_strength=strength)

    assert stage.bodies[0]["lora_model"] == loras
    assert stage.bodies[0]["lora_strength"] == sent


def test_every_option_is_tried_alone(imagine_options: list[dict[str, Any]]) -> None:
    tried = {option for option, _, _ in ALONE} | NEEDS_ANOTHER | {"prompt"}

    assert tried == {option["name"] for option in imagine_options}


async def test_a_bare_prompt_sends_the_documented_defaults_and_a_seed_of_our_own(
    stage: Stage,
) -> None:
    job = await stage.finished("a lighthouse")

    body = stage.bodies[0]
    assert {name: body[name] for name in UNTOUCHED} == UNTOUCHED
    assert body["seed"] == job.request.seed
    assert isinstance(body["seed"], int)


async def test_the_bot_itself_sets_key_webhook_track_id_base64_and_temp(stage: Stage) -> None:
    job = await stage.finished()

    body = stage.bodies[0]
    assert body["key"] == stage.api.settings.api_key
    assert body["track_id"] == str(job.id)
    assert body["base64"] == "no"
    assert body["temp"] == "yes"
    assert body["webhook"] is None
    assert len(body) == 31


ALL_OPTIONS: dict[str, Any] = {
    "prompt": "a ((red)) lighthouse in a storm",
    "negative_prompt": "fog",
    "model": "realistic-vision-v51",
    "size": "768x512",
    "samples": 2,
    "steps": 41,
    "guidance_scale": 9.5,
    "seed": 4_294_967_295,
    "scheduler": "DPMSolverMultistepScheduler",
    "lora_model": "contrast-fix,more_details",
    "lora_strength": "0.4,0.9",
    "embeddings_model": "easynegative",
    "vae": "sd-vae-ft-mse",
    "clip_skip": 4,
    "enhance_prompt": "no",
    "tomesd": "no",
    "use_karras_sigmas": "no",
    "multi_lingual": "yes",
    "panorama": "no",
    "self_attention": "yes",
    "highres_fix": "yes",
    "algorithm_type": "dpmsolver+++",
    "upscale": 2,
    "safety_checker": "yes",
    "safety_checker_type": "pixelate",
}


async def test_all_25_options_together_arrive_and_come_back_as_pictures(
    stage: Stage, imagine_options: list[dict[str, Any]]
) -> None:
    assert ALL_OPTIONS.keys() == {option["name"] for option in imagine_options}
    await stage.let_members_loosen()

    job = await stage.finished(**ALL_OPTIONS)

    body = stage.bodies[0]
    assert {name: body[name] for name in body if name not in BOT_SETS} == {
        "model_id": "realistic-vision-v51",
        "prompt": "a ((red)) lighthouse in a storm",
        "negative_prompt": "fog",
        "width": "768",
        "height": "512",
        "samples": "2",
        "num_inference_steps": "41",
        "safety_checker": "yes",
        "safety_checker_type": "pixelate",
        "enhance_prompt": "no",
        "seed": 4_294_967_295,
        "guidance_scale": 9.5,
        "tomesd": "no",
        "use_karras_sigmas": "no",
        "algorithm_type": "dpmsolver+++",
        "vae": "sd-vae-ft-mse",
        "lora_strength": "0.4,0.9",
        "lora_model": "contrast-fix,more_details",
        "multi_lingual": "yes",
        "panorama": "no",
        "self_attention": "yes",
        "upscale": "2",
        "clip_skip": "4",
        "embeddings_model": "easynegative",
        "scheduler": "DPMSolverMultistepScheduler",
        "highres_fix": "yes",
    }
    pictures = await pictures_in(stage.message(job))
    assert [picture.size for picture in pictures] == [(1536, 1024)] * 2


async def test_four_samples_are_four_described_pictures_in_one_message(stage: Stage) -> None:
    job = await stage.finished("an owl in a library", samples=4)

    attached = stage.message(job).attachments
    assert len({each.filename for each in attached}) == 4
    assert [each.description for each in attached] == [
        f"Picture {n} of 4. Generated from the prompt: an owl in a library" for n in (1, 2, 3, 4)
    ]


async def test_one_picture_is_described_by_its_prompt(stage: Stage) -> None:
    job = await stage.finished("an owl in a library")

    (attached,) = stage.message(job).attachments
    assert attached.description == "Generated from the prompt: an owl in a library"


@pytest.mark.parametrize(("size", "pixels"), [("wide", (1024, 576)), ("256x384", (256, 384))])
async def test_pictures_have_the_size_that_was_asked_for(
    stage: Stage, size: str, pixels: tuple[int, int]
) -> None:
    job = await stage.finished(size=size)

    assert [each.size for each in await pictures_in(stage.message(job))] == [pixels]


async def test_the_result_mentions_who_asked_and_answers_the_acknowledgement(stage: Stage) -> None:
    asked = await stage.imagine("an owl")
    job = await stage.end_of(asked)

    shown = stage.message(job)
    assert shown.content.startswith(stage.member.mention)
    assert shown.reference is not None
    assert asked.response is not None
    assert shown.reference.message_id == asked.response.id
