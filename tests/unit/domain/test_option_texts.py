"""Options as they are typed, read and written."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.option_texts import as_options, attributes_of
from bot.domain.parameters import Scheduler
from bot.errors import InvalidRequest
from tests.factories.jobs import a_request


@pytest.mark.parametrize(
    ("option", "value", "attributes"),
    [
        ("prompt", "a fox", {"prompt": "a fox"}),
        ("model", "midjourney", {"model_id": "midjourney"}),
        ("steps", 41, {"num_inference_steps": 41}),
        ("size", "wide", {"width": 1024, "height": 576}),
        ("size", "640x832", {"width": 640, "height": 832}),
        ("lora_model", "a, b ,,c", {"lora_model": ("a", "b", "c")}),
        ("lora_strength", "1", {"lora_strength": (1.0,)}),
        ("lora_strength", " 0.5 ,1", {"lora_strength": (0.5, 1.0)}),
        ("panorama", "yes", {"panorama": True}),
        ("panorama", "no", {"panorama": False}),
        ("tomesd", "no", {"tomesd": False}),
        ("upscale", 2, {"upscale": 2}),
        ("seed", 0, {"seed": 0}),
    ],
)
def test_each_option_becomes_its_attribute(
    option: str, value: Any, attributes: dict[str, Any]
) -> None:
    assert attributes_of({option: value}) == attributes


def test_what_was_left_out_stays_out() -> None:
    assert attributes_of({"prompt": "a fox", "seed": None}) == {"prompt": "a fox"}


def test_every_option_that_cannot_be_read_is_named_at_once() -> None:
    with pytest.raises(InvalidRequest) as refused:
        attributes_of({"size": "huge", "lora_strength": "strong", "prompt": "a fox"})
    assert [p.option for p in refused.value.problems] == ["size", "lora_strength"]
    assert "WIDTHxHEIGHT" in str(refused.value)
    assert "from 0 to 2" in str(refused.value)


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_typed_is_taken_or_refused_in_words(size: str, strength: str) -> None:
    with contextlib.suppress(InvalidRequest):
        attributes = attributes_of({"size": size, "lora_strength": strength, "lora_model": "a,b"})
        assert a_request(**attributes).lora_model == ("a", "b")


@pytest.mark.parametrize("text", ["ddim", "DDIM", "DDIMScheduler", "ddim scheduler"])
def test_a_scheduler_is_known_without_its_last_word_too(text: str) -> None:
    assert attributes_of({"scheduler": text}) == {"scheduler": Scheduler.DDIM}


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    assert attributes_of({"panorama": "ON", "tomesd": True}) == {"panorama": True, "tomesd": True}
    with pytest.raises(InvalidRequest, match="panorama: must be yes or no"):
        attributes_of({"panorama": "perhaps"})


def test_attributes_are_shown_as_one_would_type_them() -> None:
    typed = {"size": "640x832", "lora_strength": "0.5,1", "steps": "41", "panorama": "no"}
    assert dict(as_options(attributes_of(typed))) == typed
