"""What makes a request, and what a member is told when something does not."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.endpoint import OF_PICTURES, Endpoint
from bot.domain.parameters import AlgorithmType, SafetyCheckerType, Scheduler
from bot.domain.request import (
    OPTION_OF,
    GenerationRequest,
    build_request,
    clean_text,
)
from bot.errors import InvalidRequest
from tests.factories.jobs import a_request

LORAS = ("one", "two", "three")
DPM = Scheduler.DPM_SOLVER_MULTISTEP

WITHIN: list[tuple[str, Any]] = [
    ("prompt", "x"),
    ("prompt", "x" * 2000),
    ("negative_prompt", ""),
    ("negative_prompt", "x" * 2000),
    ("model_id", "m"),
    ("model_id", "m" * 100),
    *[(side, pixels) for side in ("width", "height") for pixels in (256, 264, 512, 1024)],
    ("samples", 1),
    ("samples", 4),
    ("num_inference_steps", 1),
    ("num_inference_steps", 30),
    ("num_inference_steps", 51),
    ("guidance_scale", 1),
    ("guidance_scale", 7.5),
    ("guidance_scale", 20),
    ("seed", 0),
    ("seed", 2**32 - 1),
    *[("scheduler", each.value) for each in Scheduler],
    ("algorithm_type", "none"),
    ("lora_model", ()),
    ("lora_model", tuple("abcdefgh")),
    ("embeddings_model", None),
    ("embeddings_model", "e" * 100),
    ("vae", None),
    ("vae", "v" * 100),
    ("clip_skip", 1),
    ("clip_skip", 8),
    ("upscale", None),
    ("upscale", 1),
    ("upscale", 3),
    *[("safety_checker_type", each.value) for each in SafetyCheckerType],
]

BEYOND: list[tuple[str, Any]] = [
    ("prompt", ""),
    ("prompt", " \n\u202e "),
    ("prompt", "x" * 2001),
    ("negative_prompt", "x" * 2001),
    ("model_id", ""),
    ("model_id", "two words"),
    ("model_id", "a,b"),
    ("model_id", "m" * 101),
    *[(side, px) for side in ("width", "height") for px in (0, 248, 255, 257, 1025, 1032, -512)],
    ("samples", 0),
    ("samples", 5),
    ("num_inference_steps", 0),
    ("num_inference_steps", 52),
    ("guidance_scale", 0.99),
    ("guidance_scale", 20.01),
    ("guidance_scale", float("nan")),
    ("guidance_scale", float("inf")),
    ("seed", -1),
    ("seed", 2**32),
    ("seed", 1.5),
    ("scheduler", "NoScheduler"),
    ("algorithm_type", "dpmsolver+++"),  # with the usual scheduler
    ("algorithm_type", "other"),
    ("use_karras_sigmas", "perhaps"),
    ("lora_model", tuple("abcdefghi")),
    ("lora_model", ("a b",)),
    ("lora_strength", (1.0,)),  # without a LoRA
    ("embeddings_model", "a b"),
    ("embeddings_model", "e" * 101),
    ("vae", "a,b"),
    ("clip_skip", 0),
    ("clip_skip", 9),
    ("enhance_prompt", "perhaps"),
    ("tomesd", "perhaps"),
    ("multi_lingual", "perhaps"),
    ("panorama", "perhaps"),
    ("self_attention", "perhaps"),
    ("highres_fix", "perhaps"),
    ("upscale", 0),
    ("upscale", 4),
    ("safety_checker", "perhaps"),
    ("safety_checker_type", "pink"),
    ("init_image", "fox.png"),
    ("mask_image", "A" * 64),
    ("strength", 0.04),
    ("strength", 1.01),
]


@pytest.mark.parametrize(("attribute", "value"), WITHIN)
def test_values_at_their_bounds_are_accepted(attribute: str, value: Any) -> None:
    assert getattr(a_request(**{attribute: value}), attribute) == value


@pytest.mark.parametrize(("attribute", "value"), BEYOND)
def test_values_beyond_their_bounds_are_refused_in_words(attribute: str, value: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        a_request(**{attribute: value})
    [problem] = refused.value.problems
    assert problem.option == OPTION_OF.get(attribute, attribute)
    assert problem.message.startswith(("must", "say", "width", "works only"))


def test_every_attribute_has_a_case_beyond_its_bounds() -> None:
    assert {name for name, _ in BEYOND} == set(GenerationRequest.model_fields)


def test_there_are_twenty_six_attributes_and_three_of_pictures() -> None:
    assert len(GenerationRequest.model_fields) == 26 + len(OF_PICTURES)


A_PICTURE = {"init_image": "a" * 64, "strength": 0.7}
A_MASK = {**A_PICTURE, "mask_image": "b" * 64}


def test_where_a_request_goes_follows_from_what_it_starts_from() -> None:
    endpoints = [a_request(**start).endpoint for start in ({}, A_PICTURE, A_MASK)]
    assert endpoints == [Endpoint.WORDS, Endpoint.PICTURE, Endpoint.MASK]


@pytest.mark.parametrize("misfit", [{"strength": 0.5}, {"mask_image": "b" * 64}])
def test_what_belongs_to_a_picture_needs_one(misfit: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        a_request(**misfit)


@pytest.mark.parametrize(
    ("start", "misfit"),
    [
        (A_PICTURE, {"panorama": True}),
        (A_PICTURE, {"upscale": 2}),
        (A_PICTURE, {"embeddings_model": "e"}),
        (A_PICTURE, {"num_inference_steps": 51}),
        (A_MASK, {"algorithm_type": "dpmsolver+++", "scheduler": DPM}),
    ],
)
def test_no_request_has_what_its_endpoint_does_not_take(
    start: dict[str, Any], misfit: dict[str, Any]
) -> None:
    assert a_request(**misfit)
    with pytest.raises(InvalidRequest):
        a_request(**start, **misfit)


def test_every_problem_is_named_at_once_and_each_once() -> None:
    with pytest.raises(InvalidRequest) as refused:
        a_request(prompt="", samples=9, width=1, height=1, lora_model=("a b", "c d"))
    assert [p.option for p in refused.value.problems] == ["prompt", "size", "samples", "lora_model"]


def test_an_attribute_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="colour: is not understood"):
        a_request(colour="red")


@pytest.mark.parametrize("strengths", [(), (0.0,), (2.0,), (0, 1, 2)])
def test_one_strength_for_all_loras_or_one_for_each(strengths: tuple[float, ...]) -> None:
    request = a_request(lora_model=LORAS, lora_strength=strengths)
    assert request.lora_strength == strengths


@pytest.mark.parametrize("strengths", [(1, 1), (1, 1, 1, 1), (-0.1,), (2.1,), (float("nan"),)])
def test_other_strengths_are_refused(strengths: tuple[float, ...]) -> None:
    with pytest.raises(InvalidRequest, match="lora_strength: must be one number"):
        a_request(lora_model=LORAS, lora_strength=strengths)


def test_the_algorithm_goes_with_its_scheduler_only() -> None:
    asked = {"algorithm_type": AlgorithmType.DPM_SOLVER}
    assert a_request(**asked, scheduler=DPM).algorithm_type is AlgorithmType.DPM_SOLVER
    for scheduler in set(Scheduler) - {DPM}:
        with pytest.raises(InvalidRequest, match="algorithm_type: works only with"):
            a_request(**asked, scheduler=scheduler)


def test_a_changed_copy_is_checked_like_a_new_one() -> None:
    request = a_request(seed=1)
    assert request.replace(seed=2).seed == 2
    with pytest.raises(InvalidRequest):
        request.replace(samples=9)


@given(st.builds(dict, samples=st.integers(1, 4), prompt=st.text(min_size=1, max_size=50)))
def test_a_request_survives_being_stored(values: dict[str, Any]) -> None:
    try:
        request = build_request({"model_id": "m", "seed": 1, **values})
    except InvalidRequest:
        return
    assert GenerationRequest.model_validate_json(request.model_dump_json()) == request


@pytest.mark.parametrize(
    "text",
    [
        "((masterpiece)), (best:1.3), [soft]",
        "👩‍👩‍👧‍👦 at 🏖️ with 🇩🇪 and 👍🏽",
        "лиса שועל ثعلب きつね 狐 여우 लोमड़ी",
        "e\u0301 and ﷽",
        "می‌خواهم",  # a joiner that Persian needs
    ],
)
def test_text_of_every_script_is_kept_as_it_is(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\u202eb", "a b"),
        ("\u2066a\u2069", "a"),
        ("line\nbreak\ttab\x00nul\x1b[31m", "line break tab nul [31m"),
        ("lone \ud83d surrogate", "lone   surrogate"),
        ("  around  ", "around"),
    ],
)
def test_what_fools_a_reader_becomes_a_space(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@given(st.text(alphabet=st.characters(codec=None)))
def test_cleaned_text_is_harmless_and_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in cleaned)
    cleaned.encode()
    assert len(cleaned) <= len(text)
