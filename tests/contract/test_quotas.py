"""What the ledger promises about a server's limits, grants and resets."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from bot.domain.audit import Act, AuditEntry
from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.job import CHARGED, TERMINAL, Job, JobStatus
from bot.domain.quota import WINDOW_MS, Grant, QuotaLimits, QuotaUsage, ServerLimits, Spent
from bot.errors import QuotaExceeded
from tests.contract.conftest import Stores
from tests.factories.jobs import ALICE, BOB, GENEROUS, a_new_job, bring_to, no_engine
from tests.factories.rules import MODERATOR
from tests.fakes.clock import NOON

HERE, ELSEWHERE = GuildId(10), GuildId(11)
HOUR = 3_600_000
MANY = 1_000_000


def under(**server: int) -> QuotaLimits:
    """Limits of a server, under an operator who does not mind."""
    return QuotaLimits(MANY, MANY, ServerLimits(**server))


async def ask(
    stores: Stores,
    job_id: int,
    limits: QuotaLimits = GENEROUS,
    *,
    guild_id: GuildId = HERE,
    surcharge: int = 0,
    **changes: Any,
) -> Job:
    new = a_new_job(job_id, **changes)
    new = new.model_copy(
        update={
            "origin": new.origin.model_copy(update={"guild_id": guild_id}),
            "surcharge": surcharge,
        }
    )
    return await stores.jobs.accept(new, limits, no_engine)


async def refused(stores: Stores, job_id: int, limits: QuotaLimits, **changes: Any) -> str:
    with pytest.raises(QuotaExceeded) as error:
        await ask(stores, job_id, limits, **changes)
    assert await stores.jobs.get(JobId(job_id)) is None
    return str(error.value)


async def usage(stores: Stores, user_id: UserId = ALICE, now_ms: int = NOON) -> QuotaUsage:
    return await stores.jobs.quota_usage(user_id, now_ms, HERE)


def entry(act: Act, at_ms: int = NOON, guild_id: GuildId = HERE) -> AuditEntry:
    return AuditEntry(guild_id=guild_id, actor_id=MODERATOR, act=act, at_ms=at_ms, user_id=ALICE)


async def grant(
    stores: Stores, images: int, *, number: int = 1, hours: int = 24, guild_id: GuildId = HERE
) -> None:
    given = Grant(number, images, NOON + hours * HOUR)
    await stores.grants.grant(ALICE, given, entry(Act.QUOTA_GRANTED, guild_id=guild_id))


async def reset(stores: Stores, at_ms: int = NOON, guild_id: GuildId = HERE) -> int:
    return await stores.grants.reset(ALICE, entry(Act.QUOTA_RESET, at_ms, guild_id))


async def left_in_grants(stores: Stores) -> list[int]:
    return [each.left for each in (await usage(stores)).grants]


async def test_a_member_s_images_are_limited_in_their_server_and_not_elsewhere(stores: Stores):
    limits = under(daily_images=2)
    await ask(stores, 1, limits, samples=2)
    assert "in this server is 2 images" in await refused(stores, 2, limits)
    await ask(stores, 3, limits, guild_id=ELSEWHERE, samples=2)
    await ask(stores, 4, limits, user_id=BOB, samples=2)


async def test_everybody_in_a_server_shares_its_total(stores: Stores):
    limits = under(server_images=3)
    await ask(stores, 1, limits, samples=2)
    words = await refused(stores, 2, limits, user_id=BOB, samples=2)
    assert "everybody together is 3 images in 24 hours. 1 is left." in words
    await ask(stores, 3, limits, user_id=BOB, guild_id=ELSEWHERE, samples=2)
    await stores.jobs.advance(JobId(1), JobStatus.EXPIRED)
    await ask(stores, 4, limits, user_id=BOB, samples=3)


async def test_unfinished_jobs_are_limited_in_the_server(stores: Stores):
    limits = under(max_active=1)
    await ask(stores, 1, limits, guild_id=ELSEWHERE)
    await ask(stores, 2, limits)
    assert "1 unfinished job in this server" in await refused(stores, 3, limits)
    await bring_to(stores.jobs, JobId(2), JobStatus.DELIVERED)
    await ask(stores, 4, limits)


async def test_a_pause_is_kept_to_the_millisecond_and_per_server(stores: Stores):
    limits = under(cooldown_seconds=60)
    await ask(stores, 1, limits)
    await ask(stores, 2, limits, guild_id=ELSEWHERE)
    assert "pause" in await refused(stores, 3, limits, created_at_ms=NOON + 59_999)
    await ask(stores, 4, limits, created_at_ms=NOON + 60_000)


async def test_what_came_to_nothing_begins_no_pause(stores: Stores):
    limits = under(cooldown_seconds=60)
    await ask(stores, 1, limits)
    await stores.jobs.advance(JobId(1), JobStatus.FAILED)
    await ask(stores, 2, limits)


async def test_a_refusal_names_the_moment_at_which_the_server_has_enough_again(stores: Stores):
    limits = under(server_images=4)
    for number in range(1, 5):
        await ask(stores, number, limits, user_id=UserId(number), created_at_ms=NOON + number)
    with pytest.raises(QuotaExceeded) as error:
        await ask(stores, 9, limits, samples=3, created_at_ms=NOON + 5)
    assert error.value.resets_at_ms == NOON + 3 + WINDOW_MS
    await ask(stores, 9, limits, samples=3, created_at_ms=NOON + 3 + WINDOW_MS)


async def test_dear_options_cost_more_and_the_job_remembers(stores: Stores):
    job = await ask(stores, 1, samples=2, surcharge=4)
    assert (job.cost, job) == (6, await stores.jobs.get(JobId(1)))
    assert (await usage(stores)).images == 6
    limits = under(daily_images=11)
    assert "With these options that costs 6 images." in await refused(
        stores, 2, limits, samples=2, surcharge=4
    )
    await ask(stores, 3, limits, samples=4, surcharge=1)


async def test_grants_pay_what_the_daily_limit_does_not(stores: Stores):
    limits = under(daily_images=2)
    await grant(stores, 3)
    await ask(stores, 1, limits, samples=4)
    assert (await usage(stores)).here.images == 2
    assert (await usage(stores)).images == 4
    assert await left_in_grants(stores) == [1]
    await ask(stores, 2, limits)
    assert await left_in_grants(stores) == []
    assert "None is left." in await refused(stores, 3, limits)


async def test_what_a_grant_paid_does_not_count_against_the_next_day(stores: Stores):
    limits = under(daily_images=2)
    await ask(stores, 1, limits, samples=2)
    await grant(stores, 2)
    late = NOON + 23 * HOUR
    await ask(stores, 2, limits, samples=2, created_at_ms=late)
    await ask(stores, 3, limits, samples=2, created_at_ms=NOON + WINDOW_MS)


async def test_a_grant_ends_with_its_time_to_the_millisecond(stores: Stores):
    limits = under(daily_images=0)
    await grant(stores, 2, hours=1)
    await ask(stores, 1, limits, created_at_ms=NOON + HOUR - 1)
    assert "None is left." in await refused(stores, 2, limits, created_at_ms=NOON + HOUR)


async def test_a_grant_is_for_one_member_in_one_server(stores: Stores):
    limits = under(daily_images=0)
    await grant(stores, 2)
    await refused(stores, 1, limits, user_id=BOB)
    await refused(stores, 2, limits, guild_id=ELSEWHERE)
    await ask(stores, 3, limits, samples=2)


async def test_a_grant_does_not_lift_the_operator_s_ceiling_or_the_server_s_total(stores: Stores):
    await grant(stores, 100)
    low = QuotaLimits(1, MANY, ServerLimits(daily_images=0))
    assert "over all servers is 1 image" in await refused(stores, 1, low, samples=2)
    total = under(daily_images=0, server_images=1)
    assert "everybody together is 1 image" in await refused(stores, 2, total, samples=2)


async def test_one_request_may_use_up_several_grants_the_first_to_expire_first(stores: Stores):
    limits = under(daily_images=1)
    await grant(stores, 2, number=7, hours=48)
    await grant(stores, 1, number=8, hours=24)
    await ask(stores, 1, limits, samples=3)
    assert [(g.id, g.left) for g in (await usage(stores)).grants] == [(7, 1)]


async def test_a_grant_delivered_twice_is_one_grant_and_one_entry(stores: Stores):
    await grant(stores, 2)
    await grant(stores, 2)
    assert await left_in_grants(stores) == [2]
    assert [e.act for e in await stores.audit.page(HERE)] == [Act.QUOTA_GRANTED]


@pytest.mark.parametrize("end", sorted(TERMINAL))
async def test_a_refund_gives_grants_back_once_and_a_delivery_does_not(
    stores: Stores, end: JobStatus
):
    await grant(stores, 3)
    await ask(stores, 1, under(daily_images=1), samples=3)
    await bring_to(stores.jobs, JobId(1), end)
    await asyncio.gather(*(stores.jobs.advance(JobId(1), each) for each in TERMINAL))
    assert await left_in_grants(stores) == [1 if end in CHARGED else 3]


async def test_a_reset_makes_what_was_used_here_count_no_more(stores: Stores):
    limits = under(daily_images=2, cooldown_seconds=60)
    await ask(stores, 1, limits, samples=2)
    await ask(stores, 2, guild_id=ELSEWHERE)
    assert await reset(stores) == 2
    assert (await usage(stores)).here == Spent()
    await ask(stores, 3, limits, samples=2)


async def test_a_reset_touches_no_other_server_member_ceiling_or_total(stores: Stores):
    await ask(stores, 1, samples=2)
    await ask(stores, 2, user_id=BOB)
    await reset(stores, guild_id=ELSEWHERE)
    assert (await usage(stores)).here.images == 2
    await reset(stores)
    after = await usage(stores)
    assert (after.here.images, after.server.images, after.images) == (0, 3, 2)
    assert (await usage(stores, BOB)).here.images == 1
    assert "over all servers" in await refused(stores, 3, QuotaLimits(2, MANY))


async def test_a_reset_leaves_grants_as_they_are(stores: Stores):
    await grant(stores, 3)
    await ask(stores, 1, under(daily_images=1), samples=2)
    assert await reset(stores) == 1
    assert await left_in_grants(stores) == [2]


async def test_a_refund_after_a_reset_gives_nothing_twice(stores: Stores):
    limits = under(daily_images=2)
    await ask(stores, 1, limits, samples=2)
    await reset(stores)
    await ask(stores, 2, limits)
    await stores.jobs.advance(JobId(1), JobStatus.EXPIRED)
    assert (await usage(stores)).here.images == 1


async def test_acts_are_written_down_with_whom_they_concern_and_how_much(stores: Stores):
    await ask(stores, 1, samples=2)
    await grant(stores, 5)
    await reset(stores)
    newest, older = await stores.audit.page(HERE)
    assert (newest.act, newest.user_id, newest.actor_id) == (Act.QUOTA_RESET, ALICE, MODERATOR)
    assert newest.details == {"images": 2}
    assert older.act is Act.QUOTA_GRANTED


@pytest.mark.parametrize(
    ("limits", "accepted"),
    [
        (under(daily_images=3), 3),
        (under(server_images=3), 3),
        (under(max_active=3), 3),
        (under(cooldown_seconds=1), 1),
        (QuotaLimits(3, MANY), 3),
        (QuotaLimits(MANY, 3), 3),
    ],
    ids=["here", "server", "at once", "pause", "ceiling", "ceiling at once"],
)
async def test_fifty_at_once_by_a_new_member_pass_exactly_as_often_as_allowed(
    stores: Stores, limits: QuotaLimits, accepted: int
):
    results = await asyncio.gather(
        *(ask(stores, number, limits) for number in range(1, 51)), return_exceptions=True
    )
    kinds = Counter(type(result) for result in results)
    assert kinds == {Job: accepted, QuotaExceeded: 50 - accepted}
    assert (await usage(stores)).images == accepted


async def test_fifty_at_once_do_not_overdraw_a_grant(stores: Stores):
    await grant(stores, 5)
    results = await asyncio.gather(
        *(ask(stores, n, under(daily_images=3), samples=2) for n in range(1, 51)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Job) for result in results) == 4
    assert (await usage(stores)).here.images == 3
    assert await left_in_grants(stores) == []


async def test_a_reset_among_fifty_commands_lets_no_more_through_than_twice_the_limit(
    stores: Stores,
):
    """It waives what had been accepted when it was carried out, whatever the clock says."""
    limits = under(daily_images=3)
    before = [ask(stores, n, limits) for n in range(1, 26)]
    after = [ask(stores, n, limits) for n in range(26, 51)]
    results = await asyncio.gather(*before, reset(stores), *after, return_exceptions=True)
    assert sum(isinstance(result, Job) for result in results) == 6


async def test_members_who_ask_at_once_share_their_server_s_total(stores: Stores):
    limits = under(server_images=7)
    results = await asyncio.gather(
        *(ask(stores, n, limits, user_id=UserId(n)) for n in range(1, 51)), return_exceptions=True
    )
    assert Counter(map(type, results)) == {Job: 7, QuotaExceeded: 43}


async def test_what_a_member_without_limits_asks_at_the_same_time_counts_for_the_server(
    stores: Stores,
):
    free = [ask(stores, n, GENEROUS, user_id=UserId(n)) for n in (1, 2, 3)]
    bound = ask(stores, 4, under(server_images=3), user_id=UserId(4))
    results = await asyncio.gather(*free, bound, return_exceptions=True)
    assert list(map(type, results)) == [Job, Job, Job, QuotaExceeded]
