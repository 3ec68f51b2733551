"""Where a job stands as time passes: what is named is true until it is looked at again."""

from __future__ import annotations

from typing import cast

import pytest

from bot.domain.job import Job, JobStatus
from bot.domain.ports import JobStore
from bot.jobs.estimates import FIRST_GUESS_SECONDS, WaitEstimate
from bot.jobs.lifecycle import JobLifecycle
from bot.jobs.standings import SOON_MS, Standings
from tests.factories.jobs import a_job
from tests.fakes.clock import NOON, FakeClock

DRAWING = a_job(status=JobStatus.PROCESSING).model_copy(update={"submitted_at_ms": NOON})
WAITING = a_job(status=JobStatus.QUEUED)


class Scene:
    """A clock, and an estimate that a test may make quicker."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.estimate = WaitEstimate(
            lifecycle=JobLifecycle(cast("JobStore", None)), slots=1, running=lambda: 0
        )
        self.paused = False
        self.standings = Standings(
            estimate=self.estimate, clock=self.clock, is_paused=lambda: self.paused
        )

    def draws_in(self, seconds: float) -> None:
        facts = {"submitted_at_ms": NOON, "ready_at_ms": NOON + round(1000 * seconds)}
        for _ in range(25):
            self.estimate._learn(DRAWING.model_copy(update=facts))


@pytest.mark.parametrize("job", [DRAWING, DRAWING.model_copy(update={"due_at_ms": NOON + 7_000})])
def test_nothing_changes_before_the_moment_at_which_it_is_looked_at_again(job: Job) -> None:
    scene = Scene()
    shown = scene.standings.of(job)
    for _ in range(round(2000 * FIRST_GUESS_SECONDS / 100)):
        scene.clock.advance(0.1)
        now = scene.standings.of(job)
        if scene.standings.is_outdated(shown):
            shown = now
        assert (now.blocks, now.is_late) == (shown.blocks, shown.is_late)
        assert (now.due_at_ms is None) == (shown.due_at_ms is None)
    assert shown.is_late
    assert shown.until_ms is None


def test_where_pictures_come_at_once_a_waiting_message_is_not_edited_again_and_again() -> None:
    scene = Scene()
    scene.draws_in(1.0)
    shown = scene.standings.of(WAITING, 0)
    scene.clock.advance(60)
    assert not scene.standings.is_outdated(shown)
    assert scene.standings.reads_like(scene.standings.of(WAITING, 0), shown)


def test_a_time_that_is_named_is_far_enough_to_be_counted_down() -> None:
    scene = Scene()
    for seconds in (0.5, 2.9, 3.1, 40.0):
        scene.draws_in(seconds)
        for job in (WAITING, DRAWING):
            due = scene.standings.of(job, 0).due_at_ms
            assert (due is not None) is (seconds * 1000 > SOON_MS)


def test_no_time_is_named_while_nothing_is_sent() -> None:
    scene = Scene()
    scene.paused = True
    standing = scene.standings.of(WAITING, 3)
    assert standing.is_paused
    assert standing.due_at_ms is None
