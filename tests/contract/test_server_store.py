"""Which servers have the bot, and what goes when one has removed it."""

from __future__ import annotations

from typing import Any

from bot.domain.audit import Act, AuditEntry
from bot.domain.guild_settings import Flagged, GuildSettings, Setting
from bot.domain.ids import GuildId, JobId, MessageId
from bot.domain.job import JobStatus
from bot.domain.ports import PictureData
from bot.domain.quota import WINDOW_MS
from tests.contract.conftest import Stores
from tests.contract.test_personal_store import a_delivered_job, rows_of
from tests.factories.jobs import ALICE, accept
from tests.factories.rules import GUILD, MODERATOR, a_setting
from tests.fakes.clock import NOON

OTHER = GuildId(11)
LONG_AGO = NOON - WINDOW_MS - 1


def an_act(**changes: Any) -> AuditEntry:
    values: dict[str, Any] = {"guild_id": GUILD, "act": Act.SET, "at_ms": NOON, **changes}
    return AuditEntry(actor_id=MODERATOR, **values)


async def leave_settings(stores: Stores, guild_id: GuildId) -> None:
    stored = a_setting(Setting.FLAGGED, Flagged.WITHHELD)
    await stores.guild_settings.put(stored, an_act(guild_id=guild_id))


async def gone(stores: Stores, moment_ms: int = NOON) -> list[GuildId]:
    return list(await stores.servers.left_before(moment_ms))


async def test_a_server_that_left_is_gone_from_that_moment_on(stores: Stores):
    await stores.servers.joined(GUILD)
    await stores.servers.left(GUILD, NOON)
    assert await gone(stores, NOON - 1) == []
    assert await gone(stores, NOON) == [GUILD]


async def test_leaving_twice_does_not_begin_the_grace_anew(stores: Stores):
    await stores.servers.left(GUILD, NOON)
    await stores.servers.left(GUILD, NOON + 5)
    assert await gone(stores, NOON) == [GUILD]


async def test_a_server_that_comes_back_is_not_gone(stores: Stores):
    await stores.servers.left(GUILD, NOON)
    await stores.servers.joined(GUILD)
    assert await gone(stores) == []


async def test_a_list_without_a_server_means_that_it_left(stores: Stores):
    assert list(await stores.servers.present([GUILD, OTHER], NOON)) == []
    assert list(await stores.servers.present([OTHER], NOON + 5)) == [GUILD]
    assert await gone(stores, NOON + 4) == []
    assert await gone(stores, NOON + 5) == [GUILD]


async def test_a_list_names_the_missing_once(stores: Stores):
    await stores.servers.present([GUILD], NOON)
    await stores.servers.present([], NOON)
    assert list(await stores.servers.present([], NOON + 5)) == []
    assert await gone(stores, NOON) == [GUILD]


async def test_a_list_with_a_server_that_left_means_that_it_is_back(stores: Stores):
    await stores.servers.left(GUILD, NOON)
    await stores.servers.present([GUILD], NOON + 5)
    assert await gone(stores) == []


async def test_forgetting_takes_a_servers_rules_and_record_and_no_others(stores: Stores):
    for guild_id in (GUILD, OTHER):
        await leave_settings(stores, guild_id)
    kept = await stores.guild_settings.load(OTHER)
    await stores.servers.left(GUILD, NOON)

    assert await stores.servers.forget(GUILD) == 2

    assert await stores.guild_settings.load(GUILD) == GuildSettings(GUILD)
    assert list(await stores.audit.page(GUILD)) == []
    assert await stores.guild_settings.load(OTHER) == kept
    assert len(await stores.audit.page(OTHER)) == 1
    assert await gone(stores) == []


async def test_members_keep_what_they_made_there_without_the_place(stores: Stores):
    before = await a_delivered_job(stores, 1, created_at_ms=LONG_AGO)
    await stores.jobs.record(JobId(1), message_id=MessageId(5), acknowledgement_id=MessageId(4))
    await stores.servers.left(GUILD, NOON)

    await stores.servers.forget(GUILD)

    job = await stores.jobs.get(JobId(1))
    assert job is not None
    assert (job.request, job.origin.user_id) == (before.request, ALICE)
    assert (job.origin.guild_id, job.origin.channel_id) == (0, 0)
    assert (job.message_id, job.acknowledgement_id) == (None, None)
    assert list(await stores.jobs.unseen(ALICE)) == []
    assert len(await stores.pictures.of_job(JobId(1))) == 1
    assert (await rows_of(stores, ALICE))["ledger"] == []


async def test_the_last_days_quota_and_open_jobs_are_left_alone(stores: Stores):
    await accept(stores.jobs, 1)
    await stores.servers.left(GUILD, NOON)

    await stores.servers.forget(GUILD)

    job = await stores.jobs.get(JobId(1))
    assert job is not None
    assert (job.status, job.origin.guild_id) == (JobStatus.QUEUED, GUILD)
    assert len((await rows_of(stores, ALICE))["ledger"]) == 1


async def test_a_server_that_is_back_is_not_forgotten(stores: Stores):
    await leave_settings(stores, GUILD)
    kept = await stores.guild_settings.load(GUILD)
    await stores.servers.left(GUILD, NOON)
    await stores.servers.joined(GUILD)

    assert await stores.servers.forget(GUILD) == 0

    assert await stores.guild_settings.load(GUILD) == kept
    assert list(await stores.servers.present([], NOON + 1)) == [GUILD]


async def test_many_rows_take_many_rounds(stores: Stores):
    for number in range(1, 121):
        await accept(stores.jobs, number, created_at_ms=LONG_AGO)
        await stores.jobs.advance(JobId(number), JobStatus.CANCELLED)
    await stores.pictures.keep(JobId(1), 0, PictureData(b"x", "image/png", 1, 1))
    await stores.servers.left(GUILD, NOON)
    assert await stores.servers.forget(GUILD) == 240
