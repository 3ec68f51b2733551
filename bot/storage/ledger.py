"""The ledger's statements: what counts against whom, and what a job reserves.

They run inside the transactions of `jobs.py` and `grants.py`, so that a reservation, what grants
pay of it and the job are stored together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.ids import GuildId, UserId
from bot.domain.job import NewJob
from bot.domain.quota import (
    WINDOW_MS,
    Grant,
    Limit,
    QuotaLimits,
    QuotaUsage,
    Reservation,
    Spent,
    broken_limits,
    draw,
    overdraft,
)
from bot.domain.quota_refusal import Refused
from bot.errors import QuotaExceeded
from bot.storage.transaction import SqliteTransaction

MEMBER_SPENT = """
    SELECT
        coalesce(sum(images), 0),
        min(reserved_at_ms),
        coalesce(sum(images - granted) FILTER (WHERE guild_id = $2 AND waived_at_ms IS NULL), 0),
        min(reserved_at_ms)
            FILTER (WHERE guild_id = $2 AND waived_at_ms IS NULL AND images > granted),
        max(reserved_at_ms) FILTER (WHERE guild_id = $2 AND waived_at_ms IS NULL)
    FROM ledger
    WHERE user_id = $1 AND reserved_at_ms > $3 AND refunded_at_ms IS NULL
"""

SERVER_SPENT = """
    SELECT coalesce(sum(images), 0), min(reserved_at_ms) FROM ledger
    WHERE guild_id = $1 AND reserved_at_ms > $2 AND refunded_at_ms IS NULL
"""

OF_MEMBER = """
    SELECT reserved_at_ms, images FROM ledger
    WHERE user_id = $1 AND reserved_at_ms > $2 AND refunded_at_ms IS NULL
    ORDER BY reserved_at_ms
"""

OF_MEMBER_HERE = """
    SELECT reserved_at_ms, images - granted FROM ledger
    WHERE user_id = $1 AND reserved_at_ms > $3 AND refunded_at_ms IS NULL
        AND guild_id = $2 AND waived_at_ms IS NULL
    ORDER BY reserved_at_ms
"""

OF_SERVER = """
    SELECT reserved_at_ms, images FROM ledger
    WHERE guild_id = $1 AND reserved_at_ms > $2 AND refunded_at_ms IS NULL
    ORDER BY reserved_at_ms
"""

GRANTS = """
    SELECT id, images - (
        SELECT coalesce(sum(used.images), 0)
        FROM grant_uses AS used LEFT JOIN ledger ON ledger.job_id = used.job_id
        WHERE used.grant_id = grants.id AND ledger.refunded_at_ms IS NULL
    ), expires_at_ms
    FROM grants
    WHERE guild_id = $1 AND user_id = $2 AND expires_at_ms > $3
    ORDER BY expires_at_ms, id
"""

RESERVE = """
    INSERT INTO ledger (job_id, user_id, guild_id, images, reserved_at_ms, granted)
    VALUES ($1, $2, $3, $4, $5, $6)
"""

USE_GRANT = "INSERT INTO grant_uses (grant_id, job_id, images) VALUES ($1, $2, $3)"

SETTLE = """
    UPDATE ledger SET settled_at_ms = $2
    WHERE job_id = $1 AND settled_at_ms IS NULL AND refunded_at_ms IS NULL
"""

REFUND = """
    UPDATE ledger SET refunded_at_ms = $2
    WHERE job_id = $1 AND settled_at_ms IS NULL AND refunded_at_ms IS NULL
"""


@dataclass(frozen=True, slots=True)
class Reserved:
    """A reservation to be stored: the arguments of `RESERVE`, and what it takes of which grant."""

    row: tuple[int, ...]
    drawn: Sequence[tuple[Grant, int]]


def reserve(tx: SqliteTransaction, job: NewJob, limits: QuotaLimits, usage: QuotaUsage) -> Reserved:
    """Work out what a job's images take, from grants what only they can pay.

    Args:
        tx: the transaction that stores the job as well.
        job: the new job.
        limits: what holds for its member.
        usage: what counts against the member, without grants, which are read here when needed.

    Raises:
        QuotaExceeded: it does not fit.
    """
    if overdraft(limits, usage, job.cost):
        usage = with_grants(tx, usage, *_asked(job))
    if broken := broken_limits(limits, usage, job.cost, job.created_at_ms):
        raise _refused(tx, job, limits, usage, broken)
    drawn = list(draw(usage.grants, overdraft(limits, usage, job.cost)))
    granted = sum(images for _, images in drawn)
    user_id, guild_id, now = _asked(job)
    return Reserved((job.id, user_id, guild_id, job.cost, now, granted), drawn)


def _asked(job: NewJob) -> tuple[UserId, GuildId, int]:
    return job.origin.user_id, job.origin.guild_id, job.created_at_ms


def _refused(
    tx: SqliteTransaction,
    job: NewJob,
    limits: QuotaLimits,
    usage: QuotaUsage,
    broken: Sequence[Limit],
) -> QuotaExceeded:
    refused = Refused(
        limits=limits,
        usage=with_grants(tx, usage, *_asked(job)),
        pictures=job.request.samples,
        cost=job.cost,
        reservations={
            limit: _reservations(tx, limit, job) for limit in broken if limit in limits.caps()
        },
    )
    return refused.error(broken)


def _reservations(tx: SqliteTransaction, limit: Limit, job: NewJob) -> Sequence[Reservation]:
    """Return what counts against a limit in images, oldest first."""
    user_id, guild_id, now = _asked(job)
    since = now - WINDOW_MS
    match limit:
        case Limit.HERE:
            rows = tx.fetch_all(OF_MEMBER_HERE, user_id, guild_id, since)
        case Limit.SERVER:
            rows = tx.fetch_all(OF_SERVER, guild_id, since)
        case _:
            rows = tx.fetch_all(OF_MEMBER, user_id, since)
    return [Reservation(*row) for row in rows]


def with_spent(
    tx: SqliteTransaction, usage: QuotaUsage, user_id: UserId, guild_id: GuildId, now_ms: int
) -> QuotaUsage:
    """Add what a member used, here and everywhere."""
    spent = tx.fetch_all(MEMBER_SPENT, user_id, guild_id, now_ms - WINDOW_MS)[0]
    everywhere, oldest, here, oldest_here, last_here = spent
    return replace(
        usage,
        everywhere=Spent(everywhere, oldest),
        here=Spent(here, oldest_here),
        last_here_ms=last_here,
    )


def with_server(
    tx: SqliteTransaction, usage: QuotaUsage, _: UserId, guild_id: GuildId, now_ms: int
) -> QuotaUsage:
    """Add what everybody in the server used together."""
    row = tx.fetch_all(SERVER_SPENT, guild_id, now_ms - WINDOW_MS)[0]
    return replace(usage, server=Spent(*row))


def with_grants(
    tx: SqliteTransaction, usage: QuotaUsage, user_id: UserId, guild_id: GuildId, now_ms: int
) -> QuotaUsage:
    """Add the member's grants that still hold something."""
    grants = [Grant(*row) for row in tx.fetch_all(GRANTS, guild_id, user_id, now_ms)]
    return replace(usage, grants=[grant for grant in grants if grant.left > 0])
