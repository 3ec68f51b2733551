"""What is said in a language, and what its own data says for us."""

from __future__ import annotations

from gettext import NullTranslations

import pytest

from bot.domain.languages import CODES
from bot.speech import Language, _, in_a_row, labelled, language_name, learn, ngettext, speaking
from bot.translations import CATALOGUES, learn_all


@pytest.mark.parametrize("name", sorted(set(CATALOGUES.values())))
def test_what_is_translated_from_has_a_name_in_every_language(name: str) -> None:
    learn(f"only {name}", Language(name, NullTranslations()))
    with speaking(f"only {name}"):
        assert CODES.isdisjoint(map(language_name, CODES))


def test_a_language_is_named_in_the_one_that_is_spoken() -> None:
    assert language_name("fr") == "French"
    learn("only de", Language("de", NullTranslations()))
    with speaking("only de"):
        assert language_name("fr") == "Französisch"


class Slipped(NullTranslations):
    """A catalogue whose translator mistyped every placeholder."""

    def gettext(self, message: str) -> str:
        return message.replace("}", "e}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return (msgid1 if n == 1 else msgid2).replace("}", "")


def test_a_translators_slip_is_said_in_english_and_breaks_nothing() -> None:
    learn("slipped", Language("de", Slipped()))
    with speaking("slipped"):
        assert _("Saved as {name}.", name="ink") == "Saved as ink."
        assert ngettext("{count} image", "{count} images", 1) == "1 image"
        assert ngettext("{count} image", "{count} images", 2) == "2 images"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-US", "Left: a, b"),
        ("fr", "Left\u00a0: a, b"),
        ("zh-CN", "Left：a、b"),
        ("ja", "Left: a、b"),
        ("de", "Left: a, b"),
    ],
)
def test_colons_and_commas_are_those_of_the_language(locale: str, words: str) -> None:
    learn_all()
    with speaking(locale):
        assert labelled("Left", in_a_row(["a", "b"])) == words
