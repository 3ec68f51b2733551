"""How long a job will take is learnt from the last ones, by what makes a job slow."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.job import Job, JobStatus
from bot.domain.ports import JobStore
from bot.jobs.estimates import FIRST_GUESS_SECONDS, LEARNT_FROM, RunningMedian, WaitEstimate, effort
from bot.jobs.lifecycle import JobLifecycle
from tests.factories.jobs import a_job, a_request
from tests.fakes.clock import NOON

SLOTS = 5


class Past:
    """A store that remembers these jobs, newest first, and hands each of them on as it moves."""

    def __init__(self, *jobs: Job) -> None:
        self.jobs = jobs

    async def last_drawn(self, limit: int) -> list[Job]:
        return list(self.jobs[:limit])

    async def advance(self, job_id: object, target: JobStatus, **_: Any) -> Job | None:
        del job_id, target
        return self.jobs[0]


def drawn(seconds: float, *, api_said: float | None = None, **request: Any) -> Job:
    """Return a job that took so long from its submission to its pictures."""
    facts = {
        "submitted_at_ms": NOON,
        "ready_at_ms": NOON + round(seconds * 1000),
        "due_at_ms": None if api_said is None else NOON + round(api_said * 1000),
    }
    return a_job(status=JobStatus.READY, **request).model_copy(update=facts)


def estimate_after(*jobs: Job, running: int = 0) -> WaitEstimate:
    """Return the estimate of a process that finds these jobs at its start."""
    store = cast("JobStore", Past(*jobs))
    estimate = WaitEstimate(lifecycle=JobLifecycle(store), slots=SLOTS, running=lambda: running)
    asyncio.run(estimate.recover(store))
    return estimate


def seconds_for(estimate: WaitEstimate, **request: Any) -> float:
    return estimate.seconds_until_done(a_request(**request), 0)


def being_drawn(**facts: Any) -> Job:
    return a_job(status=JobStatus.PROCESSING).model_copy(update={"submitted_at_ms": NOON, **facts})


def test_before_anything_was_measured_there_is_a_guess() -> None:
    assert seconds_for(estimate_after()) == pytest.approx(FIRST_GUESS_SECONDS)


def test_one_measurement_is_not_believed_yet() -> None:
    assert seconds_for(estimate_after(drawn(36_000))) == pytest.approx(FIRST_GUESS_SECONDS)


def test_each_model_is_judged_by_its_own_jobs() -> None:
    slow = [drawn(40, model_id="slow")] * 5
    quick = [drawn(4, model_id="quick")] * 5
    estimate = estimate_after(*slow, *quick)
    assert seconds_for(estimate, model_id="slow") == pytest.approx(40)
    assert seconds_for(estimate, model_id="quick") == pytest.approx(4)


def test_a_model_nobody_used_is_judged_by_all() -> None:
    estimate = estimate_after(*[drawn(30, model_id="known")] * 5, drawn(1000, model_id="rare"))
    assert seconds_for(estimate, model_id="new") == pytest.approx(30)
    assert seconds_for(estimate, model_id="rare") == pytest.approx(30)


def test_one_job_that_took_hours_changes_nothing() -> None:
    estimate = estimate_after(*[drawn(10)] * 4, drawn(36_000), *[drawn(10)] * 4)
    assert seconds_for(estimate) == pytest.approx(10)


def test_the_newest_count_once_there_are_many() -> None:
    estimate = estimate_after(*[drawn(8)] * 25, *[drawn(80)] * 100)
    assert seconds_for(estimate) == pytest.approx(8)


@pytest.mark.parametrize(
    "slower",
    [
        {"samples": 4},
        {"num_inference_steps": 51},
        {"width": 1024, "height": 1024},
        {"upscale": 2},
        {"highres_fix": True},
        {"panorama": True},
    ],
    ids=str,
)
def test_what_makes_a_job_slow_makes_it_wait_longer(slower: dict[str, Any]) -> None:
    assert effort(a_request()) == pytest.approx(1)
    assert effort(a_request(**slower)) > 1.2
    one_sort = estimate_after(*[drawn(60, **slower)] * 5)
    assert seconds_for(one_sort, **slower) == pytest.approx(60)
    assert seconds_for(one_sort) < 50


def test_the_queue_is_worth_its_share_of_the_recent_throughput() -> None:
    busy = estimate_after(*[drawn(10)] * 5, running=SLOTS)
    seconds = [busy.seconds_until_done(a_request(), place) for place in (0, 4, 49)]
    assert seconds == pytest.approx([2 + 10, 10 + 10, 100 + 10])


def test_who_finds_a_free_slot_does_not_wait() -> None:
    free = estimate_after(*[drawn(10)] * 5, running=2)
    seconds = [free.seconds_until_done(a_request(), place) for place in (0, 2, 3)]
    assert seconds == pytest.approx([10, 10, 2 + 10])


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=60))
def test_an_estimate_stays_within_what_was_measured(seconds: list[float]) -> None:
    median = RunningMedian(FIRST_GUESS_SECONDS)
    for each in seconds:
        median.add(each)
    known = [FIRST_GUESS_SECONDS, *seconds][-25:]
    assert min(known) <= median.value <= max(known)


def test_the_api_is_believed_first_and_our_own_times_once_that_has_passed() -> None:
    estimate = estimate_after(*[drawn(20)] * 5)
    job = being_drawn(due_at_ms=NOON + 6_000)
    assert estimate.due_at_ms(job, NOON + 5_000) == NOON + 6_000
    assert estimate.due_at_ms(job, NOON + 6_000) == NOON + 20_000
    assert estimate.due_at_ms(job, NOON + 30_000) == NOON + 20_000


def test_the_api_s_word_is_made_longer_by_what_it_usually_lacks() -> None:
    estimate = estimate_after(*[drawn(20, api_said=13)] * 5)
    assert estimate.due_at_ms(being_drawn(due_at_ms=NOON + 40_000), NOON) == NOON + 47_000
    early = estimate_after(*[drawn(5, api_said=13)] * 5)
    assert early.due_at_ms(being_drawn(due_at_ms=NOON + 40_000), NOON) == NOON + 40_000


async def test_it_goes_on_learning_while_it_runs() -> None:
    store = cast("JobStore", Past(drawn(50)))
    lifecycle = JobLifecycle(store)
    estimate = WaitEstimate(lifecycle=lifecycle, slots=SLOTS, running=lambda: 0)
    for _ in range(3):
        await lifecycle.advance(store.jobs[0].id, JobStatus.READY)  # type: ignore[attr-defined]
    assert seconds_for(estimate) == pytest.approx(50)


def test_models_that_members_make_up_do_not_pile_up() -> None:
    jobs = [drawn(10, model_id=f"model-{number}") for number in range(LEARNT_FROM)]
    estimate = estimate_after(*jobs)
    for number in range(2_000):
        estimate._learn(drawn(10, model_id=f"more-{number}"))
    assert len(estimate._paces) <= 500
