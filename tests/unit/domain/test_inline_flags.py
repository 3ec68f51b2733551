"""Flags in a prompt are understood and taken out; everything else of it stays as it was typed."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.flag_names import FLAGS, LISTS, NEGATIVE, OPTIONS, SWITCHES
from bot.domain.inline_flags import read_flags, written_flags
from bot.errors import InvalidRequest
from tests.unit.domain.dashes import dashed_texts


@pytest.mark.parametrize(
    ("text", "prompt", "flags"),
    [
        ("a fox --seed 7", "a fox", {"seed": "7"}),
        ("a fox --seed=7", "a fox", {"seed": "7"}),
        ("--seed 7 a fox", "a fox", {"seed": "7"}),
        ("a fox --seed 7 in the snow", "a fox in the snow", {"seed": "7"}),
        ("a fox --ar 16:9, in the snow", "a fox in the snow", {"ar": "16:9"}),
        ("a fox --SEED 7 --Guidance-Scale 8.", "a fox", {"seed": "7", "guidance_scale": "8"}),
        ("a fox --cfg 8 --n 2", "a fox", {"guidance_scale": "8", "samples": "2"}),
        ("a fox\n--seed 7\nin snow", "a fox in snow", {"seed": "7"}),
        ("a fox --no text, people --seed 7", "a fox", {NEGATIVE: "text, people", "seed": "7"}),
        ("a fox --no text --no people", "a fox", {NEGATIVE: "text, people"}),
        ('a fox --no "text" in the snow', "a fox in the snow", {NEGATIVE: "text"}),
        ("a fox --preset “oil on canvas” in snow", "a fox in snow", {"preset": "oil on canvas"}),
        ('a fox --preset "the \\"old\\" one"', "a fox", {"preset": 'the "old" one'}),
        ("a fox --panorama in the snow", "a fox in the snow", {"panorama": "yes"}),
        ("a fox --panorama no --karras", "a fox", {"panorama": "no", "use_karras_sigmas": "yes"}),
        ("a fox --tomesd=off", "a fox", {"tomesd": "off"}),
        ("a fox --lora a, b ,c in snow", "a fox in snow", {"lora_model": "a, b ,c"}),
        ("a fox —ar 3:2", "a fox", {"ar": "3:2"}),
        ("a fox –seed 7 —no text", "a fox", {"seed": "7", NEGATIVE: "text"}),
        ("a fox --seed 7 --seed 7", "a fox", {"seed": "7"}),
        ("don't --seed 7 it's", "don't it's", {"seed": "7"}),
        ("--seed 7", "", {"seed": "7"}),
    ],
)
def test_flags_are_taken_out(text: str, prompt: str, flags: dict[str, str]) -> None:
    written = read_flags(text)
    assert (written.prompt, written.flags) == (prompt, flags)


@pytest.mark.parametrize(
    "text",
    [
        "a fox -- in the snow",
        "a fox--red --, 'tis said",
        "a fox — in the snow",
        "a fox —running— in the snow",
        "a fox – red – -seed 7",
        "a well-known x--seed 7",
        '"--seed" is written on the wall',
        "((a fox))  with  two   spaces ---seed",
        "--5 degrees",
        "--",
        "",
    ],
)
def test_dashes_of_ordinary_text_are_no_flags(text: str) -> None:
    assert (read_flags(text).prompt, read_flags(text).flags) == (text, {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a fox --sede 7", "--sede: is no option; did you mean --seed?"),
        ("a fox --ar16:9", "--ar16: is no option; did you mean --ar?"),
        ("a fox --xyzzy 7", "--xyzzy: is no option."),
        ("a fox --seed", "--seed: needs a value: --seed 7"),
        ("a fox --seed --ar 3:2", "--seed: needs a value: --seed 7"),
        ("a fox --no", "--no: needs a value"),
        ("a fox --seed 7 --seed 8", "--seed: is given twice, and differently"),
        ("a fox --cfg 7 --guidance 8", "--guidance: is given twice, and differently"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=re.escape(words)):
        read_flags(text)


def test_every_flag_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_flags("a fox --sede 7 --steps --cfg 7 --cfg 8")
    assert [each.option for each in refused.value.problems] == ["--sede", "--steps", "--cfg"]


@pytest.mark.parametrize("name", FLAGS)
def test_every_name_is_known_in_every_spelling(name: str) -> None:
    for spelling in (name, name.upper(), name.replace("_", "-")):
        assert read_flags(f"a fox --{spelling} yes").flags == {FLAGS[name]: "yes"}


def test_every_option_has_its_own_name_as_a_flag() -> None:
    assert len(OPTIONS) == 24  # and the prompt is the 25th
    assert all(FLAGS[option] == option for option in OPTIONS)


@pytest.mark.parametrize("hostile", ["--`@everyone`", "--a`b", "--x\u202egnp", "--" + "x" * 900])
def test_an_unknown_name_is_repeated_harmlessly(hostile: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_flags(f"a fox {hostile} --zzz")
    for problem in refused.value.problems:
        assert re.fullmatch(r"--[\w-]{1,30}", problem.option)


@given(st.text().filter(lambda text: not re.search("--|—|–", text)))
def test_a_text_without_flags_stays_as_it_is(text: str) -> None:
    written = read_flags(text)
    assert (written.prompt, written.flags) == (text, {})


@given(dashed_texts())
def test_whatever_is_typed_is_understood_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(InvalidRequest):
        written = read_flags(text)
        assert written.flags.keys() <= set(FLAGS.values())
        assert len(written.prompt) <= len(text)
        assert set(written.prompt.split()) <= set(text.split())


VALUES = st.text(min_size=1).map(str.strip).filter(bool)


@st.composite
def flags(draw: st.DrawFn) -> dict[str, str]:
    names = draw(st.lists(st.sampled_from(sorted(set(FLAGS.values()))), unique=True))
    switches = st.sampled_from(["yes", "no"])
    lists = st.lists(st.from_regex(r"[\w.-]*\w", fullmatch=True), min_size=1).map(",".join)
    kinds = {**dict.fromkeys(SWITCHES, switches), **dict.fromkeys(LISTS, lists)}
    return {name: draw(kinds.get(name, VALUES)) for name in names}


@given(flags(), st.sampled_from(["a fox", "a -- fox", "it's — ((this))"]))
def test_flags_that_are_written_read_back_the_same(given: dict[str, str], prompt: str) -> None:
    written = read_flags(f"{prompt} {written_flags(given)}".strip())
    assert (written.prompt, written.flags) == (prompt, given)
