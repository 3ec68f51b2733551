"""Prompt rules, ready to be looked for."""

from __future__ import annotations

from bot.domain.ids import GuildId, UserId
from bot.domain.prompt_rules.rule import Matcher, PromptRule, RuleKind, checked_rule

WORD, PATTERN = RuleKind.WORD, RuleKind.PATTERN


def matcher(*rules: tuple[RuleKind, str]) -> Matcher:
    return Matcher(
        [
            PromptRule(
                id=number,
                guild_id=GuildId(1),
                kind=kind,
                text=checked_rule(kind, text),
                set_by=UserId(2),
                set_at_ms=0,
            )
            for number, (kind, text) in enumerate(rules)
        ]
    )


def hits(kind: RuleKind, rule: str, text: str) -> bool:
    return bool(matcher((kind, rule)).matches(text))
