from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.parameters import SafetyCheckerType, Scheduler
from bot.domain.request import GenerationRequest, build_request
from bot.domain.start import StartLinks
from bot.imageapi.mapping import to_body
from tests.unit.imageapi.requests import FLAGS, requests

PAGE_PROMPT = (
    "ultra realistic close up portrait ((beautiful pale cyberpunk female with heavy black "
    "eyeliner)), blue eyes, shaved side haircut, hyper detail, cinematic lighting, magic neon, "
    "dark red city, Canon EOS R3, nikon, f/1.4, ISO 200, 1/160s, 8K, RAW, unedited, symmetrical "
    "balance, in-frame, 8K"
)
PAGE_EXAMPLE = {
    "key": "",
    "model_id": "your_model_id",
    "prompt": PAGE_PROMPT,
    "negative_prompt": "",
    "width": "512",
    "height": "512",
    "samples": "1",
    "num_inference_steps": "30",
    "safety_checker": "no",
    "enhance_prompt": "yes",
    "seed": None,
    "guidance_scale": 7.5,
    "multi_lingual": "no",
    "panorama": "no",
    "self_attention": "no",
    "upscale": "no",
    "embeddings_model": None,
    "lora_model": None,
    "tomesd": "yes",
    "clip_skip": "2",
    "use_karras_sigmas": "yes",
    "vae": None,
    "lora_strength": None,
    "scheduler": "UniPCMultistepScheduler",
    "webhook": None,
    "track_id": None,
}
"""The body on the endpoint's page, to the letter."""

NOT_IN_EXAMPLE = {
    "base64": "no",
    "highres_fix": "no",
    "temp": "yes",
    "safety_checker_type": "sensitive_content_text",
    "algorithm_type": "none",
}
"""Attributes of the page's table that its example leaves out (contract, section 10.8)."""

TABLE = [
    "key model_id prompt negative_prompt width height samples num_inference_steps safety_checker",
    "safety_checker_type enhance_prompt seed guidance_scale tomesd use_karras_sigmas",
    "algorithm_type vae lora_strength lora_model multi_lingual panorama self_attention upscale",
    "clip_skip base64 embeddings_model scheduler webhook track_id highres_fix temp",
]
"""The page's attribute table, row by row."""


def request(**changes: object) -> GenerationRequest:
    return build_request({"prompt": "a fox", "model_id": "midjourney", "seed": 1, **changes})


def body(**changes: object) -> dict[str, str | int | float | None]:
    return to_body(request(**changes), key="k", track_id="t", webhook="https://w")


def test_the_pages_example_comes_out_to_the_letter_except_for_the_chosen_seed() -> None:
    example = request(
        prompt=PAGE_PROMPT,
        model_id="your_model_id",
        num_inference_steps=30,
        safety_checker=False,
        seed=3292243727,
    )

    made = to_body(example, key="", track_id=None, webhook=None)

    assert made == PAGE_EXAMPLE | NOT_IN_EXAMPLE | {"seed": 3292243727}


def test_all_31_attributes_are_sent_in_the_tables_order() -> None:
    assert list(body()) == " ".join(TABLE).split()
    assert len(body()) == 31


@pytest.mark.parametrize(
    ("loras", "strengths", "model", "strength"),
    [
        ((), (), None, None),
        (("a",), (), "a", None),
        (("a",), (0.7,), "a", "0.7"),
        (("a",), (1,), "a", "1"),
        (("a", "b"), (0.7,), "a,b", "0.7,0.7"),
        (("a", "b"), (0.7, 0), "a,b", "0.7,0"),
        (("a", "b", "c"), (), "a,b,c", None),
    ],
)
def test_strengths_run_parallel_to_the_loras(
    loras: tuple[str, ...],
    strengths: tuple[float, ...],
    model: str | None,
    strength: str | None,
) -> None:
    made = body(lora_model=loras, lora_strength=strengths)

    assert (made["lora_model"], made["lora_strength"]) == (model, strength)


