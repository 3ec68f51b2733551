"""Says where a job stands now: what its acknowledgement shows."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.domain.standing import Phase, Standing, blocks_full, next_block_ms, phase_of
from bot.jobs.estimates import WaitEstimate

SOON_MS = 3_000
"""What is due within a round of edits is due any moment: counted down, it would soon be past."""

LATE_MS = 5_000


class Standings:
    """Brings together how far jobs are and how long they take."""

    def __init__(
        self, *, estimate: WaitEstimate, clock: Clock, is_paused: Callable[[], bool]
    ) -> None:
        self._estimate = estimate
        self._clock = clock
        self._is_paused = is_paused

    def of(self, job: Job, place: int | None = None) -> Standing:
        """Return where a job stands; `place` is how many come before it while it waits."""
        phase = phase_of(job)
        if phase is Phase.WAITING:
            return self._waiting(job, place)
        return self._drawing(job) if phase is Phase.DRAWING else Standing(phase=phase)

    @property
    def is_paused(self) -> bool:
        """True while nothing is sent to the API."""
        return self._is_paused()

    def is_outdated(self, shown: Standing) -> bool:
        """Tell whether what a message says has to be looked at again."""
        return shown.until_ms is not None and shown.until_ms <= self._clock.now_ms()

    def reads_like(self, standing: Standing, shown: Standing | None) -> bool:
        """Tell whether a message that shows `shown` still says how things stand."""
        return standing.reads_like(shown, self._clock.now_ms() + SOON_MS)

    def _waiting(self, job: Job, place: int | None) -> Standing:
        if self._is_paused():
            return Standing(phase=Phase.WAITING, is_paused=True)
        seconds = self._estimate.seconds_until_done(job.request, place or 0)
        left_ms = round(1000 * seconds)
        if left_ms <= SOON_MS:
            return Standing(phase=Phase.WAITING, place=place)
        due = self._clock.now_ms() + left_ms
        return Standing(phase=Phase.WAITING, place=place, due_at_ms=due, until_ms=due - SOON_MS)

    def _drawing(self, job: Job) -> Standing:
        now = self._clock.now_ms()
        begun = job.submitted_at_ms or now
        due = self._estimate.due_at_ms(job, now)
        blocks = blocks_full(now - begun, due - begun)
        changes = [begun + next_block_ms(blocks, due - begun), due - SOON_MS, due, due + LATE_MS]
        return Standing(
            phase=Phase.DRAWING,
            due_at_ms=due if due > now + SOON_MS else None,
            is_late=now >= due + LATE_MS,
            blocks=blocks,
            until_ms=min((each for each in changes if each > now), default=None),
        )
