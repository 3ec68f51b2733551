"""What a member sees of their own past jobs, by key and by the search index."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import timedelta

from pydantic import ValidationError

from bot.domain.clock import Clock
from bot.domain.history import NEWEST, HistoryFilter, Spot
from bot.domain.ids import JobId, MessageId, UserId
from bot.domain.job import Job
from bot.storage.database import Database
from bot.storage.job_rows import job_of
from bot.storage.search_terms import query_of
from bot.storage.transaction import Row, SqliteTransaction

OLDER = """
    SELECT * FROM shown_jobs
    WHERE user_id = $1 AND id >= $2 AND id < $3
    ORDER BY id DESC LIMIT $4
"""

NEWER = """
    SELECT * FROM shown_jobs
    WHERE user_id = $1 AND id >= $2 AND id < $3
    ORDER BY id LIMIT $4
"""

# CROSS JOIN: the index leads, and is asked for as many as are shown. By rowid and never by rank,
# which would need every match. The member is in each term already; asking once more costs nothing.
OLDER_MATCHING = """
    SELECT shown_jobs.* FROM job_search CROSS JOIN shown_jobs ON shown_jobs.id = job_search.rowid
    WHERE job_search MATCH $5 AND job_search.rowid >= $2 AND job_search.rowid < $3
        AND shown_jobs.user_id = $1
    ORDER BY job_search.rowid DESC LIMIT $4
"""

NEWER_MATCHING = """
    SELECT shown_jobs.* FROM job_search CROSS JOIN shown_jobs ON shown_jobs.id = job_search.rowid
    WHERE job_search MATCH $5 AND job_search.rowid >= $2 AND job_search.rowid < $3
        AND shown_jobs.user_id = $1
    ORDER BY job_search.rowid LIMIT $4
"""

SHOWN_JOB = "SELECT * FROM shown_jobs WHERE id = $1 AND user_id = $2"

FAVOUR = """
    UPDATE jobs SET favourited_at_ms = $3
    WHERE id = $1 AND user_id = $2 AND hidden_at_ms IS NULL RETURNING *
"""

HIDE = """
    UPDATE jobs SET hidden_at_ms = $3
    WHERE id = $1 AND user_id = $2 AND hidden_at_ms IS NULL AND finished_at_ms IS NOT NULL
    RETURNING *
"""

OF_MESSAGE = "SELECT id FROM jobs WHERE message_id = $1 AND message_deleted_at_ms IS NULL"

MESSAGE_DELETED = """
    UPDATE jobs SET message_deleted_at_ms = $2
    WHERE message_id = $1 AND message_deleted_at_ms IS NULL
"""

# A trigger adds the words of each to the index.
INDEX_OF_USER = "UPDATE jobs SET search_due = 0 WHERE user_id = $1 AND search_due = 1"

INDEX_SOME = """
    UPDATE jobs SET search_due = 0
    WHERE id IN (SELECT id FROM jobs WHERE search_due = 1 LIMIT $1)
