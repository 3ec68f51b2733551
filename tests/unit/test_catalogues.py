"""Every text that the bot says is there in nine other languages, and none says something else."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from string import Formatter

import polib
import pytest

from bot.translations import CATALOGUES, catalogue
from tools.translations import Said, calls, name_of, texts

LANGUAGES = sorted(set(CATALOGUES.values()))

LITERAL = re.compile(
    r"""\{\w+\}           # placeholders
    | --\w+               # flags
    | /[a-z]+(?:\ export)?  # commands
    | \b(?:square(?!\ brackets)|portrait|landscape)\b
    | (?<!:\ )no\ limit | DPMSolverMultistepScheduler
    | PNG | JPEG | WebP | UTC
    | \d+(?:[.:-]\d+)*(?:[hdw]\b)?  # numbers, days, spans""",
    re.VERBOSE | re.ASCII,
)
"""What members type as it stands there, in every language."""


@pytest.fixture(scope="module")
def said() -> Mapping[Said, str]:
    """The texts in the source."""
    return texts()


def forms(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """Yield each translation there is, beside the English text that it says."""
    if entry.msgstr:
        yield entry.msgid, entry.msgstr
    for form in filter(None, entry.msgstr_plural.values()):
        yield entry.msgid_plural, form


def entries(language: str) -> Iterator[tuple[str, str]]:
    """Yield every English text of a catalogue with each of its translations."""
    for entry in catalogue(language):
        yield from forms(entry)


def placeholders(text: str) -> set[str]:
    """Return the names of what is filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_text_and_no_other(language: str, said: Mapping[Said, str]) -> None:
    has = {(entry.msgid, entry.msgid_plural) for entry in catalogue(language)}
    assert {(text, said[text]) for text in said.keys() - has} == set()
    assert has - said.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated(language: str) -> None:
    assert [entry.msgid for entry in catalogue(language) if not entry.translated()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_what_the_english_text_does(language: str) -> None:
    for entry in catalogue(language):
        for english, text in forms(entry):
            assert placeholders(text) <= placeholders(english), (english, text)
            left_out = placeholders(entry.msgid) - placeholders(text)
            assert not left_out, (english, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_stays_as_it_is_typed(language: str) -> None:
    for english, text in entries(language):
        missing = Counter(LITERAL.findall(english)) - Counter(LITERAL.findall(text))
        assert not missing, (english, text)
        assert set(re.findall(r"--\w+", text)) <= set(LITERAL.findall(english)), (english, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_of_discord_is_kept(language: str) -> None:
    for english, text in entries(language):
        for mark in ("**", "`", "~~", "\n", "](", "-#", "> ", "### "):
            assert text.count(mark) == english.count(mark), (mark, english, text)


def test_what_a_text_fills_in_is_given_where_it_is_said() -> None:
    for call, file in calls():
        texts = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
        if not texts or name_of(call) == "N_":
            continue
        given = {each.arg for each in call.keywords}
        wanted = set[str]().union(*map(placeholders, texts)) if call.keywords else set[str]()
        counted = {"count"} if name_of(call) == "ngettext" else set[str]()
        assert None in given or wanted | counted == given | counted, (file, call.lineno, texts)


def test_nothing_but_whole_texts_is_said() -> None:
    """An f-string would be another text each time, and in no catalogue."""
    for call, file in calls():
        assert not isinstance(call.args[0], ast.JoinedStr | ast.BinOp), (file, call.lineno)


def test_nine_languages_beside_english_are_spoken_and_spanish_in_latin_america_too() -> None:
    assert len(LANGUAGES) == 9
    assert CATALOGUES["es-419"] == "es"
