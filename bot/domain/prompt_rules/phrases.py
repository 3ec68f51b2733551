"""Finds any of many words and phrases in a text, in one pass over its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Self

from bot.domain.prompt_rules.folding import Folded, Words, fold, is_spaceless, words_of


class Phrases:
    """A set of words and phrases, folded, that remembers how each was written."""

    def __init__(self, written: Iterable[str]) -> None:
        self._by_first: defaultdict[str, list[tuple[Words, str]]] = defaultdict(list)
        self._inside: dict[str, str] = {}
        for text in written:
            folded = fold(text)
            if is_spaceless(folded):
                self._inside[folded.replace(" ", "")] = text
            elif words := words_of(folded):
                self._by_first[words[0]].append((words, text))

    @classmethod
    def listed(cls, text: str) -> Self:
        """Return the phrases of a text that sets them apart by `|` and line breaks."""
        return cls(phrase.strip() for phrase in text.replace("\n", "|").split("|"))

    def found_in(self, folded: Folded) -> list[str]:
        """Return the phrases that a text has as whole words, as they were written."""
        found = [text for part, text in self._inside.items() if part in folded.joined]
        for words in folded.readings:
            for at, word in enumerate(words):
                if word in self._by_first:
                    found += [
                        text
                        for phrase, text in self._by_first[word]
                        if words[at : at + len(phrase)] == phrase
                    ]
        return list(dict.fromkeys(found))

    def are_in(self, folded: Folded) -> bool:
        """Tell whether a text has any of them."""
        return bool(self.found_in(folded))
