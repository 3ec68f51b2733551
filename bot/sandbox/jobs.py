"""The account's queue: jobs taken, being drawn, done."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.sandbox.faults import Fault, Plan
from bot.sandbox.parameters import Parameters

_IDS_START = 1_700_000_000
"""Subtracted from the Unix time: ids look like the vendor's and never repeat after a restart."""


class JobState(StrEnum):
    """What the API would say about a job."""

    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class Job:
    """One accepted submission."""

    id: int
    parameters: Parameters
    plan: Plan
    file_names: list[str]
    links: list[str]
    """The addresses replies give, which a fault may point elsewhere."""

    file_prefix: str
    fingerprint: str
    """Identical bodies have identical fingerprints."""

    expected_seconds: float
    taken_at: float = field(default_factory=time.monotonic)
    state: JobState = JobState.PROCESSING
    generation_seconds: float = 0.0
    flagged: bool = False
    """The safety checker found something, whether or not it was asked to act."""

    queued: bool = False
    """The submit was answered with `processing`."""

    ended: asyncio.Event = field(default_factory=asyncio.Event)
    reported: asyncio.Event = field(default_factory=asyncio.Event)
    """The webhook deliveries of this job are over."""

    @property
    def carries_flag(self) -> bool:
        """Whether even an old reply says that the picture was flagged."""
        return self.plan.has(Fault.NSFW_FLAG)

    def end(self, state: JobState) -> None:
        """Settle the job."""
        self.state = state
        self.generation_seconds = time.monotonic() - self.taken_at
        self.ended.set()


class JobBoard:
    """All jobs of the account and how many are unfinished."""

    def __init__(self, keep: int, on_change: Callable[[], None]) -> None:
        self._jobs: OrderedDict[int, Job] = OrderedDict()
        self._keep = keep
        self._on_change = on_change
        self._ids = itertools.count(int(time.time()) - _IDS_START)
        self._unfinished: dict[int, Job] = {}
        self.peak_in_flight = 0

    @property
    def in_flight(self) -> int:
        """Jobs taken and not ended."""
        return len(self._unfinished)

    @property
    def jobs(self) -> list[Job]:
        """Every job still remembered, oldest first."""
        return list(self._jobs.values())

    def next_id(self) -> int:
        """Return an id that no job has had."""
        return next(self._ids)

    def add(self, job: Job) -> None:
        """Put a job on the board; it counts as in flight from here."""
        self._jobs[job.id] = job
        self._unfinished[job.id] = job
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        while len(self._jobs) > self._keep:
            self._jobs.popitem(last=False)
        self._on_change()

    def end(self, job: Job, state: JobState) -> None:
        """Settle a job and give its place in the queue back."""
        self._unfinished.pop(job.id, None)
        job.end(state)
        self._on_change()

    def find(self, job_id: str) -> Job | None:
        """Return the job with this id, given as any client writes it."""
        return self._jobs.get(int(job_id)) if job_id.isdecimal() else None

    def repeats(self, fingerprint: str, within_seconds: float) -> bool:
        """Tell whether an identical body was taken just now and is still being drawn."""
        since = time.monotonic() - within_seconds
        return any(
            job.fingerprint == fingerprint and job.taken_at > since
            for job in self._unfinished.values()
        )


def new_file_prefix() -> str:
    """Return the random stem of a job's file names."""
    return str(uuid.uuid4())
