"""What moderators do to members and pictures, and what members report to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.asker import Asker
from bot.domain.audit import Act, AuditEntry
from bot.domain.clock import Clock
from bot.domain.guild_ports import ModerationStore
from bot.domain.guild_settings import Setting
from bot.domain.ids import DIRECT_MESSAGES, ChannelId, GuildId, JobId, MessageId, UserId
from bot.domain.job import Job
from bot.domain.moderation import Block, Report
from bot.domain.ports import JobStore, PictureStore
from bot.domain.request import GenerationRequest
from bot.errors import Blocked, JobNotFound, NotAllowed
from bot.guild_settings import GuildSettingsService
from bot.speech import _


class Moderation:
    """Answers from memory whether a member is blocked, since each command asks."""

    def __init__(
        self,
        *,
        store: ModerationStore,
        jobs: JobStore,
        pictures: PictureStore,
        guild_settings: GuildSettingsService,
        clock: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._pictures = pictures
        self._guild_settings = guild_settings
        self._clock = clock
        self._blocked: dict[GuildId, dict[UserId, Block]] = {}

    async def refuse_blocked(self, asker: Asker, _request: GenerationRequest) -> None:
        """Let those pass who are not blocked here.

        Raises:
            Blocked: they are, with until when and why.
        """
        if asker.guild_id == DIRECT_MESSAGES:
            return
        block = (await self._blocks_of(asker.guild_id)).get(asker.user_id)
        if block is not None and block.holds_at(self._clock.now_ms()):
            raise Blocked(until_ms=block.until_ms, reason=block.reason)

    def forget(self, guild_id: GuildId) -> None:
        """Read a server's blocks anew the next time."""
        self._blocked.pop(guild_id, None)

    async def block(
        self, asker: Asker, user_id: UserId, *, length: timedelta | None, reason: str | None
    ) -> Block:
        """Keep a member from making pictures in the asker's server; for good without a length.

        Raises:
            NotAllowed: the asker does not moderate it, or means themselves.
        """
        await self._guild_settings.moderated_by(asker)
        if user_id == asker.user_id:
            raise NotAllowed(_("You cannot block yourself."))
        now = self._clock.now_ms()
        block = Block(
            guild_id=asker.guild_id,
            user_id=user_id,
            blocked_by=asker.user_id,
            blocked_at_ms=now,
            until_ms=None if length is None else now + int(length.total_seconds() * 1000),
            reason=reason,
        )
        details = {"until_ms": block.until_ms}
        entry = self._entry(asker, Act.BLOCKED, user_id=user_id, reason=reason, details=details)
        await self._store.block(block, entry)
        self.forget(asker.guild_id)
        return block

    async def unblock(self, asker: Asker, user_id: UserId, *, reason: str | None = None) -> None:
        """Lift a block in the asker's server.

        Raises:
            NotAllowed: the asker does not moderate it, or there is no block.
        """
        await self._guild_settings.moderated_by(asker)
        entry = self._entry(asker, Act.UNBLOCKED, user_id=user_id, reason=reason)
        lifted = await self._store.unblock(user_id, entry)
        self.forget(asker.guild_id)
        if not lifted:
            raise NotAllowed(_("This member is not blocked here."))

    async def remove(self, asker: Asker, job_id: JobId, *, reason: str | None = None) -> Job:
        """Take down a picture of the asker's server: our copies go, and the record says who did.

        Raises:
            JobNotFound: there is no such job in this server.
            NotAllowed: the asker neither moderates it nor may delete messages there, or it is
                taken down already.
        """
        await self.let_remove(asker)
        job = await self._job_here(asker.guild_id, job_id)
        if job.finished_at_ms is None:
            raise NotAllowed(_("This job is not finished. Try again in a moment."))
        entry = self._entry(
            asker, Act.REMOVED, user_id=job.origin.user_id, job_id=job_id, reason=reason
        )
        removed = await self._store.remove(job_id, entry)
        if removed is None:
            raise NotAllowed(_("This picture was taken down already."))
        await self._pictures.forget(job_id)
        return removed

    async def let_remove(self, asker: Asker) -> None:
        """Let those pass who may take pictures down.

        Raises:
            NotAllowed: the asker neither moderates the server nor may delete messages there.
        """
        settings = await self._guild_settings.of(asker.guild_id)
        if not asker.manages_messages and not settings.is_moderator(asker):
            raise NotAllowed(_("Only the person who asked for it, or a moderator, takes it down."))

    async def report(self, asker: Asker, job_id: JobId, reason: str | None) -> Job:
        """Note a member's report; a log channel to show it in must be set.

        Raises:
            JobNotFound: there is no such job in this server.
            NotAllowed: the server has no log channel, or this member reported it before.
        """
        job = await self._job_here(asker.guild_id, job_id)
        if await self.log_channel(asker.guild_id) is None:
            raise NotAllowed(
                _(
                    "The moderators of this server have named no channel for reports. "
                    "Write to one of them directly."
                )
            )
        report = Report(
            job_id=job_id,
            guild_id=asker.guild_id,
            reporter_id=asker.user_id,
            reported_at_ms=self._clock.now_ms(),
            reason=reason,
        )
        if not await self._store.report(report):
            raise NotAllowed(_("You reported this picture already; the moderators have seen it."))
        return job

    async def logged_at(self, job_id: JobId) -> tuple[ChannelId, MessageId] | None:
        """Return where a job stands in its server's log channel, if it does."""
        return await self._store.log_post(job_id)

    async def log_channel(self, guild_id: GuildId) -> ChannelId | None:
        """Return where a server's moderators see who made what, if they named a channel."""
        found = (await self._guild_settings.of(guild_id)).at(Setting.LOG_CHANNEL)
        return None if found is None else ChannelId(found.value)

    async def _job_here(self, guild_id: GuildId, job_id: JobId) -> Job:
        job = await self._jobs.get(job_id)
        if job is None or job.origin.guild_id != guild_id:
            raise JobNotFound(_("I know no such picture in this server."))
        return job

    async def _blocks_of(self, guild_id: GuildId) -> dict[UserId, Block]:
        known = self._blocked.get(guild_id)
        if known is None:
            blocks = await self._store.blocks(guild_id)
            known = self._blocked[guild_id] = {each.user_id: each for each in blocks}
        return known

    def _entry(self, asker: Asker, act: Act, **facts: Any) -> AuditEntry:
        return AuditEntry(
            guild_id=asker.guild_id,
            actor_id=asker.user_id,
            act=act,
            at_ms=self._clock.now_ms(),
            **facts,
        )
