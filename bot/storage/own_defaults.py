"""What each member has set for options they leave out: a row an option."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import structlog
from pydantic_core import to_json

from bot.domain.ids import UserId
from bot.domain.request_defaults import OWN_DEFAULTABLE, checked_defaults
from bot.errors import InvalidRequest
from bot.storage.database import Database
from bot.storage.transaction import Row

log = structlog.stdlib.get_logger(__name__)

OF_MEMBER = "SELECT option, value FROM own_defaults WHERE user_id = $1"

PUT = """
    INSERT INTO own_defaults (user_id, option, value, set_at_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id, option) DO UPDATE SET
        value = excluded.value, set_at_ms = excluded.set_at_ms
"""

CLEAR = "DELETE FROM own_defaults WHERE user_id = $1 AND option = $2"

CLEAR_ALL = "DELETE FROM own_defaults WHERE user_id = $1"


class SqliteOwnDefaultsStore:
    """An OwnDefaultsStore."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def of_member(self, user_id: UserId) -> Mapping[str, Any]:
        """Return a member's defaults as attributes; what this program cannot read is left out."""
        rows = await self._db.fetch_all(OF_MEMBER, user_id)
        return {name: value for row in rows for name, value in _attributes(row).items()}

    async def put(
        self, user_id: UserId, option: str, attributes: Mapping[str, Any], now_ms: int
    ) -> None:
        """Set what an option stands for, in the place of what it stood for."""
        value = to_json(dict(attributes)).decode()
        await self._db.write(lambda tx: tx.execute(PUT, user_id, option, value, now_ms))

    async def clear(self, user_id: UserId, option: str | None) -> int:
        """Unset an option, or all of them; return how many were set."""
        if option is None:
            return await self._db.write(lambda tx: tx.execute(CLEAR_ALL, user_id))
        return await self._db.write(lambda tx: tx.execute(CLEAR, user_id, option))


def _attributes(row: Row) -> Mapping[str, Any]:
    """Return what a row holds, nothing where an older or newer program meant something by it."""
    try:
        return checked_defaults(json.loads(row["value"]), OWN_DEFAULTABLE)
    except (ValueError, InvalidRequest) as error:
        log.error("own default not understood", option=row["option"], reason=str(error))
        return {}
