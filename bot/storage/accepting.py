"""Accepts jobs: quota, reservation and job in one transaction, for many members at once.

Each statement gives up the interpreter's lock and has to win it back from a loop that may be busy,
which with a hundred members asking at once takes longer than the statements. So those who were
committed together share theirs.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.fairness import fair_tag
from bot.domain.ids import GuildId, UserId
from bot.domain.job import Job, JobStatus, NewJob
from bot.domain.ports import JobRef, Transaction
from bot.domain.quota import WINDOW_MS, QuotaLimits, QuotaUsage, Spent
from bot.storage.job_rows import INSERT_JOB, SELECT_JOB, insert_values, job_of, queued_job
from bot.storage.ledger import RESERVE, USE_GRANT, Reserved, reserve
from bot.storage.transaction import SqliteTransaction, SqlValue, count_placeholders

STANDING = """
    SELECT
        EXISTS (SELECT 1 FROM jobs WHERE id = $1) AS stored,
        (SELECT served FROM fair_clock) AS served,
        unfinished.turns_end, unfinished.everywhere, unfinished.here,
        spent.everywhere, spent.here, spent.last_here,
        CASE WHEN $5 THEN (
            SELECT coalesce(sum(images), 0) FROM ledger
            WHERE guild_id = $3 AND reserved_at_ms > $4 AND refunded_at_ms IS NULL
        ) ELSE 0 END AS server
    FROM (
        SELECT
            max(fair_tag + images) AS turns_end,
            count(*) AS everywhere,
            count(*) FILTER (WHERE guild_id = $3) AS here
        FROM jobs
        WHERE user_id = $2 AND finished_at_ms IS NULL
    ) AS unfinished, (
        SELECT
            coalesce(sum(images), 0) AS everywhere,
            coalesce(
                sum(images - granted) FILTER (WHERE guild_id = $3 AND waived_at_ms IS NULL), 0
            ) AS here,
            max(reserved_at_ms) FILTER (WHERE guild_id = $3 AND waived_at_ms IS NULL) AS last_here
        FROM ledger
        WHERE user_id = $2 AND reserved_at_ms > $4 AND refunded_at_ms IS NULL
    ) AS spent
"""
"""All that accepting a job asks for. The server's sum is read only where it is limited."""

_FACTS = 9
"""How many columns that has."""

_SIZES = (16, 8, 4, 2, 1)
"""How many share statements: few sizes, so that SQLite has seen each statement before."""


