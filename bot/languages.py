"""Looks at prompts for the language they are in, with lingua's small models.

Those take some 60 MB of memory, the full ones ten times as much (docs/prompting.md).
"""

from __future__ import annotations

import asyncio
import functools

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from bot.domain.languages import CODES, Foreign, judge, main_phrase, may_be_foreign

_TOO_EAGER = frozenset({"sw", "xh"})
"""Names and invented words are taken for these; whoever writes them says `multi_lingual`."""


class Languages:
    """Tells which prompts are not in English.

    The models are loaded when this is made, before anybody is served: that can take most of a
    second, in which lingua keeps Python's lock.
    """

    def __init__(self) -> None:
        self._detector = _detector()

    async def foreign(self, prompt: str) -> Foreign | None:
        """Return the language of a prompt where it is surely another than English."""
        phrase = main_phrase(prompt)
        if not may_be_foreign(phrase):
            return None
        return await asyncio.to_thread(self._judge, phrase)

    def _judge(self, phrase: str) -> Foreign | None:
        found = self._detector.compute_language_confidence_values(phrase)
        likely = {each.language.iso_code_639_1.name.lower(): each.value for each in found}
        return judge(phrase, likely)


@functools.cache
def _detector() -> LanguageDetector:
    """Return the one detector of this process, with its models loaded."""
    wanted = CODES - _TOO_EAGER
    languages = [each for each in Language.all() if each.iso_code_639_1.name.lower() in wanted]
    builder = LanguageDetectorBuilder.from_languages(*languages)
    return builder.with_low_accuracy_mode().with_preloaded_language_models().build()
