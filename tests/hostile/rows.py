"""A row: what goes wrong, and how the job, its member and the quota come out of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.domain.ids import JobId
from bot.domain.job import Job, JobStatus
from tests.discord_server import MessageRecord
from tests.hostile.stage import Place, Stage

SETTLED, REFUNDED = "settled", "refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a row must end."""

    status: JobStatus
    ledger: str
    words: str
    """Stands in the one message that shows the end."""
    submissions: int = 1
    pictures: int = 1


def drawn(words: str = "seed", *, submissions: int = 1, pictures: int = 1) -> End:
    """Pictures arrive and are charged."""
    return End(
        status=JobStatus.DELIVERED,
        ledger=SETTLED,
        words=words,
        submissions=submissions,
        pictures=pictures,
    )


def failed(words: str, *, submissions: int = 1, status: JobStatus = JobStatus.FAILED) -> End:
    """Words arrive instead, and the quota comes back."""
    return End(status=status, ledger=REFUNDED, words=words, submissions=submissions, pictures=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a row."""

    job: Job
    place: Place
    shown: Sequence[MessageRecord]
    ledger: str
    submissions: int

    def check(self, end: End) -> None:
        assert self.job.status is end.status, (self.job.end_reason, self.job.end_detail)
        assert self.ledger == end.ledger
        assert self.submissions == end.submissions
        assert len(self.shown) == 1, [message.content for message in self.shown]
        assert self.shown[0].id == self.job.message_id
        assert end.words in self.shown[0].content
        assert f"<@{self.place.user_id}>" in self.shown[0].content
        assert len(self.shown[0].files) == end.pictures


async def finish(stage: Stage, place: Place, job_id: JobId, prompt: str) -> Outcome:
    """Wait for a job's end and collect what there is to see of it."""
    job = await stage.told(job_id)
    return Outcome(
        job=job,
        place=place,
        shown=await stage.shown(job_id),
        ledger=stage.ledger(job_id),
        submissions=stage.submitted(prompt),
    )


@dataclass(slots=True)
class Table:
    """Rows that run together; each test looks at its own."""

    tasks: dict[str, asyncio.Task[Outcome]] = field(
        default_factory=dict[str, "asyncio.Task[Outcome]"]
    )

    async def outcome(self, name: str) -> Outcome:
        return await asyncio.shield(self.tasks[name])


@asynccontextmanager
async def running(rows: Mapping[str, Callable[[], Awaitable[Outcome]]]) -> AsyncGenerator[Table]:
    """Start every row at once; whoever asks first waits longest."""
    tasks = {name: asyncio.ensure_future(start()) for name, start in rows.items()}
    try:
        yield Table(tasks)  # pyright: ignore[reportArgumentType]
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
