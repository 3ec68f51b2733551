"""What can be a preset, and what it makes of a prompt."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import GuildId, UserId
from bot.domain.preset import Preset, Shelf, key_of, new_preset
from bot.domain.request import MAX_PROMPT, build_request
from bot.errors import InvalidRequest
from tests.factories.jobs import a_request
from tests.unit.domain.dashes import dashed_texts

MINE = Shelf.of_member(UserId(1))
USUAL = {"model_id": "midjourney"}
INK = "{prompt}, ink --seed 7"


def a_preset(text: str = INK, name: str = "ink", picture: Any = None) -> Preset:
    return new_preset(MINE, name, text, picture, USUAL)


def refusal(*arguments: Any) -> str:
    with pytest.raises(InvalidRequest) as refused:
        a_preset(*arguments)
    return str(refused.value)


def test_a_text_is_a_template_and_options() -> None:
    preset = a_preset("{prompt}, ink {wash} on {prompt} --ar 3:2 --no text, people")
    assert preset.template == "{prompt}, ink {wash} on {prompt}"
    assert preset.attributes == {"negative_prompt": "text, people", "width": 624, "height": 416}
    assert preset.around("a {fox}") == "a {fox}, ink {wash} on a {fox}"
    assert (
        preset.text
        == '{prompt}, ink {wash} on {prompt} --negative_prompt "text, people" --size 624x416'
    )


def test_flags_alone_leave_the_prompt_as_it_is() -> None:
    preset = a_preset("--steps 41")
    assert (preset.template, preset.around("a fox")) == ("", "a fox")


def test_no_prompt_stays_none() -> None:
    assert a_preset().around("") == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("watercolour", "with {prompt} where the prompt goes"),
        ("", "says nothing"),
        ("{prompt} --preset other", "cannot use another"),
        ("{prompt} --samples 9", "samples: must be a whole number from 1 to 4"),
        ("--algorithm dpmsolver+++", "algorithm_type: works only with"),
        ("--lora_strength 1", "it needs lora_model"),
        ("--sede 7", "did you mean --seed?"),
        ("{prompt}" + "x" * MAX_PROMPT, "with {prompt} where"),
    ],
)
def test_what_can_be_no_preset_is_refused_in_words(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u200d", "\n\t", "x" * 51])
def test_a_name_has_something_to_read(name: str) -> None:
    assert "must have something to read" in refusal("--seed 7", name)


def test_names_that_look_the_same_are_the_same() -> None:
    for other in ("INK wash", "ｉｎｋ wash", " ink\u00a0 wash "):
        assert key_of(other) == "ink wash"
    assert key_of("Straße") == key_of("STRASSE")


def test_a_prompt_that_would_be_too_long_is_refused_with_the_numbers() -> None:
    with pytest.raises(InvalidRequest, match=r"has 2,005 characters .* may have 2,000"):
        a_preset().around("x" * 2000)


def test_of_a_picture_the_choices_are_taken_and_what_makes_it_that_very_one_is_left() -> None:
    picture = a_request(
        seed=7, width=640, model_id="mine", negative_prompt="text", safety_checker=False
    )
    assert a_preset("", "ink", picture).attributes == {
        "negative_prompt": "text",
        "model_id": "mine",
        "width": 640,
        "height": 512,
    }


def test_what_is_typed_comes_before_the_picture() -> None:
    picture = a_request(model_id="midjourney", width=1024, height=1024, samples=3)
    preset = a_preset("{prompt}, ink --n 2 --ar 1:1", "ink", picture)
    assert preset.attributes == {"samples": 2, "width": 1024, "height": 1024}
    assert preset.template == "{prompt}, ink"


def test_of_a_usual_picture_there_is_nothing_to_take() -> None:
    assert "says nothing" in refusal("", "ink", a_request(model_id="midjourney"))


def test_a_servers_shelf_is_larger() -> None:
    assert (MINE.room, Shelf.of_server(GuildId(2)).room) == (50, 100)


@given(dashed_texts(), st.text(max_size=60))
def test_whatever_is_typed_is_kept_so_that_it_reads_back_or_refused(text: str, name: str) -> None:
    with contextlib.suppress(InvalidRequest):
        preset = a_preset(text, name)
        build_request({"prompt": "-", "model_id": "m", "seed": 0, **preset.attributes})
        again = a_preset(preset.text, preset.name)
        assert (again.key, again.template) == (preset.key, preset.template)
        assert again.attributes == preset.attributes
