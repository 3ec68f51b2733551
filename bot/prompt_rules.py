"""Holds each server's prompt rules ready, changes them, and refuses what breaks one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.domain.asker import Asker
from bot.domain.audit import Act, AuditEntry
from bot.domain.clock import Clock
from bot.domain.guild_settings import Setting
from bot.domain.ids import DIRECT_MESSAGES, GuildId
from bot.domain.ports import PromptRuleStore
from bot.domain.prompt_rules.built_in import breaks_built_in_rule
from bot.domain.prompt_rules.rule import (
    MAX_PATTERNS,
    MAX_WORDS,
    Matcher,
    PromptRule,
    RuleKind,
    checked_rule,
)
from bot.domain.request import GenerationRequest
from bot.errors import InvalidRequest, Problem, PromptRefused
from bot.guild_settings import GuildSettingsService

BUILT_IN_WORDS = "I make no sexual pictures of minors. This rule is built in and holds everywhere."

_NO_RULES = Matcher(())
_LIMITS = {RuleKind.WORD: MAX_WORDS, RuleKind.PATTERN: MAX_PATTERNS}


class PromptRules:
    """A server's rules are compiled once and kept until they change."""

    def __init__(
        self, *, store: PromptRuleStore, guild_settings: GuildSettingsService, clock: Clock
    ) -> None:
        self._store = store
        self._guild_settings = guild_settings
        self._clock = clock
        self._matchers: dict[GuildId, Matcher] = {}

    async def refuse(self, asker: Asker, request: GenerationRequest) -> None:
        """Let a request pass that breaks no rule where it is made.

        Raises:
            PromptRefused: it breaks one; named only where the server chose so.
        """
        shown = _shown(request)
        if breaks_built_in_rule(shown, request.negative_prompt):
            raise PromptRefused(BUILT_IN_WORDS)
        broken = await self._broken(asker.guild_id, f"{shown}\n{request.negative_prompt}")
        if broken:
            named = (await self._guild_settings.of(asker.guild_id)).at(Setting.NAME_RULES)
            raise PromptRefused(
                "A rule of this server does not allow what you wrote. Say it differently.",
                rule=broken[0].text if named is not None and named.value else None,
            )

    async def test(self, guild_id: GuildId, text: str) -> Sequence[str]:
        """Return, for the moderators' tester, what each rule that a prompt breaks says."""
        built_in = [BUILT_IN_WORDS] if breaks_built_in_rule(text) else []
        return built_in + [
            f"{rule.kind}: {rule.text}" for rule in await self._broken(guild_id, text)
        ]

    async def list(self, guild_id: GuildId) -> Sequence[PromptRule]:
        """Return a server's rules, oldest first."""
        return await self._store.of_guild(guild_id)

    async def add(self, asker: Asker, kind: str, text: str) -> PromptRule:
        """Add a rule to the asker's server.

        Raises:
            NotAllowed: the asker does not moderate it.
            InvalidRequest: there can be no such rule, or there are too many.
        """
        await self._guild_settings.moderated_by(asker)
        checked = _checked(kind, text)
        rules = [*await self.list(asker.guild_id)]
        _refuse_too_many([*((rule.kind, rule.text) for rule in rules), checked])
        entry = self._entry(asker, Act.RULE_ADDED, *checked)
        added = await self._store.add(*checked, entry)
        self.forget(asker.guild_id)
        return added

    async def remove(self, asker: Asker, rule_id: int) -> bool:
        """Take a rule away; False where it is no longer there.

        Raises:
            NotAllowed: the asker does not moderate the server.
        """
        await self._guild_settings.moderated_by(asker)

        def entry_of(rule: PromptRule) -> AuditEntry:
            return self._entry(asker, Act.RULE_REMOVED, rule.kind, rule.text)

        removed = await self._store.remove(rule_id, entry_of, asker.guild_id)
        self.forget(asker.guild_id)
        return removed is not None

    async def replace(self, asker: Asker, rules: Sequence[tuple[str, str]]) -> None:
        """Put kinds and texts in the place of all rules of the asker's server, or none of them.

        Raises:
            NotAllowed: the asker does not moderate it.
            InvalidRequest: one of them cannot be a rule, or there are too many.
        """
        await self._guild_settings.moderated_by(asker)
        checked = list(dict.fromkeys(_checked(kind, text) for kind, text in rules))
        _refuse_too_many(checked)
        entry = self._entry(asker, Act.IMPORT, details={"prompt_rules": len(checked)})
        await self._store.replace(checked, entry)
        self.forget(asker.guild_id)

    def forget(self, guild_id: GuildId) -> None:
        """Read a server's rules anew the next time."""
        self._matchers.pop(guild_id, None)

    async def _broken(self, guild_id: GuildId, text: str) -> Sequence[PromptRule]:
        matcher = await self._matcher(guild_id)
        if matcher.has_patterns:
            return await asyncio.to_thread(matcher.matches, text)
        return matcher.matches(text)

    async def _matcher(self, guild_id: GuildId) -> Matcher:
        if guild_id == DIRECT_MESSAGES:
            return _NO_RULES
        known = self._matchers.get(guild_id)
        if known is None:
            rules = await self._store.of_guild(guild_id)
            known = await asyncio.to_thread(Matcher, rules) if rules else _NO_RULES
            self._matchers[guild_id] = known
        return known

    def _entry(
        self,
        asker: Asker,
        act: Act,
        kind: RuleKind | None = None,
        text: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> AuditEntry:
        return AuditEntry(
            guild_id=asker.guild_id,
            actor_id=asker.user_id,
            act=act,
            at_ms=self._clock.now_ms(),
            details=details or {"kind": kind, "text": text},
        )


def _shown(request: GenerationRequest) -> str:
    """Return everything that names what is to show."""
    names = (request.model_id, *request.lora_model, request.embeddings_model or "")
    return "\n".join((request.prompt, *names))


def _checked(kind: str, text: str) -> tuple[RuleKind, str]:
    try:
        known = RuleKind(kind)
    except ValueError:
        raise InvalidRequest([Problem("kind", "must be word or pattern")]) from None
    return known, checked_rule(known, text)


def _refuse_too_many(rules: Sequence[tuple[RuleKind, str]]) -> None:
    for kind, count in Counter(kind for kind, _ in set(rules)).items():
        if count > _LIMITS[kind]:
            raise InvalidRequest(
                [Problem(kind.value, f"there can be {_LIMITS[kind]} at most; remove some first")]
            )
