"""The whole job machine on a real database file, between a scripted API and a recording courier."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import JobId, UserId
from bot.domain.job import Job, JobStatus
from bot.domain.ports import JobFacts
from bot.domain.quota import QuotaLimits
from bot.domain.request import GenerationRequest
from bot.jobs import decisions, delivery, engine
from bot.jobs.cards import Cards
from bot.jobs.collection import PictureCollector
from bot.jobs.delivery import Delivery
from bot.jobs.engine import LocalEngine
from bot.jobs.estimates import WaitEstimate
from bot.jobs.gate import ProviderGate
from bot.jobs.lifecycle import JobLifecycle
from bot.jobs.polling import PollSchedule
from bot.jobs.progress import ProgressBoard
from bot.jobs.service import JobService
from bot.jobs.standings import Standings
from bot.jobs.start_links import StartLinker
from bot.jobs.upkeep import OverdueJobs
from bot.jobs.wakeups import WakeUps
from bot.jobs.worker import Worker, WorkerTiming
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from bot.storage.pictures import SqlitePictureStore
from bot.storage.sources import SqliteSourceStore
from tests.factories.jobs import ALICE, GENEROUS, PATHS, a_request, accept, an_origin
from tests.fakes.changes import Changes
from tests.fakes.clock import RunningClock
from tests.fakes.courier import RecordingCourier
from tests.fakes.image_api import ScriptedImageApi, links_for
from tests.patience import PATIENCE_SECONDS

LOST_SECONDS = 0.05
JOB_TIMEOUT_SECONDS = 60.0


@pytest.fixture(autouse=True)
def tiny_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every pause before another try a hundredth of a second."""
    monkeypatch.setattr(decisions, "_BACKOFF_SECONDS", (0.01,) * 5)
    monkeypatch.setattr(delivery, "_RETRY_SECONDS", (0.01,))
    monkeypatch.setattr(engine, "_RERUN_SECONDS", (0.01,))


class Disk:
    """What outlives a process."""

    def __init__(self, database: Database, directory: Path, clock: RunningClock) -> None:
        self.clock = clock
        self._database = database
        self.jobs = SqliteJobStore(database, clock)
        self.pictures = SqlitePictureStore(database, directory / "images", clock)
        self.sources = SqliteSourceStore(database, directory / "images", clock)

    async def job(self, job_id: int) -> Job:
        job = await self.jobs.get(JobId(job_id))
        assert job is not None
        return job

    async def used(self, user_id: UserId = ALICE) -> int:
        """Return the images that count against a member."""
        usage = await self.jobs.quota_usage(user_id, self.clock.now_ms())
        return usage.images

    async def spoil_request(self, job_id: int, text: str) -> None:
        """Overwrite what a job asks for, as a bad disk or an older program might."""
        sql = "UPDATE jobs SET request = $1 WHERE id = $2"
        await self._database.write(lambda tx: tx.execute(sql, text, job_id))

    async def spoil_answer(self, job_id: int) -> None:
        """Overwrite what the API said of a job, likewise."""
        sql = "UPDATE jobs SET used = 'spoilt', output = 'spoilt' WHERE id = $1"
        await self._database.write(lambda tx: tx.execute(sql, job_id))

    async def end_otherwise(self, job_id: int, reason: str) -> None:
        """Have a job ended for a reason that only a later program knows."""
        sql = "UPDATE jobs SET end_reason = $1 WHERE id = $2"
        await self._database.write(lambda tx: tx.execute(sql, reason, job_id))

    async def left_behind(self, job_id: int, status: JobStatus, **facts: Any) -> Job:
        """Store a job as an earlier process left it."""
        now = self.clock.now_ms()
        await accept(self.jobs, job_id, created_at_ms=now)
        for step in PATHS[status]:
            step_facts: JobFacts = {}
            if step is JobStatus.SUBMITTING:
                step_facts = {"attempts": 1, "submitted_at_ms": now}
            elif step is JobStatus.READY:
                step_facts = {"output": links_for(str(job_id)), "ready_at_ms": now}
            await self.jobs.advance(JobId(job_id), step, **step_facts)
        await self.jobs.record(JobId(job_id), **facts)
        return await self.job(job_id)


QUICK_POLLS = PollSchedule(shortest=0.002, longest=0.01)


def quick_timing(
    job_timeout: float, lost_submission: float, link_retry: Sequence[float], polls: PollSchedule
) -> WorkerTiming:
    return WorkerTiming(
        job_timeout=job_timeout,
        polls=polls,
        lost_submission=lost_submission,
        link_retry=link_retry,
    )


