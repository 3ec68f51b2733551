"""What the lists of jobs promise: the queue, the outbox, the history."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.ids import JobId, MessageId
from bot.domain.job import JobStatus
from bot.domain.ports import JobStore
from bot.domain.quota import WINDOW_MS, Spent
from tests.contract.conftest import OpenStores
from tests.factories.jobs import ALICE, BOB, accept, bring_to
from tests.fakes.clock import NOON


async def test_unfinished_jobs_at_the_api_come_first_then_by_fair_turn(jobs: JobStore):
    for number in (1, 2, 3):
        await accept(jobs, number, user_id=ALICE)
    await accept(jobs, 4, user_id=BOB)
    await bring_to(jobs, JobId(3), JobStatus.PROCESSING)
    await bring_to(jobs, JobId(2), JobStatus.SUBMITTING)
    assert [(ref.id, ref.status) for ref in await jobs.unfinished()] == [
        (2, JobStatus.SUBMITTING),
        (3, JobStatus.PROCESSING),
        (1, JobStatus.QUEUED),
        (4, JobStatus.QUEUED),
    ]


@pytest.mark.parametrize("status", sorted(set(JobStatus) - {"queued", "submitting", "processing"}))
async def test_what_the_api_is_done_with_is_not_unfinished(jobs: JobStore, status: JobStatus):
    await accept(jobs)
    await bring_to(jobs, JobId(1), status)
    assert await jobs.unfinished() == []


async def test_untold_are_ready_jobs_and_bad_ends_not_shown_yet(jobs: JobStore):
    for number, status in enumerate(JobStatus, 1):
        await accept(jobs, number)
        await bring_to(jobs, JobId(number), status)
    owed = {JobStatus.READY, JobStatus.FAILED, JobStatus.REFUSED, JobStatus.EXPIRED}
    expected = [number for number, status in enumerate(JobStatus, 1) if status in owed]
    assert await jobs.untold() == expected
    for job_id in expected:
        await jobs.record(JobId(job_id), told_at_ms=NOON)
    ready = list(JobStatus).index(JobStatus.READY) + 1
    assert await jobs.untold() == [ready]


async def test_overdue_are_queued_jobs_from_before_the_moment(jobs: JobStore):
    await accept(jobs, 1, created_at_ms=NOON - 2)
    await accept(jobs, 2, created_at_ms=NOON - 1)
    await accept(jobs, 3, created_at_ms=NOON)
    await bring_to(jobs, JobId(2), JobStatus.PROCESSING)
    assert await jobs.overdue(NOON) == [1]


async def test_the_place_counts_the_jobs_whose_turn_comes_before(jobs: JobStore):
    for number in (1, 2, 3):
        await accept(jobs, number)
    assert [await jobs.place_in_queue(JobId(n)) for n in (1, 2, 3)] == [0, 1, 2]
    await bring_to(jobs, JobId(1), JobStatus.SUBMITTING)
    assert [await jobs.place_in_queue(JobId(n)) for n in (1, 2, 3)] == [None, 0, 1]
    assert await jobs.place_in_queue(JobId(404)) is None


async def test_the_head_of_the_queue_agrees_with_the_places(jobs: JobStore):
    for number in (1, 2, 3):
        await accept(jobs, number, user_id=ALICE)
    await accept(jobs, 4, user_id=BOB)
    head = await jobs.queue_head(3)
    assert [await jobs.place_in_queue(job_id) for job_id in head] == [0, 1, 2]


async def test_history_pages_are_newest_first_and_only_the_members_own(jobs: JobStore):
    for number in range(1, 8):
        await accept(jobs, number, user_id=ALICE if number % 2 else BOB)
    first = await jobs.of_user(ALICE, limit=3)
    assert [job.id for job in first] == [7, 5, 3]
    assert [job.id for job in await jobs.of_user(ALICE, before=first[-1].id, limit=3)] == [1]
    assert await jobs.of_user(ALICE, before=JobId(1)) == []


async def test_usage_sums_live_reservations_and_knows_the_oldest(jobs: JobStore):
    await accept(jobs, 1, created_at_ms=NOON + 5, samples=2)
    await accept(jobs, 2, created_at_ms=NOON + 1)
    await accept(jobs, 3, created_at_ms=NOON)
    await accept(jobs, 4, created_at_ms=NOON + 2, samples=4)
    await jobs.advance(JobId(4), JobStatus.CANCELLED)
    usage = await jobs.quota_usage(ALICE, NOON + WINDOW_MS)
    assert usage.everywhere == Spent(3, NOON + 1)
    assert usage.active_jobs == 3


async def test_everything_is_there_after_a_restart(open_stores: OpenStores, tmp_path: Path):
    async with open_stores(tmp_path) as stores:
        job = await accept(stores.jobs, 1, samples=2)
        await bring_to(stores.jobs, job.id, JobStatus.PROCESSING)
        before = await stores.jobs.get(job.id)
    async with open_stores(tmp_path) as stores:
        assert await stores.jobs.get(job.id) == before
        assert [ref.id for ref in await stores.jobs.unfinished()] == [job.id]
        assert (await stores.jobs.quota_usage(ALICE, 0)).images == 2


async def test_the_newest_jobs_come_first_whoever_asked_and_whatever_became_of_them(
    jobs: JobStore,
):
    for number in range(1, 6):
        await accept(jobs, number, user_id=ALICE if number % 2 else BOB)
    await bring_to(jobs, JobId(5), JobStatus.DELIVERED)
    assert [job.id for job in await jobs.newest(3)] == [5, 4, 3]


async def test_results_that_could_not_be_posted_are_unseen_until_pointed_out(jobs: JobStore):
    for number in (1, 2, 3, 4):
        await accept(jobs, number, user_id=BOB if number == 4 else ALICE)
        await bring_to(jobs, JobId(number), JobStatus.READY)
    await jobs.advance(JobId(1), JobStatus.DELIVERED, message_id=MessageId(9))
    for number in (2, 4):
        await jobs.advance(JobId(number), JobStatus.DELIVERED)
    assert await jobs.unseen(ALICE) == [2]
    await jobs.record(JobId(2), pointed_out_at_ms=NOON)
    assert await jobs.unseen(ALICE) == []


async def test_a_members_open_jobs_are_those_that_have_not_ended_newest_first(jobs: JobStore):
    for number, status in enumerate(JobStatus, 1):
        await accept(jobs, number, user_id=ALICE)
        await bring_to(jobs, JobId(number), status)
    await accept(jobs, 100, user_id=BOB)

    found = await jobs.open_of(ALICE)

    assert [job.status for job in found] == [
        JobStatus.READY,
        JobStatus.PROCESSING,
        JobStatus.SUBMITTING,
        JobStatus.QUEUED,
    ]
    assert [job.id for job in await jobs.open_of(BOB)] == [100]


async def test_the_last_drawn_are_newest_first_whatever_became_of_them(jobs: JobStore):
    for number, status in enumerate(JobStatus, 1):
        await accept(jobs, number)
        await bring_to(jobs, JobId(number), status)
    drawn = [1 + list(JobStatus).index(s) for s in (JobStatus.READY, JobStatus.DELIVERED)]
    for number in drawn:
        await jobs.record(JobId(number), ready_at_ms=NOON)
    assert [job.id for job in await jobs.last_drawn(9)] == sorted(drawn, reverse=True)
    assert [job.id for job in await jobs.last_drawn(1)] == [max(drawn)]
