"""Sums over a server's jobs, from the two indexes made for them alone."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence

from bot.domain.ids import GuildId, UserId
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.domain.stats import (
    DAY_MS,
    HOUR_MS,
    Counts,
    EndCount,
    MemberCount,
    ModelCount,
    Waits,
    Window,
)
from bot.storage.database import Database
from bot.storage.transaction import Row, SqliteTransaction

TOP = 5

# The first two are read in the order of their index, and so without sorting all the jobs.
ENDS_BY_DAY = """
    SELECT created_at_ms / 86400000 AS bucket, status, end_reason, count(*) AS jobs,
        sum(images) AS images
    FROM jobs
    WHERE guild_id = $1 AND created_at_ms / 86400000 BETWEEN $2 AND $3
        AND created_at_ms BETWEEN $4 AND $5 AND finished_at_ms IS NOT NULL
    GROUP BY created_at_ms / 86400000, status, end_reason
"""

MODELS = """
    SELECT model_id, sum(jobs) AS jobs, sum(pictures) AS pictures
    FROM (
        SELECT model_id, count(*) AS jobs,
            sum(CASE WHEN status = 'delivered' THEN images ELSE 0 END) AS pictures
        FROM jobs
        WHERE guild_id = $1 AND created_at_ms / 86400000 BETWEEN $2 AND $3
            AND created_at_ms BETWEEN $4 AND $5 AND finished_at_ms IS NOT NULL
            AND model_id IS NOT NULL
        GROUP BY created_at_ms / 86400000, status, end_reason, model_id
    ) AS by_day
    GROUP BY model_id
    ORDER BY sum(jobs) DESC, model_id LIMIT $6
"""

ENDS_BY_HOUR = """
    SELECT created_at_ms / 3600000 AS bucket, status, end_reason, count(*) AS jobs,
        sum(images) AS images
    FROM jobs
    WHERE guild_id = $1 AND created_at_ms / 86400000 BETWEEN $2 AND $3
        AND created_at_ms BETWEEN $4 AND $5 AND finished_at_ms IS NOT NULL
    GROUP BY created_at_ms / 3600000, status, end_reason
"""

MEMBERS = """
    SELECT user_id, count(*) AS jobs,
        sum(CASE WHEN status = 'delivered' THEN images ELSE 0 END) AS pictures,
        count(*) OVER () AS members
    FROM jobs
    WHERE guild_id = $1 AND created_at_ms / 86400000 BETWEEN $2 AND $3
        AND created_at_ms BETWEEN $4 AND $5 AND finished_at_ms IS NOT NULL
    GROUP BY user_id
    ORDER BY count(*) DESC, user_id LIMIT $6
"""

# Tenths of a second make some thousand groups of however many jobs. They are ranked here and not
# in Python, since each row that leaves SQLite has to win the interpreter's lock.
WAITS = """
    WITH waits AS (
        SELECT (finished_at_ms - created_at_ms) / 100 AS tenths, count(*) AS jobs
        FROM jobs
        WHERE guild_id = $1 AND created_at_ms / 86400000 BETWEEN $2 AND $3
            AND created_at_ms BETWEEN $4 AND $5 AND finished_at_ms IS NOT NULL
            AND status = 'delivered'
        GROUP BY (finished_at_ms - created_at_ms) / 100
    ),
    ranked AS (
        SELECT tenths, sum(jobs) OVER (ORDER BY tenths) AS rank, sum(jobs) OVER () AS jobs
        FROM waits
    )
    SELECT min(tenths) FILTER (WHERE rank * 100 >= jobs * 50) AS median,
        min(tenths) FILTER (WHERE rank * 100 >= jobs * 95) AS p95
    FROM ranked
"""

OPEN = "SELECT count(*) AS jobs FROM jobs WHERE guild_id = $1 AND finished_at_ms IS NULL"


class SqliteStatsStore:
    """A StatsStore."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def counts(self, guild_id: GuildId, window: Window) -> Counts:
        """Count a server's jobs that were asked for within the window."""
        return await self._db.read_at_length(
            functools.partial(_counts, guild_id=guild_id, window=window)
        )

    async def models(self, guild_id: GuildId, window: Window, limit: int) -> Sequence[ModelCount]:
        """Count a server's ended jobs by model, the most used models first."""
        rows = await self._db.read_at_length(
            lambda tx: tx.fetch_all(MODELS, *_span(guild_id, window), limit)
        )
        return [ModelCount(*row) for row in rows]


def _counts(tx: SqliteTransaction, guild_id: GuildId, window: Window) -> Counts:
    span = _span(guild_id, window)
    ends = ENDS_BY_HOUR if window.bucket_ms == HOUR_MS else ENDS_BY_DAY
    members = tx.fetch_all(MEMBERS, *span, TOP)
    return Counts(
        ends=tuple(_end(row, window.bucket_ms) for row in tx.fetch_all(ends, *span)),
        waits=_waits(tx.fetch_all(WAITS, *span)[0]),
        models=tuple(ModelCount(*row) for row in tx.fetch_all(MODELS, *span, TOP)),
        members=tuple(MemberCount(UserId(u), jobs, pics) for u, jobs, pics, _ in members),
        member_count=members[0]["members"] if members else 0,
        open_jobs=tx.fetch_all(OPEN, guild_id)[0]["jobs"],
    )


def _span(guild_id: GuildId, window: Window) -> tuple[int, int, int, int, int]:
    """Return the first arguments of every statement: a server, days, and moments."""
    first_ms, last_ms = window.start_ms, window.end_ms - 1
    return (guild_id, first_ms // DAY_MS, last_ms // DAY_MS, first_ms, last_ms)


def _end(row: Row, bucket_ms: int) -> EndCount:
    status, images = JobStatus(row["status"]), row["images"]
    return EndCount(
        bucket_start_ms=row["bucket"] * bucket_ms,
        status=status,
        reason=_reason(row["end_reason"]),
        jobs=row["jobs"],
        pictures=images if status is JobStatus.DELIVERED else 0,
    )


def _waits(row: Row) -> Waits | None:
    if row["median"] is None:
        return None
    return Waits(row["median"] / 10, row["p95"] / 10)


def _reason(text: str | None) -> EndReason | None:
    """Return a reason this program knows; a job that bears another ended all the same."""
    with contextlib.suppress(ValueError):
        return EndReason(text)
    return None
