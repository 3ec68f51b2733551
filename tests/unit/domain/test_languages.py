"""A judgement on a prompt's language is sure, or it is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.languages import CODES, MAX_JUDGED, Foreign, judge, main_phrase, may_be_foreign
from tests.unit.seed_page import LANGUAGES

SENTENCE = "ein Leuchtturm im Sturm"


def test_the_languages_are_those_of_the_endpoints_page() -> None:
    assert {code[:2] for code in LANGUAGES} == CODES


@pytest.mark.parametrize(
    ("phrase", "likely", "code"),
    [
        (SENTENCE, {"de": 0.95, "en": 0.001}, "de"),
        (SENTENCE, {"de": 0.89, "en": 0.001}, None),
        (SENTENCE, {"de": 0.95, "en": 0.02}, None),
        (SENTENCE, {"en": 1.0}, None),
        (SENTENCE, {}, None),
        ("roter Fuchs Wald", {"de": 1.0}, None),
        ("a b c d", {"de": 1.0}, None),
        ("猫", {"zh": 0.95}, "zh"),
        ("маяк", {"ru": 0.9, "uk": 0.1}, "ru"),
    ],
)
def test_latin_letters_need_a_sentence_and_every_language_a_sure_judgement(
    phrase: str, likely: dict[str, float], code: str | None
) -> None:
    assert judge(phrase, likely) == (Foreign(code) if code else None)


@pytest.mark.parametrize(
    ("phrase", "may_be"),
    [
        (SENTENCE, True),
        ("猫", True),
        ("", False),
        ("a red fox", False),
        ("a fox in a wood", True),
        ("a fox and a hen", False),
        ("The fox of my dreams", False),
        ("a lighthouse at dusk", False),
        ("un cane a due teste", True),
    ],
)
def test_short_phrases_and_plain_english_need_no_detector(phrase: str, may_be: bool) -> None:
    assert may_be_foreign(phrase) is may_be


@given(st.text(st.characters(codec="ascii"), max_size=30))
def test_only_what_would_be_left_alone_anyway_is_too_short(phrase: str) -> None:
    if not may_be_foreign(phrase):
        words = set(phrase.lower().split())
        plain = words & {"the", "with", "and", "from"}
        by_twos = words & {"a", "an", "of", "at", "on", "by", "to"}
        assert plain or len(by_twos) > 1 or judge(phrase, {"de": 1.0}) is None


def test_other_letters_are_not_english_even_where_the_language_is_not_sure() -> None:
    assert judge("тест", {"uk": 0.6, "ru": 0.4}) == Foreign(None)


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("မီးပြတိုက်", "my"),
        ("ප්‍රදීපාගාරය", "si"),
        ("വിളക്കുമാടം", "ml"),
        ("ប៉មបំភ្លឺ", "km"),
    ],
)
def test_scripts_of_one_language_need_no_detector(phrase: str, code: str) -> None:
    assert judge(phrase, {}) == Foreign(code)


@pytest.mark.parametrize("phrase", ["Καλημέρα κόσμε", "Բարև աշխարհ", "🦊🦊🦊", "8 16 32", ""])
def test_what_no_supported_language_is_written_in_is_left_alone(phrase: str) -> None:
    assert judge(phrase, {"el": 0.0}) is None


def test_the_longest_stretch_without_punctuation_is_judged() -> None:
    prompt = "masterpiece, best quality, ein ((alter)) Leuchtturm im schweren Sturm, 8k"

    assert main_phrase(prompt) == "Leuchtturm im schweren Sturm"
    assert main_phrase("") == ""
    assert main_phrase(",.;") == ""
    assert len(main_phrase("wort " * 400)) <= MAX_JUDGED


@pytest.mark.parametrize(
    "prompt",
    [
        "a fox like https://example.com/a/b.png",
        "<@1575888727169826823> a fox like",
        "a <:fox:1575888727169826823> fox like <t:1795792077:R>",
    ],
)
def test_links_and_mentions_are_in_no_language(prompt: str) -> None:
    assert main_phrase(prompt).split() == ["a", "fox", "like"]


@given(st.text(max_size=300), st.dictionaries(st.sampled_from(sorted(CODES)), st.floats(0, 1)))
def test_whatever_is_typed_there_is_a_judgement(prompt: str, likely: dict[str, float]) -> None:
    found = judge(main_phrase(prompt), likely)

    assert found is None or found.code is None or found.code in CODES - {"en"}
