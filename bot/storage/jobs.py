"""The jobs table and its ledger: the queue, the record and the quota, moved together."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Unpack

from bot.domain.clock import Clock
from bot.domain.ids import DIRECT_MESSAGES, GuildId, JobId, UserId
from bot.domain.job import CHARGED, TERMINAL, Job, JobStatus, NewJob, Reuse, sources_of
from bot.domain.ports import JobFacts, JobRef, Transaction
from bot.domain.quota import QuotaLimits, QuotaUsage
from bot.storage.accepting import Acceptance, accept_all, look_at
from bot.storage.database import Database
from bot.storage.group_commit import Joint
from bot.storage.job_rows import SELECT_JOB, job_of, ref_of, update_job
from bot.storage.ledger import REFUND, SETTLE, with_grants, with_server, with_spent
from bot.storage.transaction import SqliteTransaction

NOTE_REUSE = "UPDATE jobs SET reused = reused | $2 WHERE id = $1 RETURNING *"

UNFINISHED = """
    SELECT id, status, fair_tag, 0 AS waiting FROM jobs
    WHERE status IN ('submitting', 'processing')
    UNION ALL
    SELECT id, status, fair_tag, 1 FROM jobs WHERE status = 'queued'
    ORDER BY 4, 3, 1
"""

UNTOLD = """
    SELECT id FROM jobs
    WHERE status = 'ready' OR (status IN ('failed', 'refused', 'expired') AND told_at_ms IS NULL)
    ORDER BY id
"""

UNSEEN = """
    SELECT id FROM jobs
    WHERE user_id = $1 AND status = 'delivered' AND message_id IS NULL
        AND pointed_out_at_ms IS NULL
    ORDER BY id
"""

OVERDUE = """
    SELECT id FROM jobs WHERE status = 'queued' AND created_at_ms < $1
    ORDER BY created_at_ms, id
"""

PLACE = """
    SELECT count(*) AS place FROM jobs
    WHERE status = 'queued' AND (fair_tag, id) < ($1, $2)
"""

HEAD = "SELECT id FROM jobs WHERE status = 'queued' ORDER BY fair_tag, id LIMIT $1"

NEWEST = "SELECT * FROM jobs ORDER BY id DESC LIMIT $1"

LAST_DRAWN = "SELECT * FROM jobs WHERE ready_at_ms IS NOT NULL ORDER BY id DESC LIMIT $1"

OF_USER = "SELECT * FROM jobs WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"

OPEN_OF_USER = "SELECT * FROM jobs WHERE user_id = $1 AND finished_at_ms IS NULL"

UNFINISHED_OF_USER = """
    SELECT count(*) AS jobs, count(*) FILTER (WHERE guild_id = $2) AS here FROM jobs
    WHERE user_id = $1 AND finished_at_ms IS NULL
