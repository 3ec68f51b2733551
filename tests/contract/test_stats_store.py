"""What the statistics promise to have counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.job import TERMINAL, JobStatus, NewJob
from bot.domain.outcome import EndReason
from bot.domain.ports import JobFacts
from bot.domain.stats import (
    DAY_MS,
    HOUR_MS,
    Counts,
    EndCount,
    MemberCount,
    ModelCount,
    Period,
    Waits,
    Window,
    window_of,
)
from tests.contract.conftest import Stores
from tests.factories.jobs import (
    ALICE,
    BOB,
    GENEROUS,
    PATHS,
    a_request,
    an_origin,
    no_engine,
)
from tests.fakes.clock import NOON

HERE, ELSEWHERE = GuildId(10), GuildId(11)
DELIVERED, FAILED, CANCELLED = JobStatus.DELIVERED, JobStatus.FAILED, JobStatus.CANCELLED
TODAY, THIS_HOUR = NOON - NOON % DAY_MS, NOON - NOON % HOUR_MS


@dataclass(frozen=True, kw_only=True)
class Past:
    """A job that somebody asked for."""

    user: UserId = ALICE
    guild: GuildId = HERE
    at_ms: int = NOON
    took_ms: int = 1000
    status: JobStatus = DELIVERED
    reason: EndReason | None = None
    samples: int = 1
    model: str = "midjourney"


async def live_through(stores: Stores, past: Sequence[Past]) -> None:
    """Accept each job and bring it to its end."""
    for number, each in enumerate(past, 1):
        job = NewJob(
            id=JobId(number),
            origin=an_origin(each.user, guild_id=each.guild),
            request=a_request(samples=each.samples, model_id=each.model),
            created_at_ms=each.at_ms,
        )
        await stores.jobs.accept(job, GENEROUS, no_engine)
        for step in PATHS[each.status]:
            assert await stores.jobs.advance(job.id, step, **facts_of(each, step))


def facts_of(past: Past, step: JobStatus) -> JobFacts:
    """Return what is written beside a step of a job's way to its end."""
    if step not in TERMINAL:
        return {}
    facts: JobFacts = {"finished_at_ms": past.at_ms + past.took_ms}
    if past.reason is not None:
        facts["end_reason"] = past.reason
    return facts


async def counts(
    stores: Stores, period: Period = Period.DAY, *, guild: GuildId = HERE, now_ms: int = NOON
) -> Counts:
    return await stores.stats.counts(guild, window_of(period, now_ms))


async def test_a_server_where_nothing_happened_has_counts_of_nothing(stores: Stores):
    assert await counts(stores) == Counts()


async def test_jobs_that_ended_alike_in_an_hour_are_one_count(stores: Stores):
    await live_through(
        stores,
        [
            Past(samples=4, at_ms=THIS_HOUR),
            Past(user=BOB, samples=1, at_ms=THIS_HOUR + HOUR_MS - 1),
            Past(at_ms=THIS_HOUR - 1),
            Past(status=FAILED, reason=EndReason.API_FAILED),
            Past(status=FAILED, reason=EndReason.INTERNAL),
        ],
    )
    found = await counts(stores)
    assert sorted(found.ends, key=str) == sorted(
        [
            EndCount(THIS_HOUR - HOUR_MS, DELIVERED, None, 1, 1),
            EndCount(THIS_HOUR, DELIVERED, None, 2, 5),
            EndCount(THIS_HOUR, FAILED, EndReason.API_FAILED, 1, 0),
            EndCount(THIS_HOUR, FAILED, EndReason.INTERNAL, 1, 0),
        ],
        key=str,
    )


@pytest.mark.parametrize("period", [Period.WEEK, Period.MONTH])
async def test_longer_periods_count_by_day(stores: Stores, period: Period):
    await live_through(
        stores,
        [Past(at_ms=TODAY, samples=2), Past(at_ms=TODAY + DAY_MS - 1), Past(at_ms=TODAY - 1)],
    )
    found = await counts(stores, period)
    assert sorted((e.bucket_start_ms, e.jobs, e.pictures) for e in found.ends) == [
        (TODAY - DAY_MS, 1, 1),
        (TODAY, 2, 3),
    ]


@pytest.mark.parametrize("period", Period)
async def test_what_was_asked_for_outside_the_window_does_not_count(stores: Stores, period: Period):
    window = window_of(period, NOON)
    await live_through(
        stores,
        [
            Past(at_ms=window.start_ms - 1),
            Past(at_ms=window.start_ms, user=BOB),
            Past(at_ms=window.end_ms),
        ],
    )
    found = await counts(stores, period)
    assert [each.bucket_start_ms for each in found.ends] == [window.start_ms]
    assert found.members == (MemberCount(BOB, 1, 1),)
    assert found.models == (ModelCount("midjourney", 1, 1),)
    assert found.waits == Waits(1.0, 1.0)
    assert found.member_count == 1


async def test_another_server_s_jobs_are_never_counted(stores: Stores):
    await live_through(
        stores,
        [
            Past(guild=ELSEWHERE, user=BOB, model="secret"),
            Past(guild=ELSEWHERE, status=JobStatus.QUEUED),
            Past(guild=GuildId(0), user=BOB),
        ],
    )
    assert await counts(stores) == Counts()


