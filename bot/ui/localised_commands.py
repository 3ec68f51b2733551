"""What Discord shows of the commands, in the language each member has Discord in.

Descriptions and choices are translated, names are not: they stand in our own texts and in copied
`/imagine …` lines, and a member told of `/history` must find it. So it is with what is typed
elsewhere too: the values of `/imagine`'s options, `yes` and `no` have no entry in the catalogues.
"""

from __future__ import annotations

import asyncio
import importlib.resources
from collections.abc import Mapping

import polib
from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, locale_str

CATALOGUES: Mapping[Locale, str] = {
    Locale.german: "de",
    Locale.french: "fr",
    Locale.spain_spanish: "es",
    Locale.latin_american_spanish: "es",
    Locale.brazil_portuguese: "pt_BR",
    Locale.japanese: "ja",
    Locale.korean: "ko",
    Locale.chinese: "zh_CN",
    Locale.russian: "ru",
    Locale.turkish: "tr",
}
"""The folders in `bot/locale/`."""

TRANSLATED = frozenset(
    {
        TranslationContextLocation.command_description,
        TranslationContextLocation.group_description,
        TranslationContextLocation.parameter_description,
        TranslationContextLocation.choice_name,
    }
)


class CommandTranslator(app_commands.Translator):
    """Answers discord.py's question what a text is in a language."""

    def __init__(self) -> None:
        self._catalogues: Mapping[str, Mapping[str, str]] = {}

    async def load(self) -> None:
        """Read the catalogues (called by discord.py)."""
        names = set(CATALOGUES.values())
        self._catalogues = await asyncio.to_thread(
            lambda: {name: catalogue(name) for name in names}
        )

    async def translate(
        self, string: locale_str, locale: Locale, context: TranslationContextTypes
    ) -> str | None:
        """Return the text in that language; None leaves it in English."""
        name = CATALOGUES.get(locale)
        if name is None or context.location not in TRANSLATED:
            return None
        return self._catalogues[name].get(string.message)


def catalogue(name: str) -> Mapping[str, str]:
    """Return the translations of one language by their English texts."""
    file = importlib.resources.files("bot") / "locale" / name / "LC_MESSAGES" / "imagine.po"
    entries = polib.pofile(file.read_text(encoding="utf-8"))
    return {entry.msgid: entry.msgstr for entry in entries.translated_entries()}