"""

SERVE = "UPDATE fair_clock SET served = $1 WHERE served < $1"

_NEWEST = 2**63 - 1
"""No id is larger."""


class _LedgerEffect(Enum):
    """What a move does to the reservation; the value is the statement."""

    NONE = ""
    SETTLE = SETTLE
    REFUND = REFUND


class SqliteJobStore:
    """A JobStore."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def accept(
        self, job: NewJob, limits: QuotaLimits, enqueue: Callable[[Transaction, JobRef], None]
    ) -> Job:
        """Reserve the images, store the job as queued and enqueue it, all in one transaction.

        Raises:
            QuotaExceeded: nothing was stored.
        """
        return await self._db.write(Joint(accept_all, Acceptance(job, limits, enqueue)))

    async def foresee(self, job: NewJob, limits: QuotaLimits) -> None:
        """Look at a job as `accept` would at this moment; nothing is stored or reserved.

        Raises:
            QuotaExceeded: it would not be accepted.
        """
        await self._db.read(functools.partial(look_at, asked=Acceptance(job, limits)))

    async def get(self, job_id: JobId) -> Job | None:
        """Return the job, if there is one."""
        row = await self._db.fetch_one(SELECT_JOB, job_id)
        return job_of(row) if row else None

    async def advance(
        self,
        job_id: JobId,
        target: JobStatus,
        *,
        sources: frozenset[JobStatus] | None = None,
        **facts: Unpack[JobFacts],
    ) -> Job | None:
        """Move a job, if it still is where it may move from: the one door of every status."""
        allowed = sources_of(target) if sources is None else sources_of(target) & sources
        now = self._clock.now_ms()
        if target in TERMINAL:
            facts.setdefault("finished_at_ms", now)
        move = functools.partial(
            _advance, job_id=job_id, target=target, sources=allowed, facts=facts, now_ms=now
        )
        return await self._db.write(move)

    async def record(
        self,
        job_id: JobId,
        *,
        sources: frozenset[JobStatus] | None = None,
        **facts: Unpack[JobFacts],
    ) -> Job | None:
        """Write facts that change no status; None when the job is not in one of `sources`."""
        anywhere = frozenset(JobStatus)
        allowed = anywhere if sources is None else sources
        return await self._db.write(
            functools.partial(_update, job_id=job_id, target=None, sources=allowed, facts=facts)
        )

    async def note_reuse(self, job_id: JobId, way: Reuse) -> Job | None:
        """Note that more was asked for from a job; None where there is none."""
        job = await self.get(job_id)
        if job is None or job.was_reused(way):
            return job
        row = await self._db.write(lambda tx: tx.fetch_one(NOTE_REUSE, job_id, way.value))
        return job_of(row) if row else None

    async def unfinished(self) -> Sequence[JobRef]:
        """Return jobs that are queued or at the provider: those there first, then by fair turn."""
        return [ref_of(row) for row in await self._db.fetch_all(UNFINISHED)]

    async def untold(self) -> Sequence[JobId]:
        """Return jobs whose end the member has not been shown, oldest first."""
        return [JobId(row["id"]) for row in await self._db.fetch_all(UNTOLD)]

    async def unseen(self, user_id: UserId) -> Sequence[JobId]:
        """Return the member's results that could not be posted and were not pointed out yet."""
        return [JobId(row["id"]) for row in await self._db.fetch_all(UNSEEN, user_id)]

    async def overdue(self, created_before_ms: int) -> Sequence[JobId]:
        """Return jobs still queued that were accepted before that moment."""
        rows = await self._db.fetch_all(OVERDUE, created_before_ms)
        return [JobId(row["id"]) for row in rows]

    async def place_in_queue(self, job_id: JobId) -> int | None:
        """Return how many jobs are queued before this one; None when it is not queued."""
        return await self._db.read(functools.partial(_place, job_id=job_id))

    async def queue_head(self, limit: int) -> Sequence[JobId]:
        """Return the queued jobs whose turn comes next, first first."""
        return [JobId(row["id"]) for row in await self._db.fetch_all(HEAD, limit)]

    async def newest(self, limit: int) -> Sequence[Job]:
        """Return the jobs asked for last, newest first, whatever became of them."""
        return [job_of(row) for row in await self._db.fetch_all(NEWEST, limit)]

    async def last_drawn(self, limit: int) -> Sequence[Job]:
        """Return the last jobs of which pictures were drawn, newest first."""
        return [job_of(row) for row in await self._db.fetch_all(LAST_DRAWN, limit)]

    async def of_user(
        self, user_id: UserId, *, before: JobId | None = None, limit: int = 10
    ) -> Sequence[Job]:
        """Return a page of the member's jobs, newest first, older than `before`."""
        bound = _NEWEST if before is None else before
        return [job_of(row) for row in await self._db.fetch_all(OF_USER, user_id, bound, limit)]

    async def open_of(self, user_id: UserId) -> Sequence[Job]:
        """Return the member's jobs that have not ended, newest first.

        They are sorted here: asked to do it, SQLite would look through all the member ever made.
        """
        jobs = [job_of(row) for row in await self._db.fetch_all(OPEN_OF_USER, user_id)]
        return sorted(jobs, key=lambda job: -job.id)

    async def quota_usage(
        self, user_id: UserId, now_ms: int, guild_id: GuildId = DIRECT_MESSAGES
    ) -> QuotaUsage:
        """Return what counts against a member in a server at that moment, grants included."""
        return await self._db.read(
            functools.partial(_usage, user_id=user_id, guild_id=guild_id, now_ms=now_ms)
        )


def _usage(tx: SqliteTransaction, user_id: UserId, guild_id: GuildId, now_ms: int) -> QuotaUsage:
    active, active_here = tx.fetch_all(UNFINISHED_OF_USER, user_id, guild_id)[0]
    usage = QuotaUsage(active_jobs=active, active_here=active_here)
    for add in (with_spent, with_server, with_grants):
        usage = add(tx, usage, user_id, guild_id, now_ms)
    return usage


def _advance(
    tx: SqliteTransaction,
    job_id: JobId,
    target: JobStatus,
    sources: frozenset[JobStatus],
    facts: Mapping[str, object],
    now_ms: int,
) -> Job | None:
    for allowed, effect in _moves(target, sources):
        job = _update(tx, job_id, target, allowed, facts)
        if job is None:
            continue
        if effect is not _LedgerEffect.NONE:
            tx.execute(effect.value, job_id, now_ms)
        if target is JobStatus.SUBMITTING:
            tx.execute(SERVE, job.fair_tag)
        return job
    return None


def _update(
    tx: SqliteTransaction,
    job_id: JobId,
    target: JobStatus | None,
    sources: frozenset[JobStatus],
    facts: Mapping[str, object],
) -> Job | None:
    if not sources:
        return None
    sql, args = update_job(job_id, facts, target=target, sources=sources)
    row = tx.fetch_one(sql, *args)
    return job_of(row) if row else None


def _moves(
    target: JobStatus, sources: frozenset[JobStatus]
) -> Iterator[tuple[frozenset[JobStatus], _LedgerEffect]]:
    """Yield the sources that have the same effect on the ledger.

    Only a cancelled job's differs by where it came from: free while queued, charged once it was
    sent to the API.
    """
    queued = frozenset({JobStatus.QUEUED})
    if target is JobStatus.CANCELLED:
        yield sources & queued, _LedgerEffect.REFUND
        yield sources - queued, _LedgerEffect.SETTLE
    elif target in CHARGED:
        yield sources, _LedgerEffect.SETTLE
    elif target in TERMINAL:
        yield sources, _LedgerEffect.REFUND
    else:
        yield sources, _LedgerEffect.NONE


def _place(tx: SqliteTransaction, job_id: JobId) -> int | None:
    row = tx.fetch_one(SELECT_JOB, job_id)
    if row is None or row["status"] != JobStatus.QUEUED:
        return None
    return tx.fetch_all(PLACE, row["fair_tag"], job_id)[0]["place"]
