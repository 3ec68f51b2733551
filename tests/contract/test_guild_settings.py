"""What a server set is kept, told apart by place, and never without the entry of who did it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.audit import Act, AuditEntry
from bot.domain.guild_settings import (
    KINDS,
    SERVER,
    AllowList,
    Audience,
    Ceilings,
    Flagged,
    Scope,
    Setting,
    StoredSetting,
    Tongue,
)
from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.prompt_rules.rule import RuleKind
from bot.domain.quota_rule import NO_LIMIT, QuotaRule
from bot.domain.strictness import SafetyRule, Strictness
from tests.contract.conftest import OpenStores, Stores
from tests.factories.rules import AT_CHANNEL, AT_ROLE, GUILD, MODERATOR, a_rule, a_setting
from tests.fakes.clock import NOON

VALUES: dict[Setting, Any] = {
    Setting.SAFETY: SafetyRule(level=Strictness.BLACK, loosest=Strictness.OFF),
    Setting.FLAGGED: Flagged.WITHHELD,
    Setting.CHANNELS: (2**63 - 1, 5),
    Setting.ROLES: (7,),
    Setting.MODERATORS: (8, 9),
    Setting.DEFAULTS: {"model_id": "m", "samples": 2, "guidance_scale": 7.5},
    Setting.MODELS: AllowList(allowed=("ä", "b\u202e")),
    Setting.SCHEDULERS: AllowList(blocked=("LCMScheduler",)),
    Setting.LORAS: AllowList(blocked=("a", "b")),
    Setting.CEILINGS: Ceilings(samples=2, side=512),
    Setting.PROGRESS: Audience.REQUESTER,
    Setting.REUSE: Audience.REQUESTER,
    Setting.LOG_CHANNEL: 77,
    Setting.LANGUAGE: Tongue.PORTUGUESE,
    Setting.NAME_RULES: True,
    Setting.QUOTA: QuotaRule(daily_images=0, max_active=2, cooldown_seconds=NO_LIMIT),
    Setting.QUOTA_EXEMPT: (7, 8),
}


def an_entry(**changes: Any) -> AuditEntry:
    values: dict[str, Any] = {"guild_id": GUILD, "act": Act.SET, "at_ms": NOON, **changes}
    return AuditEntry(actor_id=MODERATOR, **values)


async def put(stores: Stores, stored: StoredSetting, guild_id: int = GUILD) -> None:
    await stores.guild_settings.put(stored, an_entry(guild_id=guild_id))


async def acts(stores: Stores, guild_id: int = GUILD) -> list[Act]:
    return [entry.act for entry in await stores.audit.page(GuildId(guild_id))]


def test_every_setting_is_tried():
    assert VALUES.keys() == KINDS.keys() == set(Setting)


@pytest.mark.parametrize("setting", Setting)
async def test_a_value_reads_back_with_who_set_it_and_when(stores: Stores, setting: Setting):
    stored = a_setting(setting, VALUES[setting])
    await put(stores, stored)
    assert (await stores.guild_settings.load(GUILD)).at(setting) == stored


async def test_places_are_told_apart_and_a_new_value_takes_the_old_ones_place(stores: Stores):
    rules = [a_rule("black"), a_rule("blur", place=AT_CHANNEL), a_rule("pixelate", place=AT_ROLE)]
    for rule in [a_rule("off"), *rules]:
        await put(stores, rule)
    settings = await stores.guild_settings.load(GUILD)
    assert [settings.at(Setting.SAFETY, rule.place) for rule in rules] == rules
    assert len(await acts(stores)) == 4


async def test_a_change_touches_that_server_alone(stores: Stores):
    await put(stores, a_rule("black"))
    await put(stores, a_rule("off"), guild_id=11)
    await stores.guild_settings.clear(SERVER, Setting.SAFETY, an_entry(guild_id=11))
    assert (await stores.guild_settings.load(GUILD)).at(Setting.SAFETY) == a_rule("black")
    assert (await stores.guild_settings.load(GuildId(11))).stored == {}
    assert (len(await acts(stores)), len(await acts(stores, 11))) == (1, 2)


async def test_a_cleared_value_is_gone_from_that_place_only(stores: Stores):
    await put(stores, a_rule("black"))
    await put(stores, a_rule("blur", place=AT_CHANNEL))
    await stores.guild_settings.clear(AT_CHANNEL, Setting.SAFETY, an_entry())
    settings = await stores.guild_settings.load(GUILD)
    assert list(settings.stored.values()) == [a_rule("black")]


async def test_replacing_leaves_nothing_of_what_was_set(stores: Stores):
    await put(stores, a_rule("black"))
    new = [a_setting(Setting.NAME_RULES, value=True), a_rule("blur", place=AT_CHANNEL)]
    await stores.guild_settings.replace(new, (), an_entry(act=Act.IMPORT))
    assert set((await stores.guild_settings.load(GUILD)).stored.values()) == set(new)
    assert await acts(stores) == [Act.IMPORT, Act.SET]


async def test_replacing_takes_the_prompt_rules_of_that_server_along(stores: Stores):
    await stores.prompt_rules.add(RuleKind.WORD, "gore", an_entry())
    await stores.prompt_rules.add(RuleKind.WORD, "gore", an_entry(guild_id=11))
    new = [(RuleKind.WORD, "a"), (RuleKind.PATTERN, "b")]
    await stores.guild_settings.replace((), new, an_entry(act=Act.IMPORT))

    async def texts(guild_id: GuildId) -> list[tuple[RuleKind, str]]:
        return [(rule.kind, rule.text) for rule in await stores.prompt_rules.of_guild(guild_id)]

    assert await texts(GUILD) == new
    assert await texts(GuildId(11)) == [(RuleKind.WORD, "gore")]


async def test_a_restart_changes_nothing(open_stores: OpenStores, tmp_path: Path):
    async with open_stores(tmp_path) as stores:
        await put(stores, a_rule("black"))
    async with open_stores(tmp_path) as stores:
        assert (await stores.guild_settings.load(GUILD)).at(Setting.SAFETY) == a_rule("black")
        assert await acts(stores) == [Act.SET]


async def test_entries_are_paged_by_key_newest_first(stores: Stores):
    for job_id in range(1, 8):
        await stores.audit.add(an_entry(job_id=JobId(job_id)))
    first = await stores.audit.page(GUILD, limit=3)
    second = await stores.audit.page(GUILD, before=first[-1].id, limit=3)
    assert [entry.job_id for entry in (*first, *second)] == [7, 6, 5, 4, 3, 2]


async def test_an_entry_reads_back_whole(stores: Stores):
    entry = an_entry(
        user_id=UserId(5),
        job_id=JobId(2**62),
        reason="'; DROP TABLE audit; -- \u202e",
        details={"before": None, "after": {"level": "off"}},
    )
    await stores.audit.add(entry)
    [stored] = await stores.audit.page(GUILD)
    assert AuditEntry.model_validate(stored.model_dump(exclude={"id"})) == entry


def test_only_named_scopes_exist():
    assert {place.scope for place in (SERVER, AT_CHANNEL, AT_ROLE)} == set(Scope)
