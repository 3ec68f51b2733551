"""Prompt rules are kept for their server alone, each change with the entry that tells of it."""

from __future__ import annotations

from bot.domain.audit import Act, AuditEntry
from bot.domain.ids import GuildId
from bot.domain.prompt_rules.rule import PromptRule, RuleKind
from tests.contract.conftest import Stores
from tests.factories.rules import GUILD, MODERATOR
from tests.fakes.clock import NOON

ELSEWHERE = GuildId(11)
WORD, PATTERN = RuleKind.WORD, RuleKind.PATTERN


def an_entry(act: Act = Act.RULE_ADDED, guild_id: GuildId = GUILD) -> AuditEntry:
    return AuditEntry(guild_id=guild_id, actor_id=MODERATOR, act=act, at_ms=NOON)


async def texts(stores: Stores, guild_id: GuildId = GUILD) -> list[tuple[RuleKind, str]]:
    return [(rule.kind, rule.text) for rule in await stores.prompt_rules.of_guild(guild_id)]


async def acts(stores: Stores, guild_id: GuildId = GUILD) -> list[Act]:
    return [entry.act for entry in await stores.audit.page(guild_id)]


async def test_rules_read_back_oldest_first(stores: Stores):
    for kind, text in ((PATTERN, "'; DROP TABLE audit; --"), (WORD, "gore"), (WORD, "猫")):
        await stores.prompt_rules.add(kind, text, an_entry())
    assert await texts(stores) == [
        (PATTERN, "'; DROP TABLE audit; --"),
        (WORD, "gore"),
        (WORD, "猫"),
    ]
    assert await texts(stores, ELSEWHERE) == []


async def test_the_same_rule_again_changes_nothing_and_is_no_act(stores: Stores):
    first = await stores.prompt_rules.add(WORD, "gore", an_entry())
    assert await stores.prompt_rules.add(WORD, "gore", an_entry()) == first
    assert await acts(stores) == [Act.RULE_ADDED]


async def test_a_rule_is_taken_away_by_its_own_server_once(stores: Stores):
    rule = await stores.prompt_rules.add(WORD, "gore", an_entry())

    async def remove(guild_id: GuildId) -> PromptRule | None:
        return await stores.prompt_rules.remove(
            rule.id, lambda _: an_entry(Act.RULE_REMOVED, guild_id), guild_id
        )

    assert [await remove(guild_id) for guild_id in (ELSEWHERE, GUILD, GUILD)] == [None, rule, None]
    assert await acts(stores) == [Act.RULE_REMOVED, Act.RULE_ADDED]
    assert await acts(stores, ELSEWHERE) == []
