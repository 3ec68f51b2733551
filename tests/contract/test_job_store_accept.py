"""What accepting a job promises."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ids import JobId, UserId
from bot.domain.job import JobStatus, NewJob, Origin
from bot.domain.ports import JobRef, JobStore, Transaction
from bot.domain.quota import WINDOW_MS, QuotaLimits
from bot.errors import QuotaExceeded
from tests.factories.jobs import (
    ALICE,
    BOB,
    GENEROUS,
    a_new_job,
    a_request,
    accept,
    an_origin,
    no_engine,
)
from tests.fakes.clock import NOON

EVERYTHING = NewJob(
    id=JobId(2**62),
    origin=Origin(
        **an_origin(ALICE).model_dump(
            exclude={"application_id", "interaction_token", "can_post", "upload_limit_bytes"}
        ),
        application_id=7,
        interaction_token="token",
        can_post=False,
        upload_limit_bytes=1,
    ),
    request=a_request(
        prompt="((фокс)) 🦊 'x' $1 ?",
        samples=4,
        lora_model=("a", "b"),
        lora_strength=(0.5, 1),
        guidance_scale=7.25,
        upscale=2,
    ),
    created_at_ms=NOON,
    remarks=("Left out: “vae”", "猫 $1"),
)


async def test_an_accepted_job_reads_back_as_it_was(jobs: JobStore):
    accepted = await jobs.accept(EVERYTHING, GENEROUS, no_engine)
    assert accepted.status is JobStatus.QUEUED
    assert (accepted.id, accepted.origin, accepted.request, accepted.created_at_ms) == (
        EVERYTHING.id,
        EVERYTHING.origin,
        EVERYTHING.request,
        NOON,
    )
    assert accepted.remarks == EVERYTHING.remarks
    assert await jobs.get(EVERYTHING.id) == accepted


async def test_a_job_is_foreseen_as_it_would_be_accepted_and_nothing_is_stored(jobs: JobStore):
    limits = QuotaLimits(daily_images=2, max_active=5)
    await jobs.foresee(a_new_job(1, samples=2), limits)
    assert await jobs.get(JobId(1)) is None
    assert (await jobs.quota_usage(ALICE, 0)).images == 0

    await jobs.accept(a_new_job(1, samples=2), limits, no_engine)
    with pytest.raises(QuotaExceeded) as foreseen:
        await jobs.foresee(a_new_job(2), limits)
    with pytest.raises(QuotaExceeded) as refused:
        await jobs.accept(a_new_job(2), limits, no_engine)
    assert str(foreseen.value) == str(refused.value)
    assert foreseen.value.resets_at_ms == refused.value.resets_at_ms


async def test_a_job_that_is_stored_is_foreseen_as_one_that_is_accepted(jobs: JobStore):
    limits = QuotaLimits(daily_images=1, max_active=1)
    await jobs.accept(a_new_job(1), limits, no_engine)
    await jobs.foresee(a_new_job(1), limits)


async def test_a_job_that_is_not_there_is_none(jobs: JobStore):
    assert await jobs.get(JobId(404)) is None


async def test_an_interaction_delivered_twice_makes_one_job_and_one_reservation(jobs: JobStore):
    first = await accept(jobs, 1)
    again = await accept(jobs, 1, prompt="something else", samples=4)
    assert again == first
    assert (await jobs.quota_usage(ALICE, 0)).images == 1


async def test_a_redelivered_command_returns_the_job_even_when_nothing_is_left(jobs: JobStore):
    limits = QuotaLimits(daily_images=1, max_active=1)
    first = await accept(jobs, 1, limits=limits)
    assert await accept(jobs, 1, limits=limits) == first


async def test_a_refused_job_leaves_nothing_behind(jobs: JobStore):
    with pytest.raises(QuotaExceeded):
        await accept(jobs, 1, samples=2, limits=QuotaLimits(daily_images=1, max_active=1))
    assert await jobs.get(JobId(1)) is None
    assert (await jobs.quota_usage(ALICE, 0)).images == 0


async def test_sixty_four_at_once_with_three_allowed_make_exactly_three(jobs: JobStore):
    limits = QuotaLimits(daily_images=3, max_active=100)
    results = await asyncio.gather(
        *(accept(jobs, number, limits=limits) for number in range(64)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, QuotaExceeded)]
    assert len(refused) == 61
    assert len(await jobs.unfinished()) == 3
    assert (await jobs.quota_usage(ALICE, 0)).images == 3


async def test_unfinished_jobs_are_limited_too(jobs: JobStore):
    limits = QuotaLimits(daily_images=100, max_active=1)
    await accept(jobs, 1, limits=limits)
    with pytest.raises(QuotaExceeded):
        await accept(jobs, 2, limits=limits)
    await jobs.advance(JobId(1), JobStatus.EXPIRED)
    await accept(jobs, 2, limits=limits)


async def test_one_member_does_not_use_up_anothers_quota(jobs: JobStore):
    limits = QuotaLimits(daily_images=1, max_active=1)
    await accept(jobs, 1, user_id=ALICE, limits=limits)
    await accept(jobs, 2, user_id=BOB, limits=limits)


async def test_a_reservation_leaves_the_window_after_24_hours_to_the_millisecond(jobs: JobStore):
    limits = QuotaLimits(daily_images=1, max_active=10)
    await accept(jobs, 1, limits=limits)
    with pytest.raises(QuotaExceeded) as refused:
        await accept(jobs, 2, limits=limits, created_at_ms=NOON + WINDOW_MS - 1)
    assert refused.value.resets_at_ms == NOON + WINDOW_MS
    await accept(jobs, 2, limits=limits, created_at_ms=NOON + WINDOW_MS)


async def test_the_engine_hears_of_a_job_once_and_inside_the_transaction(jobs: JobStore):
    heard: list[JobRef] = []

    def enqueue(_transaction: Transaction, job: JobRef) -> None:
        heard.append(job)

    job = await jobs.accept(a_new_job(1), GENEROUS, enqueue)
    await jobs.accept(a_new_job(1), GENEROUS, enqueue)
    assert heard == [JobRef(job.id, JobStatus.QUEUED, job.fair_tag)]


async def test_a_job_that_cannot_be_enqueued_is_not_accepted(jobs: JobStore):
    def enqueue(_transaction: Transaction, _job: JobRef) -> None:
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError, match="no room"):
        await jobs.accept(a_new_job(1), GENEROUS, enqueue)
    assert await jobs.get(JobId(1)) is None
    assert (await jobs.quota_usage(ALICE, 0)).images == 0


async def test_forty_jobs_of_one_member_do_not_stand_before_anothers_first(jobs: JobStore):
    for number in range(1, 41):
        await accept(jobs, number, user_id=ALICE)
    await jobs.advance(JobId(1), JobStatus.SUBMITTING)
    await accept(jobs, 100, user_id=BOB)
    place = await jobs.place_in_queue(JobId(100))
    assert place is not None
    assert place <= 1


async def test_a_newcomer_starts_at_the_turn_being_served_and_not_before(jobs: JobStore):
    for number in range(1, 11):
        await accept(jobs, number, user_id=ALICE)
    for number in range(1, 9):
        await jobs.advance(JobId(number), JobStatus.SUBMITTING)
    assert (await accept(jobs, 100, user_id=BOB)).fair_tag == 7


async def test_a_bigger_request_pushes_its_owners_next_turn_further(jobs: JobStore):
    tags = [(await accept(jobs, number, samples=4)).fair_tag for number in (1, 2, 3)]
    assert tags == [0, 4, 8]


async def test_members_who_ask_at_once_each_get_what_they_asked_for(jobs: JobStore):
    """Among them one who asks twice, and a command that is delivered twice."""
    asked = [
        a_new_job(n, user_id=UserId(n), prompt=f"fox {n}", samples=1 + n % 4) for n in range(1, 32)
    ]
    asked += [a_new_job(50, user_id=UserId(1)), asked[4]]

    accepted = await asyncio.gather(*(jobs.accept(each, GENEROUS, no_engine) for each in asked))

    assert [(job.id, job.origin, job.request) for job in accepted] == [
        (each.id, each.origin, each.request) for each in asked
    ]
    for job in accepted:
        assert await jobs.get(job.id) == job
    usage = [(await jobs.quota_usage(UserId(n), NOON)).images for n in range(1, 32)]
    assert usage == [3, *(1 + n % 4 for n in range(2, 32))]
    turns = {job.id: job.fair_tag for job in accepted}
    assert turns[JobId(50)] == 2
    assert {tag for job_id, tag in turns.items() if job_id != 50} == {0}
