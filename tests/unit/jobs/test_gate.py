"""When submissions may go out."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import (
    ProviderBusy,
    ProviderError,
    ProviderFailed,
    ProviderRejected,
    ProviderSuspended,
    ProviderUnavailable,
)
from bot.jobs.gate import BREAKER_SECONDS, BREAKER_THRESHOLD, PROBE_SECONDS, ProviderGate
from tests.fakes.clock import NOON, FakeClock

FAILED, UNAVAILABLE = ProviderFailed("failed"), ProviderUnavailable("no answer")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gate(clock: FakeClock) -> ProviderGate:
    return ProviderGate(clock)


def fail_often(gate: ProviderGate, times: int = BREAKER_THRESHOLD) -> None:
    for n in range(times):
        gate.note_error(FAILED if n % 2 else UNAVAILABLE)


async def test_it_is_open_at_first(gate: ProviderGate) -> None:
    assert await gate.wait_open(NOON)
    assert gate.reason is None


def test_a_rate_limit_closes_it_for_as_long_as_was_asked(
    gate: ProviderGate, clock: FakeClock
) -> None:
    gate.note_error(ProviderBusy("rate", retry_after_seconds=12))
    assert gate.opens_at_ms == NOON + 12_000
    clock.advance(11)
    assert gate.reason
    clock.advance(1)
    assert not gate.is_closed
    assert gate.reason is None


def test_a_shorter_pause_never_cuts_a_longer_one(gate: ProviderGate) -> None:
    gate.note_error(ProviderSuspended("key"))
    gate.note_error(ProviderBusy("rate", retry_after_seconds=1))
    assert gate.opens_at_ms == NOON + PROBE_SECONDS * 1000


def test_failures_in_a_row_close_it_and_a_success_between_does_not_count(
    gate: ProviderGate,
) -> None:
    fail_often(gate, BREAKER_THRESHOLD - 1)
    gate.note_success()
    fail_often(gate, BREAKER_THRESHOLD - 1)
    assert not gate.is_closed
    gate.note_error(FAILED)
    assert gate.opens_at_ms == NOON + BREAKER_SECONDS[0] * 1000


def test_refused_requests_are_no_failures_of_the_service(gate: ProviderGate) -> None:
    for _ in range(3 * BREAKER_THRESHOLD):
        gate.note_error(ProviderRejected("no"))
    assert not gate.is_closed


def test_each_failure_after_a_pause_closes_it_for_longer(
    gate: ProviderGate, clock: FakeClock
) -> None:
    fail_often(gate)
    for seconds in (*BREAKER_SECONDS[1:], BREAKER_SECONDS[-1]):
        clock.current_ms = gate.opens_at_ms
        gate.note_error(FAILED)
        assert gate.opens_at_ms == clock.current_ms + seconds * 1000


def test_one_burst_of_many_failures_is_one_pause(gate: ProviderGate) -> None:
    fail_often(gate, 5 * BREAKER_THRESHOLD)
    assert gate.opens_at_ms == NOON + BREAKER_SECONDS[0] * 1000


def test_a_suspension_is_told_once_until_it_is_over(gate: ProviderGate) -> None:
    told: list[str] = []
    gate.on_suspended(told.append)
    for _ in range(3):
        gate.note_error(ProviderSuspended("no credit"))
    assert told == ["no credit"]
    gate.resume()
    gate.note_error(ProviderSuspended("key"))
    assert told == ["no credit", "key"]


async def test_resuming_lets_everyone_through_who_waits(gate: ProviderGate) -> None:
    gate.note_error(ProviderSuspended("no credit"))
    waiting = [asyncio.ensure_future(gate.wait_open(NOON + 10**9)) for _ in range(5)]
    await asyncio.sleep(0)  # each begins to wait
    assert not any(each.done() for each in waiting)
    gate.resume()
    assert await asyncio.gather(*waiting) == [True] * 5


async def test_waiting_ends_at_the_deadline(gate: ProviderGate, clock: FakeClock) -> None:
    gate.note_error(ProviderSuspended("no credit"))
    assert await gate.wait_open(NOON) is False
    assert await gate.wait_open(NOON - 1) is False
    clock.advance(PROBE_SECONDS)
    assert await gate.wait_open(NOON) is True


@pytest.fixture
async def waiting(gate: ProviderGate, clock: FakeClock) -> list[asyncio.Task[bool]]:
    """Five jobs at the gate of a suspended account, at the moment of a probe."""
    gate.note_error(ProviderSuspended("no credit"))
    clock.advance(PROBE_SECONDS)
    jobs = [asyncio.create_task(gate.wait_open(NOON + 10**9)) for _ in range(5)]
    await asyncio.sleep(0)  # each has come to the gate
    return jobs


def let_through(jobs: list[asyncio.Task[bool]]) -> int:
    return sum(job.done() for job in jobs)


async def test_a_suspended_account_is_probed_by_one_job_at_a_time(
    gate: ProviderGate, clock: FakeClock, waiting: list[asyncio.Task[bool]]
) -> None:
    assert let_through(waiting) == 1
    assert gate.reason
    gate.note_error(ProviderSuspended("no credit"))
    assert gate.opens_at_ms == clock.current_ms + PROBE_SECONDS * 1000
    assert let_through(waiting) == 1
    gate.resume()
    assert await asyncio.gather(*waiting) == [True] * 5


async def test_a_probe_that_is_taken_lets_everyone_through(
    gate: ProviderGate, waiting: list[asyncio.Task[bool]]
) -> None:
    assert let_through(waiting) == 1
    gate.note_success()
    assert not gate.is_suspended
    assert await asyncio.gather(*waiting) == [True] * 5


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (UNAVAILABLE, BREAKER_SECONDS[0]),
        (FAILED, BREAKER_SECONDS[0]),
        (ProviderRejected("no"), BREAKER_SECONDS[0]),
        (ProviderBusy("rate", retry_after_seconds=12), 12),
    ],
)
async def test_a_probe_that_says_nothing_of_the_account_is_followed_by_another_soon(
    gate: ProviderGate,
    clock: FakeClock,
    waiting: list[asyncio.Task[bool]],
    error: ProviderError,
    seconds: float,
) -> None:
    gate.note_error(error)
    assert gate.is_suspended
    assert gate.opens_at_ms == clock.current_ms + seconds * 1000
    clock.advance(seconds)
    assert await gate.wait_open(NOON + 10**9)
    assert gate.is_closed
    for job in waiting:
        job.cancel()


async def test_a_probe_of_which_nothing_is_heard_is_followed_by_another(
    gate: ProviderGate, clock: FakeClock, waiting: list[asyncio.Task[bool]]
) -> None:
    assert let_through(waiting) == 1
    clock.advance(PROBE_SECONDS)
    assert await gate.wait_open(NOON + 10**9)
    assert gate.is_closed
    for job in waiting:
        job.cancel()


def test_a_job_taken_before_a_suspension_does_not_end_it(gate: ProviderGate) -> None:
    gate.note_error(ProviderSuspended("no credit"))
    gate.note_success()
    assert (gate.is_suspended, gate.is_closed) == (True, True)


def test_a_clock_set_back_does_not_make_a_pause_last_for_hours(
    gate: ProviderGate, clock: FakeClock
) -> None:
    gate.note_error(ProviderBusy("rate", retry_after_seconds=30))
    clock.advance(-3600)
    assert not gate.is_closed
    assert gate.reason is None
    gate.note_error(ProviderBusy("rate", retry_after_seconds=30))
    assert gate.opens_at_ms == NOON + (30 - 3600) * 1000
