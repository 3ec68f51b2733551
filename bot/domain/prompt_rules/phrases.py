"""Finds any of many words and phrases in a text, in one pass over its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from bot.domain.prompt_rules.folding import Readings, Words, is_spaceless, words_of
from bot.domain.prompt_rules.letters import fold


@dataclass(slots=True)
class _Node:
    """A word of phrases: what can follow, and the phrases that end here, as written."""

    following: dict[str, _Node] = field(default_factory=dict[str, "_Node"])
    written: list[str] = field(default_factory=list[str])


class Phrases:
    """A set of words and phrases, folded, that remembers how each was written."""

    def __init__(self, written: Iterable[str]) -> None:
        self.marks: set[str] = set()
        """A word of each phrase: a text that has none of them in it somewhere has no phrase."""
        self._folded: set[str] = set()
        self._first = _Node()
        self._inside: defaultdict[str, list[str]] = defaultdict(list)
        for text in written:
            self._add(text)

    @classmethod
    def listed(cls, *texts: str) -> Self:
        """Return the phrases of texts that set them apart by `|` and line breaks."""
        lines = (line for text in texts for line in text.replace("\n", "|").split("|"))
        return cls(line.strip() for line in lines)

    def found_in(self, readings: Readings) -> list[str]:
        """Return the phrases that a text has as whole words, as they were written."""
        return list(dict.fromkeys(self._found_in(readings)))

    def are_in(self, readings: Readings) -> bool:
        """Tell whether a text has any of them."""
        return next(self._found_in(readings), None) is not None

    def has(self, folded: str) -> bool:
        """Tell whether a folded text is one of them and no more."""
        return folded in self._folded

    def _add(self, text: str) -> None:
        folded = fold(text)
        words = words_of(folded)
        if not words:
            return
        self._folded.add(" ".join(words))
        if is_spaceless(folded):
            for part in dict.fromkeys((folded, folded.replace(" ", ""))):
                self._inside[part].append(text)
            self.marks.add(max(folded.split(), key=len))
            return
        self.marks.add(max(words, key=len))
        node = self._first
        for word in words:
            node = node.following.setdefault(word, _Node())
        node.written.append(text)

    def _found_in(self, readings: Readings) -> Iterator[str]:
        joined = "\n".join(readings.texts) if self._inside else ""
        for part, written in self._inside.items():
            if part in joined:
                yield from written
        for words in readings.words:
            yield from self._found_among(words)

    def _found_among(self, words: Words) -> Iterator[str]:
        for begin in range(len(words)):
            node = self._first
            for at in range(begin, len(words)):
                following = node.following.get(words[at])
                if following is None:
                    break
                node = following
                yield from node.written
