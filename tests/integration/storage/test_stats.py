"""Rows that something else has damaged are counted as far as they can be read."""

from __future__ import annotations

import pytest

from bot.domain.ids import GuildId, JobId
from bot.domain.job import JobStatus
from bot.domain.stats import Period, window_of
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.stats import SqliteStatsStore
from tests.factories.jobs import accept, bring_to
from tests.fakes.clock import NOON


@pytest.mark.parametrize("request_text", ["", "{", "null", "[]", '{"prompt": "a fox"}'])
async def test_a_job_whose_request_is_unreadable_counts_without_a_model(
    database: Database, jobs: SqliteJobStore, request_text: str
):
    await accept(jobs)
    await database.write(lambda tx: tx.execute("UPDATE jobs SET request = $1", request_text))
    await bring_to(jobs, JobId(1), JobStatus.DELIVERED)

    counts = await SqliteStatsStore(database).counts(GuildId(10), window_of(Period.DAY, NOON))

    assert [(end.status, end.jobs) for end in counts.ends] == [(JobStatus.DELIVERED, 1)]
    assert counts.models == ()
    assert counts.member_count == 1


async def test_a_reason_this_program_does_not_know_counts_as_none(
    database: Database, jobs: SqliteJobStore
):
    await accept(jobs)
    await bring_to(jobs, JobId(1), JobStatus.FAILED)
    await database.write(lambda tx: tx.execute("UPDATE jobs SET end_reason = 'sunspots'"))

    counts = await SqliteStatsStore(database).counts(GuildId(10), window_of(Period.WEEK, NOON))

    assert [(end.status, end.reason, end.jobs) for end in counts.ends] == [
        (JobStatus.FAILED, None, 1)
    ]
