"""Summaries of servers for tests."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.ids import UserId
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason
from bot.domain.stats import (
    Counts,
    EndCount,
    MemberCount,
    ModelCount,
    Period,
    Summary,
    Waits,
    summarise,
    window_of,
)

AFTERNOON = int(datetime(2026, 11, 26, 14, 37, tzinfo=UTC).timestamp() * 1000)
"""A Thursday, 14:37."""

Ends = tuple[int, int, int]
"""Delivered, failed, cancelled."""


def a_summary(
    ends: Sequence[Ends],
    *,
    period: Period = Period.WEEK,
    models: Sequence[tuple[str, int]] = (),
    open_jobs: int = 0,
) -> Summary:
    """Sum up a server whose buckets, from the first, hold these jobs."""
    window = window_of(period, AFTERNOON)
    kinds = (
        (JobStatus.DELIVERED, None),
        (JobStatus.FAILED, EndReason.API_FAILED),
        (JobStatus.CANCELLED, EndReason.CANCELLED),
    )
    counts = Counts(
        ends=tuple(
            EndCount(start_ms, status, reason, jobs, jobs if reason is None else 0)
            for start_ms, numbers in zip(window.starts_ms, ends, strict=False)
            for (status, reason), jobs in zip(kinds, numbers, strict=True)
            if jobs
        ),
        models=tuple(ModelCount(name, jobs, jobs) for name, jobs in models),
        open_jobs=open_jobs,
    )
    return summarise(period, window, counts)


def a_busy_month() -> Summary:
    """Sum up a server of some thousand jobs, always the same."""
    rng = random.Random(3)
    window = window_of(Period.MONTH, AFTERNOON)
    ends: list[EndCount] = []
    for day, start_ms in enumerate(window.starts_ms):
        usual = 240 + 70 * math.sin(2 * math.pi * day / 7)
        delivered = round(usual * rng.uniform(0.75, 1.2))
        ends += [
            EndCount(start_ms, JobStatus.DELIVERED, None, delivered, round(2.3 * delivered)),
            EndCount(start_ms, JobStatus.FAILED, EndReason.API_FAILED, rng.randint(1, 30), 0),
            EndCount(start_ms, JobStatus.EXPIRED, EndReason.TIMED_OUT, rng.randint(1, 6), 0),
            EndCount(start_ms, JobStatus.CANCELLED, EndReason.CANCELLED, rng.randint(0, 20), 0),
        ]
    models = ("midjourney", "dreamshaper-v8", "realistic-vision-v51", "anything-v5", "sdxl-base")
    shares = (3380, 1652, 901, 525, 225)
    counts = Counts(
        ends=tuple(ends),
        waits=Waits(6.2, 48.1),
        models=tuple(ModelCount(m, n, 2 * n) for m, n in zip(models, shares, strict=True)),
        members=tuple(MemberCount(UserId(10**17 + n), n, 2 * n) for n in (812, 640, 411, 300, 287)),
        member_count=56,
        open_jobs=3,
    )
    return summarise(Period.MONTH, window, counts)
