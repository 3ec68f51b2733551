"""Shows a server's moderators every finished picture in the channel they named.

Best effort, apart from members' deliveries: what an earlier process did not come to is taken up
at the next start among the newest jobs, and what cannot be posted is noted and let go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from bot.domain.guild_ports import ModerationStore
from bot.domain.guild_settings import Setting
from bot.domain.ids import ChannelId, JobId, MessageId
from bot.domain.job import Job, JobStatus
from bot.domain.ports import Attachment, JobStore
from bot.errors import DeliveryError
from bot.guild_settings import GuildSettingsService
from bot.history import History
from bot.jobs.lifecycle import JobLifecycle
from bot.loops import Loop

log = structlog.stdlib.get_logger(__name__)

RECOVERED = 200
"""Newest jobs looked at after a start."""

HANDS = 4
_RETRY_SECONDS = (2.0, 10.0, 60.0)


class LogPoster(Protocol):
    """Posts to log channels."""

    async def wait_until_ready(self) -> None:
        """Return once posting is possible."""
        ...

    async def post_to_log(
        self, channel_id: ChannelId, job: Job, attachments: Sequence[Attachment]
    ) -> MessageId:
        """Show moderators a finished job, with its pictures as spoilers.

        Raises:
            DeliveryError: `retryable` tells whether waiting can help.
        """
        ...


class ModerationLog:
    """Hears of delivered jobs and posts them, one after the other."""

    def __init__(
        self,
        *,
        lifecycle: JobLifecycle,
        jobs: JobStore,
        store: ModerationStore,
        guild_settings: GuildSettingsService,
        history: History,
        poster: LogPoster,
        retry_seconds: Sequence[float] = _RETRY_SECONDS,
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._guild_settings = guild_settings
        self._history = history
        self._poster = poster
        self._retry_seconds = retry_seconds
        self._waiting: asyncio.Queue[tuple[JobId, int]] = asyncio.Queue()
        """Jobs to log, and how often that was tried."""
        lifecycle.on_move(self._hear)

    async def recover(self) -> None:
        """Take up delivered jobs that an earlier process did not log."""
        newest = await self._jobs.newest(RECOVERED)
        delivered = [job.id for job in newest if job.status is JobStatus.DELIVERED]
        for job_id in sorted(await self._store.unlogged(delivered)):
            self._waiting.put_nowait((job_id, 0))

    def loops(self) -> Sequence[Loop]:
        """Return the loops that post; several, so that one slow channel holds up no other."""
        return [
            Loop(f"moderation log {n}", self.step, interval_seconds=0) for n in range(1, HANDS + 1)
        ]

    async def step(self) -> None:
        """Wait for the next delivered job and log it."""
        job_id, tries = await self._waiting.get()
        await self._poster.wait_until_ready()
        job = await self._jobs.get(job_id)
        channel_id = await self._channel_of(job)
        if job is None or channel_id is None:
            return
        try:
            message_id = await self._poster.post_to_log(
                channel_id, job, await self._history.pictures(job)
            )
        except DeliveryError as error:
            log.warning("not logged", job_id=job_id, channel_id=channel_id, reason=str(error))
            if error.retryable and tries < len(self._retry_seconds):
                self._try_later(job_id, tries)
            else:
                await self._store.log_posted(job_id, job.origin.guild_id, None)
        else:
            await self._store.log_posted(job_id, job.origin.guild_id, (channel_id, message_id))

    async def _channel_of(self, job: Job | None) -> ChannelId | None:
        """Return where to log a job: nowhere if it ended before the channel was named."""
        if job is None or job.removed_at_ms is not None:
            return None
        named = (await self._guild_settings.of(job.origin.guild_id)).at(Setting.LOG_CHANNEL)
        if named is None or (job.finished_at_ms or 0) < named.set_at_ms:
            return None
        return ChannelId(named.value)

    def _try_later(self, job_id: JobId, tries: int) -> None:
        asyncio.get_running_loop().call_later(
            self._retry_seconds[tries], self._waiting.put_nowait, (job_id, tries + 1)
        )

    def _hear(self, job: Job) -> None:
        if job.status is JobStatus.DELIVERED and job.origin.guild_id:
            self._waiting.put_nowait((job.id, 0))
