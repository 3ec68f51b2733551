"""What moving a job promises: one door, the first through it wins, the ledger moves along."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ids import ChannelId, JobId, MessageId, ProviderJobId
from bot.domain.job import TERMINAL, TRANSITIONS, UNFINISHED, JobStatus, Reuse
from bot.domain.outcome import EndReason, UsedSettings
from bot.domain.ports import JobFacts, JobStore
from tests.factories.jobs import ALICE, accept, bring_to
from tests.fakes.clock import NOON, FakeClock

ID = JobId(1)


@pytest.mark.parametrize("start", list(JobStatus))
async def test_exactly_the_moves_of_the_table_succeed(jobs: JobStore, start: JobStatus):
    for number, target in enumerate(JobStatus, 1):
        await accept(jobs, number)
        await bring_to(jobs, JobId(number), start)
        moved = await jobs.advance(JobId(number), target)
        after = await jobs.get(JobId(number))
        assert after is not None
        if target in TRANSITIONS[start]:
            assert moved == after
            assert after.status is target
        else:
            assert moved is None
            assert after.status is start


@pytest.mark.parametrize("start", sorted(UNFINISHED))
async def test_of_many_who_move_a_job_at_once_one_wins(jobs: JobStore, start: JobStatus):
    await accept(jobs)
    await bring_to(jobs, ID, start)
    targets = sorted(TRANSITIONS[start]) * 4
    results = await asyncio.gather(
        *(jobs.advance(ID, target, sources=frozenset({start})) for target in targets)
    )
    winners = [result for result in results if result is not None]
    assert winners == [await jobs.get(ID)]


async def test_narrower_sources_are_respected(jobs: JobStore):
    await accept(jobs)
    only = frozenset({JobStatus.PROCESSING})
    assert await jobs.advance(ID, JobStatus.FAILED, sources=only) is None
    assert await jobs.advance(ID, JobStatus.FAILED, sources=frozenset()) is None
    assert await jobs.advance(ID, JobStatus.FAILED, sources=only | {JobStatus.QUEUED}) is not None


async def test_sources_cannot_widen_the_table(jobs: JobStore):
    await accept(jobs)
    assert await jobs.advance(ID, JobStatus.DELIVERED, sources=frozenset(JobStatus)) is None


async def test_a_job_that_is_not_there_does_not_move(jobs: JobStore):
    assert await jobs.advance(JobId(404), JobStatus.FAILED) is None
    assert await jobs.record(JobId(404), told_at_ms=NOON) is None


async def test_every_fact_reads_back(jobs: JobStore):
    await accept(jobs)
    await bring_to(jobs, ID, JobStatus.PROCESSING)
    facts: JobFacts = {
        "attempts": 2,
        "submitted_at_ms": NOON + 1,
        "provider_job_id": ProviderJobId("0042"),
        "due_at_ms": NOON + 2,
        "output": ("https://a/1.png", "https://a/2.png"),
        "used": UsedSettings(prompt="fox", seed=7, flagged=False),
        "end_reason": EndReason.API_FAILED,
        "end_detail": "because\ud800",
        "cancel_requested_at_ms": NOON + 3,
        "ready_at_ms": NOON + 4,
        "acknowledgement_id": MessageId(2**62),
        "post_started_at_ms": NOON + 5,
        "times_unreached": 1,
        "times_lost": 2,
        "message_id": MessageId(6),
        "message_channel_id": ChannelId(2**61),
        "told_at_ms": NOON + 7,
    }
    job = await jobs.record(ID, **facts)
    assert job is not None
    expected = {**facts, "end_detail": "because?"}
    assert {name: getattr(job, name) for name in facts} == expected
    assert job == await jobs.get(ID)


async def test_facts_can_be_taken_back(jobs: JobStore):
    await accept(jobs)
    await jobs.record(ID, post_started_at_ms=NOON, due_at_ms=NOON, provider_job_id=None)
    job = await jobs.record(ID, post_started_at_ms=None)
    assert job is not None
    assert job.post_started_at_ms is None
    assert job.due_at_ms == NOON


async def test_facts_are_written_only_where_the_job_stands_in_the_sources(jobs: JobStore):
    await accept(jobs)
    at_work = frozenset({JobStatus.PROCESSING})
    assert await jobs.record(ID, sources=at_work, told_at_ms=NOON) is None
    assert await jobs.record(ID, sources=frozenset(), told_at_ms=NOON) is None
    job = await jobs.get(ID)
    assert job is not None
    assert job.told_at_ms is None


async def test_facts_of_a_lost_race_are_not_written(jobs: JobStore):
    await accept(jobs)
    await jobs.advance(ID, JobStatus.EXPIRED, end_reason=EndReason.TIMED_OUT)
    assert await jobs.advance(ID, JobStatus.SUBMITTING, attempts=1) is None
    job = await jobs.get(ID)
    assert job is not None
    assert (job.attempts, job.end_reason) == (0, EndReason.TIMED_OUT)


@pytest.mark.parametrize("end", sorted(TERMINAL))
async def test_an_end_is_dated(jobs: JobStore, clock: FakeClock, end: JobStatus):
    await accept(jobs)
    clock.advance(9)
    await bring_to(jobs, ID, end)
    job = await jobs.get(ID)
    assert job is not None
    assert job.finished_at_ms == NOON + 9000


async def test_an_unknown_fact_is_a_mistake_and_not_sql(jobs: JobStore):
    await accept(jobs)
    facts: dict[str, int] = {"status = 'delivered' --": 1}
    with pytest.raises(ValueError, match="not facts"):
        await jobs.record(ID, **facts)  # pyright: ignore[reportArgumentType]


CHARGED = [
    (JobStatus.READY, JobStatus.DELIVERED),
    (JobStatus.SUBMITTING, JobStatus.CANCELLED),
    (JobStatus.PROCESSING, JobStatus.CANCELLED),
    (JobStatus.READY, JobStatus.CANCELLED),
]
ENDS = [
    (start, end) for start in sorted(UNFINISHED) for end in sorted(TERMINAL & TRANSITIONS[start])
]


@pytest.mark.parametrize(("start", "end"), ENDS)
async def test_pictures_are_paid_for_when_delivered_or_cancelled_at_the_api(
    jobs: JobStore, start: JobStatus, end: JobStatus
):
    await accept(jobs, samples=3)
    await bring_to(jobs, ID, start)
    await jobs.advance(ID, end)
    usage = await jobs.quota_usage(ALICE, 0)
    assert usage.images == (3 if (start, end) in CHARGED else 0)
    assert usage.active_jobs == 0


async def test_a_job_put_back_and_then_cancelled_is_free(jobs: JobStore):
    await accept(jobs)
    await bring_to(jobs, ID, JobStatus.SUBMITTING)
    await jobs.advance(ID, JobStatus.QUEUED)
    await jobs.advance(ID, JobStatus.CANCELLED)
    assert (await jobs.quota_usage(ALICE, 0)).images == 0


async def test_ways_of_asking_for_more_are_noted_once_each_and_together(jobs: JobStore):
    await accept(jobs, 1)
    await accept(jobs, 2)
    noted = await asyncio.gather(
        *(jobs.note_reuse(JobId(1), way) for way in (Reuse.AGAIN, Reuse.VARY, Reuse.AGAIN))
    )
    stored = await jobs.get(JobId(1))

    assert all(noted)
    assert stored is not None
    assert [way for way in Reuse if stored.was_reused(way)] == [Reuse.AGAIN, Reuse.VARY]
    other = await jobs.get(JobId(2))
    assert other is not None
    assert other.reused == 0
    assert await jobs.note_reuse(JobId(3), Reuse.EDIT) is None