class Machine:
    """One process: everything between accepting a job and telling of its end."""

    def __init__(
        self,
        disk: Disk,
        *,
        slots: int = 3,
        limits: QuotaLimits = GENEROUS,
        job_timeout: float = JOB_TIMEOUT_SECONDS,
        lost_submission: float = LOST_SECONDS,
        link_retry: Sequence[float] = (0.01, 0.01),
        polls: PollSchedule = QUICK_POLLS,
        api: ScriptedImageApi | None = None,
        courier: RecordingCourier | None = None,
    ) -> None:
        self.disk, self.clock = disk, disk.clock
        self.api = api or ScriptedImageApi()
        self.courier = courier or RecordingCourier()
        self.lifecycle = JobLifecycle(disk.jobs)
        self.gate = ProviderGate(self.clock)
        self.engine = LocalEngine(disk.jobs, slots=slots)
        self.cards = Cards(self.lifecycle)
        self.estimate = WaitEstimate(
            lifecycle=self.lifecycle, slots=slots, running=lambda: self.engine.running
        )
        self.wakeups = WakeUps()
        self.worker = self._worker(quick_timing(job_timeout, lost_submission, link_retry, polls))
        self.delivery = self._delivery(link_retry)
        self.service = JobService(
            jobs=disk.jobs,
            lifecycle=self.lifecycle,
            engine=self.engine,
            clock=self.clock,
        )
        self.limits = limits
        self.progress = self._progress()
        self.overdue = OverdueJobs(
            jobs=disk.jobs,
            lifecycle=self.lifecycle,
            gate=self.gate,
            clock=self.clock,
            job_timeout_seconds=job_timeout,
        )
        self.moves: list[tuple[JobId, JobStatus]] = []
        self.latest: dict[JobId, Job] = {}
        self.changes = Changes()
        self.lifecycle.on_change(self._hear)

    def _worker(self, timing: WorkerTiming) -> Worker:
        return Worker(
            jobs=self.disk.jobs,
            lifecycle=self.lifecycle,
            api=self.api,
            linker=StartLinker(sources=self.disk.sources, api=self.api),
            gate=self.gate,
            clock=self.clock,
            wakeups=self.wakeups,
            timing=timing,
            webhook_of=lambda _: None,
        )

    def _delivery(self, link_retry: Sequence[float]) -> Delivery:
        return Delivery(
            jobs=self.disk.jobs,
            lifecycle=self.lifecycle,
            collector=PictureCollector(
                api=self.api, pictures=self.disk.pictures, retry_seconds=link_retry
            ),
            courier=self.courier,
            clock=self.clock,
        )

    def _progress(self) -> ProgressBoard:
        return ProgressBoard(
            jobs=self.disk.jobs,
            cards=self.cards,
            courier=self.courier,
            standings=Standings(
                estimate=self.estimate, clock=self.clock, is_paused=lambda: self.gate.is_closed
            ),
        )

    def _hear(self, job: Job) -> None:
        if job.id not in self.latest or self.latest[job.id].status is not job.status:
            self.moves.append((job.id, job.status))
        self.latest[job.id] = job
        self.changes.tell()

    async def start(self) -> None:
        await self.engine.start(self.worker.run)
        await self.delivery.start()

    async def stop(self, grace: float = 0.0) -> None:
        await self.engine.stop(grace)
        await self.delivery.stop(grace)

    async def ask(
        self,
        job_id: int,
        *,
        user_id: UserId = ALICE,
        samples: int = 1,
        request: GenerationRequest | None = None,
        **origin: Any,
    ) -> Job:
        """Do what `/imagine` does."""
        wanted = request or a_request(samples=samples)
        return await self.service.submit(
            JobId(job_id), an_origin(user_id, **origin), wanted, self.limits
        )

    async def until(self, job_id: int, status: JobStatus) -> Job:
        """Wait until a job has reached a status and tell how it stands."""
        wanted = (JobId(job_id), status)
        await self.changes.until(lambda: wanted in self.moves)
        return await self.disk.job(job_id)

    async def until_told(self, *job_ids: int) -> Job:
        """Wait until the members know; return the last of the jobs."""
        ids = [JobId(job_id) for job_id in job_ids]
        await self.changes.until(
            lambda: all(i in self.latest and self.latest[i].told_at_ms for i in ids)
        )
        return await self.disk.job(ids[-1])

    async def until_waiting(self, job_id: int) -> None:
        """Wait until the worker waits for something to happen to a job."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while JobId(job_id) not in self.wakeups._events:  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0)

    def count(self, job_id: int, status: JobStatus) -> int:
        return self.moves.count((JobId(job_id), status))


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncGenerator[Disk]:
    async with Database.open(tmp_path / "imagine.db") as database:
        yield Disk(database, tmp_path, RunningClock())


OpenMachine = Callable[..., Awaitable[Machine]]


@asynccontextmanager
async def running(machine: Machine) -> AsyncGenerator[Machine]:
    await machine.start()
    try:
        yield machine
    finally:
        await machine.stop()


@pytest.fixture
async def open_machine(disk: Disk) -> AsyncIterator[OpenMachine]:
    """Start machines with knobs of their own; `api` and `courier` may be scripted before."""
    async with AsyncExitStack() as stack:

        async def opener(**knobs: Any) -> Machine:
            return await stack.enter_async_context(running(Machine(disk, **knobs)))

        yield opener


@pytest.fixture
async def machine(open_machine: OpenMachine) -> Machine:
    return await open_machine()


@pytest.fixture
def api(machine: Machine) -> ScriptedImageApi:
    return machine.api


@pytest.fixture
def courier(machine: Machine) -> RecordingCourier:
    return machine.courier
