"""Moderators' rules find what a reader would find, however it is spelt, and nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompt_rules.built_in import breaks_built_in_rule
from bot.domain.prompt_rules.folding import Readings
from bot.domain.prompt_rules.letters import fold
from bot.domain.prompt_rules.phrases import Phrases
from bot.domain.prompt_rules.rule import (
    MAX_PATTERN,
    MAX_STEPS,
    MAX_WORD,
    RuleKind,
    checked_rule,
    refuse_too_large,
)
from bot.errors import InvalidRequest
from tests.factories.prompt_rules import PATTERN, WORD, hits, matcher

HOSTILE = [
    "",
    "\x00\ud800\u202e\ufeff",
    "👨‍👩‍👧‍👦" * 500,
    "a" + "\u0301" * 3000,
    "'; DROP TABLE prompt_rules; --",
    "@everyone <@1> `**" * 100,
    "((((" * 500,
    "\\" * 2000,
    "\ufdfa" * 2000,
    "nude " + "7 " * 900,
]
LOOK_ALIKES = {
    "a": "аαɑａᴀáå𝒂🅰🇦",
    "c": "сｃçᴄℂꓚ",
    "e": "еεｅéᴇ",
    "i": "іιｉíɪı",
    "o": "оοσｏøöᴏօ",
    "p": "рρｐᴘℙ",
    "s": "ѕｓśꜱ",
    "x": "хχｘ",
    "y": "уγｙýʏ",
}


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("gore", "a scene of GORE, dark"),
        ("Gore", "gore"),
        ("góre", "gore"),
        ("gore", "g\u00f3r\u00e9"),
        ("gore", "ｇｏｒｅ"),
        ("gore", "𝔤𝔬𝔯𝔢"),
        ("gore", "ɢᴏʀᴇ"),
        ("gore", "🅖🅞🅡🅔"),
        ("gore", "🇬🇴🇷🇪"),
        ("gore", "g̶o̶r̶e̶"),
        ("gore", "gоrе"),  # Cyrillic о and е
        ("Nine", "ΝΙΝΕ"),  # Greek capitals
        ("νίκη", "ΝΙΚΗ"),
        ("gore", "g\u200bo\u2060r\u00ade"),
        ("gore", "g\u3164o\ufe0fr\u034fe"),
        ("gore", "g0r3"),
        ("loli", "lo1i"),
        ("loli", "1oli"),
        ("ass", "@$$"),
        ("nsfw", "n$fw!"),
        ("gore", "g.o.r.e"),
        ("gore", "g o r e"),
        ("gore", "a g o r e"),
        ("gore", "g🔥o🔥r🔥e"),
        ("gore", "very-gore_look"),
        ("gore", "GoreMix"),
        ("gore", "gore2"),
        ("girl", "1girl"),
        ("gore", "gore's"),
        ("usa", "U.S.A."),
        ("порно", "ПОРНО картинка"),
        ("blood bath", "a Blood   bath"),
        ("blood bath", "blood-bath"),
        ("straße", "STRASSE"),
        ("裸", "美しい裸体画"),
        ("小学生", "小・学・生"),
        ("아동 포르노", "아동포르노"),
        ("नग्न", "एक नग्न चित्र"),
        ("ไก่", "ลูกไก่น้อย"),
    ],
)
def test_a_word_is_found_however_it_is_spelt(word: str, text: str):
    assert hits(WORD, word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("gore", "gorey and Igor"),
        ("gore", "gor e"),
        ("gore", "Montgomery"),
        ("ass", "a glass of water, class"),
        ("ass", "455 horses"),
        ("ai", "a i"),
        ("sex", "Sussex, Essex"),
        ("blood bath", "blood and a bath"),
        ("blood bath", "blood\nbath-v1"),
        ("nsfw", "n s f"),
        ("hell", "hello, shell"),
        ("mp", "mp3"),
        ("バス", "ハス"),
        ("こども", "走ることもある"),
        ("女童", "美女 童话风格"),
        ("मेल", "मल"),
        ("नग", "नगी"),
    ],
)
def test_a_word_inside_another_or_of_other_letters_is_not_found(word: str, text: str):
    assert not hits(WORD, word, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"blo+d", "BLOOOD"),
        (r"\bgun(s|fire)?\b", "two guns"),
        (r"^portrait", "Portrait of a queen"),
        (r"queen$", "portrait of a queen\nsome-model\n"),
        (r"^some-", "portrait of a queen\nsome-model\n"),
        (r"g[o0]re", "ｇ０ｒｅ"),
        (r"\p{Cyrillic}{3}", "привет"),
        (r"(?P<name>x)y", "XY"),
        (r"(?:🔥){3}", "🔥🔥🔥"),
    ],
)
def test_a_pattern_is_found_in_any_case_in_the_text_or_its_folded_form(pattern: str, text: str):
    assert hits(PATTERN, pattern, text)


def test_a_pattern_does_not_reach_from_the_prompt_into_a_model():
    assert not hits(PATTERN, "blood.*bath", "blood\nbath-v1")


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (WORD, "", "at least one letter"),
        (WORD, " … \u202e", "at least one letter"),
        (WORD, "x" * (MAX_WORD + 1), f"at most {MAX_WORD}"),
        (PATTERN, "", "must have 1 to"),
        (PATTERN, "x" * (MAX_PATTERN + 1), "must have 1 to"),
        (PATTERN, "[", "`[` is never closed"),
        (PATTERN, "(x", "`(` is never closed"),
        (PATTERN, "x)", "`)` closes nothing"),
        (PATTERN, "x\\", "ends in a `\\`"),
        (PATTERN, r"\q", "no such `\\` expression"),
        (PATTERN, r"(a)\1", "no such `\\` expression"),
        (PATTERN, "(?=x)", "no look-aheads"),
        (PATTERN, "(?<!x)y", "no look-aheads"),
        (PATTERN, "(?P<1-x>a)", "a group's name"),
        (PATTERN, "[z-a]", "write ranges upwards"),
        (PATTERN, "x{1001}", "more than 1000 times"),
        (PATTERN, "(?:x{1000}){1000}", "more than 1000 times"),
        (PATTERN, "*x", "nothing to repeat"),
        (PATTERN, "x**", "follow each other"),
        (PATTERN, r"(?:\pL{1,500}\pN){2,500}", "is not understood"),
        (PATTERN, r"\pL{20}", "unfolds to too much"),
        (PATTERN, "x*", "would refuse nearly every prompt"),
        (PATTERN, "x|", "would refuse nearly every prompt"),
        (PATTERN, ".", "would refuse nearly every prompt"),
        (PATTERN, "(?s).+", "would refuse nearly every prompt"),
        (PATTERN, r"[a-z]", "would refuse nearly every prompt"),
        (PATTERN, r"\w", "would refuse nearly every prompt"),
        (PATTERN, "[aeiou]", "would refuse nearly every prompt"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_in_words(kind: RuleKind, text: str, words: str):
    with pytest.raises(InvalidRequest) as refused:
        checked_rule(kind, text)
    assert words in refused.value.problems[0].message


def test_patterns_are_small_together():
    refuse_too_large([(PATTERN, r"\bgun(s|fire)?\b")] * 50)
    with pytest.raises(InvalidRequest, match="more than a server's patterns may"):
        refuse_too_large([(PATTERN, rf"x{{{MAX_STEPS // 10}}}")] * 11)


def test_every_broken_rule_is_named_once():
    several = matcher((WORD, "gore"), (WORD, "blood"), (PATTERN, "g.re"), (WORD, "fire"))
    broken = several.matches("gore gore g0re blood")
    assert [rule.text for rule in broken] == ["gore", "blood", "g.re"]


def test_rules_that_begin_alike_or_mean_the_same_are_all_found():
    several = matcher((WORD, "a"), (WORD, "a b"), (WORD, "a b c"), (WORD, "á b"), (WORD, "b"))
    assert [rule.text for rule in several.matches("a b d")] == ["a", "a b", "á b", "b"]


@given(st.text())
def test_folding_is_stable(text: str):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=300), st.sampled_from(HOSTILE))
def test_hostile_texts_never_raise(text: str, hostile: str):
    rules = matcher((WORD, "gore"), (WORD, "裸"), (PATTERN, "(a|aa)+$"))
    for prompt in (text, hostile + text):
        rules.matches(prompt)
        breaks_built_in_rule(prompt, text)


@given(st.text(max_size=MAX_PATTERN), st.sampled_from(RuleKind))
def test_whatever_a_moderator_writes_is_a_rule_or_refused(text: str, kind: RuleKind):
    try:
        rule = (kind, checked_rule(kind, text))
    except InvalidRequest:
        return
    matcher(rule).matches("a fox in the snow")


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=20))
def test_a_word_rule_finds_its_own_word_in_any_case_and_form(word: str):
    if not any(char.isalnum() for char in fold(word)):
        return
    for spelt in (word, word.upper(), unicodedata.normalize("NFD", word)):
        if fold(spelt) == fold(word):
            assert hits(WORD, word, f"see: {spelt}, there")


@given(st.data(), st.text(alphabet="acdeghiopsxy", min_size=3, max_size=12))
def test_a_word_rule_finds_its_word_in_look_alike_letters(data: st.DataObject, word: str):
    invisible = st.sampled_from(["", "\u200b", "\u0301", "\u2060", "\ufe0f"])
    spelt = "".join(
        data.draw(st.sampled_from(char + char.upper() + LOOK_ALIKES.get(char, "")))
        + data.draw(invisible)
        for char in word
    )
    assert hits(WORD, word, f"see: {spelt}, there")


@given(
    st.lists(st.sampled_from(["gore", "blood bath", "a red sea", "エロ", "赤 裸", "lo1i"])),
    st.lists(
        st.sampled_from(
            ["gore", "G.o.r.e", "g0r3", "blood", "bath", "red", "sea", "エロ画", "赤裸"]
        )
        | st.text(max_size=4)
    ),
)
def test_a_text_without_a_mark_of_any_phrase_has_no_phrase(listed: list[str], text: list[str]):
    phrases, readings = Phrases(listed), Readings(" ".join(text))
    marked = any(mark in readings.letters for mark in phrases.marks)
    assert marked or not phrases.are_in(readings)
