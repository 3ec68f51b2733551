"""Jobs of an older or a newer program are counted as far as they can be read."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from bot.domain.ids import GuildId, JobId
from bot.domain.job import JobStatus
from bot.domain.stats import ModelCount, Period, window_of
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.migrate import known_migrations, migrate
from bot.storage.stats import SqliteStatsStore
from tests.factories.jobs import accept, bring_to
from tests.fakes.clock import NOON

HERE = GuildId(10)
OLD_JOB = """
    INSERT INTO jobs (
        id, user_id, guild_id, channel_id, application_id, interaction_token, can_post,
        can_read_history, upload_limit_bytes, request, images, status, fair_tag, created_at_ms,
        finished_at_ms
    )
    VALUES (:id, 5, 10, 20, 0, '', 1, 1, 1, :text, 1, 'delivered', 0, :now, :now)
"""


async def test_jobs_of_before_are_counted_with_their_models_where_these_can_be_read(path: Path):
    texts = ['{"model_id": "midjourney"}', '{"prompt": "a fox"}', "{", "", "null", "[]"]
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        known = known_migrations()
        ours = next(m.version for m in known if m.name.endswith("_stats.sql"))
        migrate(connection, path, known[: ours - 1])
        for number, text in enumerate(texts, 1):
            connection.execute(OLD_JOB, {"id": number, "text": text, "now": NOON})

    async with Database.open(path) as database:
        counts = await SqliteStatsStore(database).counts(HERE, window_of(Period.DAY, NOON))

    assert sum(end.jobs for end in counts.ends) == len(texts)
    assert counts.models == (ModelCount("midjourney", 1, 1),)


async def test_a_reason_this_program_does_not_know_counts_as_none(
    database: Database, jobs: SqliteJobStore
):
    await accept(jobs)
    await bring_to(jobs, JobId(1), JobStatus.FAILED)
    await database.write(lambda tx: tx.execute("UPDATE jobs SET end_reason = 'sunspots'"))

    counts = await SqliteStatsStore(database).counts(HERE, window_of(Period.WEEK, NOON))

    assert [(end.status, end.reason, end.jobs) for end in counts.ends] == [
        (JobStatus.FAILED, None, 1)
    ]
