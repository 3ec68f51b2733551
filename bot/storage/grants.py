"""What moderators give and waive in the ledger, stored together with the audit entry."""

from __future__ import annotations

import functools

from bot.domain.audit import AuditEntry
from bot.domain.ids import UserId
from bot.domain.quota import WINDOW_MS, Grant
from bot.storage.audit import write_entry
from bot.storage.database import Database
from bot.storage.ledger import MEMBER_SPENT
from bot.storage.transaction import SqliteTransaction

GRANT = """
    INSERT INTO grants (id, guild_id, user_id, images, granted_at_ms, expires_at_ms)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (id) DO NOTHING
"""

WAIVE = """
    UPDATE ledger SET waived_at_ms = $4
    WHERE user_id = $1 AND guild_id = $2 AND reserved_at_ms > $3
        AND refunded_at_ms IS NULL AND waived_at_ms IS NULL
"""


class SqliteGrantStore:
    """A GrantStore."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def grant(self, user_id: UserId, grant: Grant, entry: AuditEntry) -> None:
        """Give a member extra images in the entry's server; again is harmless."""
        await self._db.write(functools.partial(_grant, user_id=user_id, grant=grant, entry=entry))

    async def reset(self, user_id: UserId, entry: AuditEntry) -> int:
        """Waive what counts against a member in the entry's server; return how many images."""
        return await self._db.write(functools.partial(_reset, user_id=user_id, entry=entry))


def _grant(tx: SqliteTransaction, user_id: UserId, grant: Grant, entry: AuditEntry) -> None:
    granted = tx.execute(
        GRANT, grant.id, entry.guild_id, user_id, grant.left, entry.at_ms, grant.expires_at_ms
    )
    if granted:
        write_entry(tx, entry)


def _reset(tx: SqliteTransaction, user_id: UserId, entry: AuditEntry) -> int:
    since = entry.at_ms - WINDOW_MS
    _, _, images, _, _ = tx.fetch_all(MEMBER_SPENT, user_id, entry.guild_id, since)[0]
    tx.execute(WAIVE, user_id, entry.guild_id, since, entry.at_ms)
    write_entry(tx, entry.model_copy(update={"details": {**entry.details, "images": images}}))
    return images
