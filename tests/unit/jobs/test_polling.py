"""When a job is asked about."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import JobId
from bot.jobs.polling import POLL_ONLY, WITH_WEBHOOKS, PollSchedule
from bot.jobs.wakeups import WakeUps
from tests.patience import PATIENCE_SECONDS


@given(st.integers(0, 100_000), st.one_of(st.none(), st.floats(0, 100)))
def test_polls_neither_rush_nor_stop(polls: int, eta: float | None) -> None:
    for schedule in (POLL_ONLY, WITH_WEBHOOKS):
        longest = max(schedule.longest, (eta or 0.0) if polls == 0 else 0.0)
        assert 0.9 * schedule.shortest <= schedule.delay(polls, eta) <= 1.2 * longest


def test_the_first_poll_follows_the_estimate_and_later_ones_do_not() -> None:
    schedule = PollSchedule(shortest=1, longest=8)
    assert schedule.delay(0, 100.0) >= 90
    assert schedule.delay(1, 100.0) <= 2


async def test_a_wake_up_ends_the_wait_of_that_job_only() -> None:
    wakeups = WakeUps()
    first = asyncio.ensure_future(wakeups.wait(JobId(1), 60))
    second = asyncio.ensure_future(wakeups.wait(JobId(2), 60))
    await asyncio.sleep(0)
    wakeups.wake(JobId(1))
    await asyncio.wait_for(first, PATIENCE_SECONDS)
    assert not second.done()
    second.cancel()


async def test_a_wake_up_that_nobody_waits_for_is_dropped() -> None:
    wakeups = WakeUps()
    wakeups.wake(JobId(1))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wakeups.wait(JobId(1), 60), 0.01)
