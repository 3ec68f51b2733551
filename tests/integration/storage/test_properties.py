"""Whatever members and workers do, in whatever order: the ledger agrees with the jobs."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import JobId, UserId
from bot.domain.job import CHARGED, TERMINAL, TRANSITIONS, JobStatus
from bot.domain.quota import WINDOW_MS, QuotaLimits
from bot.errors import QuotaExceeded
from bot.storage.database import Database
from bot.storage.jobs import SqliteJobStore
from tests.factories.jobs import accept
from tests.fakes.clock import NOON, FakeClock

LIMITS = QuotaLimits(daily_images=10, max_active=4)
USERS = (UserId(1), UserId(2))


@dataclass(frozen=True)
class Accept:
    user: UserId
    samples: int


@dataclass(frozen=True)
class Move:
    job: int
    targets: tuple[JobStatus, ...]
    """Asked for at once."""


@dataclass(frozen=True)
class Wait:
    hours: int


accepts = st.builds(Accept, st.sampled_from(USERS), st.integers(1, 4))
moves = st.builds(
    Move,
    st.integers(0, 30),
    st.lists(st.sampled_from(list(JobStatus)), min_size=1, max_size=4).map(tuple),
)
operations = st.lists(accepts | moves | st.builds(Wait, st.integers(1, 30)), max_size=40)


@dataclass
class Entry:
    """What the model knows of a job."""

    user: UserId
    samples: int
    reserved_at_ms: int
    status: JobStatus = JobStatus.QUEUED
    counts: bool = True

    def move(self, target: JobStatus) -> None:
        sent = self.status is not JobStatus.QUEUED
        charged = target in CHARGED or (target is JobStatus.CANCELLED and sent)
        if target in TERMINAL and not charged:
            self.counts = False
        self.status = target


@dataclass
class Model:
    """What should be true, kept in plain Python."""

    entries: dict[JobId, Entry] = field(default_factory=dict[JobId, Entry])

    def images(self, user: UserId, now_ms: int) -> int:
        return sum(
            e.samples
            for e in self.entries.values()
            if e.user == user and e.counts and e.reserved_at_ms > now_ms - WINDOW_MS
        )

    def active(self, user: UserId) -> int:
        return sum(e.user == user and e.status not in TERMINAL for e in self.entries.values())


class Machine:
    """Does the same to the store and to the model, and compares."""

    def __init__(self, database: Database) -> None:
        self.clock = FakeClock()
        self.database = database
        self.jobs = SqliteJobStore(database, self.clock)
        self.model = Model()

    async def do(self, operation: Accept | Move | Wait) -> None:
        match operation:
            case Accept(user, samples):
                await self.accept(user, samples)
            case Move(number, targets) if self.model.entries:
                job_id = sorted(self.model.entries)[number % len(self.model.entries)]
                await self.move(job_id, targets)
            case Wait(hours):
                self.clock.advance(hours * 3600)
            case _:
                return
        await self.compare()

    async def accept(self, user: UserId, samples: int) -> None:
        job_id, now = JobId(len(self.model.entries) + 1), self.clock.now_ms()
        fits = (
            self.model.images(user, now) + samples <= LIMITS.daily_images
            and self.model.active(user) < LIMITS.max_active
        )
        try:
            await accept(
                self.jobs, job_id, user_id=user, samples=samples, limits=LIMITS, created_at_ms=now
            )
        except QuotaExceeded:
            assert not fits
        else:
            assert fits
            self.model.entries[job_id] = Entry(user, samples, now)

    async def move(self, job_id: JobId, targets: tuple[JobStatus, ...]) -> None:
        """Ask for several moves at once; they happen in the order they were asked for."""
        entry = self.model.entries[job_id]
        results = await asyncio.gather(*(self.jobs.advance(job_id, t) for t in targets))
        for target, result in zip(targets, results, strict=True):
            legal = target in TRANSITIONS[entry.status]
            assert (result is not None) == legal
            if result is not None:
                assert result.status is target
                entry.move(target)

    async def compare(self) -> None:
        now = self.clock.now_ms()
        for user in USERS:
            usage = await self.jobs.quota_usage(user, now)
            assert usage.images == self.model.images(user, now) <= LIMITS.daily_images
            assert usage.active_jobs == self.model.active(user)
        for row in await self.database.fetch_all("SELECT * FROM ledger"):
            entry = self.model.entries[JobId(row["job_id"])]
            assert (row["refunded_at_ms"] is None) == entry.counts
            settled = entry.status in TERMINAL and entry.counts
            assert (row["settled_at_ms"] is not None) == settled


@settings(max_examples=60)
@given(operations)
def test_the_ledger_is_what_the_jobs_make_it(script: list[Accept | Move | Wait]):
    async def play() -> None:
        with tempfile.TemporaryDirectory() as directory:
            async with Database.open(Path(directory) / "imagine.db") as database:
                machine = Machine(database)
                for operation in script:
                    await machine.do(operation)

    asyncio.run(play())


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(USERS), st.integers(1, 4)), max_size=25), st.data())
def test_turns_are_fair_and_nobody_starves(asked: list[tuple[UserId, int]], data: st.DataObject):
    """A member's own jobs keep their order, and a newcomer waits for no backlog."""

    async def play() -> None:
        with tempfile.TemporaryDirectory() as directory:
            async with Database.open(Path(directory) / "imagine.db") as database:
                jobs = SqliteJobStore(database, FakeClock())
                for number, (user, samples) in enumerate(asked, 1):
                    await accept(jobs, number, user_id=user, samples=samples)
                    if data.draw(st.booleans()):
                        head = await jobs.queue_head(1)
                        await jobs.advance(head[0], JobStatus.SUBMITTING)
                await accept(jobs, 1000, user_id=UserId(3), created_at_ms=NOON)
                order = [await jobs.get(job_id) for job_id in await jobs.queue_head(100)]
                for user in USERS:
                    own = [j.id for j in order if j is not None and j.origin.user_id == user]
                    assert own == sorted(own)
                    mine = await jobs.place_in_queue(JobId(1000))
                    before = [j for j in order[:mine] if j is not None and j.origin.user_id == user]
                    assert len(before) <= 1

    asyncio.run(play())
