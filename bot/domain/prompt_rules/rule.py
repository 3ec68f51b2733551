"""A moderator's rule: a word that is looked for as a whole, or a regular expression."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.domain.ids import GuildId, UserId
from bot.domain.prompt_rules.folding import Readings, words_of
from bot.domain.prompt_rules.letters import fold
from bot.domain.prompt_rules.pattern import Pattern
from bot.domain.prompt_rules.phrases import Phrases
from bot.domain.request import clean_text
from bot.errors import InvalidRequest, Problem
from bot.speech import _, number

MAX_WORDS = 300
MAX_PATTERNS = 50
MAX_WORD = 100
MAX_PATTERN = 200
MAX_STEPS = 5000
"""What a server's patterns may unfold to together: at worst a quarter of a second a prompt."""

_QUICK = 1000
_ORDINARY = (b"a fox in the snow", b"Portrait of my uncle, oil", b"zebra jumping", b"7 blue huts")
"""They share letters, no more: what matches them all matches nearly everything."""


class RuleKind(StrEnum):
    """What a rule's text is."""

    WORD = "word"
    """A word or phrase, looked for as a whole."""
    PATTERN = "pattern"
    """A regular expression of RE2, looked for anywhere, in any case."""


NewRule = tuple[RuleKind, str]
"""A kind and a text, not yet stored."""


class PromptRule(BaseModel):
    """A rule of one server."""

    model_config = ConfigDict(frozen=True)

    id: int
    guild_id: GuildId
    kind: RuleKind
    text: str
    set_by: UserId
    set_at_ms: int


def checked_rule(kind: RuleKind, text: str) -> str:
    """Return a rule's text, cleaned.

    Raises:
        InvalidRequest: it can match nothing, or everything, or is no pattern.
    """
    cleaned = clean_text(text)
    problem = _word_problem(cleaned) if kind is RuleKind.WORD else _pattern_problem(cleaned)
    if problem:
        raise InvalidRequest([Problem(kind.value, problem)])
    return cleaned


def refuse_too_large(rules: Iterable[NewRule]) -> None:
    """Let rules pass whose patterns are quick together.

    Raises:
        InvalidRequest: they unfold to more than a server's patterns may.
    """
    if sum(Pattern(text).size for kind, text in rules if kind is RuleKind.PATTERN) > MAX_STEPS:
        problem = _(
            "unfolds to more than a server's patterns may together; make one of them simpler"
        )
        raise InvalidRequest([Problem(RuleKind.PATTERN.value, problem)])


class Matcher:
    """A server's rules, ready to be looked for."""

    def __init__(self, rules: Sequence[PromptRule]) -> None:
        self._rules = {(rule.kind, rule.text): rule for rule in rules}
        self._words = Phrases(rule.text for rule in rules if rule.kind is RuleKind.WORD)
        self._patterns = [
            (rule, Pattern(rule.text)) for rule in rules if rule.kind is RuleKind.PATTERN
        ]

    def is_quick(self, text: str) -> bool:
        """Tell whether matching takes so little time that it needs no thread."""
        return not self._rules or (not self._patterns and len(text) <= _QUICK)

    def matches(self, text: str) -> list[PromptRule]:
        """Return the rules that a text breaks; its lines are looked at each by itself."""
        if not self._rules:
            return []
        readings = Readings(text)
        found = [self._rules[RuleKind.WORD, word] for word in self._words.found_in(readings)]
        spellings = dict.fromkeys((text, readings.folded))
        encoded = [spelling.encode(errors="replace") for spelling in spellings]
        return found + [
            rule for rule, pattern in self._patterns if any(map(pattern.is_in, encoded))
        ]


def _word_problem(text: str) -> str | None:
    if not words_of(fold(text)):
        return _("must have at least one letter or digit")
    if len(text) > MAX_WORD:
        return _("must be at most {most} characters", most=number(MAX_WORD))
    return None


def _pattern_problem(text: str) -> str | None:
    if not 1 <= len(text) <= MAX_PATTERN:
        return _("must have 1 to {most} characters", most=number(MAX_PATTERN))
    try:
        pattern = Pattern(text)
    except ValueError as error:
        return _("is not understood: {reason}", reason=error)
    if pattern.is_in(b"") or all(map(pattern.is_in, _ORDINARY)):
        return _("would refuse nearly every prompt; make it say more")
    return None