@dataclass(frozen=True, slots=True, eq=False)
class Acceptance:
    """A job that wants to be accepted."""

    job: NewJob
    limits: QuotaLimits
    enqueue: Callable[[Transaction, JobRef], None] = lambda _transaction, _job: None

    @property
    def counts_server(self) -> bool:
        """Whether what others reserve in the same server matters."""
        return self.limits.server.server_images is not None

    def question(self) -> tuple[SqlValue, ...]:
        """Return the arguments of `STANDING`."""
        origin, since = self.job.origin, self.job.created_at_ms - WINDOW_MS
        return self.job.id, origin.user_id, origin.guild_id, since, self.counts_server


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A job that fits, with its reservation."""

    asked: Acceptance
    reserved: Reserved
    fair_tag: int

    @property
    def ref(self) -> JobRef:
        return JobRef(self.asked.job.id, JobStatus.QUEUED, self.fair_tag)


def accept_all(tx: SqliteTransaction, asked: Sequence[Acceptance]) -> Sequence[Job]:
    """Reserve the images and store the jobs as queued, in the order in which they came.

    Raises:
        QuotaExceeded: one does not fit; the transaction must be undone, and each tried by itself.
    """
    return [job for some in _apart(asked) for job in _accept(tx, some)]


def look_at(tx: SqliteTransaction, asked: Acceptance) -> None:
    """Look at a job that might be accepted, and leave everything as it is.

    Raises:
        QuotaExceeded: it does not fit.
    """
    [standing] = tx.fetch_all(STANDING, *asked.question())
    _look_at(tx, asked, *standing)


def _apart(asked: Iterable[Acceptance]) -> Iterator[Sequence[Acceptance]]:
    """Yield those who can be looked at together, since none reserves what another's limit counts.

    One member's jobs come one after the other, and so do all of a server that is limited itself.
    """
    together: list[Acceptance] = []
    users: set[UserId] = set()
    guilds: set[GuildId] = set()
    for each in asked:
        origin = each.job.origin
        if origin.user_id in users or (each.counts_server and origin.guild_id in guilds):
            yield from _in_sizes(together)
            together, users, guilds = [], set(), set()
        together.append(each)
        users.add(origin.user_id)
        guilds.add(origin.guild_id)
    yield from _in_sizes(together)


def _in_sizes(asked: Sequence[Acceptance]) -> Iterator[Sequence[Acceptance]]:
    while asked:
        size = next(size for size in _SIZES if size <= len(asked))
        yield asked[:size]
        asked = asked[size:]


def _accept(tx: SqliteTransaction, asked: Sequence[Acceptance]) -> list[Job]:
    standing = _side_by_side(STANDING, len(asked))
    [facts] = tx.fetch_all(standing, *_flat(each.question() for each in asked))
    standings = zip(*[iter(facts)] * _FACTS, strict=True)
    looked_at = [
        _look_at(tx, each, *standing) for each, standing in zip(asked, standings, strict=True)
    ]
    _store(tx, [each for each in looked_at if isinstance(each, _Accepted)])
    return [
        queued_job(each.asked.job, each.fair_tag) if isinstance(each, _Accepted) else each
        for each in looked_at
    ]


def _look_at(
    tx: SqliteTransaction,
    asked: Acceptance,
    stored: int,
    served: int,
    turns_end: int | None,
    *counted: int,
) -> Job | _Accepted:
    """Return the job as it is stored already, or what is to be stored."""
    if stored:
        return job_of(tx.fetch_all(SELECT_JOB, asked.job.id)[0])
    reserved = reserve(tx, asked.job, asked.limits, _usage(*counted))
    return _Accepted(asked, reserved, fair_tag(served, turns_end))


def _usage(
    active: int, active_here: int, everywhere: int, here: int, last_here: int | None, server: int
) -> QuotaUsage:
    return QuotaUsage(
        everywhere=Spent(everywhere),
        here=Spent(here),
        server=Spent(server),
        active_jobs=active,
        active_here=active_here,
        last_here_ms=last_here,
    )


def _store(tx: SqliteTransaction, accepted: Sequence[_Accepted]) -> None:
    if not accepted:
        return
    reserve_all, insert_all = (_with_rows(sql, len(accepted)) for sql in (RESERVE, INSERT_JOB))
    tx.execute(reserve_all, *_flat(each.reserved.row for each in accepted))
    for each in accepted:
        for grant, images in each.reserved.drawn:
            tx.execute(USE_GRANT, grant.id, each.asked.job.id, images)
    jobs = _flat(insert_values(each.asked.job, each.fair_tag) for each in accepted)
    tx.execute(insert_all, *jobs)
    for each in accepted:
        each.asked.enqueue(tx, each.ref)


def _flat(rows: Iterable[Sequence[SqlValue]]) -> Iterator[SqlValue]:
    return itertools.chain.from_iterable(rows)


@functools.lru_cache(maxsize=64)
def _with_rows(insert: str, times: int) -> str:
    """Return an INSERT of one row as one of several, their placeholders counted on."""
    into, values, row = insert.partition("VALUES")
    return into + values + ",".join(_copies(row, times))


@functools.lru_cache(maxsize=64)
def _side_by_side(query: str, times: int) -> str:
    """Return a query of one row as one that returns several of them as a single row."""
    copies = (f"({copy}) AS asked_{at}" for at, copy in enumerate(_copies(query, times)))
    return f"SELECT * FROM {', '.join(copies)}"  # noqa: S608 - a statement of ours


def _copies(text: str, times: int) -> Iterator[str]:
    size = count_placeholders(text)
    for at in range(times):
        yield re.sub(r"\$(\d+)", lambda found, by=at * size: f"${int(found[1]) + by}", text)
