"""The successor's bodies: the same names with typed values, without what it no longer knows."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.request import GenerationRequest
from bot.domain.start import StartLinks
from bot.imageapi.dialects import ENDPOINTS, Dialect, as_successor
from bot.imageapi.mapping import BodyValue, to_body
from tests.factories.jobs import a_request
from tests.unit.imageapi.requests import requests


def body(**changes: object) -> dict[str, BodyValue]:
    made = to_body(a_request(**changes), key="k", track_id="42", webhook="https://w")
    return as_successor(made)


def test_a_bare_request_is_written_out_in_the_successors_types() -> None:
    assert body() == {
        "key": "k",
        "model_id": "midjourney",
        "prompt": "a fox",
        "negative_prompt": "",
        "width": 512,
        "height": 512,
        "samples": 1,
        "num_inference_steps": 31,
        "safety_checker": True,
        "safety_checker_type": "sensitive_content_text",
        "enhance_prompt": True,
        "seed": 7,
        "guidance_scale": 7.5,
        "use_karras_sigmas": True,
        "algorithm_type": "none",
        "vae": None,
        "lora_strength": None,
        "lora_model": None,
        "multi_lingual": False,
        "upscale": False,
        "clip_skip": 2,
        "base64": False,
        "scheduler": "UniPCMultistepScheduler",
        "webhook": "https://w",
        "track_id": "42",
        "highres_fix": False,
        "temp": True,
    }


def test_everything_that_can_be_chosen_is_written_out() -> None:
    made = body(
        prompt="yes",
        negative_prompt="no",
        model_id="2",
        width=1024,
        height=256,
        samples=4,
        num_inference_steps=51,
        safety_checker=False,
        safety_checker_type="pixelate",
        enhance_prompt=False,
        guidance_scale=9.25,
        seed=4_294_967_295,
        scheduler="DPMSolverMultistepScheduler",
        algorithm_type="dpmsolver+++",
        use_karras_sigmas=False,
        lora_model=("a", "b"),
        lora_strength=(0.7, 0.4),
        vae="3",
        clip_skip=8,
        multi_lingual=True,
        highres_fix=True,
        upscale=2,
    )

    assert made == {
        "key": "k",
        "model_id": "2",
        "prompt": "yes",
        "negative_prompt": "no",
        "width": 1024,
        "height": 256,
        "samples": 4,
        "num_inference_steps": 51,
        "safety_checker": False,
        "safety_checker_type": "pixelate",
        "enhance_prompt": False,
        "seed": 4_294_967_295,
        "guidance_scale": 9.25,
        "use_karras_sigmas": False,
        "algorithm_type": "dpmsolver+++",
        "vae": "3",
        "lora_strength": "0.7,0.4",
        "lora_model": "a,b",
        "multi_lingual": True,
        "upscale": True,
        "clip_skip": 8,
        "base64": False,
        "scheduler": "DPMSolverMultistepScheduler",
        "webhook": "https://w",
        "track_id": "42",
        "highres_fix": True,
        "temp": True,
    }
    assert (type(made["upscale"]), type(made["width"])) == (bool, int)


@pytest.mark.parametrize(("factor", "sent"), [(None, False), (1, False), (2, True), (3, True)])
def test_upscale_is_twice_or_not_at_all(factor: int | None, sent: bool) -> None:
    assert body(upscale=factor)["upscale"] is sent


def test_what_the_successor_has_lost_is_not_sent() -> None:
    made = body(panorama=True, self_attention=True, tomesd=False, embeddings_model="easynegative")

    assert not made.keys() & {"panorama", "self_attention", "tomesd", "embeddings_model"}


def test_attributes_of_other_endpoints_pass_with_their_types() -> None:
    image: dict[str, BodyValue] = {"init_image": "https://x/1.png", "strength": 0.7, "steps": "30"}

    assert as_successor(image) == {"init_image": "https://x/1.png", "strength": 0.7, "steps": 30}


def test_a_picture_to_start_from_and_a_mask_keep_their_names() -> None:
    asked = a_request(init_image="a" * 64, mask_image="b" * 64, strength=0.3)
    links = StartLinks("https://x.test/start.png", "https://x.test/mask.png")
    made = as_successor(to_body(asked, key="k", track_id="42", webhook=None, links=links))
    assert made == {
        "key": "k",
        "model_id": "midjourney",
        "prompt": "a fox",
        "negative_prompt": "",
        "init_image": "https://x.test/start.png",
        "mask_image": "https://x.test/mask.png",
        "strength": 0.3,
        "width": 512,
        "height": 512,
        "samples": 1,
        "steps": 31,
        "safety_checker": True,
        "safety_checker_type": "sensitive_content_text",
        "enhance_prompt": True,
        "seed": 7,
        "guidance_scale": 7.5,
        "use_karras_sigmas": True,
        "vae": None,
        "lora_strength": None,
        "lora_model": None,
        "clip_skip": 2,
        "base64": False,
        "scheduler": "UniPCMultistepScheduler",
        "webhook": None,
        "track_id": "42",
        "temp": True,
    }


def test_v4_is_sent_to_the_letter() -> None:
    page = to_body(a_request(), key="k", track_id=None, webhook=None)

    assert ENDPOINTS[Dialect.V4].write(page) == page


@settings(max_examples=60)
@given(requests(), st.none() | st.just("123456789012345678"))
def test_every_request_has_the_declared_types(asked: GenerationRequest, track: str | None) -> None:
    page = to_body(asked, key="secret", track_id=track, webhook=None)
    made = as_successor(page)

    assert json.loads(json.dumps(made)) == made
    for name in ("width", "height", "samples", "num_inference_steps", "clip_skip", "seed"):
        assert made[name] == getattr(asked, name)
        assert type(made[name]) is int
    for name in ("safety_checker", "enhance_prompt", "use_karras_sigmas", "multi_lingual"):
        assert made[name] is getattr(asked, name)
    for name in ("prompt", "negative_prompt", "model_id", "lora_model", "lora_strength", "vae"):
        assert made[name] == page[name]
