"""What became of all the images that were ever reserved, for the operator's eyes."""

from __future__ import annotations

from collections.abc import Mapping

from bot.storage.database import Database

TOTALS = """
    SELECT
        CASE WHEN settled_at_ms IS NOT NULL THEN 'settled'
             WHEN refunded_at_ms IS NOT NULL THEN 'refunded'
             ELSE 'reserved' END AS state,
        sum(images) AS images
    FROM ledger GROUP BY state
"""


class LedgerTotals:
    """Adds up the whole ledger, which takes its time."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add_up(self) -> Mapping[str, int]:
        """Return the images by state: reserved (of jobs not over yet), settled, refunded."""
        rows = await self._db.read_at_length(lambda tx: tx.fetch_all(TOTALS))
        return {"reserved": 0, "settled": 0, "refunded": 0} | {
            row["state"]: row["images"] for row in rows
        }
