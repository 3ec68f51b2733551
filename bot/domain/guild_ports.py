"""What the use cases of servers and moderators need from a store.

As in `ports.py`, a method is one transaction: it happened wholly once the call returns. A
moderator's act is stored together with the audit entry that tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.domain.audit import AuditEntry, StoredAuditEntry
from bot.domain.guild_settings import GuildSettings, Place, Setting, StoredSetting
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, UserId
from bot.domain.job import Job
from bot.domain.moderation import Block, Report
from bot.domain.prompt_rules.rule import NewRule, PromptRule, RuleKind
from bot.domain.quota import Grant
from bot.domain.stats import Counts, ModelCount, Window


class GrantStore(Protocol):
    """What moderators give and waive. Every act is stored with the audit entry that tells of it."""

    async def grant(self, user_id: UserId, grant: Grant, entry: AuditEntry) -> None:
        """Give a member extra images in the entry's server; the same grant again changes nothing.

        A job that needs them takes them in its accept transaction; refunded, it gives them back.
        """
        ...

    async def reset(self, user_id: UserId, entry: AuditEntry) -> int:
        """Waive what counts against a member in the entry's server; return how many images.

        What counts over all servers stays, and so does what the whole server used. The number
        is written into the entry.
        """
        ...


class GuildSettingsStore(Protocol):
    """What each server has set. Every change is stored with the audit entry that tells of it."""

    async def load(self, guild_id: GuildId) -> GuildSettings:
        """Return all that a server has set; a value this program cannot read is left out."""
        ...

    async def put(self, stored: StoredSetting, entry: AuditEntry) -> None:
        """Set a value of the entry's server and write down who did."""
        ...

    async def clear(self, place: Place, setting: Setting, entry: AuditEntry) -> None:
        """Unset a value of the entry's server and write down who did."""
        ...

    async def replace(
        self,
        stored: Sequence[StoredSetting],
        prompt_rules: Sequence[NewRule],
        entry: AuditEntry,
    ) -> None:
        """Put these in the place of all that the entry's server has set, its rules included."""
        ...


class AuditStore(Protocol):
    """The moderators' acts: added, read, never changed."""

    async def add(self, entry: AuditEntry) -> None:
        """Write down an act that has no transaction of its own."""
        ...

    async def page(
        self, guild_id: GuildId, *, before: int | None = None, limit: int = 10
    ) -> Sequence[StoredAuditEntry]:
        """Return a server's entries, newest first, older than `before`."""
        ...


class PromptRuleStore(Protocol):
    """Each server's prompt rules, changed together with the audit entry that says so."""

    async def of_guild(self, guild_id: GuildId) -> Sequence[PromptRule]:
        """Return a server's rules, oldest first."""
        ...

    async def add(self, kind: RuleKind, text: str, entry: AuditEntry) -> PromptRule:
        """Add a rule to the entry's server; one that is there already stays, and no entry."""
        ...

    async def remove(
        self, rule_id: int, entry_of: Callable[[PromptRule], AuditEntry], guild_id: GuildId
    ) -> PromptRule | None:
        """Take a rule away; None where the server has none of that number."""
        ...


class ModerationStore(Protocol):
    """Blocks, removals, reports. A moderator's act is stored with the entry that tells of it."""

    async def blocks(self, guild_id: GuildId) -> Sequence[Block]:
        """Return a server's blocks, those that have run out too."""
        ...

    async def block(self, block: Block, entry: AuditEntry) -> None:
        """Block a member, in the place of an earlier block."""
        ...

    async def unblock(self, user_id: UserId, entry: AuditEntry) -> bool:
        """Lift a block in the entry's server; False, and nothing is written, without one."""
        ...

    async def remove(self, job_id: JobId, entry: AuditEntry) -> Job | None:
        """Mark a finished job of the entry's server as taken down.

        None where it is already, or belongs to another server; nothing is written then.
        """
        ...

    async def report(self, report: Report) -> bool:
        """Note a report; False where this member reported the job before."""
        ...

    async def log_posted(
        self, job_id: JobId, guild_id: GuildId, post: tuple[ChannelId, MessageId] | None
    ) -> None:
        """Note that a finished job stands in the log channel, or never will."""
        ...

    async def log_post(self, job_id: JobId) -> tuple[ChannelId, MessageId] | None:
        """Return where a job stands in the log channel, if it does."""
        ...

    async def unlogged(self, job_ids: Sequence[JobId]) -> Sequence[JobId]:
        """Return those of some jobs that `log_posted` was never called for."""
        ...


class StatsStore(Protocol):
    """Counts over many jobs; it may take a moment, and nobody else waits for it."""

    async def counts(self, guild_id: GuildId, window: Window) -> Counts:
        """Count a server's jobs that were asked for within the window, and those still open."""
        ...

    async def models(self, guild_id: GuildId, window: Window, limit: int) -> Sequence[ModelCount]:
        """Count the ended ones of these by model, the most used models first."""
        ...
