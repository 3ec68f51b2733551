"""What deleted rows leave in the file, and how it goes.

An index of words keeps deleted ones, and marks of their deletion, until its parts are merged; that
is done at once, a little at a time. All other deleted rows are overwritten with zeros, and the
write-ahead log is emptied afterwards.

That leaves scraps: when SQLite moves rows between pages, it may leave copies in the pages' unused
room, which it no longer knows of (ten of 29,000 in a file of 109 MB). Only writing the whole file
anew removes those. It takes seconds where the file is large, and nobody can be answered meanwhile,
so it is done at the next start.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import structlog

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.transaction import SqliteTransaction

MERGED_PAGES = 5
"""Of an index, in one transaction."""

log = structlog.stdlib.get_logger(__name__)

_MARK = "file-may-hold-scraps"

NOTE = "INSERT INTO marks (name, value) VALUES ($1, 'yes') ON CONFLICT (name) DO NOTHING"

IS_NOTED = "SELECT 1 FROM marks WHERE name = $1"

CHANGES = "SELECT total_changes() AS made"

CLEAR = "DELETE FROM marks WHERE name = $1"


def note_scraps(tx: SqliteTransaction) -> None:
    """Have the file written anew at the next start."""
    tx.execute(NOTE, _MARK)


async def merge_words(database: Database, indexes: Iterable[str]) -> None:
    """Rewrite indexes of words without what was deleted from them (sqlite.org/fts5.html, 6.8).

    A negative number begins with all parts of an index at once, and further calls go on with that.
    """
    for index in indexes:
        merge = f"INSERT INTO {index} ({index}, rank) VALUES ('merge', $1)"  # noqa: S608 - a name of ours
        await database.write(functools.partial(_merge, sql=merge, pages=-MERGED_PAGES))
        await database.write_all(functools.partial(_merge, sql=merge, pages=MERGED_PAGES))


def _merge(tx: SqliteTransaction, sql: str, pages: int) -> int:
    """Return how many rows changed; one at most means that there was nothing to merge."""
    before = tx.fetch_all(CHANGES)[0]["made"]
    tx.execute(sql, pages)
    made = tx.fetch_all(CHANGES)[0]["made"] - before
    return made if made > 1 else 0


async def clear_scraps(database: Database) -> None:
    """Write the file anew if anything was erased since that was last done.

    A start does not fail because of it: without the room for a second file it is put off.
    """
    if await database.fetch_one(IS_NOTED, _MARK) is None:
        return
    try:
        await database.compact()
        await database.write(lambda tx: tx.execute(CLEAR, _MARK))
        await database.empty_log()
    except StorageError as error:
        log.error("database file not written anew", reason=str(error))
    else:
        log.info("database file written anew")
