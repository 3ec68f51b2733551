"""Names are found by what was typed of them, typing errors included, best first."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.matching import NameIndex, words_of
from bot.sandbox.models import public_models

MODELS = [(model.model_id, model.name) for model in public_models()]
INDEX = NameIndex(MODELS)


def found(typed: str, names: list[tuple[str, ...]] | None = None, **options: set[int]) -> list[str]:
    """Return the first names of what was found."""
    index = INDEX if names is None else NameIndex(names)
    return [(names or MODELS)[thing][0] for thing in index.find(typed, **options)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("juggernaut", "juggernaut-xl"),
        ("JUGGERNAUT XL", "juggernaut-xl"),
        ("xl juggernaut", "juggernaut-xl"),
        ("DreamShaper 8", "dreamshaper-v8"),
        ("dream shaper", "dreamshaper-v8"),
        ("realisticvision", "realistic-vision-v51"),
        ("vision real", "realistic-vision-v51"),
        ("gogh", "van-gogh-diffusion"),
        ("pixar", "disney-pixar-cartoon"),
        ("realstic vison", "realistic-vision-v51"),
        ("midjuorney", "midjourney"),
        ("mmidjourney", "midjourney"),
        ("idjourney", "midjourney"),
        ("dreamshpa", "dreamshaper-v8"),
        ("sdlx", "sdxl"),
        ("more details", "more_details"),
        ("  épicrealism!!", "epicrealism"),
    ],
)
def test_what_is_meant_comes_first(typed: str, first: str) -> None:
    assert found(typed)[0] == first


def one_letter_wrong(name: str, place: int, kind: str, letter: str) -> str:
    match kind:
        case "wrong":
            return name[:place] + letter + name[place + 1 :]
        case "missing":
            return name[:place] + name[place + 1 :]
        case "too many":
            return name[:place] + letter + name[place:]
        case _:
            return name[:place] + name[place : place + 2][::-1] + name[place + 2 :]


@given(
    st.sampled_from([name for model in MODELS for name in model if len(name) > 3]),
    st.integers(0, 30),
    st.sampled_from(["wrong", "missing", "too many", "swapped"]),
    st.sampled_from(string.ascii_lowercase + string.digits),
)
def test_a_name_with_one_letter_wrong_is_among_the_first_five(
    name: str, place: int, kind: str, letter: str
) -> None:
    typed = one_letter_wrong(name, place % len(name), kind, letter)
    assert any(name in MODELS[thing] for thing in INDEX.find(typed)[:5]), typed


@given(st.text(max_size=300))
def test_whatever_is_typed_gives_an_answer(typed: str) -> None:
    things = INDEX.find(typed)
    assert len(things) == len(set(things))
    assert set(things) <= set(range(len(MODELS)))


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=8), st.data())
def test_names_of_any_signs_are_found_by_their_beginning(
    names: list[tuple[str, str]], data: st.DataObject
) -> None:
    index = NameIndex(names)
    named = [(thing, word) for thing, name in enumerate(names) for word in words_of(name[0])]
    if named:
        thing, word = data.draw(st.sampled_from(named))
        assert thing in index.find(word)


def test_of_names_alike_the_whole_one_comes_first_then_the_earlier_ones() -> None:
    names = [("anime-mix-xl",), ("anime-mix-photo",), ("mix",), ("anime-mix",)]
    assert found("anime mix", names)[:3] == ["anime-mix", "anime-mix-xl", "anime-mix-photo"]


def test_the_preferred_come_before_their_equals_and_not_before_their_betters() -> None:
    names = [("anime-one",), ("anime-two",), ("anime",), ("animal",)]
    assert found("anime", names, preferred={1, 3}) == ["anime", "anime-two", "anime-one", "animal"]


def test_what_has_nothing_of_it_is_not_found() -> None:
    assert found("qqqqqqq") == []
    assert found("💥💥") == []


def test_a_word_that_nothing_has_does_not_hide_what_the_others_find() -> None:
    assert found("realistic vision qqq")[0] == "realistic-vision-v51"
