"""The catalogues in `bot/locale/`, read as they are: nothing is compiled or can be out of date."""

from __future__ import annotations

import functools
import gettext
import importlib.resources
import io
from collections.abc import Mapping

import polib

from bot.speech import Language, learn

CATALOGUES: Mapping[str, str] = {
    "de": "de",
    "fr": "fr",
    "es-ES": "es",
    "es-419": "es",
    "pt-BR": "pt_BR",
    "ja": "ja",
    "ko": "ko",
    "zh-CN": "zh_CN",
    "ru": "ru",
    "tr": "tr",
}
"""The folder in `bot/locale/` for each of Discord's locales that is not spoken to in English."""


def learn_all() -> Mapping[str, Language]:
    """Read every catalogue, which takes a moment; return the languages by Discord's locales."""
    languages = {name: _read(name) for name in set(CATALOGUES.values())}
    spoken = {locale: languages[name] for locale, name in CATALOGUES.items()}
    for locale, language in spoken.items():
        learn(locale, language)
    return spoken


def catalogue(name: str) -> polib.POFile:
    """Return the catalogue of a language, one of the folders in `bot/locale/`."""
    file = importlib.resources.files("bot") / "locale" / name / "LC_MESSAGES" / "imagine.po"
    return polib.pofile(file.read_text(encoding="utf-8"))


@functools.cache
def _read(name: str) -> Language:
    """Return a language; a process reads its catalogue once, whatever bots it starts."""
    compiled = io.BytesIO(catalogue(name).to_binary())
    return Language(name, gettext.GNUTranslations(compiled))
