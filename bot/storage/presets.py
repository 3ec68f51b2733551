"""Presets by the names on their shelves; a server's change with the entry that tells of it."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence

import structlog
from pydantic_core import to_json

from bot.domain.audit import AuditEntry
from bot.domain.ids import GuildId, UserId
from bot.domain.personal import NOBODY
from bot.domain.preset import Preset, Shelf, checked
from bot.errors import InvalidRequest
from bot.storage.audit import write_entry
from bot.storage.database import Database
from bot.storage.transaction import Row, SqliteTransaction

log = structlog.stdlib.get_logger(__name__)

ON_SHELF = "SELECT * FROM presets WHERE user_id = $1 AND guild_id = $2 ORDER BY name_key"

FIND = "SELECT * FROM presets WHERE user_id = $1 AND guild_id = $2 AND name_key = $3"

HELD = """
    SELECT count(*) AS presets FROM presets
    WHERE user_id = $1 AND guild_id = $2 AND name_key <> $3
"""

SAVE = """
    INSERT INTO presets (
        user_id, guild_id, name_key, name, attributes, template, saved_by, saved_at_ms
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (user_id, guild_id, name_key) DO UPDATE SET
        name = excluded.name, attributes = excluded.attributes, template = excluded.template,
        saved_by = excluded.saved_by, saved_at_ms = excluded.saved_at_ms
"""

DELETE = "DELETE FROM presets WHERE user_id = $1 AND guild_id = $2 AND name_key = $3"


class SqlitePresetStore:
    """A PresetStore."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def on(self, *shelves: Shelf) -> Sequence[Preset]:
        """Return everything on some shelves, in the order of the shelves and then of the names."""
        found = [
            _preset_of(row)
            for shelf in shelves
            for row in await self._db.fetch_all(ON_SHELF, shelf.user_id, shelf.guild_id)
        ]
        return [preset for preset in found if preset is not None]

    async def find(self, shelf: Shelf, key: str) -> Preset | None:
        """Return the preset of a name."""
        row = await self._db.fetch_one(FIND, shelf.user_id, shelf.guild_id, key)
        return _preset_of(row) if row else None

    async def save(
        self, preset: Preset, *, saved_by: UserId, now_ms: int, entry: AuditEntry | None
    ) -> bool:
        """Keep a preset, in the place of one of the same name; False where the shelf is full."""
        by = saved_by if preset.shelf.is_servers else NOBODY
        return await self._db.write(
            functools.partial(_save, preset=preset, saved_by=by, now_ms=now_ms, entry=entry)
        )

    async def delete(self, shelf: Shelf, key: str, *, entry: AuditEntry | None) -> bool:
        """Take a preset away; False, and nothing is written, where there is none."""
        return await self._db.write(functools.partial(_delete, shelf=shelf, key=key, entry=entry))


def _save(
    tx: SqliteTransaction,
    preset: Preset,
    saved_by: UserId,
    now_ms: int,
    entry: AuditEntry | None,
) -> bool:
    guild_id, user_id = preset.shelf
    if tx.fetch_all(HELD, user_id, guild_id, preset.key)[0]["presets"] >= preset.shelf.room:
        return False
    attributes = to_json(dict(preset.attributes)).decode()
    tx.execute(
        SAVE,
        user_id,
        guild_id,
        preset.key,
        preset.name,
        attributes,
        preset.template,
        saved_by,
        now_ms,
    )
    if entry is not None:
        write_entry(tx, entry)
    return True


def _delete(tx: SqliteTransaction, shelf: Shelf, key: str, entry: AuditEntry | None) -> bool:
    if not tx.execute(DELETE, shelf.user_id, shelf.guild_id, key):
        return False
    if entry is not None:
        write_entry(tx, entry)
    return True


def _preset_of(row: Row) -> Preset | None:
    """Return what a row holds, None where an older or newer program meant something else by it."""
    shelf = Shelf(GuildId(row["guild_id"]), UserId(row["user_id"]))
    try:
        attributes = checked(json.loads(row["attributes"]))
    except (ValueError, InvalidRequest) as error:
        log.error("preset not understood", guild_id=shelf.guild_id, reason=str(error))
        return None
    return Preset(shelf=shelf, name=row["name"], attributes=attributes, template=row["template"])
