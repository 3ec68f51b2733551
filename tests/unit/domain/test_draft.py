"""What a member types over a request becomes changes, or problems in words."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.draft import Draft, texts_of
from bot.domain.option_texts import exact_number
from bot.errors import InvalidRequest
from tests.factories.jobs import a_request

REQUEST = a_request(
    prompt="a fox", negative_prompt="fog", width=768, num_inference_steps=30, guidance_scale=7.0
)


def changes(**typed: str) -> dict[str, object]:
    return Draft(request=REQUEST, typed={**texts_of(REQUEST), **typed}).changes()


def test_what_is_left_as_it_was_is_no_change():
    assert changes() == {}
    assert changes(size="", steps=" ", guidance_scale="", prompt=" a fox\n") == {}


@given(st.floats(1, 20))
def test_any_number_can_be_left_as_it_was(guidance: float):
    request = REQUEST.replace(guidance_scale=guidance)
    assert float(exact_number(guidance)) == guidance
    assert Draft(request=request, typed=texts_of(request)).changes() == {}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"prompt": "two\nfoxes"}, {"prompt": "two foxes"}),
        ({"negative_prompt": ""}, {"negative_prompt": ""}),
        ({"size": "portrait"}, {"width": 512, "height": 768}),
        ({"size": "768 X 640"}, {"height": 640}),
        ({"steps": " 21 "}, {"num_inference_steps": 21}),
        ({"guidance_scale": "7,5"}, {"guidance_scale": 7.5}),
    ],
)
def test_only_what_was_changed_is_a_change(typed: dict[str, str], expected: dict[str, object]):
    assert changes(**typed) == expected


def test_everything_that_is_wrong_is_named_at_once():
    with pytest.raises(InvalidRequest) as refused:
        changes(prompt="  ", size="huge", steps="many", guidance_scale="21")
    problems = {each.option: each.message for each in refused.value.problems}
    assert set(problems) == {"prompt", "size", "steps", "guidance_scale"}
    assert "WIDTHxHEIGHT" in problems["size"]
    assert "1 to 51" in problems["steps"]


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "1e400", "9" * 4000, "seven", "٣٠٠"])
def test_no_number_slips_through(text: str):
    for field in ("steps", "guidance_scale"):
        with pytest.raises(InvalidRequest):
            changes(**{field: text})


@given(st.dictionaries(st.sampled_from(sorted(texts_of(REQUEST))), st.text(max_size=30)))
def test_whatever_is_typed_makes_a_request_or_is_refused_in_words(typed: dict[str, str]):
    draft = Draft(request=REQUEST, typed=typed)
    with contextlib.suppress(InvalidRequest):
        changed = REQUEST.replace(**draft.changes())
        assert Draft(request=changed, typed=texts_of(changed)).changes() == {}
    assert {**draft.texts, **typed} == draft.texts
