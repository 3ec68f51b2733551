"""What members typed into the edit form, kept until they have it as they want it."""

from __future__ import annotations

from datetime import timedelta

from pydantic import ValidationError

from bot.domain.clock import Clock
from bot.domain.draft import Draft
from bot.domain.ids import UserId
from bot.storage.database import Database
from bot.storage.transaction import SqliteTransaction

KEEP = """
    INSERT INTO drafts (id, user_id, draft, kept_at_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT (id) DO NOTHING
"""

DROP_OLD = "DELETE FROM drafts WHERE kept_at_ms < $1"

DRAFT = "SELECT draft FROM drafts WHERE id = $1 AND user_id = $2"

DRAFT_LIFE = timedelta(days=7)


class SqliteDraftStore:
    """A DraftStore."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def keep(self, draft_id: int, user_id: UserId, draft: Draft) -> None:
        """Remember a draft for a week; what is older goes."""
        now = self._clock.now_ms()
        expired = now - int(DRAFT_LIFE.total_seconds() * 1000)

        def work(tx: SqliteTransaction) -> None:
            tx.execute(DROP_OLD, expired)
            tx.execute(KEEP, draft_id, user_id, draft.model_dump_json(), now)

        await self._db.write(work)

    async def get(self, draft_id: int, user_id: UserId) -> Draft | None:
        """Return a draft of this member's; None when it is no longer known."""
        row = await self._db.fetch_one(DRAFT, draft_id, user_id)
        try:
            return Draft.model_validate_json(row["draft"]) if row else None
        except ValidationError:
            return None
