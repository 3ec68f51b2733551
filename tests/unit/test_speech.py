"""What the languages' own data says for us."""

from __future__ import annotations

from gettext import NullTranslations

import pytest

from bot.domain.languages import CODES
from bot.speech import Language, language_name, learn, speaking
from bot.translations import CATALOGUES


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
