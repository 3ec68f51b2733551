"""What Discord shows of the commands, in the language each member has Discord in.

Descriptions and choices are translated, names are not: they stand in our own texts and in copied
`/imagine …` lines, and a member told of `/history` must find it. So it is with what is typed
elsewhere too: the values of `/imagine`'s options, `yes` and `no` have no entry in the catalogues.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, locale_str

from bot.speech import Language
from bot.translations import learn_all

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
        self._languages: Mapping[str, Language] = {}

    async def load(self) -> None:
        """Learn the languages, also for all other texts (called by discord.py)."""
        self._languages = await asyncio.to_thread(learn_all)

    async def translate(
        self, string: locale_str, locale: Locale, context: TranslationContextTypes
    ) -> str | None:
        """Return the text in that language; None leaves it in English."""
        language = self._languages.get(locale.value)
        if language is None or context.location not in TRANSLATED:
            return None
        text = language.texts.gettext(string.message)
        return None if text == string.message else text
