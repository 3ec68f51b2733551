"""What each server has set, changed together with the audit entry that says so."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import structlog
from pydantic import ValidationError

from bot.domain.audit import AuditEntry
from bot.domain.guild_settings import KINDS, GuildSettings, Place, Scope, Setting, StoredSetting
from bot.domain.ids import GuildId, UserId
from bot.domain.prompt_rules.rule import NewRule
from bot.errors import InvalidRequest
from bot.storage.audit import write_entry
from bot.storage.database import Database
from bot.storage.prompt_rules import replace_rules
from bot.storage.transaction import Row, SqliteTransaction

log = structlog.stdlib.get_logger(__name__)

OF_GUILD = "SELECT * FROM guild_settings WHERE guild_id = $1"

PUT = """
    INSERT INTO guild_settings (guild_id, scope, place_id, setting, value, set_by, set_at_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (guild_id, scope, place_id, setting) DO UPDATE SET
        value = excluded.value, set_by = excluded.set_by, set_at_ms = excluded.set_at_ms
"""

CLEAR = """
    DELETE FROM guild_settings
    WHERE guild_id = $1 AND scope = $2 AND place_id = $3 AND setting = $4
"""

CLEAR_ALL = "DELETE FROM guild_settings WHERE guild_id = $1"


class SqliteGuildSettingsStore:
    """A GuildSettingsStore."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def load(self, guild_id: GuildId) -> GuildSettings:
        """Return all that a server has set; a value this program cannot read is left out."""
        rows = await self._db.fetch_all(OF_GUILD, guild_id)
        stored = [each for each in map(_setting_of, rows) if each is not None]
        return GuildSettings.of(guild_id, stored)

    async def put(self, stored: StoredSetting, entry: AuditEntry) -> None:
        """Set a value and write down who did."""
        await self._db.write(functools.partial(_put, stored=stored, entry=entry))

    async def clear(self, place: Place, setting: Setting, entry: AuditEntry) -> None:
        """Unset a value and write down who did."""
        await self._db.write(functools.partial(_clear, place=place, setting=setting, entry=entry))

    async def replace(
        self,
        stored: Sequence[StoredSetting],
        prompt_rules: Sequence[NewRule],
        entry: AuditEntry,
    ) -> None:
        """Put these in the place of all that a server has set, and write down who did."""
        await self._db.write(
            functools.partial(_replace, stored=stored, prompt_rules=prompt_rules, entry=entry)
        )


def _put(tx: SqliteTransaction, stored: StoredSetting, entry: AuditEntry) -> None:
    _insert(tx, entry.guild_id, stored)
    write_entry(tx, entry)


def _clear(tx: SqliteTransaction, place: Place, setting: Setting, entry: AuditEntry) -> None:
    tx.execute(CLEAR, entry.guild_id, place.scope.value, place.id, setting.value)
    write_entry(tx, entry)


def _replace(
    tx: SqliteTransaction,
    stored: Sequence[StoredSetting],
    prompt_rules: Sequence[NewRule],
    entry: AuditEntry,
) -> None:
    tx.execute(CLEAR_ALL, entry.guild_id)
    for each in stored:
        _insert(tx, entry.guild_id, each)
    replace_rules(tx, prompt_rules, entry)
    write_entry(tx, entry)


def _insert(tx: SqliteTransaction, guild_id: GuildId, stored: StoredSetting) -> None:
    tx.execute(
        PUT,
        guild_id,
        stored.place.scope.value,
        stored.place.id,
        stored.setting.value,
        KINDS[stored.setting].adapter.dump_json(stored.value).decode(),
        stored.set_by,
        stored.set_at_ms,
    )


def _setting_of(row: Row) -> StoredSetting | None:
    """Return what a row holds; None where an older or newer program meant something else by it."""
    try:
        setting = Setting(row["setting"])
        value = KINDS[setting].adapter.validate_json(row["value"])
    except (ValueError, ValidationError, InvalidRequest) as error:
        log.error("stored setting not understood", setting=row["setting"], reason=str(error))
        return None
    place = Place(Scope(row["scope"]), row["place_id"])
    return StoredSetting(place, setting, value, UserId(row["set_by"]), row["set_at_ms"])
