"""Finds things by what somebody has typed of their names so far, typing errors included.

Names are taken apart into words once. A keystroke then compares what was typed with the words'
beginnings, of which there are few, and never with whole names, of which there may be thousands.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import OSA

MAX_TYPED = 100
_MAX_WORDS = 5
_MAX_WORD = 24
"""Longer ones are compared by their beginning."""

_WORD = re.compile(r"[^\W_]+")
_LAST = chr(0x10FFFF)

_WHOLE, _EXACT, _NEARLY_WHOLE, _BEGUN, _INSIDE = 110, 100, 96, 92, 78
_WITH_ERRORS = {1: 84, 2: 66}
_WORST = 55
"""What a match is worth; of several words, the mean, each weighing as much as it is long."""

_KNOWN = 7
"""What one of the preferred is worth more: it comes before its equals, not before its betters."""

_MEANT = 6
"""A word this long that somebody's begins with is meant as it was typed."""

_FORGIVEN = 3
"""In so many words of one text, the longest, errors are looked for: that takes the most time."""

_ENOUGH = 25
"""So many hits without errors, and errors are not looked for."""


class NameIndex:
    """Which things bear which names; a thing is known by its place in the sequence given."""

    def __init__(self, names: Iterable[Iterable[str]]) -> None:
        bearers: defaultdict[str, list[int]] = defaultdict(list)
        single: set[str] = set()
        self._whole: defaultdict[str, list[int]] = defaultdict(list)
        for thing, its_names in enumerate(names):
            spellings = [words_of(name) for name in its_names]
            words = {word[:_MAX_WORD] for spelling in spellings for word in spelling}
            joined = {"".join(spelling) for spelling in spellings}
            single |= words
            for name in joined:
                self._whole[name].append(thing)
            for word in words.union(name[:_MAX_WORD] for name in joined):
                bearers[word].append(thing)
        self._whole_of_length = _by_length(self._whole)
        self._words = sorted(bearers)
        self._text = "\n".join(self._words)
        self._starts = list(accumulate((len(word) + 1 for word in self._words), initial=0))
        self._bearers = [tuple(bearers[word]) for word in self._words]
        self._beginnings = {n: _beginnings(single, n) for n in range(2, _MAX_WORD + 1)}

    def find(self, typed: str, *, preferred: Collection[int] = ()) -> list[int]:
        """Return what matches, best first; of equals, the preferred and then the earlier."""
        words = [word[:_MAX_WORD] for word in words_of(typed)[:_MAX_WORDS]]
        scores = self._scores(words)
        self._raise_joined(scores, words)
        ranks = {
            thing: round(score) + _KNOWN * (thing in preferred)
            for thing, score in scores.items()
            if score >= _WORST
        }
        return sorted(ranks, key=lambda thing: (-ranks[thing], thing))

    def nearly(self, typed: str) -> list[int]:
        """Return what has a whole name that was typed with one letter wrong at most."""
        names = self._nearly("".join(words_of(typed)))
        return sorted({thing for name in names for thing in self._whole[name]})

    def _scores(self, words: Sequence[str]) -> dict[int, float]:
        """Return how well things fit the words together, without those that cannot fit well.

        The longest word first: who lacks it has little left to make up for it with.
        """
        weight = left = sum(map(len, words))
        scores: dict[int, float] = {}
        for place, word in enumerate(sorted(dict.fromkeys(words), key=len, reverse=True)):
            share = len(word) / weight
            bearers = self._bearers_of(word, forgiving=place < _FORGIVEN)
            late = left * _EXACT < _WORST * weight
            for thing in scores.keys() & bearers.keys() if late else bearers:
                scores[thing] = scores.get(thing, 0) + bearers[thing] * share
            left -= len(word)
        return scores

    def _raise_joined(self, scores: dict[int, float], words: Sequence[str]) -> None:
        """Give those their due whose name is meant as a whole, spaces or not."""
        joined = "".join(words)
        if len(words) > 1:
            for thing, score in self._bearers_of(joined[:_MAX_WORD]).items():
                scores[thing] = max(scores.get(thing, 0), score)
        for name in self._nearly(joined):
            for thing in self._whole[name]:
                scores[thing] = max(scores.get(thing, 0), _NEARLY_WHOLE)
        for thing in self._whole.get(joined, ()):
            scores[thing] = _WHOLE

    def _nearly(self, joined: str) -> Iterator[str]:
        """Yield whole names that differ in one letter."""
        if len(joined) > 2:
            for length in range(len(joined) - 1, len(joined) + 2):
                names = self._whole_of_length.get(length, ())
                hits = process.extract(
                    joined, names, scorer=OSA.distance, score_cutoff=1, limit=None
                )
                for name, _, _ in hits:
                    yield name

    def _bearers_of(self, word: str, *, forgiving: bool = True) -> Mapping[int, int]:
        """Return who bears a word like this one, and how like it is."""
        found: dict[int, int] = {}
        for at in self._begun_with(word):
            self._note(found, at, _EXACT if self._words[at] == word else _BEGUN)
        forgiving &= len(word) > 2 and not (found and len(word) >= _MEANT)
        if len(found) < _ENOUGH and len(word) > 1:
            for at in self._containing(word):
                self._note(found, at, _INSIDE)
        if forgiving and len(found) < _ENOUGH:
            for beginning, errors in self._mistyped(word):
                for at in self._begun_with(beginning):
                    self._note(found, at, _WITH_ERRORS[errors])
        return found

    def _note(self, found: dict[int, int], at: int, score: int) -> None:
        for thing in self._bearers[at]:
            if found.get(thing, 0) < score:
                found[thing] = score

    def _begun_with(self, beginning: str) -> range:
        return range(
            bisect_left(self._words, beginning), bisect_left(self._words, beginning + _LAST)
        )

    def _containing(self, part: str) -> Iterator[int]:
        at = self._text.find(part)
        while at >= 0:
            yield bisect_right(self._starts, at) - 1
            at = self._text.find(part, at + 1)

    def _mistyped(self, word: str) -> Iterator[tuple[str, int]]:
        """Yield beginnings that could be meant: letters wrong, swapped, missing or too many."""
        most = 1 if len(word) < 7 else 2
        for length in range(len(word) - 1, min(len(word) + 1, _MAX_WORD) + 1):
            hits = process.extract(
                word,
                self._beginnings[length],
                scorer=OSA.distance,
                score_cutoff=most,
                limit=None,
            )
            for beginning, errors, _ in hits:
                if errors:
                    yield beginning, errors


def words_of(text: str) -> list[str]:
    """Take a text apart into words without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text[:MAX_TYPED]).casefold()
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def _beginnings(words: Iterable[str], length: int) -> list[str]:
    return list({word[:length] for word in words if len(word) >= length})


def _by_length(names: Iterable[str]) -> Mapping[int, list[str]]:
    sorted_out: defaultdict[int, list[str]] = defaultdict(list)
    for name in names:
        sorted_out[len(name)].append(name)
    return sorted_out
