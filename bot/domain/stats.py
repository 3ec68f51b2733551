"""What became of a server's jobs over a span of time: counted elsewhere, summed up here.

A job counts where it was asked for. Pictures are those that delivered jobs asked for; now and then
a delivery lacks one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import UserId
from bot.domain.job import JobStatus
from bot.domain.outcome import EndReason

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS


class Period(StrEnum):
    """How far back to look."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_BUCKETS: Mapping[Period, tuple[int, int]] = {
    Period.DAY: (HOUR_MS, 24),
    Period.WEEK: (DAY_MS, 7),
    Period.MONTH: (DAY_MS, 30),
}


@dataclass(frozen=True, slots=True)
class Window:
    """A span in buckets of full hours or days (UTC). The last one is not over yet."""

    start_ms: int
    bucket_ms: int
    buckets: int

    @property
    def end_ms(self) -> int:
        """The end of the last bucket."""
        return self.start_ms + self.buckets * self.bucket_ms

    @property
    def starts_ms(self) -> Sequence[int]:
        """Where each bucket begins."""
        return range(self.start_ms, self.end_ms, self.bucket_ms)


def window_of(period: Period, now_ms: int) -> Window:
    """Return the buckets of a period that ends now."""
    bucket_ms, buckets = _BUCKETS[period]
    current_ms = now_ms - now_ms % bucket_ms
    return Window(current_ms - (buckets - 1) * bucket_ms, bucket_ms, buckets)


@dataclass(frozen=True, slots=True)
class EndCount:
    """Jobs of one bucket that ended alike."""

    bucket_start_ms: int
    status: JobStatus
    reason: EndReason | None
    jobs: int
    pictures: int


@dataclass(frozen=True, slots=True)
class ModelCount:
    """A model, how many jobs asked for it, and how many pictures they brought."""

    model_id: str
    jobs: int
    pictures: int


@dataclass(frozen=True, slots=True)
class MemberCount:
    """A member, how many jobs they asked for, and how many pictures these brought."""

    user_id: UserId
    jobs: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Waits:
    """How long delivered jobs took from their acceptance, by nearest rank."""

    median_seconds: float
    p95_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a store counted for one server and window."""

    ends: tuple[EndCount, ...] = ()
    waits: Waits | None = None
    models: tuple[ModelCount, ...] = ()
    members: tuple[MemberCount, ...] = ()
    member_count: int = 0
    open_jobs: int = 0


@dataclass(frozen=True, slots=True)
class Bucket:
    """How the jobs ended that were asked for in one hour or day."""

    start_ms: int
    delivered: int = 0
    failed: int = 0
    """Without a picture, by no wish of the member."""
    cancelled: int = 0

    @property
    def jobs(self) -> int:
        """All of them."""
        return self.delivered + self.failed + self.cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What `/stats` tells of a server. The moderators' view: it names members."""

    period: Period
    window: Window
    buckets: Sequence[Bucket]
    pictures: int
    failures: Sequence[tuple[EndReason, int]]
    """The most frequent kind first."""
    waits: Waits | None
    """None where nothing was delivered."""
    models: Sequence[ModelCount]
    members: Sequence[MemberCount]
    member_count: int
    open_jobs: int
    """Under way now, whenever they were asked for."""

    @property
    def delivered(self) -> int:
        """Jobs that brought pictures."""
        return sum(bucket.delivered for bucket in self.buckets)

    @property
    def failed(self) -> int:
        """Jobs without a picture, by no wish of the member."""
        return sum(bucket.failed for bucket in self.buckets)

    @property
    def cancelled(self) -> int:
        """Jobs that the member took back."""
        return sum(bucket.cancelled for bucket in self.buckets)

    @property
    def jobs(self) -> int:
        """Jobs that have ended."""
        return self.delivered + self.failed + self.cancelled


def summarise(period: Period, window: Window, counts: Counts) -> Summary:
    """Sum up what a store counted."""
    return Summary(
        period=period,
        window=window,
        buckets=[_bucket(start_ms, counts.ends) for start_ms in window.starts_ms],
        pictures=sum(end.pictures for end in counts.ends),
        failures=_failures(counts.ends),
        waits=counts.waits,
        models=counts.models,
        members=counts.members,
        member_count=counts.member_count,
        open_jobs=counts.open_jobs,
    )


def _bucket(start_ms: int, ends: Sequence[EndCount]) -> Bucket:
    jobs: Counter[JobStatus] = Counter()
    for end in ends:
        if end.bucket_start_ms == start_ms:
            jobs[end.status] += end.jobs
    delivered, cancelled = jobs[JobStatus.DELIVERED], jobs[JobStatus.CANCELLED]
    return Bucket(start_ms, delivered, jobs.total() - delivered - cancelled, cancelled)


def _failures(ends: Sequence[EndCount]) -> Sequence[tuple[EndReason, int]]:
    kinds: Counter[EndReason] = Counter()
    for end in ends:
        if end.status not in {JobStatus.DELIVERED, JobStatus.CANCELLED}:
            kinds[end.reason or EndReason.INTERNAL] += end.jobs
    return kinds.most_common()
