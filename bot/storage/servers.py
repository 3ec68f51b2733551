"""The servers the bot is in or was in, and the erasing of what is kept of those."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence

from bot.domain.clock import Clock
from bot.domain.ids import GuildId
from bot.domain.personal import Fate
from bot.domain.quota import WINDOW_MS
from bot.storage.database import Database
from bot.storage.personal import PERSONAL, SEARCH_INDEXES
from bot.storage.personal_table import Departure, PersonalTable, delete_some, reduce_some
from bot.storage.scraps import merge_words, note_scraps
from bot.storage.transaction import SqliteTransaction, SqlValue

BATCH_ROWS = 50
"""As with a member's rows: nobody waits for long."""

KNOWN = "SELECT guild_id, left_at_ms FROM servers"

JOINED = """
    INSERT INTO servers (guild_id) VALUES ($1)
    ON CONFLICT (guild_id) DO UPDATE SET left_at_ms = NULL
"""

LEFT = """
    INSERT INTO servers (guild_id, left_at_ms) VALUES ($1, $2)
    ON CONFLICT (guild_id) DO UPDATE SET left_at_ms = coalesce(servers.left_at_ms, $2)
"""

LEFT_BEFORE = "SELECT guild_id FROM servers WHERE left_at_ms <= $1 ORDER BY left_at_ms"

IS_GONE = "SELECT 1 FROM servers WHERE guild_id = $1 AND left_at_ms IS NOT NULL"

FORGOTTEN = "DELETE FROM servers WHERE guild_id = $1 AND left_at_ms IS NOT NULL"


class SqliteServerStore:
    """A ServerStore."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def present(self, guild_ids: Collection[GuildId], now_ms: int) -> Sequence[GuildId]:
        """Take the whole list of servers the bot is in; return those found missing from it."""
        return await self._db.write(
            functools.partial(_present, guild_ids=frozenset(guild_ids), now_ms=now_ms)
        )

    async def joined(self, guild_id: GuildId) -> None:
        """Note that the bot is in a server; what was kept of it is kept on."""
        await self._db.write(lambda tx: tx.execute(JOINED, guild_id))

    async def left(self, guild_id: GuildId, now_ms: int) -> None:
        """Note that a server removed the bot."""
        await self._db.write(lambda tx: tx.execute(LEFT, guild_id, now_ms))

    async def left_before(self, moment_ms: int) -> Sequence[GuildId]:
        """Return the servers that removed the bot before that moment."""
        rows = await self._db.fetch_all(LEFT_BEFORE, moment_ms)
        return [GuildId(row["guild_id"]) for row in rows]

    async def forget(self, guild_id: GuildId) -> int:
        """Erase what is kept of a server that removed the bot; return how many rows."""
        erased = 0
        day_ago = self._clock.now_ms() - WINDOW_MS
        for table in PERSONAL:
            if table.departure is not None:
                step = _step(table, table.departure, guild_id, day_ago)
                erased += await self._db.write_all(step)
        await merge_words(self._db, SEARCH_INDEXES)
        await self._db.write(functools.partial(_forgotten, guild_id=guild_id))
        await self._db.empty_log()
        return erased


def _present(
    tx: SqliteTransaction, guild_ids: frozenset[GuildId], now_ms: int
) -> Sequence[GuildId]:
    known = {GuildId(row["guild_id"]): row["left_at_ms"] for row in tx.fetch_all(KNOWN)}
    for guild_id in guild_ids:
        if guild_id not in known or known[guild_id] is not None:
            tx.execute(JOINED, guild_id)
    missing = [each for each, left in known.items() if left is None and each not in guild_ids]
    for guild_id in missing:
        tx.execute(LEFT, guild_id, now_ms)
    return missing


def _step(
    table: PersonalTable, departure: Departure, guild_id: GuildId, day_ago_ms: int
) -> functools.partial[int]:
    if departure.fate is Fate.REDUCED:
        sql = reduce_some(table, "guild_id", departure)
    else:
        sql = delete_some(table, "guild_id", departure)
    moment = (day_ago_ms,) if departure.moment else ()
    return functools.partial(_while_gone, guild_id=guild_id, sql=sql, moment=moment)


def _while_gone(
    tx: SqliteTransaction, guild_id: GuildId, sql: str, moment: tuple[SqlValue, ...]
) -> int:
    """Erase some rows, unless the server is back."""
    if tx.fetch_one(IS_GONE, guild_id) is None:
        return 0
    return tx.execute(sql, guild_id, BATCH_ROWS, *moment)


def _forgotten(tx: SqliteTransaction, guild_id: GuildId) -> None:
    tx.execute(FORGOTTEN, guild_id)
    note_scraps(tx)
