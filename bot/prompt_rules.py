"""Holds each server's prompt rules ready, changes them, and refuses what breaks one."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Collection, Sequence

from bot.domain.asker import Asker
from bot.domain.audit import Act, AuditEntry
from bot.domain.clock import Clock
from bot.domain.guild_ports import PromptRuleStore
from bot.domain.guild_settings import Setting
from bot.domain.ids import DIRECT_MESSAGES, GuildId
from bot.domain.prompt_rules.built_in import breaks_built_in_rule
from bot.domain.prompt_rules.rule import (
    MAX_PATTERNS,
    MAX_WORDS,
    Matcher,
    NewRule,
    PromptRule,
    RuleKind,
    checked_rule,
    refuse_too_large,
)
from bot.domain.request import GenerationRequest, clean_text
from bot.errors import InvalidRequest, Problem, PromptRefused
from bot.guild_settings import GuildSettingsService
from bot.speech import N_, _, listed, number

BUILT_IN_WORDS = N_(
    "I make no sexual pictures of minors. This rule is built in and holds everywhere. "
    "If you meant something else, say it without sexual words."
)

_NO_RULES = Matcher(())
_SERVERS_KEPT = 200
_LIMITS = {RuleKind.WORD: MAX_WORDS, RuleKind.PATTERN: MAX_PATTERNS}


class _Server:
    """One server's rules, compiled when they are first needed.

    Slow matches go one at a time: what a server's own patterns cost, its own members wait for,
    not those of other servers.
    """

    def __init__(self, guild_id: GuildId, store: PromptRuleStore) -> None:
        self._guild_id = guild_id
        self._store = store
        self._turn = asyncio.Lock()
        self._matcher: Matcher | None = None

    async def broken_by(self, text: str) -> Sequence[PromptRule]:
        """Return the rules that a text breaks."""
        matcher = self._matcher or await self._compiled()
        if matcher.is_quick(text):
            return matcher.matches(text)
        async with self._turn:
            return await asyncio.to_thread(matcher.matches, text)

    async def _compiled(self) -> Matcher:
        async with self._turn:
            if self._matcher is None:
                rules = await self._store.of_guild(self._guild_id)
                self._matcher = await asyncio.to_thread(Matcher, rules) if rules else _NO_RULES
            return self._matcher


class PromptRules:
    """A server's rules are compiled once and kept until they change."""

    def __init__(
        self, *, store: PromptRuleStore, guild_settings: GuildSettingsService, clock: Clock
    ) -> None:
        self._store = store
        self._guild_settings = guild_settings
        self._clock = clock
        self._servers: OrderedDict[GuildId, _Server] = OrderedDict()

    async def refuse(self, asker: Asker, request: GenerationRequest) -> None:
        """Let a request pass that breaks no rule where it is made.

        Raises:
            PromptRefused: it breaks one; named only where the server chose so.
        """
        shown = _shown(request)
        if breaks_built_in_rule(shown, request.negative_prompt):
            raise PromptRefused(_(BUILT_IN_WORDS))
        broken = await self._broken(asker.guild_id, f"{shown}\n{request.negative_prompt}")
        if broken:
            named = (await self._guild_settings.of(asker.guild_id)).at(Setting.NAME_RULES)
            raise PromptRefused(
                _("A rule of this server does not allow what you wrote. Say it differently."),
                rule=broken[0].text if named is not None and named.value else None,
            )

    async def test(self, guild_id: GuildId, text: str) -> Sequence[str]:
        """Return, for the moderators' tester, what each rule that a prompt breaks says."""
        text = clean_text(text)
        built_in = [_(BUILT_IN_WORDS)] if breaks_built_in_rule(text) else []
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
        known = _kind(kind)
        checked = await asyncio.to_thread(checked_rule, known, text)
        present = [(rule.kind, rule.text) for rule in await self.list(asker.guild_id)]
        together = {*present, (known, checked)}
        _refuse_too_many(together)
        await asyncio.to_thread(refuse_too_large, together)
        entry = self._entry(asker, Act.RULE_ADDED, known, checked)
        added = await self._store.add(known, checked, entry)
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

    def forget(self, guild_id: GuildId) -> None:
        """Read a server's rules anew the next time."""
        self._servers.pop(guild_id, None)

    async def _broken(self, guild_id: GuildId, text: str) -> Sequence[PromptRule]:
        if guild_id == DIRECT_MESSAGES:
            return ()
        server = self._servers.setdefault(guild_id, _Server(guild_id, self._store))
        self._servers.move_to_end(guild_id)
        if len(self._servers) > _SERVERS_KEPT:
            self._servers.popitem(last=False)
        return await server.broken_by(text)

    def _entry(self, asker: Asker, act: Act, kind: RuleKind, text: str) -> AuditEntry:
        return AuditEntry(
            guild_id=asker.guild_id,
            actor_id=asker.user_id,
            act=act,
            at_ms=self._clock.now_ms(),
            details={"kind": kind, "text": text},
        )


def checked_rules(rules: Sequence[tuple[str, str]]) -> Sequence[NewRule]:
    """Return kinds and texts as rules, each once; takes a while where there are many patterns.

    Raises:
        InvalidRequest: one of them cannot be a rule, or there are too many.
    """
    kinds = [(_kind(kind), text) for kind, text in rules]
    _refuse_too_many(set(kinds))
    checked = dict.fromkeys((kind, checked_rule(kind, text)) for kind, text in kinds)
    refuse_too_large(checked)
    return list(checked)


def _shown(request: GenerationRequest) -> str:
    """Return everything that names what is to show, in lines."""
    names = (request.model_id, *request.lora_model, request.embeddings_model or "")
    return "\n".join((request.prompt, *names))


def _kind(kind: str) -> RuleKind:
    try:
        return RuleKind(kind)
    except ValueError:
        words = _("must be {values}", values=listed(RuleKind, "or"))
        raise InvalidRequest([Problem("kind", words)]) from None


def _refuse_too_many(rules: Collection[NewRule]) -> None:
    for kind, count in Counter(kind for kind, _text in rules).items():
        if count > _LIMITS[kind]:
            most = number(_LIMITS[kind])
            words = _("there can be {most} at most; remove some first", most=most)
            raise InvalidRequest([Problem(kind.value, words)])
