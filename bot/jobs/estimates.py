"""How long jobs take, from how long the last ones took.

A time is measured against what makes a job slow, so that one sample in 21 steps says something of
four in 51. Medians, since a measured time may contain the hours while the bot was off.
"""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Callable

from bot.domain.job import Job, JobStatus
from bot.domain.ports import JobStore
from bot.domain.request import GenerationRequest
from bot.jobs.lifecycle import JobLifecycle

LEARNT_FROM = 200
"""The last drawn jobs that are looked at after a start."""

FIRST_GUESS_SECONDS = 15.0
_USUAL_PIXELS = 512 * 512
_USUAL_STEPS = 31
_BESIDE_DRAWING = 0.4
"""The part of the usual picture's time that passes whatever was asked."""

_MEASUREMENTS = 25
_ENOUGH = 3
"""Measurements that are believed; a single one may be anything."""

_MODELS = 500
"""Models whose measurements are kept; members may name any."""


class RunningMedian:
    """The middle of the last measurements; a guess outvotes the first two."""

    def __init__(self, first_guess: float) -> None:
        self._last = deque([first_guess] * (_ENOUGH - 1), maxlen=_MEASUREMENTS)
        self.value = first_guess
        self.count = 0
        """Measurements so far."""

    def add(self, measurement: float) -> None:
        """Take a measurement in."""
        self._last.append(measurement)
        self.value = statistics.median(self._last)
        self.count += 1


def effort(request: GenerationRequest) -> float:
    """Return roughly how long a request takes, in times of one usual picture."""
    pixels = request.samples * request.width * request.height / _USUAL_PIXELS
    drawing = pixels * request.num_inference_steps / _USUAL_STEPS
    drawing *= 2 ** (request.highres_fix + request.panorama)
    upscaling = pixels * (request.upscale or 0) / 4
    return _BESIDE_DRAWING + (1 - _BESIDE_DRAWING) * (drawing + upscaling)


class WaitEstimate:
    """Learns from every job that was drawn."""

    def __init__(self, *, lifecycle: JobLifecycle, slots: int, running: Callable[[], int]) -> None:
        self._slots = slots
        self._running = running
        self._pace = RunningMedian(FIRST_GUESS_SECONDS)
        """Seconds for one usual picture, of whatever model."""
        self._paces: dict[str, RunningMedian] = {}
        self._typical = RunningMedian(FIRST_GUESS_SECONDS)
        """Seconds for a job as members ask for them."""
        self._lateness = RunningMedian(0.0)
        """Seconds by which the API's own estimates are too short."""
        lifecycle.on_move(self._hear)

    async def recover(self, jobs: JobStore) -> None:
        """Learn from what earlier processes measured."""
        for job in reversed(await jobs.last_drawn(LEARNT_FROM)):
            self._learn(job)

    def seconds_until_done(self, request: GenerationRequest, place: int) -> float:
        """Estimate the wait and the drawing of a job with `place` others before it."""
        turns = place + 1 - max(0, self._slots - self._running())
        return max(0, turns) / self._slots * self._typical.value + self._drawing_seconds(request)

    def due_at_ms(self, job: Job, now_ms: int) -> int:
        """Return when a job that is being drawn should be done; past, if every estimate is.

        The API's word comes first, made longer by as much as it usually lacks.
        """
        begun = job.submitted_at_ms or now_ms
        due = [begun + round(1000 * self._drawing_seconds(job.request))]
        if job.due_at_ms is not None:
            due.insert(0, job.due_at_ms + max(0, round(1000 * self._lateness.value)))
        return next((each for each in due if each > now_ms), max(due))

    def _drawing_seconds(self, request: GenerationRequest) -> float:
        own = self._paces.get(request.model_id)
        pace = own if own is not None and own.count >= _ENOUGH else self._pace
        return pace.value * effort(request)

    def _hear(self, job: Job) -> None:
        if job.status is JobStatus.READY:
            self._learn(job)

    def _learn(self, job: Job) -> None:
        if job.submitted_at_ms is None or job.ready_at_ms is None:
            return
        seconds = max(0.0, (job.ready_at_ms - job.submitted_at_ms) / 1000)
        self._typical.add(seconds)
        self._pace.add(seconds / effort(job.request))
        self._pace_of(job.request.model_id).add(seconds / effort(job.request))
        if job.due_at_ms is not None:
            self._lateness.add((job.ready_at_ms - job.due_at_ms) / 1000)

    def _pace_of(self, model_id: str) -> RunningMedian:
        """Return a model's measurements, as the one that was drawn with last."""
        pace = self._paces.pop(model_id, None) or RunningMedian(FIRST_GUESS_SECONDS)
        if len(self._paces) >= _MODELS:
            del self._paces[next(iter(self._paces))]
        self._paces[model_id] = pace
        return pace
