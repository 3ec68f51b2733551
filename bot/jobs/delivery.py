"""Shows members how their jobs ended: pictures or words, once.

The outbox is the jobs table: whatever is ready, or ended and not yet told. Each entry is tried in a
task of its own and waits outside between tries, so one channel's trouble is nobody else's.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import JobId
from bot.domain.job import Job, JobStatus
from bot.domain.outcome import EndReason
from bot.domain.ports import Attachment, Courier, JobFacts, JobStore, Posted
from bot.errors import DeliveryError, DownloadError
from bot.jobs.collection import LinksNotReady, PictureCollector
from bot.jobs.lifecycle import JobLifecycle
from bot.jobs.picture_room import NoRoom, PictureRoom
from bot.loops import cancel_and_wait

log = structlog.stdlib.get_logger(__name__)

MAX_POSTING = 48
"""Deliveries under way at once; the rest wait in the outbox."""

_ROOM_SECONDS = 1.0
"""Between two looks whether large pictures have room by now."""

_RETRY_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
MAX_TRIES = 150
"""About two and a half hours of trying, since Discord has been down for one and more; then the
result waits in the history."""

_TOLD_IN_WORDS = frozenset({JobStatus.FAILED, JobStatus.REFUSED, JobStatus.EXPIRED})


def owes_a_post(job: Job) -> bool:
    """Tell whether the member has yet to be shown this job's end."""
    return job.status is JobStatus.READY or (
        job.status in _TOLD_IN_WORDS and job.told_at_ms is None
    )


