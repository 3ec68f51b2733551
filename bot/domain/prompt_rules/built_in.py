"""The one rule that nobody can switch off: no sexual pictures of minors.

It looks for a word for a minor and a sexual word anywhere in what is asked for: prompt, models,
LoRAs. What is asked to be left out does not count, since careful members write such words there;
but to leave out the clothes of a child, or that a girl is grown up, does. A list of words is a net
with holes and catches some innocents; it stands beside the API's own filters and the moderators'
eyes, not in their place.
"""

from __future__ import annotations

import re

from bot.domain.prompt_rules import built_in_words as listed
from bot.domain.prompt_rules.folding import Readings, words_of
from bot.domain.prompt_rules.letters import fold
from bot.domain.prompt_rules.phrases import Phrases

_MINORS = Phrases.listed(*listed.MINORS)
_SEXUAL = Phrases.listed(*listed.SEXUAL)
_ALONE = Phrases.listed(*listed.ALONE)
_YOUNG_OR_NOT = Phrases.listed(listed.YOUNG_OR_NOT)
_CLOTHES = Phrases.listed(listed.CLOTHES)
_GROWN_UPS = Phrases.listed(listed.GROWN_UPS)

_MARKS = tuple(sorted(_SEXUAL.marks | _ALONE.marks))
"""Most texts have none of these, and are innocent without a look at their words."""

_UNMEANING = re.compile(r"\b(?:any|all|the|wearing|\d+(?:\.\d+)?)\b")
"""Words that change nothing about what is left out, and weights."""

_LONGEST_NAME = 30
_SHORTEST_PART = 3


def _either(phrases: str) -> str:
    """Return an expression for any phrase of a list, the longest first."""
    each = re.split(r"\s*[|\n]\s*", fold(phrases).strip())
    return "|".join(sorted(each, key=len, reverse=True))


_NUMBER = _either(listed.NUMBERS)
_UNDER_18 = rf"(?:0?[1-9]|1[0-7]|{_NUMBER})"
_INNOCENT = re.compile(
    rf"\b(?:{listed.INNOCENT})\b|{fold(listed.INNOCENT_INSIDE)}"
    rf"|\b(?:{_either(listed.TENS)})[ -](?:(?:and|et|y|e)[ -])?(?:{_NUMBER})\b"
    rf"|\b{_UNDER_18}[ -]*years?[ -]old (?:{listed.AGED})s?\b"
    rf"|\b(?:{listed.AGED})s?,? aged\b"
)
_YOUNG = re.compile(
    rf"(?<![a-z\d.]){_UNDER_18}[ -]*(?:{fold(listed.YEARS)})"
    rf"|\bage(?:[ds]| of)?[ :]*{_UNDER_18}\b(?!\s*\d)"
    rf"|(?:girl|boy)s? (?:of|is) {_UNDER_18}\b|\b(?:girl|boy)s?[ ,(]{{1,3}}1[0-7]\b(?![:.x/%])"
    r"|(?<![一二三四五六七八九十百])(?:十[一二三四五六七]?|[一二三四五六七八九])(?:歳|才|岁|歲)"
    rf"|{fold(listed.CHILD_IN_KOREAN)}"
    r"|\b(?:\d{1,2}(?:st|nd|rd|th)|second|third|fourth|fifth|sixth|seventh|eighth) graders?\b"
)


def breaks_built_in_rule(wanted: str, unwanted: str = "") -> bool:
    """Tell whether a request is for a sexual picture of a minor.

    Args:
        wanted: everything that is to show, in lines: prompt, model, LoRAs, embeddings.
        unwanted: what is to be left out (the negative prompt).
    """
    readings = Readings(wanted)
    letters = readings.letters
    if not unwanted and not any(mark in letters for mark in _MARKS):
        return False
    if not (
        _SEXUAL.are_in(readings)
        or _ALONE.are_in(readings)
        or _has_pair_in_a_word(readings)
        or _leaves_out(_CLOTHES, unwanted)
    ):
        return False
    return _is_meant(Readings(wanted, without=_INNOCENT), unwanted)


def _is_meant(readings: Readings, unwanted: str) -> bool:
    if _ALONE.are_in(readings) or _has_pair_in_a_word(readings):
        return True
    is_sexual = _SEXUAL.are_in(readings)
    if _MINORS.are_in(readings) or _YOUNG.search(readings.folded):
        return is_sexual or _leaves_out(_CLOTHES, unwanted)
    return is_sexual and _YOUNG_OR_NOT.are_in(readings) and _leaves_out(_GROWN_UPS, unwanted)


def _has_pair_in_a_word(readings: Readings) -> bool:
    """Tell whether a name puts both together: `nudechild`."""
    words = {word for words in readings.words for word in words if len(word) <= _LONGEST_NAME}
    return any(map(_is_pair, words))


def _is_pair(word: str) -> bool:
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        one, other = word[:at], word[at:]
        if (_MINORS.has(one) and _SEXUAL.has(other)) or (_SEXUAL.has(one) and _MINORS.has(other)):
            return True
    return False


def _leaves_out(phrases: Phrases, unwanted: str) -> bool:
    """Tell whether an item of a list is one of the phrases and no more: not `modern clothes`."""
    items = re.split(r"[,;\n]", _UNMEANING.sub(" ", fold(unwanted)))
    return any(phrases.has(" ".join(words_of(item))) for item in items)
