"""What moderators give, take and note of members: who gets it, and what erasing leaves of it."""

from __future__ import annotations

from typing import Any

from bot.domain.audit import Act, AuditEntry
from bot.domain.ids import ChannelId, JobId, MessageId, UserId
from bot.domain.moderation import Block, Report
from bot.domain.prompt_rules.rule import RuleKind
from bot.domain.quota import Grant
from tests.contract.conftest import Stores
from tests.contract.test_personal_store import a_delivered_job, an_act, erase, rows_of
from tests.factories.jobs import ALICE, BOB
from tests.factories.rules import GUILD, MODERATOR
from tests.fakes.clock import NOON

REASON = "drew the mayor"


def an_act_of_the_moderator(act: Act, **changes: Any) -> AuditEntry:
    return an_act(act, MODERATOR, **changes)


async def block_alice(stores: Stores) -> Block:
    block = Block(
        guild_id=GUILD, user_id=ALICE, blocked_by=MODERATOR, blocked_at_ms=NOON, reason=REASON
    )
    await stores.moderation.block(block, an_act_of_the_moderator(Act.BLOCKED, user_id=ALICE))
    return block


async def a_report(stores: Stores, reporter_id: UserId, job_id: int) -> None:
    report = Report(
        job_id=JobId(job_id),
        guild_id=GUILD,
        reporter_id=reporter_id,
        reported_at_ms=NOON,
        reason=REASON,
    )
    assert await stores.moderation.report(report)


async def test_a_block_is_told_without_who_set_it_and_outlives_erasing(stores: Stores):
    block = await block_alice(stores)

    (row,) = (await rows_of(stores, ALICE))["blocks"]
    assert (row["guild_id"], row["reason"], row["until"]) == (str(GUILD), REASON, None)
    assert str(MODERATOR) not in str(await rows_of(stores, ALICE))
    (row,) = (await rows_of(stores, MODERATOR))["blocks-blocked_by"]
    assert row["user_id"] == str(ALICE)

    await erase(stores, ALICE)
    await erase(stores, MODERATOR)
    assert list(await stores.moderation.blocks(GUILD)) == [block]


async def test_a_removal_is_told_to_both_and_goes_with_the_job(stores: Stores):
    await a_delivered_job(stores, 1)
    entry = an_act_of_the_moderator(Act.REMOVED, user_id=ALICE, job_id=JobId(1))
    assert await stores.moderation.remove(JobId(1), entry)

    (row,) = (await rows_of(stores, ALICE))["jobs"]
    assert row["removed_at"]
    assert "removed_by" not in row
    (row,) = (await rows_of(stores, MODERATOR))["jobs-removed_by"]
    assert row.keys() == {"id", "guild_id", "removed_at"}

    await erase(stores, MODERATOR)
    assert len((await rows_of(stores, MODERATOR))["jobs-removed_by"]) == 1
    await erase(stores, ALICE)
    assert "jobs-removed_by" not in await rows_of(stores, MODERATOR)
    assert [entry.act for entry in await stores.audit.page(GUILD)] == [Act.REMOVED]


async def test_reports_are_the_reporters_own(stores: Stores):
    await a_delivered_job(stores, 1)
    await a_report(stores, BOB, 1)

    assert "reports" not in await rows_of(stores, ALICE)
    assert [row["reason"] for row in (await rows_of(stores, BOB))["reports"]] == [REASON]

    await erase(stores, ALICE)
    assert len((await rows_of(stores, BOB))["reports"]) == 1
    await erase(stores, BOB)
    assert await rows_of(stores, BOB) == {}


async def test_where_a_job_stands_in_the_log_channel_goes_with_the_job(stores: Stores):
    for number, user_id in ((1, ALICE), (2, BOB)):
        await a_delivered_job(stores, number, user_id=user_id)
        place = ChannelId(77), MessageId(number)
        await stores.moderation.log_posted(JobId(number), GUILD, place)

    (row,) = (await rows_of(stores, ALICE))["log_posts"]
    assert (row["channel_id"], row["message_id"]) == ("77", "1")

    await erase(stores, ALICE)
    assert await stores.moderation.log_post(JobId(1)) is None
    assert await stores.moderation.log_post(JobId(2)) == (77, 2)


async def test_grants_go_and_what_they_paid_stays_paid(stores: Stores):
    grant = Grant(id=5, left=10, expires_at_ms=NOON + 10**9)
    entry = an_act_of_the_moderator(Act.QUOTA_GRANTED, user_id=ALICE)
    await stores.grants.grant(ALICE, grant, entry)

    assert [row["images"] for row in (await rows_of(stores, ALICE))["grants"]] == [10]

    await erase(stores, ALICE)
    assert "grants" not in await rows_of(stores, ALICE)


async def test_prompt_rules_are_the_servers(stores: Stores):
    rule = await stores.prompt_rules.add(
        RuleKind.WORD, "mayor", an_act_of_the_moderator(Act.RULE_ADDED)
    )
    (row,) = (await rows_of(stores, MODERATOR))["prompt_rules"]
    assert row["text"] == "mayor"
    await erase(stores, MODERATOR)
    assert list(await stores.prompt_rules.of_guild(GUILD)) == [rule]


async def test_all_of_it_goes_with_the_server(stores: Stores):
    await a_delivered_job(stores, 1)
    await block_alice(stores)
    await a_report(stores, BOB, 1)
    await stores.moderation.log_posted(JobId(1), GUILD, (ChannelId(77), MessageId(1)))
    await stores.moderation.remove(
        JobId(1), an_act_of_the_moderator(Act.REMOVED, user_id=ALICE, job_id=JobId(1))
    )
    await stores.prompt_rules.add(RuleKind.WORD, "x", an_act_of_the_moderator(Act.RULE_ADDED))
    await stores.servers.left(GUILD, NOON)

    await stores.servers.forget(GUILD)

    for person in (ALICE, BOB, MODERATOR):
        found = await rows_of(stores, person)
        assert found.keys() <= {"jobs", "pictures", "ledger"}
        assert all(row["guild_id"] == "0" for row in found.get("jobs", []))
