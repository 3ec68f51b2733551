"""What a member is told of where a job stands: every status has a phase, and the bar is honest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.job import TERMINAL, Job, JobStatus
from bot.domain.standing import BLOCKS, Phase, Standing, blocks_full, phase_of
from tests.factories.jobs import a_job
from tests.fakes.clock import NOON

moments = st.integers(min_value=0, max_value=10**9)


def job_at(status: JobStatus, **facts: int) -> Job:
    return a_job(status=status).model_copy(update=facts)


@pytest.mark.parametrize(
    ("job", "phase"),
    [
        (job_at(JobStatus.QUEUED), Phase.WAITING),
        (job_at(JobStatus.SUBMITTING), Phase.DRAWING),
        (job_at(JobStatus.PROCESSING), Phase.DRAWING),
        (job_at(JobStatus.READY), Phase.FETCHING),
        (job_at(JobStatus.READY, post_started_at_ms=NOON), Phase.POSTING),
        (job_at(JobStatus.FAILED), Phase.POSTING),
        (job_at(JobStatus.FAILED, told_at_ms=NOON), Phase.OVER),
        (job_at(JobStatus.PROCESSING, cancel_requested_at_ms=NOON), Phase.TAKEN_BACK),
        (job_at(JobStatus.READY, cancel_requested_at_ms=NOON), Phase.TAKEN_BACK),
    ],
)
def test_each_status_is_told_as_a_phase(job: Job, phase: Phase) -> None:
    assert phase_of(job) is phase


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_whatever_was_told_is_over(status: JobStatus) -> None:
    assert phase_of(job_at(status, told_at_ms=NOON)) is Phase.OVER


@given(elapsed=moments, expected=moments)
def test_the_bar_is_never_full_while_a_job_is_open(elapsed: int, expected: int) -> None:
    assert 0 <= blocks_full(elapsed, expected) < BLOCKS


@given(elapsed=moments, more=moments, expected=moments)
def test_the_bar_never_shrinks_as_time_passes(elapsed: int, more: int, expected: int) -> None:
    assert blocks_full(elapsed, expected) <= blocks_full(elapsed + more, expected)


def test_the_bar_begins_empty_and_uses_every_block_but_the_last() -> None:
    seconds = [blocks_full(1000 * second, 15_000) for second in range(16)]
    assert seconds[0] == 0
    assert sorted(set(seconds)) == list(range(BLOCKS))


def test_a_time_that_moved_by_little_is_not_worth_an_edit() -> None:
    shown = Standing(phase=Phase.DRAWING, due_at_ms=NOON + 60_000)
    for later, same in ((4_000, True), (14_000, True), (16_000, False), (-16_000, False)):
        now = Standing(phase=Phase.DRAWING, due_at_ms=NOON + 60_000 + later)
        assert now.reads_like(shown, NOON) is same


def test_a_time_that_has_passed_is_never_left_standing() -> None:
    standing = Standing(phase=Phase.WAITING, place=3, due_at_ms=NOON)
    assert standing.reads_like(standing, NOON - 1)
    assert not standing.reads_like(standing, NOON)


@pytest.mark.parametrize(
    "change", [{"phase": Phase.FETCHING}, {"place": 1}, {"blocks": 1}, {"due_at_ms": None}]
)
def test_whatever_reads_otherwise_is_news(change: dict[str, object]) -> None:
    shown = Standing(phase=Phase.DRAWING, place=2, due_at_ms=NOON + 60_000)
    values = {"phase": shown.phase, "place": 2, "due_at_ms": shown.due_at_ms, **change}
    assert not Standing(**values).reads_like(shown, NOON)  # type: ignore[arg-type]
    assert not shown.reads_like(None, NOON)