async def test_the_models_and_members_with_most_jobs_come_first(stores: Stores):
    past = [Past(user=UserId(100 + n), model=f"m{n}") for n in range(7) for _ in range(n + 1)]
    past += [Past(user=UserId(106), model="m6", status=CANCELLED)]
    await live_through(stores, past)
    found = await counts(stores)
    assert found.models == tuple(
        ModelCount(f"m{n}", n + 1 + (n == 6), n + 1) for n in (6, 5, 4, 3, 2)
    )
    assert [(m.user_id, m.jobs) for m in found.members] == [
        (106, 8),
        (105, 6),
        (104, 5),
        (103, 4),
        (102, 3),
    ]
    assert found.member_count == 7


async def test_pictures_are_those_of_delivered_jobs(stores: Stores):
    await live_through(stores, [Past(samples=3), Past(samples=4, status=FAILED)])
    found = await counts(stores)
    assert found.models == (ModelCount("midjourney", 2, 3),)
    assert found.members == (MemberCount(ALICE, 2, 3),)


async def test_waits_are_those_of_delivered_jobs_in_tenths_of_a_second(stores: Stores):
    past = [Past(took_ms=ms) for ms in (2000, 2049, 2099, 90_000)]
    await live_through(stores, [*past, *[Past(took_ms=5, status=FAILED)] * 9])
    assert (await counts(stores)).waits == Waits(2.0, 90.0)


@pytest.mark.parametrize(
    ("seconds", "median", "p95"),
    [
        ([3], 3, 3),
        ([1, 2], 1, 2),
        ([60] * 9 + [1] * 10, 1, 60),
        ([1] * 19 + [60], 1, 1),
        ([1] * 18 + [60] * 2, 1, 60),
        (range(40), 19, 37),
    ],
)
async def test_median_and_p95_are_the_nearest_ranks(
    stores: Stores, seconds: Sequence[int], median: float, p95: float
):
    await live_through(stores, [Past(took_ms=1000 * each) for each in seconds])
    assert (await counts(stores)).waits == Waits(median, p95)


@pytest.mark.parametrize(
    "status", [JobStatus.QUEUED, JobStatus.SUBMITTING, JobStatus.PROCESSING, JobStatus.READY]
)
async def test_unfinished_jobs_are_open_whenever_they_were_asked_for(
    stores: Stores, status: JobStatus
):
    await live_through(stores, [Past(status=status), Past(status=status, at_ms=0)])
    assert await counts(stores) == Counts(open_jobs=2)


async def test_a_name_in_any_script_comes_back_as_it_was(stores: Stores):
    names = ["日本語モデル", "مرحبا", "🦊🦊", "x" * 100, "'; DROP TABLE jobs;--".replace(" ", "_")]
    await live_through(stores, [Past(model=name) for name in names])
    assert {each.model_id for each in (await counts(stores)).models} == set(names)


@pytest.mark.parametrize("period", Period)
async def test_sums_agree_with_counting_one_by_one(stores: Stores, period: Period):
    rng = random.Random(period)
    window = window_of(period, NOON)
    past = [_any_past(rng, window) for _ in range(150)]
    await live_through(stores, past)
    inside = [p for p in past if p.guild == HERE and window.start_ms <= p.at_ms < window.end_ms]

    found = await counts(stores, period)

    jobs: Counter[tuple[int, JobStatus, EndReason | None]] = Counter()
    pictures: Counter[tuple[int, JobStatus, EndReason | None]] = Counter()
    for p in inside:
        start = p.at_ms - (p.at_ms - window.start_ms) % window.bucket_ms
        jobs[start, p.status, p.reason] += 1
        pictures[start, p.status, p.reason] += p.samples * (p.status is DELIVERED)
    assert {(e.bucket_start_ms, e.status, e.reason): e.jobs for e in found.ends} == jobs
    assert {(e.bucket_start_ms, e.status, e.reason): e.pictures for e in found.ends} == pictures
    assert {m.user_id: m.jobs for m in found.members} == Counter(p.user for p in inside)
    assert {m.model_id: m.jobs for m in found.models} == Counter(p.model for p in inside)
    waits = sorted(p.took_ms // 100 / 10 for p in inside if p.status is DELIVERED)
    ranks = [-(-len(waits) * percent // 100) for percent in (50, 95)]
    assert found.waits == Waits(*(waits[rank - 1] for rank in ranks))


def _any_past(rng: random.Random, window: Window) -> Past:
    status, reason = rng.choice(
        [
            (DELIVERED, None),
            (DELIVERED, None),
            (FAILED, EndReason.PICTURES_LOST),
            (JobStatus.REFUSED, EndReason.API_REJECTED),
            (CANCELLED, None),
            (JobStatus.EXPIRED, EndReason.TIMED_OUT),
        ]
    )
    return Past(
        user=UserId(rng.randint(1, 4)),
        guild=rng.choice([HERE, HERE, ELSEWHERE]),
        at_ms=rng.randint(window.start_ms - 2 * window.bucket_ms, NOON),
        took_ms=rng.randint(0, 3000),
        status=status,
        reason=reason,
        samples=rng.randint(1, 4),
        model=rng.choice(["a", "b", "c"]),
    )


async def test_models_are_counted_as_many_as_are_asked_for_the_most_used_first(stores: Stores):
    used = ["a", "b", "b", "c", "c", "c", "d"]
    await live_through(stores, [Past(model=model) for model in used])
    window = window_of(Period.MONTH, NOON)

    counts = await stores.stats.models(HERE, window, 3)

    assert [(each.model_id, each.jobs) for each in counts] == [("c", 3), ("b", 2), ("a", 1)]
    assert list(await stores.stats.models(ELSEWHERE, window, 3)) == []
