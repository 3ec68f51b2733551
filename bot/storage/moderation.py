"""Blocks, removals, reports, and what stands in the log channels."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from bot.domain.audit import AuditEntry
from bot.domain.clock import Clock
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, UserId
from bot.domain.job import Job
from bot.domain.moderation import Block, Report
from bot.storage.audit import write_entry
from bot.storage.database import Database
from bot.storage.job_rows import job_of
from bot.storage.transaction import SqliteTransaction

BLOCKS = "SELECT * FROM blocks WHERE guild_id = $1"

BLOCK = """
    INSERT INTO blocks (guild_id, user_id, blocked_by, blocked_at_ms, until_ms, reason)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (guild_id, user_id) DO UPDATE SET
        blocked_by = excluded.blocked_by, blocked_at_ms = excluded.blocked_at_ms,
        until_ms = excluded.until_ms, reason = excluded.reason
"""

UNBLOCK = "DELETE FROM blocks WHERE guild_id = $1 AND user_id = $2"

REMOVE = """
    UPDATE jobs SET removed_at_ms = $3, removed_by = $4
    WHERE id = $1 AND guild_id = $2 AND removed_at_ms IS NULL AND finished_at_ms IS NOT NULL
    RETURNING *
"""

REPORT = """
    INSERT INTO reports (job_id, reporter_id, guild_id, reported_at_ms, reason)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (job_id, reporter_id) DO NOTHING
"""

LOG_POSTED = """
    INSERT INTO log_posts (job_id, guild_id, channel_id, message_id, logged_at_ms)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (job_id) DO NOTHING
"""

LOG_POST = "SELECT channel_id, message_id FROM log_posts WHERE job_id = $1"


class SqliteModerationStore:
    """A ModerationStore."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def blocks(self, guild_id: GuildId) -> Sequence[Block]:
        """Return a server's blocks, those that have run out too."""
        rows = await self._db.fetch_all(BLOCKS, guild_id)
        return [Block.model_validate(dict(row)) for row in rows]

    async def block(self, block: Block, entry: AuditEntry) -> None:
        """Block a member, in the place of an earlier block."""
        await self._db.write(functools.partial(_block, block=block, entry=entry))

    async def unblock(self, user_id: UserId, entry: AuditEntry) -> bool:
        """Lift a block in the entry's server; False where there was none."""
        return await self._db.write(functools.partial(_unblock, user_id=user_id, entry=entry))

    async def remove(self, job_id: JobId, entry: AuditEntry) -> Job | None:
        """Mark a finished job as taken down; None where nothing was left to do."""
        return await self._db.write(functools.partial(_remove, job_id=job_id, entry=entry))

    async def report(self, report: Report) -> bool:
        """Note a report; False where this member reported the job before."""
        return await self._db.write(functools.partial(_report, report=report))

    async def log_posted(
        self, job_id: JobId, guild_id: GuildId, post: tuple[ChannelId, MessageId] | None
    ) -> None:
        """Note that a finished job stands in the log channel, or never will."""
        channel_id, message_id = post or (None, None)
        now = self._clock.now_ms()
        await self._db.write(
            lambda tx: tx.execute(LOG_POSTED, job_id, guild_id, channel_id, message_id, now)
        )

    async def log_post(self, job_id: JobId) -> tuple[ChannelId, MessageId] | None:
        """Return where a job stands in the log channel, if it does."""
        row = await self._db.fetch_one(LOG_POST, job_id)
        if row is None or row["message_id"] is None:
            return None
        return ChannelId(row["channel_id"]), MessageId(row["message_id"])

    async def unlogged(self, job_ids: Sequence[JobId]) -> Sequence[JobId]:
        """Return those of some jobs that `log_posted` was never called for."""
        return await self._db.read(functools.partial(_unlogged, job_ids=job_ids))


def _block(tx: SqliteTransaction, block: Block, entry: AuditEntry) -> None:
    tx.execute(
        BLOCK,
        block.guild_id,
        block.user_id,
        block.blocked_by,
        block.blocked_at_ms,
        block.until_ms,
        block.reason,
    )
    write_entry(tx, entry)


def _unblock(tx: SqliteTransaction, user_id: UserId, entry: AuditEntry) -> bool:
    lifted = tx.execute(UNBLOCK, entry.guild_id, user_id) > 0
    if lifted:
        write_entry(tx, entry)
    return lifted


def _remove(tx: SqliteTransaction, job_id: JobId, entry: AuditEntry) -> Job | None:
    row = tx.fetch_one(REMOVE, job_id, entry.guild_id, entry.at_ms, entry.actor_id)
    if row is None:
        return None
    write_entry(tx, entry)
    return job_of(row)


def _report(tx: SqliteTransaction, report: Report) -> bool:
    return (
        tx.execute(
            REPORT,
            report.job_id,
            report.reporter_id,
            report.guild_id,
            report.reported_at_ms,
            report.reason,
        )
        > 0
    )


def _unlogged(tx: SqliteTransaction, job_ids: Sequence[JobId]) -> list[JobId]:
    return [job_id for job_id in job_ids if tx.fetch_one(LOG_POST, job_id) is None]
