"""The API's last known model list."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from bot.domain.catalogue import CatalogueEntry
from bot.storage.database import Database
from bot.storage.transaction import SqliteTransaction

_INSERT = """
    INSERT INTO models (
        position, id, kind, name, category, description, trigger_word, screenshot, nsfw, uses
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

_LOAD = """
    SELECT id, kind, name, category, description, trigger_word, screenshot, nsfw, uses
    FROM models ORDER BY position
"""


class SqliteCatalogueStore:
    """A CatalogueStore."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def replace(self, entries: Sequence[CatalogueEntry]) -> None:
        """Put a fresh list in the place of the old one."""
        await self._db.write(functools.partial(_replace, entries=entries))

    async def load(self) -> Sequence[CatalogueEntry]:
        """Return the list, empty before the first refresh."""
        rows = await self._db.fetch_all(_LOAD)
        return [
            CatalogueEntry.model_validate({**dict(row), "trigger": row["trigger_word"]})
            for row in rows
        ]


def _replace(tx: SqliteTransaction, entries: Sequence[CatalogueEntry]) -> None:
    tx.execute("DELETE FROM models")
    for position, entry in enumerate(entries):
        tx.execute(
            _INSERT,
            position,
            entry.id,
            entry.kind.value,
            entry.name,
            entry.category,
            entry.description,
            entry.trigger,
            entry.screenshot,
            entry.nsfw,
            entry.uses,
        )
