"""What `/queue` and `/cancel` say."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.job import Job, JobStatus
from bot.domain.standing import Phase, Standing
from bot.ui import wording
from bot.ui.escaping import quoted
from bot.ui.shortening import shorten

NOTHING_OPEN = "You have nothing in the queue."
CANCEL_ONE = "Cancel one of them"
LOOK_AGAIN = "Look again"
NOT_ONE_OF_YOURS = "is no unfinished job of yours; choose one from the list, or leave it out"

_SHOWN = 5
_PROMPT = 80
_LABEL = 100

_PLAIN = {
    JobStatus.QUEUED: "waiting",
    JobStatus.SUBMITTING: "being drawn",
    JobStatus.PROCESSING: "being drawn",
    JobStatus.READY: "being posted",
}


def overview(
    own: Sequence[tuple[Job, str]], *, waiting: int, running: int, paused_until_ms: int | None
) -> str:
    """Return the page: a member's own jobs with where they stand, then everybody's as numbers."""
    lines = [f"## Your queue\n{NOTHING_OPEN}"]
    if own:
        lines = ["## Your queue", *(_line(job, standing) for job, standing in own[:_SHOWN])]
    if len(own) > _SHOWN:
        lines.append(f"-# … and {len(own) - _SHOWN} more, older ones")
    lines.append(f"-# Of everybody: {_count(waiting, 'wait')}, {running} being drawn")
    if paused_until_ms is not None:
        lines.append(
            "-# ⏸️ Nothing goes out at the moment, which is not your fault. I try again "
            f"{wording.relative(paused_until_ms)}, and what waits stays in line."
        )
    return "\n".join(lines)


def _line(job: Job, standing: str) -> str:
    link = f" · [show]({wording.acknowledgement_link(job)})" if _is_to_be_seen(job) else ""
    return f"{quoted(job.request.prompt, _PROMPT)}\n-# {standing}{link}"


def _is_to_be_seen(job: Job) -> bool:
    return job.acknowledgement_id is not None and not job.origin.private_progress


def _count(number: int, verb: str) -> str:
    return f"{number} {verb}s" if number == 1 else f"{number} {verb}"


def label(job: Job) -> str:
    """Return a job's name in a menu, which shows no markdown."""
    return shorten(" ".join(job.request.prompt.split()), _LABEL) or str(job.id)


def state(job: Job) -> str:
    """Return in plain words where a job stands."""
    return _PLAIN.get(job.status, job.status.value)


def suggestion(job: Job) -> str:
    """Return a job's line while somebody types which one to cancel."""
    return shorten(f"{state(job)}: {label(job)}", _LABEL)


def cancelled(job: Job) -> str:
    """Return what became of a job that its member took back."""
    if job.status is JobStatus.CANCELLED:
        return wording.closed_acknowledgement(job).removeprefix("-# ")
    prompt = quoted(job.request.prompt, _PROMPT)
    return f"{wording.progress(Standing(phase=Phase.TAKEN_BACK))}\n-# {prompt}"