@pytest.mark.parametrize(("factor", "sent"), [(None, "no"), (1, "1"), (2, "2"), (3, "3")])
def test_upscale_is_a_factor_or_no(factor: int | None, sent: str) -> None:
    assert body(upscale=factor)["upscale"] == sent


def test_the_algorithm_is_spelt_as_the_page_spells_it() -> None:
    made = body(algorithm_type="dpmsolver+++", scheduler="DPMSolverMultistepScheduler")

    assert made["algorithm_type"] == "dpmsolver+++"


@settings(max_examples=60)
@given(requests(), st.none() | st.just("123456789012345678"), st.none() | st.just("https://w/1"))
def test_every_request_makes_a_body_of_the_documented_types(
    asked: GenerationRequest, track_id: str | None, webhook: str | None
) -> None:
    made = to_body(asked, key="secret", track_id=track_id, webhook=webhook)

    assert json.loads(json.dumps(made)) == made
    assert len(made) == 31
    for name in ("width", "height", "samples", "num_inference_steps", "clip_skip"):
        assert str(made[name]).isdigit()
    for name in (*FLAGS, "base64", "temp"):
        assert made[name] in {"yes", "no"}
    assert made["upscale"] in {"no", "1", "2", "3"}
    assert made["scheduler"] in set(Scheduler)
    assert made["safety_checker_type"] in set(SafetyCheckerType)
    assert type(made["seed"]) is int
    assert type(made["guidance_scale"]) is float
    for name in ("vae", "embeddings_model", "lora_model", "lora_strength", "webhook", "track_id"):
        assert made[name] is None or type(made[name]) is str
    assert all(type(value) in {str, int, float, type(None)} for value in made.values())


@settings(max_examples=60)
@given(requests())
def test_the_request_can_be_read_back_from_its_body(asked: GenerationRequest) -> None:
    made = to_body(asked, key="secret", track_id="1", webhook=None)
    values = {name: made[name] for name in GenerationRequest.model_fields if name in made}
    for flag in FLAGS:
        values[flag] = values[flag] == "yes"
    values["upscale"] = None if made["upscale"] == "no" else made["upscale"]
    loras = str(made["lora_model"] or "").split(",") if made["lora_model"] else []
    strengths = str(made["lora_strength"]).split(",") if made["lora_strength"] else []

    back = build_request({**values, "lora_model": loras, "lora_strength": strengths})

    assert back.model_copy(update={"lora_strength": ()}) == asked.model_copy(
        update={"lora_strength": ()}
    )
    spread = asked.lora_strength * (len(loras) if len(asked.lora_strength) == 1 else 1)
    assert back.lora_strength == pytest.approx(spread, abs=1e-4)


ROWS_OF_PICTURES = set(" ".join(TABLE).split()) - {
    *("multi_lingual", "panorama", "self_attention", "upscale", "embeddings_model", "highres_fix")
}
PICTURE = {"init_image": "a" * 64, "strength": 0.7}
LINKS = StartLinks("https://x.test/picture.png", "https://x.test/mask.png")


def from_a_picture(**changes: object) -> dict[str, str | int | float | None]:
    asked = request(**PICTURE, **changes)
    return to_body(asked, key="k", track_id="t", webhook=None, links=LINKS)


def test_a_picture_to_start_from_has_the_rows_of_its_page_and_no_other() -> None:
    made = from_a_picture()

    assert set(made) == ROWS_OF_PICTURES | {"init_image", "strength"}
    assert (made["init_image"], made["strength"]) == (LINKS.picture, 0.7)
    assert made["num_inference_steps"] == "31"


def test_a_mask_has_the_rows_of_its_page_where_the_steps_have_another_name() -> None:
    made = from_a_picture(mask_image="b" * 64)

    others = ROWS_OF_PICTURES - {"num_inference_steps", "algorithm_type"}
    assert set(made) == others | {"init_image", "strength", "mask_image", "steps"}
    assert (made["mask_image"], made["steps"]) == (LINKS.mask, "31")
