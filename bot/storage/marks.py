"""Small values the program itself must remember, by name."""

from __future__ import annotations

from collections.abc import Callable

from bot.storage.database import Database
from bot.storage.transaction import SqliteTransaction

_GET = "SELECT value FROM marks WHERE name = $1"

_PUT = """
    INSERT INTO marks (name, value) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


class SqliteMarks:
    """A SecretsAndMarks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def get(self, name: str) -> str | None:
        """Return the value, if set."""
        row = await self._db.fetch_one(_GET, name)
        return row["value"] if row else None

    async def put(self, name: str, value: str) -> None:
        """Set the value."""
        await self._db.write(lambda tx: tx.execute(_PUT, name, value))

    async def get_or_create(self, name: str, make: Callable[[], str]) -> str:
        """Return the value, storing `make()` first where there is none."""

        def work(tx: SqliteTransaction) -> str:
            row = tx.fetch_one(_GET, name)
            if row is not None:
                return row["value"]
            value = make()
            tx.execute(_PUT, name, value)
            return value

        return await self._db.write(work)
