"""The moderators' acts: written in the transaction of the act itself, never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.domain.audit import AuditEntry, StoredAuditEntry
from bot.domain.ids import GuildId
from bot.storage.database import Database
from bot.storage.transaction import Row, SqliteTransaction

INSERT = """
    INSERT INTO audit (guild_id, actor_id, act, at_ms, user_id, job_id, reason, details)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

PAGE = "SELECT * FROM audit WHERE guild_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"

_NEWEST = 2**63 - 1
"""No id is larger."""


class SqliteAuditStore:
    """An AuditStore."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, entry: AuditEntry) -> None:
        """Write down an act that has no transaction of its own."""
        await self._db.write(lambda tx: write_entry(tx, entry))

    async def page(
        self, guild_id: GuildId, *, before: int | None = None, limit: int = 10
    ) -> Sequence[StoredAuditEntry]:
        """Return a server's entries, newest first, older than `before`."""
        bound = _NEWEST if before is None else before
        return [_entry_of(row) for row in await self._db.fetch_all(PAGE, guild_id, bound, limit)]


def write_entry(tx: SqliteTransaction, entry: AuditEntry) -> None:
    """Write down an act in the transaction that does it."""
    tx.execute(
        INSERT,
        entry.guild_id,
        entry.actor_id,
        entry.act.value,
        entry.at_ms,
        entry.user_id,
        entry.job_id,
        entry.reason,
        json.dumps(dict(entry.details), ensure_ascii=True),
    )


def _entry_of(row: Row) -> StoredAuditEntry:
    return StoredAuditEntry.model_validate({**dict(row), "details": json.loads(row["details"])})
