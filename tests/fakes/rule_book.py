"""Prompt rules in memory: what `/settings` needs of them, and nothing that matches cleverly."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.asker import Asker
from bot.domain.ids import GuildId
from bot.errors import InvalidRequest, Problem
from bot.guild_settings import GuildSettingsService


@dataclass(frozen=True)
class FakeRule:
    id: int
    kind: str
    text: str


class FakeRuleBook:
    """A RuleBook."""

    def __init__(self, guild_settings: GuildSettingsService) -> None:
        self._guild_settings = guild_settings
        self._rules: defaultdict[GuildId, list[FakeRule]] = defaultdict(list)
        self._ids = itertools.count(1)

    async def list(self, guild_id: GuildId, /) -> Sequence[FakeRule]:
        return tuple(self._rules[guild_id])

    async def add(self, asker: Asker, kind: str, text: str, /) -> FakeRule:
        await self._guild_settings.moderated_by(asker)
        rule = self._rule(kind, text)
        self._rules[asker.guild_id].append(rule)
        return rule

    async def remove(self, asker: Asker, rule_id: int, /) -> bool:
        await self._guild_settings.moderated_by(asker)
        kept = [rule for rule in self._rules[asker.guild_id] if rule.id != rule_id]
        was_there = len(kept) < len(self._rules[asker.guild_id])
        self._rules[asker.guild_id] = kept
        return was_there

    async def replace(self, asker: Asker, rules: Sequence[tuple[str, str]], /) -> None:
        await self._guild_settings.moderated_by(asker)
        self._rules[asker.guild_id] = [self._rule(*each) for each in rules]

    async def test(self, guild_id: GuildId, text: str, /) -> Sequence[str]:
        return [rule.text for rule in self._rules[guild_id] if rule.text in text]

    def _rule(self, kind: str, text: str) -> FakeRule:
        try:
            re.compile(text)
        except re.error:
            raise InvalidRequest([Problem("text", "is no pattern")]) from None
        return FakeRule(next(self._ids), kind, text)
