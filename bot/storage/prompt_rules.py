"""Each server's prompt rules, changed together with the audit entry that says so."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from bot.domain.audit import AuditEntry
from bot.domain.ids import GuildId
from bot.domain.prompt_rules.rule import NewRule, PromptRule, RuleKind
from bot.storage.audit import write_entry
from bot.storage.database import Database
from bot.storage.transaction import SqliteTransaction

OF_GUILD = "SELECT * FROM prompt_rules WHERE guild_id = $1 ORDER BY id"

ADD = """
    INSERT INTO prompt_rules (guild_id, kind, text, set_by, set_at_ms)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (guild_id, kind, text) DO NOTHING
"""

FIND = "SELECT * FROM prompt_rules WHERE guild_id = $1 AND kind = $2 AND text = $3"

REMOVE = "DELETE FROM prompt_rules WHERE guild_id = $1 AND id = $2 RETURNING *"

REMOVE_ALL = "DELETE FROM prompt_rules WHERE guild_id = $1"


class SqlitePromptRuleStore:
    """A PromptRuleStore."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def of_guild(self, guild_id: GuildId) -> Sequence[PromptRule]:
        """Return a server's rules, oldest first."""
        return [
            PromptRule.model_validate(dict(r)) for r in await self._db.fetch_all(OF_GUILD, guild_id)
        ]

    async def add(self, kind: RuleKind, text: str, entry: AuditEntry) -> PromptRule:
        """Add a rule to the entry's server; one that is there already stays as it is."""
        return await self._db.write(functools.partial(_add, kind=kind, text=text, entry=entry))

    async def remove(
        self, rule_id: int, entry_of: Callable[[PromptRule], AuditEntry], guild_id: GuildId
    ) -> PromptRule | None:
        """Take a rule away; None where the server has none of that number."""
        return await self._db.write(
            functools.partial(_remove, rule_id=rule_id, entry_of=entry_of, guild_id=guild_id)
        )


def _add(tx: SqliteTransaction, kind: RuleKind, text: str, entry: AuditEntry) -> PromptRule:
    if _insert(tx, kind, text, entry):
        write_entry(tx, entry)
    row = tx.fetch_all(FIND, entry.guild_id, kind.value, text)[0]
    return PromptRule.model_validate(dict(row))


def _insert(tx: SqliteTransaction, kind: RuleKind, text: str, entry: AuditEntry) -> bool:
    return tx.execute(ADD, entry.guild_id, kind.value, text, entry.actor_id, entry.at_ms) > 0


def _remove(
    tx: SqliteTransaction,
    rule_id: int,
    entry_of: Callable[[PromptRule], AuditEntry],
    guild_id: GuildId,
) -> PromptRule | None:
    row = tx.fetch_one(REMOVE, guild_id, rule_id)
    if row is None:
        return None
    removed = PromptRule.model_validate(dict(row))
    write_entry(tx, entry_of(removed))
    return removed


def replace_rules(tx: SqliteTransaction, rules: Sequence[NewRule], entry: AuditEntry) -> None:
    """Put these in the place of all rules of the entry's server, as part of a larger act."""
    tx.execute(REMOVE_ALL, entry.guild_id)
    for kind, text in rules:
        _insert(tx, kind, text, entry)
