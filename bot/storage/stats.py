"""Sums over a server's jobs, from the two indexes made for them."""

from __future__ import annotations

import contextlib
import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping

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
    WaitCount,
    Window,
)
from bot.storage.database import Database
from bot.storage.transaction import Row, SqliteTransaction

TOP = 5

# One pass over the window makes cells, in the index's own order and so without sorting; they are
# a fraction of the jobs, and all sums but the waiting times are made of them.
SUMS = """
    WITH cells AS MATERIALIZED (
        SELECT created_day, user_id, status, end_reason, model_id,
            count(*) AS jobs,
            sum(CASE WHEN status = 'delivered' THEN images ELSE 0 END) AS pictures
        FROM jobs
        WHERE guild_id = $1 AND created_day BETWEEN $2 AND $3
            AND created_at_ms >= $4 AND finished_at_ms IS NOT NULL
        GROUP BY created_day, user_id, status, end_reason, model_id
    )
    SELECT 'end' AS part, created_day AS bucket, status, end_reason, NULL AS model_id,
        NULL AS user_id, sum(jobs) AS jobs, sum(pictures) AS pictures
    FROM cells GROUP BY created_day, status, end_reason
    UNION ALL
    SELECT * FROM (
        SELECT 'model', NULL, NULL, NULL, model_id, NULL, sum(jobs), sum(pictures)
        FROM cells WHERE model_id IS NOT NULL
        GROUP BY model_id ORDER BY sum(jobs) DESC, model_id LIMIT $5
    )
    UNION ALL
    SELECT * FROM (
        SELECT 'member', NULL, NULL, NULL, NULL, user_id, sum(jobs), sum(pictures)
        FROM cells
        GROUP BY user_id ORDER BY sum(jobs) DESC, user_id LIMIT $5
    )
    UNION ALL
    SELECT 'members', NULL, NULL, NULL, NULL, NULL, count(DISTINCT user_id), 0 FROM cells
"""

ENDS_BY_HOUR = """
    SELECT created_at_ms / 3600000 AS bucket, status, end_reason, count(*) AS jobs,
        sum(CASE WHEN status = 'delivered' THEN images ELSE 0 END) AS pictures
    FROM jobs
    WHERE guild_id = $1 AND created_day BETWEEN $2 AND $3
        AND created_at_ms >= $4 AND finished_at_ms IS NOT NULL
    GROUP BY created_at_ms / 3600000, status, end_reason
"""

# Tenths of a second make some thousand rows of however many jobs, and are finer than anybody reads.
WAITS = """
    SELECT (finished_at_ms - created_at_ms) / 100 AS tenths, count(*) AS jobs
    FROM jobs
    WHERE guild_id = $1 AND created_day BETWEEN $2 AND $3
        AND created_at_ms >= $4 AND finished_at_ms IS NOT NULL AND status = 'delivered'
    GROUP BY (finished_at_ms - created_at_ms) / 100
    ORDER BY 1
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


def _counts(tx: SqliteTransaction, guild_id: GuildId, window: Window) -> Counts:
    span = (guild_id, *_days(window), window.start_ms)
    sums = _by_part(tx.fetch_all(SUMS, *span, TOP))
    by_hour = window.bucket_ms == HOUR_MS
    ends = tx.fetch_all(ENDS_BY_HOUR, *span) if by_hour else sums["end"]
    waits = tx.fetch_all(WAITS, *span)
    return Counts(
        ends=tuple(_end(row, window.bucket_ms) for row in ends),
        waits=tuple(WaitCount(row["tenths"] / 10, row["jobs"]) for row in waits),
        models=tuple(
            ModelCount(row["model_id"], row["jobs"], row["pictures"]) for row in sums["model"]
        ),
        members=tuple(
            MemberCount(UserId(row["user_id"]), row["jobs"], row["pictures"])
            for row in sums["member"]
        ),
        member_count=sums["members"][0]["jobs"],
        open_jobs=tx.fetch_all(OPEN, guild_id)[0]["jobs"],
    )


def _days(window: Window) -> tuple[int, int]:
    """Return the first and the last day that the window touches, as `created_day` counts them."""
    return window.start_ms // DAY_MS, (window.end_ms - 1) // DAY_MS


def _by_part(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[row["part"]].append(row)
    return parts


def _end(row: Row, bucket_ms: int) -> EndCount:
    return EndCount(
        row["bucket"] * bucket_ms,
        JobStatus(row["status"]),
        _reason(row["end_reason"]),
        row["jobs"],
        row["pictures"],
    )


def _reason(text: str | None) -> EndReason | None:
    """Return a reason this program knows; a job that bears another ended all the same."""
    with contextlib.suppress(ValueError):
        return EndReason(text)
    return None
