"""What moderators did: one entry for every act, kept where nobody can change it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.domain.ids import GuildId, JobId, UserId


class Act(StrEnum):
    """What was done."""

    SET = "set"
    """A setting was given a value or lost it."""
    IMPORT = "import"
    """The settings were replaced by those of a file."""
    RULE_ADDED = "rule_added"
    RULE_REMOVED = "rule_removed"
    PRESET_SAVED = "preset_saved"
    PRESET_DELETED = "preset_deleted"
    REMOVED = "removed"
    """A picture was taken down and our copy deleted."""
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    QUOTA_GRANTED = "quota_granted"
    QUOTA_RESET = "quota_reset"


class AuditEntry(BaseModel):
    """One act. `details` are plain values, such as the setting's name and what it was before."""

    model_config = ConfigDict(frozen=True)

    guild_id: GuildId
    actor_id: UserId
    act: Act
    at_ms: int
    user_id: UserId | None = None
    """Whom it concerned."""
    job_id: JobId | None = None
    reason: str | None = None
    details: Mapping[str, Any] = {}


class StoredAuditEntry(AuditEntry):
    """An entry with its number; a later act has a larger one."""

    id: int
