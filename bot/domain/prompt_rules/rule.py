"""A moderator's rule: a word that is looked for as a whole, or a regular expression."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.domain.ids import GuildId, UserId
from bot.domain.prompt_rules.folding import Folded, fold, words_of
from bot.domain.prompt_rules.pattern import Pattern
from bot.domain.prompt_rules.phrases import Phrases
from bot.domain.request import clean_text
from bot.errors import InvalidRequest, Problem

MAX_WORDS = 300
MAX_PATTERNS = 50
MAX_WORD = 100
MAX_PATTERN = 200
_INNOCENT = ("a fox in the snow", "portrait of an old man, oil", "7", "猫と月", "горы")


class RuleKind(StrEnum):
    """What a rule's text is."""

    WORD = "word"
    """A word or phrase, looked for as a whole."""
    PATTERN = "pattern"
    """A regular expression of RE2, looked for anywhere, in any case."""


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


class Matcher:
    """A server's rules, ready to be looked for."""

    def __init__(self, rules: Sequence[PromptRule]) -> None:
        self._rules = {(rule.kind, rule.text): rule for rule in rules}
        self._words = Phrases(rule.text for rule in rules if rule.kind is RuleKind.WORD)
        self._patterns = [
            (rule, Pattern(rule.text)) for rule in rules if rule.kind is RuleKind.PATTERN
        ]

    @property
    def has_patterns(self) -> bool:
        """True where matching can take long enough to be done in a thread."""
        return bool(self._patterns)

    def matches(self, text: str) -> list[PromptRule]:
        """Return the rules that a text breaks."""
        text = clean_text(text)
        folded = Folded(text)
        found = [self._rules[RuleKind.WORD, word] for word in self._words.found_in(folded)]
        return found + [
            rule
            for rule, pattern in self._patterns
            if pattern.is_in(text) or pattern.is_in(folded.text)
        ]


def _word_problem(text: str) -> str | None:
    if not words_of(fold(text)):
        return "must have at least one letter or digit"
    return None if len(text) <= MAX_WORD else f"must be at most {MAX_WORD} characters"


def _pattern_problem(text: str) -> str | None:
    if not 1 <= len(text) <= MAX_PATTERN:
        return f"must have 1 to {MAX_PATTERN} characters"
    try:
        pattern = Pattern(text)
    except ValueError as error:
        return f"is not understood: {error}"
    if pattern.is_in("") or all(pattern.is_in(each) for each in _INNOCENT):
        return "would refuse every prompt; make it say more"
    return None
