"""Options and flags say one thing together, or are refused in words."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given

from bot.domain.aspect import Aspect
from bot.domain.request import build_request
from bot.domain.wish import Below, Wish, read_wish, shaped
from bot.errors import InvalidRequest
from tests.unit.domain.dashes import dashed_texts


def wish(prompt: str, **options: Any) -> Wish:
    return read_wish({"prompt": prompt, **options})


def refusal(prompt: str, **options: Any) -> str:
    with pytest.raises(InvalidRequest) as refused:
        wish(prompt, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    "prompt", ["\u200b", "\u200b\u2060\ufeff", "\u3164", "\u2800 \u00ad", "\u200b --steps 21"]
)
def test_a_prompt_that_nobody_could_see_is_none(prompt: str) -> None:
    assert "say what to draw" in refusal(prompt)


@pytest.mark.parametrize("prompt", ["🦊", "!", "ع", "\u200ba fox", "☂\ufe0f", "裸婦"])
def test_a_prompt_of_which_anything_can_be_seen_is_one(prompt: str) -> None:
    assert wish(prompt).attributes["prompt"] == prompt


def test_flags_become_attributes_beside_the_options() -> None:
    assert wish("a fox --model juggernaut --size 640x832 --lora a, b --karras no", seed=7) == Wish(
        attributes={
            "prompt": "a fox",
            "seed": 7,
            "model_id": "juggernaut",
            "width": 640,
            "height": 832,
            "lora_model": ("a", "b"),
            "use_karras_sigmas": False,
        }
    )


def test_a_prompt_without_flags_is_left_alone() -> None:
    chosen = {"prompt": " a  -- fox ", "seed": 7}
    assert read_wish(chosen) == Wish(attributes=chosen)
    assert read_wish({"seed": 7}) == Wish(attributes={"seed": 7})


def test_width_and_height_make_a_size() -> None:
    assert wish("a fox --w 640 --h 832").attributes == {
        "prompt": "a fox",
        "width": 640,
        "height": 832,
    }
    for half in ("--w 640", "--h 640", "--w 640 --h 640 --size square"):
        words = refusal(f"a fox {half}")
        assert words == "--width --height: go together, and without --size"


def test_a_flag_that_says_what_an_option_says_is_no_contradiction() -> None:
    assert wish("a fox --seed 7 --cfg 7.50", seed=7).attributes["seed"] == "7"


def test_a_flag_that_says_something_else_than_an_option_is_refused() -> None:
    words = refusal("a fox --seed 8 --size 640x832", seed=7, width=512, height=512)
    assert words.splitlines() == [
        "seed: is given by option and by flag, and differently; keep one",
        "size: is given by option and by flag, and differently; keep one",
    ]


def test_what_should_not_be_seen_adds_up() -> None:
    attributes = wish("a fox --no text", negative_prompt="people").attributes
    assert attributes["negative_prompt"] == "people, text"


def test_a_shape_goes_without_a_size() -> None:
    assert wish("a fox --ar 3:2").aspect == Aspect(3, 2)
    assert "goes without size" in refusal("a fox --ar 3:2", width=512, height=512)
    assert "goes without size" in refusal("a fox --ar 3:2 --size square")
    assert "WIDTH:HEIGHT" in refusal("a fox --ar wide")


def test_a_shape_follows_the_nearest_size() -> None:
    layers = Below(layers=[{"seed": 7}, {"width": 1024, "height": 1024}, {"width": 512}])
    assert shaped(wish("a fox --ar 1:1"), layers) == {"width": 1024, "height": 1024}
    assert shaped(wish("a fox --ar 1:1"), Below()) == {"width": 512, "height": 512}
    assert shaped(wish("a fox"), layers) == {}


def test_a_preset_is_named_once() -> None:
    assert wish('a fox --preset "my own"').preset == "my own"
    with pytest.raises(InvalidRequest, match="names another preset"):
        read_wish({"prompt": "a fox --preset b"}, preset="a")


def test_options_that_cannot_be_read_are_named() -> None:
    words = refusal("a fox --size huge --lora_weight strong --panorama=perhaps --sampler fast")
    assert [line.split(":")[0] for line in words.splitlines()] == [
        *("size", "lora_strength", "panorama", "scheduler"),
    ]


@given(dashed_texts())
def test_whatever_is_typed_makes_a_request_or_is_refused_in_words(text: str) -> None:
    with contextlib.suppress(InvalidRequest):
        read = read_wish({"prompt": text})
        build_request({"model_id": "m", "seed": 0, **read.attributes})
