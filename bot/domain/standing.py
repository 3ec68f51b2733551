"""Where an open job stands, as far as its member is told: a phase, a place, a time, a bar."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.job import Job, JobStatus

BLOCKS = 5
"""Few, since each one more is an edit of the message."""

_SHIFT_MS = 5_000
"""A time that moved by less is not worth an edit; nor is one by less than a quarter of the wait."""


class Phase(StrEnum):
    """What a member needs to know of a status."""

    WAITING = "waiting"
    DRAWING = "drawing"
    FETCHING = "fetching"
    """Drawn; the pictures are brought here."""
    POSTING = "posting"
    TAKEN_BACK = "taken_back"
    """Cancelled while the API had it: nothing will be shown, and the API still draws."""
    OVER = "over"


def phase_of(job: Job) -> Phase:
    """Return the phase a job is in."""
    match job.status:
        case JobStatus.FAILED | JobStatus.REFUSED | JobStatus.EXPIRED if job.told_at_ms is None:
            return Phase.POSTING
        case (
            JobStatus.DELIVERED
            | JobStatus.CANCELLED
            | JobStatus.FAILED
            | JobStatus.REFUSED
            | JobStatus.EXPIRED
        ):
            return Phase.OVER
        case _ if job.cancel_requested_at_ms is not None:
            return Phase.TAKEN_BACK
        case JobStatus.QUEUED:
            return Phase.WAITING
        case JobStatus.SUBMITTING | JobStatus.PROCESSING:
            return Phase.DRAWING
        case JobStatus.READY:
            return Phase.FETCHING if job.post_started_at_ms is None else Phase.POSTING


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an acknowledgement says of its job, beside what was asked."""

    phase: Phase
    place: int | None = None
    """Jobs whose turn comes before, while it waits."""
    is_paused: bool = False
    """Nothing is sent to the API for now, so that no time can be named."""
    due_at_ms: int | None = None
    """When it should be done; None: any moment now."""
    is_late: bool = False
    """Every estimate has passed."""
    blocks: int = 0
    """How much of the bar is full, of `BLOCKS`."""
    until_ms: int | None = field(default=None, compare=False)
    """When this reads otherwise by the mere passing of time."""

    def reads_like(self, shown: Standing | None, now_ms: int) -> bool:
        """Tell whether a message that shows `shown` says the same, and nothing that is past."""
        if shown is None or replace(self, due_at_ms=None) != replace(shown, due_at_ms=None):
            return False
        if self.due_at_ms is None or shown.due_at_ms is None:
            return self.due_at_ms == shown.due_at_ms
        left = shown.due_at_ms - now_ms
        return left > 0 and abs(self.due_at_ms - shown.due_at_ms) <= max(_SHIFT_MS, left // 4)


def next_block_ms(blocks: int, expected_ms: int) -> int:
    """Return the elapsed time at which one more block is full."""
    return -(-(blocks + 1) * expected_ms // BLOCKS)


def blocks_full(elapsed_ms: int, expected_ms: int) -> int:
    """Return how many of the bar's blocks are full; the last one is not before the picture is."""
    if elapsed_ms >= expected_ms:
        return BLOCKS - 1
    return max(0, min(BLOCKS - 1, BLOCKS * elapsed_ms // expected_ms))
