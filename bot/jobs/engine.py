"""The in-process engine: the jobs table is the queue, this is what turns it.

Queued jobs wait in a list sorted by fair tag; as many run as there are slots. A job that was at
the provider when an earlier process died takes its slot again before anything new starts, so the
limit holds across restarts.
"""

from __future__ import annotations

import asyncio
import bisect
import random
from collections.abc import Awaitable, Callable

import structlog

from bot.domain.ids import JobId
from bot.domain.job import JobStatus
from bot.domain.ports import JobRef, JobStore, RunLater, Transaction
from bot.jobs.precedence import Precedence
from bot.loops import cancel_and_wait

log = structlog.stdlib.get_logger(__name__)

Run = Callable[[JobId], Awaitable[None]]

_RERUN_SECONDS = (1.0, 5.0, 30.0)
"""Pauses after a run that raised: a fault of ours or of the disk."""


class LocalEngine:
    """A JobEngine for one process; hold the data directory's lock while it lives."""

    def __init__(self, jobs: JobStore, *, slots: int, precedence: Precedence | None = None) -> None:
        self._jobs = jobs
        self._precedence = precedence or Precedence()
        self._slots = slots
        self._waiting: list[tuple[int, JobId]] = []
        self._running: dict[JobId, asyncio.Task[None]] = {}
        self._delayed: dict[JobId, asyncio.TimerHandle] = {}
        self._wake = asyncio.Event()
        self._dispatcher: asyncio.Task[None] | None = None

    @property
    def running(self) -> int:
        """Jobs that hold a slot now."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """Jobs that wait for a slot or for their delay to pass."""
        return len(self._waiting) + len(self._delayed)

    @property
    def oldest_waiting(self) -> JobId | None:
        """The job that has waited longest; ids grow with time."""
        return min((*(job_id for _, job_id in self._waiting), *self._delayed), default=None)

    def ahead_of(self, job: JobRef) -> int:
        """Count the jobs whose turn comes before this one's; some may be cancelled until then."""
        mine = (job.fair_tag, job.id)
        return bisect.bisect_left(self._waiting, mine)

    async def start(self, run: Run) -> None:
        """Begin, with what an earlier process left unfinished."""
        for ref in await self._jobs.unfinished():
            if ref.status is JobStatus.QUEUED:
                bisect.insort(self._waiting, (ref.fair_tag, ref.id))
            else:
                self._launch(run, ref.fair_tag, ref.id)
        self._wake.set()
        self._dispatcher = asyncio.create_task(self._dispatch(run), name="dispatcher")

    def enqueue(self, transaction: Transaction, job: JobRef) -> None:
        """Do nothing: the row being inserted is the entry in the queue."""

    def committed(self, job: JobRef) -> None:
        """Line the job up."""
        self._line_up(job.fair_tag, job.id)

    async def stop(self, grace_seconds: float) -> None:
        """Start nothing more; after the grace cancel what runs: its stored status says the rest."""
        await cancel_and_wait(self._dispatcher)
        for handle in self._delayed.values():
            handle.cancel()
        tasks = set(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _dispatch(self, run: Run) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._precedence.step_aside()
            while self._waiting and len(self._running) < self._slots:
                tag, job_id = self._waiting.pop(0)
                if job_id not in self._running:
                    self._launch(run, tag, job_id)

    def _launch(self, run: Run, tag: int, job_id: JobId) -> None:
        task = asyncio.create_task(self._carry(run, tag, job_id), name=f"job {job_id}")
        self._running[job_id] = task
        task.add_done_callback(lambda _: self._give_back(job_id))

    def _give_back(self, job_id: JobId) -> None:
        del self._running[job_id]
        self._wake.set()

    async def _carry(self, run: Run, tag: int, job_id: JobId) -> None:
        failures = 0
        while True:
            try:
                await run(job_id)
            except RunLater as later:
                self._line_up_later(later.delay_seconds, tag, job_id)
            except Exception:
                log.exception("job run failed, will run again", job_id=job_id)
                pause = _RERUN_SECONDS[min(failures, len(_RERUN_SECONDS) - 1)]
                failures += 1
                await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311
                continue
            return

    def _line_up_later(self, delay_seconds: float, tag: int, job_id: JobId) -> None:
        loop = asyncio.get_running_loop()
        self._delayed[job_id] = loop.call_later(delay_seconds, self._line_up, tag, job_id)

    def _line_up(self, tag: int, job_id: JobId) -> None:
        self._delayed.pop(job_id, None)
        bisect.insort(self._waiting, (tag, job_id))
        self._wake.set()
