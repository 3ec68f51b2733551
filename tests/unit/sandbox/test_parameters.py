"""How the sandbox reads a request: lenient about spelling, strict about limits."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.parameters import (
    SCHEDULERS,
    CensorStyle,
    Kind,
    Parameters,
    ParametersRefused,
    read_parameters,
)

MINIMAL = {"key": "k", "model_id": "midjourney", "prompt": "a fox"}


def read(**fields: Any) -> Parameters:
    return read_parameters(Kind.TEXT2IMG, {**MINIMAL, **fields})


def refusal(kind: Kind = Kind.TEXT2IMG, **fields: Any) -> ParametersRefused:
    with pytest.raises(ParametersRefused) as caught:
        read_parameters(kind, {**MINIMAL, **fields})
    return caught.value


@pytest.mark.parametrize("value", ["yes", "true", True, 1, "1"])
def test_every_spelling_of_yes_is_yes(value: object) -> None:
    assert read(panorama=value).panorama is True


@pytest.mark.parametrize("value", ["no", "false", False, 0, "0"])
def test_every_spelling_of_no_is_no(value: object) -> None:
    assert read(tomesd=value).tomesd is False


@pytest.mark.parametrize("value", [768, "768", 768.0])
def test_numbers_come_as_text_or_as_numbers(value: object) -> None:
    assert read(width=value).width == 768


@pytest.mark.parametrize(
    ("value", "factor"), [("no", 0), (None, 0), ("yes", 2), ("1", 1), (2, 2), ("3", 3), (False, 0)]
)
def test_upscale_takes_numbers_and_the_words_of_the_sibling_pages(
    value: object, factor: int
) -> None:
    assert read(upscale=value).upscale == factor


def test_null_and_empty_text_mean_the_default() -> None:
    parameters = read(width=None, height="", guidance_scale=None, safety_checker_type="")
    assert (parameters.width, parameters.height, parameters.guidance_scale) == (512, 512, 7.5)
    assert parameters.safety_checker_type is CensorStyle.SENSITIVE_CONTENT_TEXT


def test_a_null_seed_becomes_a_concrete_one_and_a_given_one_stays() -> None:
    assert 0 <= read(seed=None).seed <= 2**32 - 1
    assert read(seed="3292243727").seed == 3292243727


def test_unknown_fields_are_ignored() -> None:
    assert read(full_url="no", whatever=[1]).prompt == "a fox"


@pytest.mark.parametrize("value", [17, "17", None, "null", {"a": [1]}])
def test_track_ids_of_any_type_are_kept_verbatim(value: object) -> None:
    assert read(track_id=value).track_id == value


def test_loras_and_their_strengths_are_comma_lists() -> None:
    parameters = read(lora_model="ganyu-lora, more_details", lora_strength="0.5,0.7")
    assert parameters.lora_model == ("ganyu-lora", "more_details")
    assert parameters.lora_strength == (0.5, 0.7)
    assert read(lora_strength=0.4).lora_strength == (0.4,)


def test_inpaint_reads_its_steps_under_the_other_name() -> None:
    body = {**MINIMAL, "init_image": "https://x/a.png", "mask_image": "https://x/b.png"}
    assert read_parameters(Kind.INPAINT, {**body, "steps": "41"}).num_inference_steps == 41
    assert (
        read_parameters(Kind.INPAINT, {**body, "num_inference_steps": 7}).num_inference_steps == 7
    )


def test_all_eighteen_schedulers_are_taken() -> None:
    assert len(set(SCHEDULERS)) == 18
    assert [read(scheduler=name).scheduler for name in SCHEDULERS] == list(SCHEDULERS)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"prompt": None}, {"prompt": ["The prompt field is required."]}),
        ({"prompt": ""}, {"prompt": ["The prompt field is required."]}),
        ({"width": 1032}, {"width": ["The width may not be greater than 1024."]}),
        ({"width": "wide"}, {"width": ["The width must be an integer."]}),
        ({"height": 255}, {"height": ["The height must be at least 256."]}),
        ({"height": 260}, {"height": ["The height must be divisible by 8."]}),
        ({"samples": 5}, {"samples": ["The samples may not be greater than 4."]}),
        ({"guidance_scale": 0.5}, {"guidance_scale": ["The guidance scale must be at least 1."]}),
        ({"clip_skip": 9}, {"clip_skip": ["The clip skip may not be greater than 8."]}),
        ({"upscale": 4}, {"upscale": ["The upscale may not be greater than 3."]}),
        ({"scheduler": "Euler"}, {"scheduler": ["The selected scheduler is invalid."]}),
        ({"algorithm_type": "x"}, {"algorithm_type": ["The selected algorithm type is invalid."]}),
        ({"panorama": "perhaps"}, {"panorama": ["The panorama field must be yes or no."]}),
        ({"webhook": "ftp://x"}, {"webhook": ["The selected webhook is invalid."]}),
    ],
)
def test_each_broken_limit_is_named_in_the_vendors_words(
    fields: dict[str, Any], message: dict[str, list[str]]
) -> None:
    assert refusal(**fields).laravel() == message


def test_all_broken_limits_are_reported_together() -> None:
    assert set(refusal(width=5000, samples=9).laravel()) == {"width", "samples"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"prompt": None}, "prompt is required"),
        ({"width": 2048}, "width must be between 256 and 1024"),
        ({"height": 260}, "height must be divisible by 8"),
        ({"samples": 0}, "samples must be between 1 and 4"),
        ({"guidance_scale": 21}, "guidance_scale must be between 1 and 20"),
    ],
)
def test_the_newer_profile_says_one_sentence(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(**fields).sentence() == sentence


def test_image_requests_need_their_images() -> None:
    assert set(refusal(Kind.IMG2IMG).laravel()) == {"init_image"}
    assert set(refusal(Kind.INPAINT).laravel()) == {"init_image", "mask_image"}
