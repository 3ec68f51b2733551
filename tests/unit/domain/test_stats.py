"""Sums and percentiles, worked out by hand and against the plain way of counting."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.domain.stats import (
    DAY_MS,
    HOUR_MS,
    Counts,
    EndCount,
    Period,
    Waits,
    Window,
    summarise,
    window_of,
)
from tests.fakes.clock import NOON

DELIVERED, FAILED, CANCELLED = JobStatus.DELIVERED, JobStatus.FAILED, JobStatus.CANCELLED
START = 100 * DAY_MS
THREE_DAYS = Window(START, DAY_MS, 3)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("period", "start_ms", "bucket_ms", "buckets"),
    [
        (Period.DAY, at(2026, 11, 25, 15), HOUR_MS, 24),
        (Period.WEEK, at(2026, 11, 20), DAY_MS, 7),
        (Period.MONTH, at(2026, 10, 28), DAY_MS, 30),
    ],
)
def test_a_period_ends_with_the_hour_or_day_that_is_not_over(
    period: Period, start_ms: int, bucket_ms: int, buckets: int
):
    now_ms = at(2026, 11, 26, 14, 37)
    assert window_of(period, now_ms) == Window(start_ms, bucket_ms, buckets)


@given(st.sampled_from(Period), st.integers(0, 2**42))
def test_now_is_in_the_last_bucket(period: Period, now_ms: int):
    window = window_of(period, now_ms)
    assert window.end_ms - window.bucket_ms <= now_ms < window.end_ms
    assert list(window.starts_ms)[-1] + window.bucket_ms == window.end_ms
    assert len(window.starts_ms) == window.buckets


def test_ends_are_summed_up_by_bucket_and_kind():
    ends = (
        EndCount(START, DELIVERED, None, 5, 12),
        EndCount(START, FAILED, EndReason.API_FAILED, 2, 0),
        EndCount(START, CANCELLED, EndReason.CANCELLED, 1, 0),
        EndCount(START + 2 * DAY_MS, DELIVERED, None, 1, 4),
        EndCount(START + 2 * DAY_MS, JobStatus.REFUSED, EndReason.API_REJECTED, 3, 0),
        EndCount(START + 2 * DAY_MS, JobStatus.EXPIRED, EndReason.TIMED_OUT, 1, 0),
        EndCount(START + 2 * DAY_MS, FAILED, EndReason.API_FAILED, 2, 0),
        EndCount(START + 2 * DAY_MS, FAILED, None, 1, 0),
    )
    found = summarise(
        Period.WEEK, THREE_DAYS, Counts(ends=ends, waits=Waits(1.0, 2.0), open_jobs=2)
    )

    assert [(b.start_ms, b.delivered, b.failed, b.cancelled, b.jobs) for b in found.buckets] == [
        (START, 5, 2, 1, 8),
        (START + DAY_MS, 0, 0, 0, 0),
        (START + 2 * DAY_MS, 1, 7, 0, 8),
    ]
    assert (found.delivered, found.failed, found.cancelled, found.jobs) == (6, 9, 1, 16)
    assert found.pictures == 16
    assert found.failures == [
        (EndReason.API_FAILED, 4),
        (EndReason.API_REJECTED, 3),
        (EndReason.TIMED_OUT, 1),
        (EndReason.INTERNAL, 1),
    ]
    assert (found.waits, found.open_jobs) == (Waits(1.0, 2.0), 2)


def test_nothing_is_summed_up_to_nothing():
    found = summarise(Period.DAY, window_of(Period.DAY, NOON), Counts())
    assert (found.jobs, found.pictures, found.failures) == (0, 0, [])
    assert found.waits is None
    assert len(found.buckets) == 24