"""

DUE_OF_USER = "SELECT 1 FROM jobs WHERE user_id = $1 AND search_due = 1 LIMIT 1"

ANY_DUE = "SELECT 1 FROM jobs WHERE search_due = 1 LIMIT 1"

INDEXED_AT_ONCE = 16
"""Jobs a transaction adds: whoever writes meanwhile waits for one or two such transactions."""

KEEP_FILTER = """
    INSERT INTO history_filters (id, user_id, wanted, kept_at_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT (id) DO NOTHING
"""

DROP_FILTERS = "DELETE FROM history_filters WHERE kept_at_ms < $1"

FILTER = "SELECT wanted FROM history_filters WHERE id = $1 AND user_id = $2"

FILTER_LIFE = timedelta(days=7)
"""How long a filtered page can be turned."""


class SqliteHistoryStore:
    """A HistoryStore."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def page(
        self, user_id: UserId, wanted: HistoryFilter, spot: Spot = NEWEST, *, limit: int
    ) -> Sequence[Job]:
        """Return a page of the member's jobs, newest first."""
        first, beyond = wanted.span
        if spot.start is not None:
            beyond = min(beyond, spot.start + 1)
        if spot.after is not None:
            first = max(first, spot.after + 1)
        bounds = (user_id, first, beyond, limit)
        rows = await self._rows(query_of(user_id, wanted), bounds, newer=spot.after is not None)
        jobs = [job_of(row) for row in rows]
        return jobs[::-1] if spot.after is not None else jobs

    async def _rows(
        self, query: str | None, bounds: tuple[int, int, int, int], *, newer: bool
    ) -> list[Row]:
        if query is None:
            sql = NEWER if newer else OLDER
            return await self._db.fetch_all(sql, *bounds)
        if await self._db.fetch_one(DUE_OF_USER, bounds[0]):
            await self._db.write(lambda tx: tx.execute(INDEX_OF_USER, bounds[0]))
        sql = NEWER_MATCHING if newer else OLDER_MATCHING
        return await self._db.fetch_all(sql, *bounds, query)

    async def get(self, user_id: UserId, job_id: JobId) -> Job | None:
        """Return a job that the member's history shows."""
        row = await self._db.fetch_one(SHOWN_JOB, job_id, user_id)
        return job_of(row) if row else None

    async def index(self) -> None:
        """Add to the search index what came in since; a search does so for its own member."""
        if await self._db.fetch_one(ANY_DUE):
            await self._db.write_all(lambda tx: tx.execute(INDEX_SOME, INDEXED_AT_ONCE))

    async def favour(self, user_id: UserId, job_id: JobId, *, favourite: bool) -> Job | None:
        """Make a job of the member's a favourite, or no longer one."""
        moment = self._clock.now_ms() if favourite else None
        row = await self._db.write(lambda tx: tx.fetch_one(FAVOUR, job_id, user_id, moment))
        return job_of(row) if row else None

    async def hide(self, user_id: UserId, job_id: JobId) -> Job | None:
        """Take an ended job out of the member's history."""
        now = self._clock.now_ms()
        row = await self._db.write(lambda tx: tx.fetch_one(HIDE, job_id, user_id, now))
        return job_of(row) if row else None

    async def messages_deleted(self, message_ids: Sequence[MessageId]) -> int:
        """Note that these messages are gone; return how many showed the end of a job.

        Nearly none do, so they are looked up first: only what is found costs a transaction.
        """
        ours = await self._db.read(functools.partial(_ours_of, message_ids=message_ids))
        if not ours:
            return 0
        now = self._clock.now_ms()
        return await self._db.write(functools.partial(_mark_deleted, message_ids=ours, now_ms=now))

    async def keep_filter(self, filter_id: int, user_id: UserId, wanted: HistoryFilter) -> None:
        """Remember what a page shows, for a week; what is older goes."""
        now = self._clock.now_ms()
        expired = now - int(FILTER_LIFE.total_seconds() * 1000)

        def work(tx: SqliteTransaction) -> None:
            tx.execute(DROP_FILTERS, expired)
            tx.execute(KEEP_FILTER, filter_id, user_id, wanted.model_dump_json(), now)

        await self._db.write(work)

    async def filter(self, filter_id: int, user_id: UserId) -> HistoryFilter | None:
        """Return what was remembered for this member; None when it is no longer known."""
        row = await self._db.fetch_one(FILTER, filter_id, user_id)
        try:
            return HistoryFilter.model_validate_json(row["wanted"]) if row else None
        except ValidationError:
            return None


def _ours_of(tx: SqliteTransaction, message_ids: Sequence[MessageId]) -> list[MessageId]:
    return [each for each in message_ids if tx.fetch_one(OF_MESSAGE, each)]


def _mark_deleted(tx: SqliteTransaction, message_ids: Sequence[MessageId], now_ms: int) -> int:
    return sum(tx.execute(MESSAGE_DELETED, each, now_ms) for each in message_ids)
