"""Blocks, removals and reports, each with the entry that tells of it, in that server alone."""

from __future__ import annotations

from typing import Any

from bot.domain.audit import Act, AuditEntry
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId
from bot.domain.job import JobStatus
from bot.domain.moderation import Block, Report
from tests.contract.conftest import Stores
from tests.factories.jobs import ALICE, BOB, accept, bring_to
from tests.factories.rules import GUILD, MODERATOR
from tests.fakes.clock import NOON

ELSEWHERE = GuildId(11)


def an_entry(act: Act, guild_id: GuildId = GUILD, **changes: Any) -> AuditEntry:
    return AuditEntry(guild_id=guild_id, actor_id=MODERATOR, act=act, at_ms=NOON, **changes)


def a_block(**changes: Any) -> Block:
    values: dict[str, Any] = {"guild_id": GUILD, "user_id": ALICE, **changes}
    return Block(blocked_by=MODERATOR, blocked_at_ms=NOON, **values)


async def acts(stores: Stores, guild_id: GuildId = GUILD) -> list[Act]:
    return [entry.act for entry in await stores.audit.page(guild_id)]


async def test_a_block_is_kept_and_a_later_one_takes_its_place(stores: Stores):
    for block in (a_block(), a_block(until_ms=NOON + 5, reason="'; DROP TABLE blocks; --")):
        await stores.moderation.block(block, an_entry(Act.BLOCKED, user_id=ALICE))
        assert list(await stores.moderation.blocks(GUILD)) == [block]
    assert await stores.moderation.blocks(ELSEWHERE) == []
    assert await acts(stores) == [Act.BLOCKED, Act.BLOCKED]


async def test_a_block_is_lifted_once_and_only_in_its_server(stores: Stores):
    await stores.moderation.block(a_block(), an_entry(Act.BLOCKED))
    assert not await stores.moderation.unblock(ALICE, an_entry(Act.UNBLOCKED, ELSEWHERE))
    assert not await stores.moderation.unblock(BOB, an_entry(Act.UNBLOCKED))
    assert await stores.moderation.unblock(ALICE, an_entry(Act.UNBLOCKED))
    assert not await stores.moderation.unblock(ALICE, an_entry(Act.UNBLOCKED))
    assert await acts(stores) == [Act.UNBLOCKED, Act.BLOCKED]
    assert await acts(stores, ELSEWHERE) == []


async def test_a_picture_is_taken_down_once_and_only_by_its_own_server(stores: Stores):
    job = await accept(stores.jobs)
    assert await stores.moderation.remove(job.id, an_entry(Act.REMOVED)) is None, "not finished"
    await bring_to(stores.jobs, job.id, JobStatus.DELIVERED)
    assert await stores.moderation.remove(job.id, an_entry(Act.REMOVED, ELSEWHERE)) is None
    removed = await stores.moderation.remove(job.id, an_entry(Act.REMOVED))
    assert removed is not None
    assert (removed.removed_at_ms, removed.removed_by) == (NOON, MODERATOR)
    assert await stores.moderation.remove(job.id, an_entry(Act.REMOVED)) is None
    assert await acts(stores) == [Act.REMOVED]


async def test_a_member_reports_a_picture_once(stores: Stores):
    def report(by: int) -> Report:
        values: dict[str, Any] = {"reporter_id": by, "reason": "x"}
        return Report(job_id=JobId(1), guild_id=GUILD, reported_at_ms=NOON, **values)

    heard = [await stores.moderation.report(report(by)) for by in (ALICE, ALICE, BOB)]
    assert heard == [True, False, True]


async def test_what_stands_in_the_log_is_found_again(stores: Stores):
    post = (ChannelId(5), MessageId(6))
    await stores.moderation.log_posted(JobId(1), GUILD, post)
    await stores.moderation.log_posted(JobId(2), GUILD, None)
    assert await stores.moderation.log_post(JobId(1)) == post
    assert await stores.moderation.log_post(JobId(2)) is None
    assert await stores.moderation.unlogged([JobId(1), JobId(2), JobId(3)]) == [3]