class Delivery:
    """Works off the outbox."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        lifecycle: JobLifecycle,
        collector: PictureCollector,
        courier: Courier,
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._lifecycle = lifecycle
        self._collector = collector
        self._courier = courier
        self._clock = clock
        self._outbox: asyncio.Queue[JobId] = asyncio.Queue()
        self._tries: dict[JobId, int] = {}
        self._later: dict[JobId, asyncio.TimerHandle] = {}
        self._posting: dict[JobId, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(MAX_POSTING)
        self._picture_room = PictureRoom()
        self._dispatcher: asyncio.Task[None] | None = None
        lifecycle.on_change(self._hear)

    async def start(self) -> None:
        """Begin, with what an earlier process did not tell."""
        for job_id in await self._jobs.untold():
            self._outbox.put_nowait(job_id)
        self._dispatcher = asyncio.create_task(self._dispatch(), name="delivery")

    async def stop(self, grace_seconds: float) -> None:
        """Begin no further post; let those under way finish for so long."""
        await cancel_and_wait(self._dispatcher)
        for timer in self._later.values():
            timer.cancel()
        tasks = set(self._posting.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _hear(self, job: Job) -> None:
        if owes_a_post(job):
            self._outbox.put_nowait(job.id)

    async def _dispatch(self) -> None:
        await self._courier.wait_until_ready()
        while True:
            job_id = await self._outbox.get()
            if job_id in self._posting:
                continue
            await self._room.acquire()
            task = asyncio.create_task(self._attempt(job_id), name=f"deliver {job_id}")
            self._posting[job_id] = task
            task.add_done_callback(lambda _, job_id=job_id: self._finished(job_id))

    def _finished(self, job_id: JobId) -> None:
        del self._posting[job_id]
        self._room.release()

    async def _attempt(self, job_id: JobId) -> None:
        """Try once; a failure goes back to the outbox after a pause, and its place is free."""
        with structlog.contextvars.bound_contextvars(job_id=job_id):
            try:
                await self._deliver(job_id)
            except LinksNotReady as later:
                self._try_later(job_id, later.pause_seconds)
                return
            except NoRoom:
                self._try_later(job_id, _ROOM_SECONDS)
                return
            except DeliveryError as error:
                log.warning("post failed, will try again", reason=str(error))
            except Exception:
                log.exception("delivery failed, will try again")
            else:
                self._forget(job_id)
                return
            tries = self._tries[job_id] = self._tries.get(job_id, 0) + 1
            if tries < MAX_TRIES or not await self._give_up(job_id):
                self._try_later(job_id, _RETRY_SECONDS[min(tries, len(_RETRY_SECONDS)) - 1])

    async def _give_up(self, job_id: JobId) -> bool:
        """Leave the result in the history; False where the disk refuses even that."""
        try:
            await self._leave_in_history(job_id)
        except Exception:
            log.exception("could not give up either, will try again")
            return False
        return True

    def _forget(self, job_id: JobId) -> None:
        self._tries.pop(job_id, None)
        self._later.pop(job_id, None)
        self._collector.forget(job_id)

    def _try_later(self, job_id: JobId, seconds: float) -> None:
        pause = seconds * random.uniform(0.8, 1.2)  # noqa: S311
        put = self._outbox.put_nowait
        if (other := self._later.get(job_id)) is not None:
            other.cancel()
        self._later[job_id] = asyncio.get_running_loop().call_later(pause, put, job_id)

    async def _deliver(self, job_id: JobId) -> None:
        job = await self._jobs.get(job_id)
        if job is None or not owes_a_post(job):
            return
        if job.cancel_requested_at_ms is not None:
            await self._close(job, None)
            return
        if job.status is not JobStatus.READY:
            await self._close(job, await self._post(job, ()))
            return
        with self._picture_room.pictures_of(job.request):
            await self._deliver_pictures(job)

    async def _deliver_pictures(self, job: Job) -> None:
        try:
            attachments = await self._collector.collect(job)
        except DownloadError as error:
            await self._give_up_pictures(job, error)
        else:
            await self._close(job, await self._post(job, attachments))

    async def _give_up_pictures(self, job: Job, error: DownloadError) -> None:
        """End the job in words; hearing of it puts the words into the outbox."""
        failed = await self._lifecycle.advance(
            job.id,
            JobStatus.FAILED,
            end_reason=EndReason.PICTURES_LOST,
            end_detail=str(error),
        )
        if failed is not None:
            await self._close(failed, await self._post(failed, ()))

    async def _post(self, job: Job, attachments: Sequence[Attachment]) -> Posted | None:
        """Show the end of a job, and return the message that shows it.

        None where nothing can be posted: the result then waits in the history.
        """
        if not job.origin.can_post:
            return await self._post_elsewhere(job, attachments)
        if job.post_started_at_ms is not None:
            return await self._repeat_post(job, attachments)
        await self._lifecycle.record(job.id, post_started_at_ms=self._clock.now_ms())
        return await self._post_new(job, attachments)

    async def _post_new(self, job: Job, attachments: Sequence[Attachment]) -> Posted | None:
        try:
            return await self._courier.post(job, attachments)
        except DeliveryError as error:
            if error.retryable:
                raise
            log.info("channel closed to us", reason=str(error))
            return await self._post_elsewhere(job, attachments)

    async def _repeat_post(self, job: Job, attachments: Sequence[Attachment]) -> Posted | None:
        """Go on after a post of unknown fate: look for it before showing anything again."""
        try:
            found = await self._courier.find_post(job)
        except DeliveryError as error:
            if error.retryable:
                raise
            log.info("post cannot be looked for", reason=str(error))
            return await self._repeat_unseen(job, attachments)
        if found is not None:
            log.info("post found again", message_id=found.message_id)
            return found
        return await self._post_new(job, attachments)

    async def _repeat_unseen(self, job: Job, attachments: Sequence[Attachment]) -> Posted | None:
        """Go on where the channel's past is closed to us.

        There Discord takes no post that answers another message, so none can stand that answered
        the acknowledgement: turning that cannot double. Without one to answer, the first post may
        well stand, and it is Discord's nonce that keeps the same from showing again for some
        minutes.
        """
        if job.acknowledgement_id is None or job.origin.private_progress:
            return await self._post_new(job, attachments)
        return await self._post_elsewhere(job, attachments)

    async def _post_elsewhere(self, job: Job, attachments: Sequence[Attachment]) -> Posted | None:
        """Where no new message is possible: turn the acknowledgement, else write privately."""
        for way in (self._courier.edit_into_result, self._courier.send_privately):
            try:
                return await way(job, attachments)
            except DeliveryError as error:
                if error.retryable:
                    raise
                log.info("way closed", way=way.__name__, reason=str(error))
        return None

    async def _close(self, job: Job, posted: Posted | None) -> None:
        facts = JobFacts(told_at_ms=self._clock.now_ms())
        if posted is not None:
            facts |= {"message_id": posted.message_id, "message_channel_id": posted.channel_id}
        if job.status is not JobStatus.READY:
            await self._lifecycle.record(job.id, **facts)
        elif job.cancel_requested_at_ms is not None:
            facts["end_reason"] = EndReason.CANCELLED
            await self._lifecycle.advance(job.id, JobStatus.CANCELLED, **facts)
        else:
            await self._lifecycle.advance(job.id, JobStatus.DELIVERED, **facts)

    async def _leave_in_history(self, job_id: JobId) -> None:
        job = await self._jobs.get(job_id)
        if job is None or not owes_a_post(job):
            self._forget(job_id)
        elif job.status is JobStatus.READY and not await self._collector.has_any(job):
            log.error("gave up keeping the pictures", **job.log_context())
            await self._lifecycle.advance(
                job.id, JobStatus.FAILED, end_reason=EndReason.PICTURES_LOST
            )
            self._forget(job_id)
            self._try_later(job_id, _RETRY_SECONDS[0])
        else:
            log.error("gave up posting; the result waits in the history", **job.log_context())
            await self._close(job, None)
            self._forget(job_id)
