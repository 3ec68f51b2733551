"""Keeps acknowledgements true: where a job stands, edited only when that changed.

Discord counts the relative time down by itself, so an edit is due only for a new phase or place.
Rounds are three seconds apart, and a message shows the newest state or none: what changed twice
between rounds is edited once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from enum import StrEnum

import structlog

from bot.domain.ids import ChannelId, JobId
from bot.domain.job import TERMINAL, Job, JobStatus
from bot.domain.ports import Courier, JobStore
from bot.errors import StorageError
from bot.jobs.lifecycle import JobLifecycle
from bot.loops import Loop

log = structlog.stdlib.get_logger(__name__)

ROUND_SECONDS = 3.0
EDITS_PER_CHANNEL = 2
"""A channel's share of a round, well under Discord's five edits in five seconds."""

PLACES_SHOWN = 25
"""Only the head of the queue is told its place again and again."""


RECOVERED = 50
"""Newest jobs whose acknowledgements are looked at after a start; editing again is harmless."""


class Phase(StrEnum):
    """What a member needs to know of a status."""

    WAITING = "waiting"
    DRAWING = "drawing"
    POSTING = "posting"
    OVER = "over"


def phase_of(job: Job) -> Phase:
    """Return the phase a job is in."""
    match job.status:
        case JobStatus.QUEUED:
            return Phase.WAITING
        case JobStatus.SUBMITTING | JobStatus.PROCESSING:
            return Phase.DRAWING
        case JobStatus.READY:
            return Phase.POSTING
        case _:
            return Phase.OVER


Shown = tuple[Phase, int | None, bool]
"""Phase, place in the queue, and whether submissions were paused."""


class ProgressBoard:
    """Edits acknowledgements of jobs that moved, in rounds."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        lifecycle: JobLifecycle,
        courier: Courier,
        is_paused: Callable[[], bool] = lambda: False,
    ) -> None:
        self._jobs = jobs
        self._courier = courier
        self._moved: dict[JobId, ChannelId] = {}
        self._shown: dict[JobId, Shown] = {}
        self._queue_moved = False
        self._is_paused = is_paused
        self._was_paused = False
        lifecycle.on_change(self._hear)

    async def recover(self) -> None:
        """Take up the acknowledgements that an earlier process may have left behind."""
        try:
            newest = await self._jobs.newest(RECOVERED)
        except StorageError as error:
            log.error("acknowledgements not recovered", reason=str(error))
            return
        for job in newest:
            self._hear(job)

    def loop(self) -> Loop:
        """Return the loop that runs the rounds."""
        return Loop("progress", self.round, interval_seconds=ROUND_SECONDS)

    async def round(self) -> None:
        """Edit what changed since the last round, within each channel's share."""
        await self._courier.wait_until_ready()
        await self._notice_places()
        await self._notice_pause()
        edits: Counter[ChannelId] = Counter()
        chosen: list[JobId] = []
        for job_id, channel_id in self._moved.items():
            edits[channel_id] += 1
            if edits[channel_id] <= EDITS_PER_CHANNEL:
                chosen.append(job_id)
        async with asyncio.TaskGroup() as together:
            for job_id in chosen:
                together.create_task(self._show_or_keep(job_id, self._moved.pop(job_id)))

    async def _show_or_keep(self, job_id: JobId, channel_id: ChannelId) -> None:
        """Edit one acknowledgement; one that the database keeps back has its turn next round."""
        try:
            await self._show(job_id)
        except StorageError as error:
            log.warning("acknowledgement not edited yet", job_id=job_id, reason=str(error))
            self._moved.setdefault(job_id, channel_id)
        except Exception:  # in a group it would end the others' edits too
            log.exception("acknowledgement not edited", job_id=job_id)

    async def _notice_places(self) -> None:
        if not self._queue_moved:
            return
        self._queue_moved = False
        for job_id in await self._jobs.queue_head(PLACES_SHOWN):
            if job_id in self._shown and (job := await self._jobs.get(job_id)):
                self._moved.setdefault(job_id, job.origin.channel_id)

    async def _notice_pause(self) -> None:
        """Tell all who wait when submissions stop or go on, and not only the head of the queue."""
        paused = self._is_paused()
        if paused == self._was_paused:
            return
        self._was_paused = paused
        for job_id in [i for i, (phase, *_) in self._shown.items() if phase is Phase.WAITING]:
            if job := await self._jobs.get(job_id):
                self._moved.setdefault(job_id, job.origin.channel_id)

    async def _show(self, job_id: JobId) -> None:
        """Edit one acknowledgement if it says something else than where its job stands now."""
        job = await self._jobs.get(job_id)
        if job is None:
            return
        place = await self._jobs.place_in_queue(job.id) if job.status is JobStatus.QUEUED else None
        shown = (phase_of(job), place, place is not None and self._is_paused())
        if self._shown.get(job.id) == shown:
            return
        if job.status in TERMINAL:
            self._shown.pop(job.id, None)
        else:
            self._shown[job.id] = shown
        await self._courier.update_acknowledgement(job, place)

    def _hear(self, job: Job) -> None:
        self._queue_moved |= job.status is JobStatus.SUBMITTING
        if job.acknowledgement_id is not None:
            self._moved[job.id] = job.origin.channel_id
