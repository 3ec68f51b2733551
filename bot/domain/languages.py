"""Which language a prompt is in, as far as that decides whether it should be translated.

Prompts are no prose: lists of names and catchwords, in whose every word some language or other can
be seen. So only what reads like a sentence is judged, and only a sure judgement counts: an English
prompt taken for another is worse than one that its author has to say `multi_lingual` for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.parameters import MULTI_LINGUAL_LANGUAGES

ENGLISH = "en"

CODES = frozenset(each[:2] for each in MULTI_LINGUAL_LANGUAGES)
"""The 52 languages that `multi_lingual` translates from, by ISO 639-1."""

MAX_JUDGED = 200
"""Letters that are looked at: more make no judgement surer."""

_MIN_WORDS, _MIN_LETTERS = 4, 12
_SURE, _HARDLY = 0.9, 0.01
"""How likely a language must be, and how unlikely English."""

_PLAINLY_ENGLISH = frozenset({"the", "with", "and", "from"})
_ENGLISH_BY_TWOS = frozenset({"a", "an", "of", "at", "on", "by", "to"})
"""Each is a word of some other language too, but hardly ever two of them in one phrase."""


_SCRIPTS: Mapping[str, str] = {"MYANMAR": "my", "SINHALA": "si", "KHMER": "km", "MALAYALAM": "ml"}
"""Scripts that one of the languages alone is written in, and that no detector here knows."""

_WORDLESS = re.compile(r"https?://\S+|<[^<>\s]+>")
"""Links, and what Discord writes for mentions, its own emoji and moments."""

_BREAKS = re.compile(r"[,;.:!?|()\[\]{}\n、。，！？؟।]+")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A language that is not English; `code` is None where it is plain only that it is another."""

    code: str | None


def main_phrase(prompt: str) -> str:
    """Return the longest stretch without punctuation, which is likeliest a sentence."""
    return max(_BREAKS.split(_WORDLESS.sub(" ", prompt)), key=len).strip()[:MAX_JUDGED]


def may_be_foreign(phrase: str) -> bool:
    """Tell at hardly any cost which phrases need no detector: short ones, and plain English."""
    words = phrase.lower().split()
    too_short = phrase.isascii() and len(words) < _MIN_WORDS
    english = _PLAINLY_ENGLISH.intersection(words) or len(_ENGLISH_BY_TWOS.intersection(words)) > 1
    return not too_short and not english


def judge(phrase: str, likely: Mapping[str, float]) -> Foreign | None:
    """Say which language other than English a phrase is in, if that is sure.

    Args:
        phrase: what `main_phrase` returned.
        likely: languages by ISO 639-1 and how likely each is, from 0 to 1.
    """
    letters = [char for char in phrase if char.isalpha()]
    if not letters:
        return None
    best = max(likely, key=lambda code: likely[code], default=ENGLISH)
    sure = best != ENGLISH and likely[best] >= _SURE
    if _is_latin(letters):
        long_enough = len(phrase.split()) >= _MIN_WORDS and len(letters) >= _MIN_LETTERS
        if sure and long_enough and likely.get(ENGLISH, 0.0) <= _HARDLY:
            return Foreign(best)
        return None
    return _by_script(letters, best if sure else None, known=likely.get(best, 0.0) > 0)


def _is_latin(letters: list[str]) -> bool:
    return 2 * sum("LATIN" in unicodedata.name(each, "") for each in letters) >= len(letters)


def _by_script(letters: list[str], best: str | None, *, known: bool) -> Foreign | None:
    """Judge what is not written in Latin letters: it is not English, however short."""
    scripts = {unicodedata.name(each, "").partition(" ")[0] for each in letters}
    own = next((code for script, code in _SCRIPTS.items() if script in scripts), None)
    if own is not None:
        return Foreign(own)
    return Foreign(best) if known else None
