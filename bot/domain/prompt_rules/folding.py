"""The ways in which a text can be read, so that a rule is not dodged by spelling.

Digits and signs that stand for letters, letters written apart, and words written together are
often just what they seem to be: they are further readings beside the plain one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from bot.domain.prompt_rules.letters import as_capitals_look, fold

_LETTER = r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff])"
"""A letter or digit; in the scripts of India, also a mark that spells."""
_WORD = re.compile(rf"{_LETTER}+|\n")
_LOOSE_WORD = re.compile(rf"(?:{_LETTER}|[@$!|])+|\n")
_STAND_IN = re.compile(r"[013457@$!|]")
_AS_I = str.maketrans("013457@$!|", "oieastasii")
_AS_L = str.maketrans("013457@$!|", "oleastasll")
_GAP = r"(?:_|[^\w\n\u0900-\u109f\u1780-\u17ff]){1,3}"
_APART = re.compile(rf"(?<![^\W_])(?:[^\W_]{_GAP})+[^\W_](?![^\W_])")
_FEW = 3
_SEAM = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_]{3})(?=\d)|(?<=\d)(?=[^\W\d_]{3})",
)
"""Where names put words together: `GoreMix`, `gore2`, `1girl`."""

_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
"""Scripts that write without spaces, and Korean, which glues its particles on."""

Words = tuple[str, ...]


def words_of(folded: str) -> Words:
    """Return the words of a folded text; the end of a line is one, so that no phrase crosses it."""
    return tuple(_WORD.findall(folded))


def is_spaceless(folded: str) -> bool:
    """Tell whether a word is of a script in which words are not set apart."""
    return _SPACELESS.search(folded) is not None


class Readings:
    """A text, folded, and the ways in which it can be read, worked out once for all who look.

    Args:
        text: lines, each by itself.
        without: expressions of the folded text that are to be passed over.
    """

    def __init__(self, text: str, without: re.Pattern[str] | None = None) -> None:
        cut: Callable[[str], str] = (
            functools.partial(without.sub, "\n") if without is not None else str
        )
        self.folded = cut(fold(text))
        together = _APART.sub(_put_together, self.folded)
        others = [cut(fold(other)) for other in _other_spellings(text)]
        self.texts = tuple(dict.fromkeys((self.folded, together, *others)))

    @property
    def letters(self) -> str:
        """All that the words of any reading are made of, and more: what is not in it is in none."""
        plain = "\n".join(self.texts)
        if not _STAND_IN.search(plain):
            return plain
        return "\n".join((plain, plain.translate(_AS_I), plain.translate(_AS_L)))

    @functools.cached_property
    def words(self) -> tuple[Words, ...]:
        """Every reading, as words."""
        return tuple(dict.fromkeys(words for text in self.texts for words in _readings(text)))


def _other_spellings(text: str) -> Iterator[str]:
    for other in (_SEAM.sub(" ", text), as_capitals_look(text)):
        if other != text:
            yield other


def _put_together(apart: re.Match[str]) -> str:
    """Read letters as a word; one before or after may be a word by itself: `a g o r e`."""
    word = "".join(c for c in apart[0] if c.isalnum())
    if len(word) >= _FEW:
        return f"{word} {word[1:]} {word[:-1]}"
    return word if is_spaceless(word) else apart[0]


def _readings(text: str) -> Iterator[Words]:
    yield words_of(text)
    if _STAND_IN.search(text):
        loose = _LOOSE_WORD.findall(text)
        for letters in (_AS_I, _AS_L):
            yield tuple(_unmasked(word, letters) for word in loose)


def _unmasked(word: str, letters: dict[int, int]) -> str:
    """Read digits and signs as the letters they stand for; numbers stay numbers."""
    word = word.rstrip("!|")
    is_number = any(map(str.isdigit, word)) and not any(map(str.isalpha, word))
    return word if is_number else word.translate(letters)
