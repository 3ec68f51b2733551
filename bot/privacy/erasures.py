"""Erases members: what they confirm is written down first, and then done, however often it takes.

A process killed in the middle leaves the wish in the database, and the next one goes on. Once the
wish is fulfilled no row names the member but for what `bot/storage/personal.py` declares to stay.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import JobId, UserId
from bot.domain.job import TERMINAL, UNFINISHED, Job, JobStatus
from bot.domain.outcome import EndReason
from bot.domain.personal import NOBODY, Erasure
from bot.domain.personal_ports import PersonalStore
from bot.domain.ports import PictureStore
from bot.errors import StorageError
from bot.jobs.lifecycle import JobLifecycle
from bot.loops import Loop

log = structlog.stdlib.get_logger(__name__)

PAUSE_SECONDS = 1.0
TIDY_SECONDS = 3600.0
"""What an erasure left of a day goes within so long after that day."""

SHOW_SECONDS = 10.0
ANSWER_SECONDS = 600.0
"""Longer than this a member does not wait for the answer; the erasing goes on."""


Show = Callable[[Job], Awaitable[None]]
"""Shows in the channel where a job stands; of no consequence when that cannot be done."""


class Erasures:
    """Works off wishes to be erased, one after the other."""

    def __init__(
        self,
        *,
        store: PersonalStore,
        pictures: PictureStore,
        lifecycle: JobLifecycle,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._lifecycle = lifecycle
        self._clock = clock
        self._show: Show | None = None
        self._finish: Callable[[UserId], Awaitable[None]] | None = None
        self._forget: Callable[[UserId], None] = lambda _: None
        self._is_to_wipe = False
        self._due = asyncio.Event()
        self._due.set()  # an earlier process may have left something
        self._waiting: dict[UserId, asyncio.Future[None]] = {}
        self._fulfilled: set[UserId] = set()
        """Members who hear of it once what deleting leaves behind is gone as well."""
        lifecycle.on_change(self._hear)

    def on_taken_back(self, show: Show) -> None:
        """Have acknowledgements of jobs that go brought up to date, as the last thing of them."""
        self._show = show

    def on_begun(self, finish: Callable[[UserId], Awaitable[None]]) -> None:
        """Have what the channel says of a member's jobs brought up to date while they are known."""
        self._finish = finish

    def on_erased(self, forget: Callable[[UserId], None]) -> None:
        """Have what is remembered of members forgotten once their rows are gone."""
        self._forget = forget

    async def ask(self, user_id: UserId) -> asyncio.Future[None]:
        """Write down that a member wants to be erased; return what resolves once that is done."""
        await self._store.ask(Erasure(user_id, self._clock.now_ms()))
        waiting = self._waiting.get(user_id)
        if waiting is None:
            waiting = self._waiting[user_id] = asyncio.get_running_loop().create_future()
        self._due.set()
        return waiting

    def loop(self) -> Loop:
        """Return the loop that erases."""
        return Loop("erasures", self._wait_and_work_off, interval_seconds=PAUSE_SECONDS)

    async def _wait_and_work_off(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TIDY_SECONDS):
                await self._due.wait()
        await self.work_off()

    async def work_off(self) -> None:
        """Do all there is to do: wishes, then what earlier ones left behind."""
        self._due.clear()
        try:
            for erasure in await self._store.asked():
                if await self._carry_out(erasure):
                    self._fulfilled.add(erasure.user_id)
                else:  # asked once more since
                    self._fulfilled.discard(erasure.user_id)
            await self._tidy()
            await self._wipe()
        except BaseException:
            self._due.set()
            raise
        while self._fulfilled:
            self._answer(self._fulfilled.pop())

    async def _carry_out(self, erasure: Erasure) -> bool:
        """Erase a member; False where the disk refuses, which is nobody else's trouble."""
        try:
            await self._finish_showing(erasure.user_id)
            await self._take_back(await self._store.open_jobs(erasure))
            rows = await self._store.erase(erasure)
            self._forget(erasure.user_id)
            await self._pictures.remove_unnamed()
            await self._store.fulfil(erasure)
        except StorageError as error:
            log.error("erasing broke off, will go on", reason=str(error))
            self._due.set()
            return False
        self._is_to_wipe = True
        log.info("a member was erased", rows=rows)
        return True

    async def _take_back(self, job_ids: Sequence[JobId]) -> None:
        """Cancel open jobs, say so in the channel, and leave none of the member in them."""
        cancelled = [job for each in job_ids if (job := await self._cancel(each)) is not None]
        await self._show_all(cancelled)
        for job_id in job_ids:
            await self._store.disown(job_id)

    async def _cancel(self, job_id: JobId) -> Job | None:
        try:
            return await self._lifecycle.advance(
                job_id,
                JobStatus.CANCELLED,
                sources=frozenset({JobStatus.QUEUED}),
                end_reason=EndReason.CANCELLED,
            ) or await self._lifecycle.record(
                job_id, sources=UNFINISHED, cancel_requested_at_ms=self._clock.now_ms()
            )
        except StorageError as error:
            log.error("job not cancelled before its erasure", job_id=job_id, reason=str(error))
            return None

    async def _finish_showing(self, user_id: UserId) -> None:
        if self._finish is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SHOW_SECONDS):
                await self._finish(user_id)

    async def _show_all(self, jobs: Sequence[Job]) -> None:
        if self._show is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SHOW_SECONDS):
                await asyncio.gather(*(self._show(job) for job in jobs))

    async def _tidy(self) -> None:
        if await self._store.tidy():
            await self._pictures.remove_unnamed()
            self._is_to_wipe = True

    async def _wipe(self) -> None:
        """Empty the log of changes, now or as soon as nobody reads."""
        if self._is_to_wipe:
            self._is_to_wipe = not await self._store.wipe()
        if self._is_to_wipe:
            self._due.set()

    def _answer(self, user_id: UserId) -> None:
        waiting = self._waiting.pop(user_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _hear(self, job: Job) -> None:
        """Notice the end of a job that an erasure had to leave to the image API."""
        if job.origin.user_id == NOBODY and job.status in TERMINAL:
            self._due.set()


async def is_done(waiting: asyncio.Future[None]) -> bool:
    """Wait for an erasure as long as a member would."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await asyncio.shield(waiting)
    except TimeoutError:
        return False
    return True
